"""
Findings: what a check says, for people and programs, and what mends it.

Does not: check or mend anything.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Final

FEW: Final = 5  # examples that a finding names
BY_CHECK: Final = "`samework works check --repair` forms them again; judgements of people stay"


class Grade(StrEnum):
    """How bad it is."""

    WELL = "well"
    NOTE = "note"  # nothing is wrong, but something waits to be done
    FAULT = "fault"


@dataclass(frozen=True, slots=True)
class Finding:
    """What was found of one subject, and what to do about it."""

    grade: Grade
    subject: str
    text: str
    advice: str = ""


@dataclass(frozen=True, slots=True)
class Fault:
    """Something that is not as it should be, of so many records, works or pairs."""

    name: str  # what a program knows it by: "in-two-works"
    text: str  # "records are in two works"
    which: Sequence[str]  # the names of all of them; of what only waits, of some
    advice: str = BY_CHECK
    grade: Grade = Grade.FAULT
    again: Sequence[str] = field(default=(), repr=False)  # records to decide and form again
    many: int = 0  # how many there are, where not all are named

    @property
    def count(self) -> int:
        """How many."""
        return self.many or len(self.which)

    @property
    def finding(self) -> Finding:
        """The same in words."""
        some = ", ".join(self.which[:FEW]) + (", …" if self.count > FEW else "")
        return Finding(self.grade, "works", f"{self.count:,} {self.text}: {some}", self.advice)

    def to_dict(self) -> dict[str, Any]:
        """As plain values."""
        return {
            "name": self.name,
            "grade": str(self.grade),
            "text": self.text,
            "count": self.count,
            "some": list(self.which[:FEW]),
            "advice": self.advice,
        }
