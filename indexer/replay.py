"""
Replay: dead letters read once more, after a repair of the reader or of the row.

    DeadLetter  ->  its raw bytes through the same readers  ->  record, or a letter again

Safe to repeat. Does not: replay raw pages of a feed (the feed is asked again).
"""

from __future__ import annotations

from indexer.backends.base import Engine
from indexer.dead_letters import KIND, letters
from indexer.feeds.formats import read_bytes
from indexer.ingest import IngestCounts, Ingestion
from indexer.records import Occurrence


def replay(engine: Engine) -> IngestCounts:
    """Read every letter again; one whose bytes give only records is dropped."""
    counts = IngestCounts()
    ingestion = Ingestion(engine)
    for letter in list(letters(engine)):
        rows = list(read_bytes(letter.raw, letter.feed)) if letter.raw else []
        if not rows or any(not isinstance(row, Occurrence) for row in rows):
            counts.read += 1
            counts.rejected += 1
            continue
        ingestion.run(rows, counts)
        engine.remove(KIND, [letter.letter_id])
    engine.make_visible()
    return counts
