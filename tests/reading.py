"""Reading bytes as if they were a file, for the tests of the readers."""

from __future__ import annotations

from indexer.feeds.formats import read_bytes
from indexer.feeds.reading.files import ReadSettings
from indexer.records import Occurrence, Record, Rejected

SMALL = ReadSettings(row_limit=2000)


def rows_of(
    data: bytes, file: str = "made.txt", settings: ReadSettings | None = None
) -> list[Occurrence | Rejected]:
    """Every row of a file with these bytes; checks that rows are numbered without a gap."""
    rows = list(read_bytes(data, file, settings))
    assert [row.row for row in rows] == list(range(1, len(rows) + 1))
    return rows


def records_of(data: bytes, file: str = "made.txt") -> list[Record]:
    """The records of a file in which every row can be used."""
    rows = rows_of(data, file)
    assert not rejected(rows), rejected(rows)
    return [row.record for row in occurrences(rows)]


def occurrences(rows: list[Occurrence | Rejected]) -> list[Occurrence]:
    """The rows that became records."""
    return [row for row in rows if isinstance(row, Occurrence)]


def rejected(rows: list[Occurrence | Rejected]) -> list[Rejected]:
    """The rows that did not."""
    return [row for row in rows if isinstance(row, Rejected)]


def titles(rows: list[Occurrence | Rejected]) -> list[str]:
    """What the used rows are called, in order."""
    return [row.record.title for row in occurrences(rows)]
