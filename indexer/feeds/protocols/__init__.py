"""Protocols: OAI-PMH, cursor APIs, downloads and folders, a page at a time."""
