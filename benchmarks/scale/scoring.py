"""
Scoring: how well groups of made records agree with their works, at any size.

    lines of record ids, a line a group  ->  Agreement(precision, recall, F1)

Which work a record describes follows from its id, so ten million need no table. What
counts are pairs of records, as in docs/evaluation.md.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Final, NamedTuple

import numpy as np

from benchmarks.records.generator import BLOCK, Population, work_of

_RECORDS: Final = re.compile(rb'"records":\[([^\]]*)\]')
AT_ONCE: Final = 200_000  # ids


class Agreement(NamedTuple):
    """Pairs of records that are joined, and rightly."""

    precision: float
    recall: float
    f1: float
    false: int


def agreement(population: Population, groups: Iterable[Sequence[str]]) -> Agreement:
    """How far these groups are the works of the population."""
    right = joined = 0
    for some in _batches(groups):
        sizes = [len(group) for group in some]
        works = iter(_works(population, [name for group in some for name in group]))
        for size in sizes:
            joined += size * (size - 1) // 2
            shared = Counter(next(works) for _ in range(size))
            right += sum(count * (count - 1) // 2 for count in shared.values())
    true = true_pairs(population)
    precision, recall = right / max(joined, 1), right / max(true, 1)
    return Agreement(precision, recall, 2 * right / max(joined + true, 1), joined - right)


def true_pairs(population: Population) -> int:
    """How many pairs of the population's records describe one work."""
    pairs = 0
    for start in range(0, population.records, BLOCK * 100):
        numbers = np.arange(start, min(start + BLOCK * 100, population.records), dtype=np.uint64)
        _, sizes = np.unique(work_of(numbers), return_counts=True)
        pairs += int((sizes * (sizes - 1) // 2).sum())
    return pairs


def works_in(path: Path) -> Iterator[list[str]]:
    """The ids of the records of each work of a works.jsonl that has several."""
    with path.open("rb") as lines:
        for line in lines:
            found = _RECORDS.search(line)
            names = found[1].decode().replace('"', "").split(",") if found else []
            if len(names) > 1:
                yield names


def groups_in(path: Path) -> Iterator[list[str]]:
    """The groups that a peer wrote: ids by tabs, a line a group."""
    with path.open(encoding="utf-8") as lines:
        yield from (line.split() for line in lines)


def _works(population: Population, ids: list[str]) -> list[int]:
    numbers: list[int] = work_of(population.numbers(ids)).tolist()
    return numbers


def _batches(groups: Iterable[Sequence[str]]) -> Iterator[list[Sequence[str]]]:
    some: list[Sequence[str]] = []
    for group in groups:
        some.append(group)
        if len(some) >= AT_ONCE:
            yield some
            some = []
    if some:
        yield some
