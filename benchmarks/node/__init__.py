"""What records that arrive at a filled OpenSearch node take; see `__main__`."""
