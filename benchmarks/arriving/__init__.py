"""What it costs that records go on arriving; see `__main__`."""
