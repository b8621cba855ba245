"""Labelled sets of other projects, read out of their repositories."""
