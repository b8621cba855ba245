"""A generated year of an index that grows every night, and its proof; see `__main__`."""
