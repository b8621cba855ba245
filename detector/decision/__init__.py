"""Decisions: levels of a pair weighed by a table, guarded by name, and told as a verdict."""
