"""
Sweeps: deletions of sources that do not announce them.

    the ids a source lists now, the records stored of it  ->  tombstones for what is gone

A record must be absent from two whole sweeps, one after the other, before it is
deleted: one list that was short must not empty a collection. A record that is
listed again loses its mark; when it is harvested again it comes back.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import islice
from typing import Final

from indexer.fields import fields_of_batch
from indexer.index.contract import Engine
from indexer.index.counts import PutCounts
from indexer.ingesting.ingest import Ingestion
from indexer.records import Occurrence, Record

ABSENT: Final = "absent"  # a mark for every record that the last sweep did not list
BATCH: Final = 2000


def apply_sweep(
    engine: Engine, ingestion: Ingestion, source: str, alive: frozenset[str]
) -> PutCounts:
    """
    Compare a whole list of a source's ids with what is stored of it.

    Returns:
        What became of the tombstones written: records absent for the second time.
    """
    absent = [record for record in _stored(engine, source) if record.source_id not in alive]
    marked = {name for name, _ in engine.documents(ABSENT) if name.startswith(f"{source}:")}
    gone = [record for record in absent if record.record_id in marked]
    fresh = {record.record_id for record in absent} - marked
    counts = PutCounts()
    iterator = iter(gone)
    while batch := [_tombstone(record) for record in islice(iterator, BATCH)]:
        with engine.atomically():
            rows = [Occurrence(tombstone, source, 0, at) for at, tombstone in enumerate(batch, 1)]
            counts.add(ingestion.store(rows, fields_of_batch(batch)))
    with engine.atomically():
        engine.remove(ABSENT, marked)
        if fresh:
            engine.write(ABSENT, dict.fromkeys(fresh, b"1"))
    return counts


def _stored(engine: Engine, source: str) -> Iterator[Record]:
    """The records of a source that are stored alive."""
    prefix = f"{source}:"
    for record in engine.scan(prefix):
        if not record.record_id.startswith(prefix):
            return
        if not record.deleted and record.source == source:
            yield record


def _tombstone(record: Record) -> Record:
    # Undated: the source told no date, and an undated version is never "older".
    kept = Record(record.record_id, record.source, record.source_id)
    return replace(kept, deleted=True)
