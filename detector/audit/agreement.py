"""
Agreement: how much of two partitions of the same records is one.

    their work and ours of each record  ->  pairs in both, works that are equal, B-cubed

Neither is held to be true: precision here is the share of theirs that we find too.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from detector.evaluation.evaluate import b_cubed


@dataclass(frozen=True, slots=True)
class Agreement:
    """Counts over the records that name a work of theirs."""

    records_with_work: int
    works_theirs: int
    works_ours: int
    works_equal: int  # of theirs, with the same records as one of ours
    pairs_theirs: int  # of two records in one work
    pairs_ours: int
    pairs_both: int
    b_cubed_precision: float  # of a record's fellows in their work, those that are in ours
    b_cubed_recall: float  # of its fellows in our work, those that are in theirs

    def to_dict(self) -> dict[str, Any]:
        """As it stands in summary.json."""
        plain = asdict(self)
        return plain | {
            name: round(plain[name], 4) for name in ("b_cubed_precision", "b_cubed_recall")
        }


def agreement_of(work_of: Mapping[str, str], ours: Mapping[str, int]) -> Agreement:
    """How their works and ours agree on the records that both speak of."""
    both = Counter((work_of[name], ours[name]) for name in work_of)
    theirs, mine = Counter(work_of.values()), Counter(ours[name] for name in work_of)
    members: dict[str, list[str]] = {}
    for name, work in work_of.items():
        members.setdefault(work, []).append(name)
    homes = {name: str(ours[name]) for name in work_of}
    precision, recall = b_cubed([*members.values()], homes, [*work_of])
    equal = sum(count == theirs[work] == mine[home] for (work, home), count in both.items())
    return Agreement(
        len(work_of), len(theirs), len(mine), equal,
        _pairs([*theirs.values()]), _pairs([*mine.values()]), _pairs([*both.values()]),
        precision, recall,
    )  # fmt: skip


def _pairs(sizes: Sequence[int]) -> int:
    return sum(size * (size - 1) // 2 for size in sizes)
