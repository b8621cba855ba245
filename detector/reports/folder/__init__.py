"""Folder: an answer written whole beside the last one, and which files are ours."""
