"""Engines: where records, keys and what belongs to a collection are kept."""
