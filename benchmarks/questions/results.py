"""
Results of questions: how long one waits for an answer, kept in results.json.

    Asked(index, records, ...)  ->  results.json, one row an index; the latest stays

Does not: ask anything, or draw the page (`benchmarks/scale/page.py` does).
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Final

from benchmarks.kept_rows import keep_rows, rows_in

STORED: Final = Path(__file__).with_name("results.json")


@dataclass(frozen=True, slots=True)
class Asked:
    """Questions to one index: milliseconds of one that is asked warm, seconds of a command."""

    index: str  # how it was made
    records: int
    without_postings: int  # records that no `ingest` has made postings of yet
    questions: int
    match_cpu: tuple[float, float]  # ms, the median and the 99th percentile
    match_wall: tuple[float, float]
    query_cpu: float  # s, the median of some
    query_wall: float
    peak_mb: float
    version: str
    machine: str
    date: str
    load: float  # of the machine when it began

    @property
    def name(self) -> tuple[int, str]:
        """What a later measurement takes the place of."""
        return self.records, self.index


def stored() -> list[Asked]:
    """All that was measured, by size."""
    return [Asked(**row) for row in rows_in(STORED)]


def store(asked: Asked) -> None:
    """Write one more in the place of an earlier one."""
    kept = {row.name: row for row in stored()} | {asked.name: asked}
    keep_rows(STORED, kept)
