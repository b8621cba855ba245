"""
Identifiers as columns: each a number, and under how many titles each was seen.

    Batch  ->  Identifiers, SharedIdentifiers
"""

from __future__ import annotations

from typing import Final, cast

import numpy as np
from numpy.typing import NDArray

from detector.columns.batch import Batch, Codes, Mask, numbering
from detector.comparisons.profile import COUNTED, FEW_TITLES, OF_A_WORK
from detector.packed_sets import PackedSets, shared

_OF_A_WORK: Final = frozenset(OF_A_WORK)


class Identifiers:
    """The identifiers of each record that are given to one work, by number."""

    def __init__(self, batch: Batch) -> None:
        numbers = numbering()
        rows = [
            [
                numbers[scheme, value]
                for scheme, values in record.by_scheme.items()
                if scheme in _OF_A_WORK
                for value in values
            ]
            for record in batch.records
        ]
        self.named = cast(list[tuple[str, str]], list(numbers))
        values = np.array([number for row in rows for number in row], np.uint32)
        self.sets = PackedSets.of(values, np.array([len(row) for row in rows], np.int64))

    def under(self, batch: Batch, numbers: Codes) -> NDArray[np.int64]:
        """How many titles were seen under these; 0 of those whose schemes are not counted."""
        counted = [at for at in numbers.tolist() if self.named[at][0] in COUNTED]
        under = np.zeros(len(self.named), np.int64)
        under[counted] = batch.counts.titles_under([self.named[at] for at in counted])
        return under


class SharedIdentifiers:
    """Where two records share an identifier that stands under few titles."""

    def __init__(self, batch: Batch) -> None:
        identifiers = batch.of(Identifiers)
        sets = identifiers.sets
        self.own: Mask = np.zeros(len(batch), bool)
        at = np.flatnonzero(shared(sets, batch.left, sets, batch.right))
        rows = np.unique(np.concatenate((batch.left[at], batch.right[at])))
        held = np.zeros(len(sets), bool)
        held[rows] = True
        values = sets.values[np.repeat(held, sets.sizes)]
        kept = (identifiers.under(batch, np.unique(values)) < FEW_TITLES)[sets.values]
        few = PackedSets.of(sets.values[kept], _kept(sets, kept))
        self.own[at] = shared(few, batch.left[at], few, batch.right[at]) > 0
        # one value under two schemes: the count of one is that of the other too
        twice = np.array([_repeats(batch, row) for row in rows.tolist()], bool)
        odd = np.zeros(len(sets), bool)
        odd[rows[twice]] = True
        asked = at[(odd[batch.left] | odd[batch.right])[at]]
        self.own[asked] = [
            not ours.own.isdisjoint(theirs.own) for ours, theirs in batch.profiles(asked)
        ]


def _kept(sets: PackedSets, kept: Mask) -> NDArray[np.int64]:
    """How many values of each row are kept."""
    total = np.concatenate(([0], np.cumsum(kept)))
    counts: NDArray[np.int64] = total[sets.starts + sets.sizes] - total[sets.starts]
    return counts


def _repeats(batch: Batch, row: int) -> bool:
    """Whether a record has one value under two schemes."""
    by_scheme = batch.records[row].by_scheme
    if len(by_scheme) < 2:
        return False
    return len(set().union(*by_scheme.values())) < sum(map(len, by_scheme.values()))
