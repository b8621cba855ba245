"""
Packed sets: a set of numbers for each record in one array, and how many two records share.

    sets by row  ->  PackedSets  ->  shared: counts by pair of rows

Exact, whatever the numbers are. Knows no record, field or comparison.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

Rows = NDArray[np.intp]
Counts = NDArray[np.int32]

_FILL: Final = np.uint32(0xFFFFFFFF)
_AT_ONCE: Final = 1 << 15  # numbers sorted in one step: they stay in a processor's cache


@dataclass(frozen=True, slots=True, eq=False)
class PackedSets:
    """Row i holds `values[starts[i] : starts[i] + sizes[i]]`, each value once, in any order."""

    values: NDArray[np.uint32]
    starts: NDArray[np.int64]
    sizes: NDArray[np.int64]

    @classmethod
    def of(cls, values: NDArray[np.uint32], sizes: NDArray[np.int64]) -> PackedSets:
        """The sets that stand behind each other in `values`."""
        return cls(values, np.cumsum(sizes) - sizes, sizes)

    @classmethod
    def distinct(cls, values: NDArray[np.uint32], sizes: NDArray[np.int64]) -> PackedSets:
        """The same of values of which a row may hold one several times; none is the greatest."""
        starts = np.cumsum(sizes) - sizes
        out = np.empty_like(values)
        distinct = np.zeros_like(sizes)
        for rows, width in _by_size(sizes):
            table = _table(values, starts[rows], sizes[rows], width)
            table.sort(axis=1)
            repeated = table[:, 1:] == table[:, :-1]
            table[:, 1:][repeated] = _FILL
            kept = table != _FILL
            distinct[rows] = kept.sum(axis=1)
            places = starts[rows, None] + np.cumsum(kept, axis=1) - 1
            out[places[kept]] = table[kept]
        return cls(out, starts, distinct)

    def __len__(self) -> int:
        return len(self.sizes)

    def ends(self) -> NDArray[np.bool_]:
        """The rows that hold the number with which shorter rows are filled up."""
        found = np.flatnonzero(self.values == _FILL)
        rows = np.searchsorted(self.starts, found, side="right") - 1
        within = found < self.starts[rows] + self.sizes[rows]
        ends = np.zeros(len(self), bool)
        ends[rows[within]] = True
        return ends


def shared(ours: PackedSets, left: Rows, theirs: PackedSets, right: Rows) -> Counts:
    """
    How many values row `left[i]` of ours and row `right[i]` of theirs have in common.

    Both rows of a pair are sorted as one short row of a table: what stands twice stands on
    both sides. Of 160 trigrams a pair 2 µs in place of 7.
    """
    values = ours.values if ours is theirs else np.concatenate((ours.values, theirs.values))
    beyond = 0 if ours is theirs else len(ours.values)
    counts = np.zeros(len(left), np.int32)
    starts = ours.starts[left], theirs.starts[right] + beyond
    sizes = ours.sizes[left], theirs.sizes[right]
    for rows, width in _by_size(np.where(np.minimum(*sizes) > 0, sizes[0] + sizes[1], 0)):
        mine, both = sizes[0][rows], sizes[0][rows] + sizes[1][rows]
        places = np.arange(width)
        at = np.where(
            places < mine[:, None],
            starts[0][rows, None] + places,
            (starts[1][rows] - mine)[:, None] + places,
        )
        table = values.take(at, mode="clip")
        table[places >= both[:, None]] = _FILL
        table.sort(axis=1)
        twice = (table[:, 1:] == table[:, :-1]) & (table[:, 1:] != _FILL)
        counts[rows] = np.count_nonzero(twice, axis=1)
    return counts + (ours.ends()[left] & theirs.ends()[right])


def _table(
    values: NDArray[np.uint32], starts: NDArray[np.int64], sizes: NDArray[np.int64], width: int
) -> NDArray[np.uint32]:
    """The rows beside each other, filled up to one width."""
    places = np.arange(width)
    table = values.take(starts[:, None] + places, mode="clip")
    table[places >= sizes[:, None]] = _FILL
    return table


def _by_size(sizes: NDArray[np.int64]) -> Iterator[tuple[Rows, int]]:
    """The rows that are not empty, few enough at a time, those of about one size together."""
    order = np.argsort(-sizes, kind="stable")
    order = order[: np.count_nonzero(sizes)]
    at = 0
    while at < len(order):
        width = int(sizes[order[at]])
        end = at + max(1, _AT_ONCE // width)
        yield order[at:end], width
        at = end
