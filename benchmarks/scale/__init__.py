"""How do time, memory and F1 grow with the records, beside other tools? See `__main__`."""
