"""
Results of arriving: what each tenth of a growing collection cost, kept in results.json.

    Arrived(records, tenths, ...)  ->  results.json, one row a size and batch; the latest stays

Does not: measure, or write the page (`benchmarks/scale/page.py` does).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from benchmarks.kept_rows import keep_rows, rows_in

STORED: Final = Path(__file__).with_name("results.json")
HEAD: Final = (
    *("records there", "arrive", "a CPU second as they come", "settling, CPU s"),
    *("a CPU second, settled", "measured"),
)


@dataclass(frozen=True, slots=True)
class Tenth:
    """Records that arrived together."""

    there: int  # records before
    arrived: int
    arriving: float  # CPU s: read, stored, compared as they came, their works formed
    settling: float  # CPU s: all of the collection compared again; 0: not due

    @property
    def rate(self) -> float:
        """Records a CPU second, without settling."""
        return self.arrived / max(self.arriving, 0.01)

    @property
    def settled_rate(self) -> float:
        """The same with settling."""
        return self.arrived / max(self.arriving + self.settling, 0.01)


@dataclass(frozen=True, slots=True)
class Arrived:
    """A collection that grew by tenths."""

    records: int
    batch: int  # records a step
    tenths: list[Tenth]
    peak_mb: float
    version: str
    machine: str
    date: str
    load: float  # of the machine when it began

    def rows(self) -> Iterator[list[str]]:
        """A row of the table for each tenth, and one for all."""
        for tenth in self.tenths:
            yield [*_figures(tenth), ""]
        whole = Tenth(
            0, *(sum(getattr(tenth, name) for tenth in self.tenths)
                 for name in ("arrived", "arriving", "settling"))
        )  # fmt: skip
        batches = f"batches of {self.batch:,}, peak {self.peak_mb:,.0f} MB"
        yield [*_figures(whole), f"{self.version}, {batches}, load {self.load}"]


def _figures(tenth: Tenth) -> list[str]:
    settling = f"{tenth.settling:,.1f}" if tenth.settling else ""
    rates = (f"{tenth.rate:,.0f}", settling, f"{tenth.settled_rate:,.0f}")
    return [f"{tenth.there:,}", f"{tenth.arrived:,}", *rates]


def stored(path: Path = STORED) -> list[Arrived]:
    """All that was measured, by size."""
    rows = rows_in(path)
    return [Arrived(**{**row, "tenths": [Tenth(**one) for one in row["tenths"]]}) for row in rows]


def store(arrived: Arrived, path: Path = STORED) -> None:
    """Write one more in the place of an earlier one."""
    kept = {(row.records, row.batch): row for row in (*stored(path), arrived)}
    keep_rows(path, kept)
