"""How candidates grow with a collection; see `__main__`."""
