"""Ingesting: rows stored batch by batch, refused ones kept, keys built anew beside the old."""
