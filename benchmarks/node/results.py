"""
Results of filled nodes, kept in results.json.

    Filled(records, ingest, candidates, ...)  ->  results.json, one row a size; the latest stays

Does not: ask a node, or draw the page (`benchmarks/scale/page.py` does).
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from benchmarks.kept_rows import keep_rows, rows_in

STORED: Final = Path(__file__).with_name("results.json")


@dataclass(frozen=True, slots=True)
class Spent:
    """What so many records took: wall seconds, and CPU seconds of both sides."""

    records: int
    wall: float
    client_cpu: float
    node_cpu: float

    @property
    def rate(self) -> float:
        """Records a second of wall time."""
        return self.records / max(self.wall, 1e-3)

    @property
    def cpu_ms(self) -> float:
        """CPU milliseconds a record, of client and node together."""
        return 1000 * (self.client_cpu + self.node_cpu) / self.records


@dataclass(frozen=True, slots=True)
class Filled:
    """One node, filled and asked."""

    records: int
    ingest: Spent  # into an empty index, nothing compared
    whole: Spent  # all of them compared for the first time
    candidates: Spent  # of records that are not in it
    candidates_a_record: float
    recall: float  # of the pairs of an asked and a stored record that describe one work
    match_cpu: tuple[float, float]  # ms of the client, the median and the 99th percentile
    match_wall: tuple[float, float]
    detect: Spent  # `ingest --detect` of records that were not in it
    bytes_a_record: float
    heap: str
    version: str
    machine: str
    date: str
    load: float  # of the machine when candidates were asked for


def stored() -> list[Filled]:
    """All that was measured, by size."""
    return list(map(_read, rows_in(STORED)))


def store(filled: Filled) -> None:
    """Write one more in the place of an earlier one."""
    kept = {row.records: row for row in stored()} | {filled.records: filled}
    keep_rows(STORED, kept)


def _read(row: dict[str, Any]) -> Filled:
    spent = {name: Spent(**row[name]) for name in ("ingest", "whole", "candidates", "detect")}
    return Filled(**row | spent)
