"""Judgements of people: sheets read, their records found again, stored for later runs."""
