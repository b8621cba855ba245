"""Merging: one record made of the records of a work, and which of them is kept."""
