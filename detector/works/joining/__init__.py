"""Joining: which records are tied, and how components of several are parted into works exactly."""
