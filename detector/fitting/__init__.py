"""Fitting: match weights fitted to labelled pairs."""
