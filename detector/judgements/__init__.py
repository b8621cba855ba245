"""Judgements of people: sheets read, their records found again, kept for later runs."""
