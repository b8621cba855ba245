"""Harvesting: feeds read where they were left, page by page, until complete or said not to be."""
