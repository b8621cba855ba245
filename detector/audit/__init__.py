"""Audit: the works that somebody else made of some records, held against ours."""
