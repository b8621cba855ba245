"""Made pairs of the kinds that generalise badly; see `__main__`."""
