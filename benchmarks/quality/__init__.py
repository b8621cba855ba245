"""Is one configuration good on every kind of record? See `__main__`."""
