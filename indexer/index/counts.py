"""
Counts: what became of records that were put, by outcome.

    records put  ->  PutCounts; runs and harvests count puts together in accounts of their own

Does not: say which outcome a record has (`ordering.py` does).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

OUTCOMES: Final = ("new", "updated", "unchanged", "older", "deleted", "rejected")


class Outcomes:
    """What accounts of records count alike; dataclasses derive from it and hold the numbers."""

    new: int
    updated: int
    unchanged: int
    older: int
    deleted: int
    rejected: int

    @property
    def outcomes(self) -> int:
        """How many records were counted."""
        return sum(self.by_outcome().values())

    def by_outcome(self) -> dict[str, int]:
        """How many records had each outcome, in the order of OUTCOMES."""
        return {name: getattr(self, name) for name in OUTCOMES}

    def count(self, other: Outcomes) -> None:
        """Count what another account counted."""
        for name, records in other.by_outcome().items():
            setattr(self, name, getattr(self, name) + records)


@dataclass(frozen=True, slots=True)
class Refusal:
    """A record that the engine cannot store."""

    at: int  # its place among those put
    record_id: str
    reason: str  # what the engine said


@dataclass
class PutCounts(Outcomes):
    """What became of the records of a put; the counts add up to those given."""

    new: int = 0
    updated: int = 0
    unchanged: int = 0
    older: int = 0  # an older version of a record that is there already
    deleted: int = 0
    rejected: int = 0
    changed_ids: list[str] = field(default_factory=list)  # new, updated and deleted
    refusals: list[Refusal] = field(default_factory=list)  # one for each that was rejected

    def add(self, other: PutCounts) -> None:
        """Count another put's records too."""
        self.count(other)
        self.changed_ids += other.changed_ids
        self.refusals += other.refusals
