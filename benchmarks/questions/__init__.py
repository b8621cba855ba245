"""How long one waits for an answer; see `__main__`."""
