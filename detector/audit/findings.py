"""
Findings: what an audit says of somebody's works, as plain values.

    splits.py, merged.py  ->  AuditFinding  ->  audit_files.py, the command

Does not: find anything.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Final

from detector.evaluation.calibration import wilson

MOST_PAIRS: Final = 20  # told of one finding
FINDING_COLUMNS: Final = (
    *("finding", "works", "verdict", "probability", "groups", "pairs", "pairs_in_all"),
    *("pairs_needed", "not_compared"),
)  # fmt: skip


class Error(StrEnum):
    """What is said of somebody's works."""

    SPLIT = "split"  # several of theirs are one
    MERGED = "merged"  # one of theirs holds several
    REVIEW = "review"  # one of theirs may hold several: the evidence conflicts or is thin
    NO_EVIDENCE = "no-evidence"  # nothing speaks for or against what ties these records


@dataclass(frozen=True, slots=True)
class AuditedPair:
    """Two records that a finding stands on."""

    left: str  # what outputs call the record
    right: str
    works: tuple[str, str]  # theirs, "" where the record names none
    titles: tuple[str, str]
    verdict: str
    probability: float  # that both describe one work
    reasons: tuple[str, ...]  # strongest first; of a work wrongly merged those against

    def to_dict(self) -> dict[str, Any]:
        """As it stands in audit.jsonl."""
        return {
            "left": self.left,
            "right": self.right,
            "left_work": self.works[0],
            "right_work": self.works[1],
            "left_title": self.titles[0],
            "right_title": self.titles[1],
            "verdict": self.verdict,
            "probability": self.probability,
            "reasons": list(self.reasons),
        }


@dataclass(frozen=True, slots=True)
class AuditFinding:
    """Works of theirs that ought to be one, or one that ought to be several."""

    error: Error
    works: tuple[str, ...]  # theirs, sorted
    probability: float  # that it is an error as said
    groups: tuple[tuple[str, ...], ...]  # of records: one a work of theirs, or as we part it
    pairs: tuple[AuditedPair, ...]
    pairs_in_all: int
    verdict: str = ""  # of a split: duplicate, or version where it takes one
    pairs_needed: int = 1  # the first so many pairs are what it stands on, the others add to it
    not_compared: int = 0  # pairs of a work too large for all to be looked at

    def to_dict(self) -> dict[str, Any]:
        """A line of audit.jsonl."""
        return {
            "finding": str(self.error),
            "works": list(self.works),
            "verdict": self.verdict,
            "probability": self.probability,
            "groups": [list(group) for group in self.groups],
            "pairs": [pair.to_dict() for pair in self.pairs],
            "pairs_in_all": self.pairs_in_all,
            "pairs_needed": self.pairs_needed,
            "not_compared": self.not_compared,
        }


@dataclass(frozen=True, slots=True)
class Expected:
    """How many of some findings are errors, by their probabilities; 95 % bounds of the share."""

    listed: int
    right: float
    low: float = field(default=0.0)
    high: float = field(default=1.0)

    @classmethod
    def of(cls, findings: Sequence[AuditFinding]) -> Expected:
        """The sum of the probabilities, with Wilson's bounds."""
        right = sum(finding.probability for finding in findings)
        return cls(len(findings), right, *wilson(right, len(findings)))

    def to_dict(self) -> dict[str, Any]:
        """As it stands in summary.json."""
        return {
            "listed": self.listed,
            "expected_right": round(self.right, 3),
            "expected_precision": round(self.right / self.listed, 4) if self.listed else None,
            "precision_low": round(self.low, 4),
            "precision_high": round(self.high, 4),
        }
