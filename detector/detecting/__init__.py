"""Detecting: candidates compared and decided, works formed; the pipeline in one screen."""
