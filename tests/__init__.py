"""The tests; `tests/test_<module>.py` holds those of a module."""
