"""
Batches: many pairs to compare, and what their comparisons read as columns.

    PairedRows  ->  Batch; columns of it made once; levels of what is plain, the rest pair by pair

A column has a number a record, equal where what the comparison reads is equal. Knows no field:
the modules beside this one do.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from itertools import count
from typing import Any, TypeVar, cast

import numpy as np
from numpy.typing import NDArray

from detector.comparisons.base import Levels
from detector.comparisons.paired_rows import PairedRows
from detector.comparisons.profile import EpochCounts, Profile
from detector.packed_sets import Rows
from indexer.fields import Fields

Codes = NDArray[np.int64]
Mask = NDArray[np.bool_]
Function = Callable[[Profile, Profile], int]
Made = TypeVar("Made")
Value = TypeVar("Value")


class Batch:
    """Pairs by rows of their records, the smaller record id on the left."""

    def __init__(
        self, pairs: PairedRows, profile: Callable[[Fields], Profile], counts: EpochCounts
    ) -> None:
        sides = np.concatenate((pairs.left, pairs.right))
        rows, places = np.unique(sides, return_inverse=True)
        self.records = [pairs.records[row] for row in rows.tolist()]
        left, right = places[: len(pairs)], places[len(pairs) :]
        order = sorted(range(len(rows)), key=[one.record_id for one in self.records].__getitem__)
        rank = np.empty(len(rows), np.intp)
        rank[order] = np.arange(len(rows))
        turned = rank[left] > rank[right]
        self.left: Rows = np.where(turned, right, left)
        self.right: Rows = np.where(turned, left, right)
        self.counts = counts
        self._profile = profile
        self._profiles: list[Profile | None] = [None] * len(rows)
        self._made: dict[Any, Any] = {}

    def __len__(self) -> int:
        return len(self.left)

    def of(self, make: Callable[[Batch], Made]) -> Made:
        """What is made of this batch, made the first time it is asked for."""
        if make not in self._made:
            self._made[make] = make(self)
        return cast(Made, self._made[make])

    def sides(self, column: NDArray[Any]) -> tuple[NDArray[Any], NDArray[Any]]:
        """A column of the left and of the right records of all pairs."""
        return column[self.left], column[self.right]

    def either(self, column: Mask) -> Mask:
        """Where the left or the right record is marked."""
        ours, theirs = self.sides(column)
        marked: Mask = ours | theirs
        return marked

    def both(self, column: Mask) -> Mask:
        """Where the left and the right record are marked."""
        ours, theirs = self.sides(column)
        marked: Mask = ours & theirs
        return marked

    def profile(self, row: int) -> Profile:
        """The profile of a record."""
        profile = self._profiles[row]
        if profile is None:
            profile = self._profiles[row] = self._profile(self.records[row])
        return profile

    def profiles(self, at: Rows) -> Iterable[tuple[Profile, Profile]]:
        """The profiles of the pairs at these places."""
        left, right = self.left[at].tolist(), self.right[at].tolist()
        for one, other in zip(left, right, strict=True):
            yield self.profile(one), self.profile(other)

    def ask(self, function: Function, out: Levels, where: Mask) -> None:
        """Ask a comparison pair by pair where the mask says so."""
        at = np.flatnonzero(where)
        if len(at):
            out[at] = [function(ours, theirs) for ours, theirs in self.profiles(at)]

    def ask_once(
        self,
        level: Callable[[Value, Value], int],
        values: Sequence[Value],
        codes: Codes,
        out: Levels,
        where: Mask,
    ) -> None:
        """Ask for the level of two values, once for all pairs of records of equal codes."""
        at = np.flatnonzero(where)
        if not len(at):
            return
        ours, theirs = self.left[at], self.right[at]
        _, first, place = np.unique(
            codes[ours] * (int(codes.max()) + 1) + codes[theirs],
            return_index=True,
            return_inverse=True,
        )
        rows = zip(ours[first].tolist(), theirs[first].tolist(), strict=True)
        asked = [level(values[one], values[other]) for one, other in rows]
        out[at] = np.array(asked, np.int8)[place]

    def nothing(self) -> Levels:
        """Levels of all pairs, missing."""
        return np.zeros(len(self), np.int8)


def numbering(*first: Hashable) -> dict[Hashable, int]:
    """Numbers for values, each the next one when it is first looked up."""
    # half the time of setdefault with the length
    numbers: dict[Hashable, int] = defaultdict(count().__next__)
    for value in first:
        numbers[value]
    return numbers


def codes_of(values: Iterable[Hashable], empty: Hashable = "") -> Codes:
    """A number for each value, equal for equal ones; 0 for the empty one."""
    return numbered(numbering(empty), values)


def numbered(numbers: Mapping[Hashable, int], values: Iterable[Hashable]) -> Codes:
    """The number of each value: 65 ns each, by a list of numbers 77."""
    return np.fromiter(map(numbers.__getitem__, values), np.int64)


def lengths_of(texts: Iterable[str]) -> Codes:
    """How many characters each text has."""
    return np.fromiter(map(len, texts), np.int64)
