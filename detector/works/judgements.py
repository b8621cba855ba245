"""
Judgements: what people say of pairs; they override decisions and never edit them.

    Judgement, Judgement, ...  ->  standing()  ->  works.py

Of several judgements of one pair the latest stands. A new thing that a person can say is
a verdict, not a field here. Stores nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from detector.decision.verdicts import SAME_WORK, Verdict

NOT_SAME: Final = frozenset({Verdict.RELATED, Verdict.DISTINCT})


@dataclass(frozen=True, slots=True)
class Judgement:
    """What one person said of one pair; `review` means that they could not tell."""

    left: str  # record id; the order of the two does not matter
    right: str
    verdict: Verdict
    at: str = ""  # ISO 8601, UTC; the latest stands
    by: str = ""
    why: str = ""
    said: str = ""  # what the program had said then: "review 0.41"; "" where nothing
    number: int = 0  # in the index that stores it, ascending; 0 before that

    @property
    def pair(self) -> tuple[str, str]:
        """The two records, the smaller id first."""
        return (self.left, self.right) if self.left < self.right else (self.right, self.left)

    @property
    def identity(self) -> tuple[str, str, str, str]:
        """What tells it from others in every file and index that has it."""
        return *self.pair, str(self.verdict), self.at

    @property
    def same(self) -> bool:
        """The two belong into one work."""
        return self.verdict in SAME_WORK

    @property
    def not_same(self) -> bool:
        """The two are two works."""
        return self.verdict in NOT_SAME

    def to_dict(self) -> dict[str, Any]:
        """It as it is stored and told."""
        return {
            "number": self.number,
            "left": self.left,
            "right": self.right,
            "judgement": str(self.verdict),
            "at": self.at,
            "by": self.by,
            "why": self.why,
            "said": self.said,
        }

    @classmethod
    def from_dict(cls, plain: Mapping[str, Any]) -> Judgement:
        """The inverse of `to_dict`."""
        others = {name: value for name, value in plain.items() if name != "judgement"}
        return cls(verdict=Verdict(plain["judgement"]), **others)


def standing(judgements: Iterable[Judgement]) -> dict[tuple[str, str], Judgement]:
    """
    The judgement that stands for each pair, whatever the order they are given in.

    Of two made at one moment "not the same" stands: a work that was wrongly parted
    is seen and joined again, one that was wrongly joined hides its records.
    """
    latest: dict[tuple[str, str], Judgement] = {}
    for judgement in sorted(judgements, key=_rank):
        if judgement.left != judgement.right:
            latest[judgement.pair] = judgement
    return latest


def _rank(said: Judgement) -> tuple[str, bool, str, str, str]:
    return (said.at, said.not_same, str(said.verdict), said.by, said.why)
