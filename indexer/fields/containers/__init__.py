"""Containers: the journal, proceedings or book a work stands in, and the place in it."""
