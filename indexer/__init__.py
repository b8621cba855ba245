"""From feeds to an index: records, their keys, and where they are kept."""

DISTRIBUTION = "samework"
"""Whose package this is; `detector` checks it, since others use the name `indexer` too."""
