"""Runs: the callers of the pipeline: over files once, as records arrive, and to a schedule."""
