"""Scheduling: jobs at their times in one long-lived process, each planned time once."""
