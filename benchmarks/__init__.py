"""Measurements: one folder or script a question, results committed as text."""
