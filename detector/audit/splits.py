"""
Splits: works of theirs that are one as we see it.

    pairs that tie records of one of our works, their work of each record  ->  Split

A split of k works stands on the k - 1 likeliest pairs between them, and where two are not
tied directly on those over records that name no work; that all hold is its probability. Does
not: put anything into words (`auditing.py` has it told).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from detector.decision.decided import VERDICTS, DecisionColumns, Rows
from detector.decision.verdicts import Verdict
from detector.works.linking.constrained_union_find import ConstrainedUnionFind


class Tie(NamedTuple):
    """A decided pair that ties two records of one of our works."""

    row: int  # of the decisions
    left: str
    right: str
    probability: float
    verdict: Verdict


@dataclass(frozen=True, slots=True)
class Split:
    """Works of theirs that one of ours holds."""

    groups: Mapping[str, Sequence[str]]  # their work -> its records in ours
    ties: Sequence[Tie]  # from one to another, the likeliest first
    needed: Sequence[Tie]  # the fewest that tie all of them

    @property
    def probability(self) -> float:
        """That all of them are one work, each pair for itself."""
        return float(np.prod([tie.probability for tie in self.needed]))

    @property
    def verdict(self) -> str:
        """Duplicate, or version where the works hang together by versions only."""
        plain = all(tie.verdict is Verdict.DUPLICATE for tie in self.needed)
        return str(Verdict.DUPLICATE if plain else Verdict.VERSION)


def splits_of(
    decisions: DecisionColumns, rows: Rows, home: Mapping[str, int], work_of: Mapping[str, str]
) -> Iterator[Split]:
    """
    Every work of ours that holds several of theirs.

    Args:
        decisions: what was decided.
        rows: of the pairs that tie two records.
        home: record -> our work; only of works that name two of theirs or more.
        work_of: record -> their work.
    """
    ties: dict[int, list[Tie]] = {}
    for row, (left, right) in zip(rows.tolist(), decisions.pairs(rows), strict=True):
        if left in home and home[left] == home.get(right):
            said = VERDICTS[decisions.verdict[row]]
            tie = Tie(row, left, right, float(decisions.probability[row]), said)
            ties.setdefault(home[left], []).append(tie)
    members: dict[int, list[str]] = {}
    for record_id, number in home.items():
        members.setdefault(number, []).append(record_id)
    for number, records in members.items():
        tied = sorted(ties.get(number, ()), key=lambda tie: (-tie.probability, tie.left, tie.right))
        groups: dict[str, list[str]] = {}
        for record_id in records:
            if record_id in work_of:
                groups.setdefault(work_of[record_id], []).append(record_id)
        between = [t for t in tied if work_of.get(t.left, t.left) != work_of.get(t.right, t.right)]
        direct = [tie for tie in between if tie.left in work_of and tie.right in work_of]
        yield Split(groups, direct, _needed(between, work_of))


def _needed(ties: Sequence[Tie], work_of: Mapping[str, str]) -> list[Tie]:
    """The likeliest tree that ties all works, without branches that end in no work of theirs."""
    ends = [tuple(_node(name, work_of) for name in (tie.left, tie.right)) for tie in ties]
    nodes = {node: at for at, node in enumerate(dict.fromkeys(n for two in ends for n in two))}
    forest = ConstrainedUnionFind(len(nodes))
    tree: list[int] = []
    # two works that are tied directly are told by that pair, though a third record ties them too
    for at in sorted(range(len(ends)), key=lambda at: not all(node[0] for node in ends[at])):
        left, right = ends[at]
        if not forest.together(nodes[left], nodes[right]):
            forest.join(nodes[left], nodes[right])
            tree.append(at)
    while True:
        degree: dict[tuple[bool, str], int] = {}
        for node in (node for at in tree for node in ends[at]):
            degree[node] = degree.get(node, 0) + 1
        kept = [at for at in tree if all(node[0] or degree[node] > 1 for node in ends[at])]
        if len(kept) == len(tree):
            return [ties[at] for at in sorted(tree)]
        tree = kept


def _node(record_id: str, work_of: Mapping[str, str]) -> tuple[bool, str]:
    """A work of theirs, or a record that names none."""
    work = work_of.get(record_id)
    return (True, work) if work is not None else (False, record_id)
