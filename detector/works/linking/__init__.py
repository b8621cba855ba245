"""Linking: which pairs may join records, and which components hold together."""
