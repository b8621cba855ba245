"""
Compared works: an index of works of one to several made records, and what arrives there later.

    detector       over such an index, on the engine under test; a plugin of tests/conftest.py
    arrive         records that come later, compared as they come
    largest, loners, home, homes    to find works that a test can speak of
"""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from detector.detecting.pipeline import Detector
from indexer.index.contract import Engine
from indexer.ingesting.ingest import Ingestion
from indexer.records import Occurrence, Record
from tests.made_records import made_collection

RECORDS = made_collection(11, 40)


@pytest.fixture
def detector(engine: Engine) -> Detector:
    """Over an index of works of one to several records."""
    return compared(engine)


def compared(engine: Engine) -> Detector:
    """The same over an engine that a test made."""
    made = Detector(engine)
    arrive(made, RECORDS)
    made.settle()
    return made


def rows(records: Sequence[Record]) -> list[Occurrence]:
    """Records as rows of a file."""
    return [Occurrence(one, "made.jsonl", at, at + 1) for at, one in enumerate(records)]


def arrive(detector: Detector, records: Sequence[Record]) -> None:
    """Store records, and compare them as they come."""

    def as_they_come(ids: object) -> None:
        detector.arrived()

    Ingestion(detector.engine, as_they_come).run(rows(records))


def largest(detector: Detector) -> tuple[str, ...]:
    """The records of the largest work."""
    return max(detector.holdings.all_works(), key=lambda work: len(work.records)).records


def loners(detector: Detector) -> list[str]:
    """Records that are works alone."""
    works = detector.holdings.all_works()
    return [work.records[0] for work in works if len(work.records) == 1]


def homes(detector: Detector, *record_ids: str) -> list[str]:
    """The works that these records are in."""
    named = detector.holdings.work_ids_of(record_ids)
    return [named[record_id] for record_id in record_ids]


def home(detector: Detector, record_id: str) -> str:
    """The work that a record is in."""
    return homes(detector, record_id)[0]
