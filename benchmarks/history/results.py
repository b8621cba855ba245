"""
Results of a year: what each night took, how that grew, and what was proved of the end.

    Cost, night by night  ->  Lived  ->  results.json, one row a size and engine; the latest stays

Does not: measure, or write the page (`benchmarks/scale/page.py` does).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import numpy as np

from benchmarks.kept_rows import keep_rows, rows_in

STORED: Final = Path(__file__).with_name("results.json")
GROWN: Final = 0.1  # of the last size; below it nights are of a collection that hardly is one
LEAST: Final = 20  # nights; through fewer no line is drawn
QUARTERS: Final = 4


@dataclass(frozen=True, slots=True)
class Cost:
    """What one night brought and took; seconds are of CPU."""

    night: int
    there: int  # records before it
    changed: int  # records it brought
    arriving: float  # read, stored, compared as they came, their works formed
    settling: float  # counts learnt again, and compared again what these change
    anew: bool = False  # all were compared as one collection, in `settling`
    judged: int = 0
    judging: float = 0.0
    undone: int = 0  # judgements and records that undos took back
    undoing: float = 0.0

    @property
    def own(self) -> float:
        """Seconds without settling."""
        return self.arriving + self.judging + self.undoing

    @property
    def concerned(self) -> int:
        """The night's own records: those brought, judged, taken back."""
        return self.changed + 2 * self.judged + self.undone


@dataclass(frozen=True, slots=True)
class Growth:
    """Powers that the seconds of a night grew by, by least squares of logarithms."""

    by_night: float  # with the night's own records
    by_size: float  # with the records that were there
    nights: int  # that it was drawn through


def growth_of(costs: Sequence[Cost]) -> Growth | None:
    """
    How a night's own seconds grew with its own records and with the collection.

    Nights whose records were compared as one whole collection are left out: their seconds
    stand under settling.
    """
    most = max((cost.there for cost in costs), default=0)
    told = [c for c in costs if c.there >= GROWN * most and not c.anew and c.own > 0 and c.there]
    if len(told) < LEAST:
        return None
    columns = [np.log([getattr(c, name) for c in told]) for name in ("concerned", "there")]
    matrix = np.stack([*columns, np.ones(len(told))], axis=1)
    powers = np.linalg.lstsq(matrix, np.log([c.own for c in told]), rcond=None)[0]
    return Growth(round(float(powers[0]), 3), round(float(powers[1]), 3), len(told))


@dataclass(frozen=True, slots=True)
class Lived:
    """A year on one engine."""

    engine: str
    records: int  # at the end
    nights: int
    seed: int
    costs: list[Cost]
    growth: Growth | None
    proved: dict[str, Any]  # what was compared at the end, and over how many
    command: str
    version: str
    machine: str
    date: str
    load: float  # of the machine when it began
    wrong: list[str] = field(default_factory=list)  # what was not as it should be

    @property
    def name(self) -> tuple[str, int]:
        """What a later run takes the place of."""
        return self.engine, self.records

    def quarters(self) -> Iterator[tuple[int, int, Cost]]:
        """The first night and the nights of each quarter, with what they took together."""
        for part in np.array_split(np.arange(len(self.costs)), QUARTERS):
            costs = [self.costs[at] for at in part.tolist()]
            if costs:
                yield costs[0].night, len(costs), together(costs)


def together(costs: Sequence[Cost]) -> Cost:
    """Several nights as one, from what was there before the first."""
    names = ("changed", "arriving", "settling", "judged", "judging", "undone", "undoing")
    sums = {name: sum(getattr(cost, name) for cost in costs) for name in names}
    return Cost(night=costs[0].night, there=costs[0].there, **sums)


def stored(path: Path = STORED) -> list[Lived]:
    """All years, by engine and size."""
    return [_lived(row) for row in rows_in(path)]


def store(lived: Lived, path: Path = STORED) -> None:
    """Write one more in the place of an earlier one."""
    keep_rows(path, {row.name: row for row in (*stored(path), lived)})


def _lived(row: dict[str, Any]) -> Lived:
    costs = [Cost(**cost) for cost in row["costs"]]
    growth = Growth(**row["growth"]) if row["growth"] else None
    return Lived(**{**row, "costs": costs, "growth": growth})
