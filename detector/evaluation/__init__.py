"""Evaluation: what a run found, against labelled pairs."""
