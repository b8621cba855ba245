"""People: bylines taken apart into personal names and groups."""
