"""Titles: what a title says, and what is only wrapped around it."""
