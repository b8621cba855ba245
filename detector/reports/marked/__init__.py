"""Marked: the rows of the input again, as they came, with what was found of each."""
