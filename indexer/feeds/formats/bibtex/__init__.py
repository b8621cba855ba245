"""BibTeX: entries, what they inherit, and their records."""
