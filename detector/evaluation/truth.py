"""
Truth: labelled pairs and clusters as files give them.

    truth.tsv, labels.tsv  ->  Truth(clusters | pairs)

Three forms are told apart by their first line: `id<TAB>cluster` for every record,
`left<TAB>right<TAB>0|1`, or a header with left, right and label (same, version,
related, different, unsure) and perhaps how. Scores nothing (`evaluate.py` does).
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import combinations
from pathlib import Path
from typing import Final

from detector.errors import TruthError
from detector.works.linking.constrained_union_find import ConstrainedUnionFind

Pair = tuple[str, str]  # record ids, the smaller first

SAME_WORK_LABELS: Final = frozenset({"same", "duplicate", "version", "1"})
LABELS: Final = SAME_WORK_LABELS | {"related", "different", "distinct", "0"}
LEFT_OUT: Final = frozenset({"unsure", "review", ""})


@dataclass(frozen=True, slots=True)
class Label:
    """What a labelled pair is said to be, and how that is known."""

    name: str  # of LABELS
    how: str = ""  # "read", "rule", ...; "" when the file does not say

    @property
    def same_work(self) -> bool:
        """Same and version alike."""
        return self.name in SAME_WORK_LABELS


SAME: Final = Label("same")


@dataclass(frozen=True, slots=True)
class Truth:
    """Either a cluster for every record, or labels for some pairs."""

    clusters: Mapping[str, str] = field(default_factory=dict)
    pairs: Mapping[Pair, Label] = field(default_factory=dict)

    def same(self, left: str, right: str) -> bool | None:
        """Whether two records describe one work; None when the truth does not say."""
        if self.clusters:
            ours, theirs = self.clusters.get(left), self.clusters.get(right)
            return None if ours is None or theirs is None else ours == theirs
        label = self.pairs.get(pair_of(left, right))
        return None if label is None else label.same_work

    def same_pairs(self) -> Iterator[Pair]:
        """The pairs of one work: those labelled so, or all within each cluster."""
        if not self.clusters:
            yield from (pair for pair, label in self.pairs.items() if label.same_work)
            return
        members: dict[str, list[str]] = {}
        for record, cluster in self.clusters.items():
            members.setdefault(cluster, []).append(record)
        for group in members.values():
            yield from (pair_of(*pair) for pair in combinations(group, 2))

    def works(self) -> Mapping[str, str]:
        """
        For each record known to share a work a name of that work.

        Of pairs that is the least id of the records they tie.
        """
        if self.clusters:
            return self.clusters
        tied = list(self.same_pairs())
        names = sorted(set[str]().union(*tied))
        number = {name: at for at, name in enumerate(names)}
        works = ConstrainedUnionFind(len(names))
        for left, right in tied:
            works.join(number[left], number[right])
        groups = works.groups(range(len(names)))
        return {names[member]: names[group[0]] for group in groups for member in group}


def pair_of(left: str, right: str) -> Pair:
    """Two record ids in the order of every pair: the smaller first."""
    return (left, right) if left < right else (right, left)


def read_truth(path: Path) -> Truth:
    """The truth in a file; a line that cannot be read is an error with its number."""
    try:
        with path.open(encoding="utf-8", newline="") as lines:
            rows = [row for row in csv.reader(lines, "excel-tab", quoting=csv.QUOTE_NONE) if row]
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise TruthError(str(path), str(error)) from error
    if not rows:
        raise TruthError(str(path), "it is empty")
    if {"left", "right", "label"} <= set(rows[0]):
        return Truth(pairs=_labelled(path, rows))
    if len(rows[0]) == 2:
        return Truth(clusters={row[0]: row[1] for row in _sized(path, rows, 2)})
    return Truth(pairs={
        pair_of(left, right): Label(_known(path, number, label))
        for number, (left, right, label, *_) in enumerate(_sized(path, rows, 3), 1)
    })  # fmt: skip


def _labelled(path: Path, rows: list[list[str]]) -> dict[Pair, Label]:
    header, *body = rows
    left, right, label = (header.index(name) for name in ("left", "right", "label"))
    how = header.index("how") if "how" in header else None
    labels: dict[Pair, Label] = {}
    for number, row in enumerate(body, 2):
        if len(row) <= max(left, right, label):
            raise TruthError(str(path), f"line {number} has {len(row)} columns")
        if row[label] in LEFT_OUT:
            continue
        name = _known(path, number, row[label])
        labels[pair_of(row[left], row[right])] = Label(name, row[how] if how is not None else "")
    return labels


def _known(path: Path, number: int, label: str) -> str:
    if label not in LABELS:
        known = ", ".join(sorted(LABELS))
        raise TruthError(str(path), f"line {number} has the label {label!r}, not one of {known}")
    return label


def _sized(path: Path, rows: Iterable[list[str]], least: int) -> list[list[str]]:
    for number, row in enumerate(rows, 1):
        if len(row) < least:
            raise TruthError(str(path), f"line {number} has {len(row)} columns, not {least}")
    return list(rows)
