"""Identifiers: the schemes known, and where records carry numbers of them."""
