"""Exports: one entry a work, in the formats that other tools read."""
