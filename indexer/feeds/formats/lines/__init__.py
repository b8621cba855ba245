"""Lines: formats of text whose entries are lines with tags, labels or headings."""
