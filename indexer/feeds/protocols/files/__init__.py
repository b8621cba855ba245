"""Files: folders and downloads, read a few hundred rows at a time."""
