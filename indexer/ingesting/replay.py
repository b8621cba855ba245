"""
Replay: dead letters read once more, after a repair of the reader or of the row.

    DeadLetter  ->  its raw bytes through the same readers  ->  record, or a letter again

Safe to repeat. Does not: replay raw pages of a feed (the feed is asked again).
"""

from __future__ import annotations

from dataclasses import replace

from indexer.feeds.formats import read_bytes
from indexer.index.contract import Engine
from indexer.ingesting.dead_letters import KIND, DeadLetter, letters
from indexer.ingesting.ingest import IngestCounts, Ingestion
from indexer.ingesting.runs import begin_run
from indexer.records import Occurrence, Rejected


def replay(engine: Engine) -> IngestCounts:
    """Read every letter again; one whose bytes give only records is dropped."""
    counts = IngestCounts()
    with begin_run(engine, "dead-letters replay") as run:
        _read_again(engine, Ingestion(engine, noted_in=run), counts)
    engine.make_visible()
    return counts


def _read_again(engine: Engine, ingestion: Ingestion, counts: IngestCounts) -> None:
    for letter in list(letters(engine)):
        rows = list(read_bytes(letter.readable, letter.feed)) if letter.raw else []
        if not rows or any(not isinstance(row, Occurrence) for row in rows):
            counts.read += 1
            counts.rejected += 1
            continue
        before = counts.rejected
        ingestion.run([_at_its_place(row, letter, len(rows)) for row in rows], counts)
        if len(rows) > 1 or counts.rejected == before:
            engine.remove(KIND, [letter.letter_id])


def _at_its_place(
    row: Occurrence | Rejected, letter: DeadLetter, rows: int
) -> Occurrence | Rejected:
    """The row of a letter where it stood; refused again it is the same letter, tried twice."""
    if rows > 1 or not isinstance(row, Occurrence):
        return row
    return replace(row, position=letter.position, row=letter.row, raw=letter.raw, head=letter.head)
