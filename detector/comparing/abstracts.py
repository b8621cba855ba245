"""
Abstracts of many pairs: what `compare_abstracts` says of each.

    Batch  ->  abstract
"""

from __future__ import annotations

from typing import Final

import numpy as np

from detector.comparing.batch import Batch, Mask, codes_of
from detector.comparisons import abstracts as single
from detector.comparisons.base import Levels, codes
from detector.packed_sets import PackedSets, Rows, shared

_A: Final = codes(single.ABSTRACT)
_SAID: Final = np.array([_A[name] for name in single.NAMES], np.int8)


class Shingles:
    """The shingles of all abstracts, and the languages that records state."""

    def __init__(self, batch: Batch) -> None:
        held = [record.abstract_shingles for record in batch.records]
        sizes = np.array([len(shingles) for shingles in held], np.int64)
        self.sets = PackedSets.of(np.concatenate(held), sizes)
        self.language = codes_of(record.language for record in batch.records)


def abstract_levels(batch: Batch) -> Levels:
    """Batch form of `compare_abstracts`."""
    shingles = batch.of(Shingles)
    sets = shingles.sets
    shorter = np.minimum(*batch.sides(sets.sizes))
    ours, theirs = batch.sides(shingles.language)
    two_languages = (ours > 0) & (theirs > 0) & (ours != theirs)
    out = batch.nothing()
    at = np.flatnonzero((shorter >= single.FEWEST_SHINGLES) & ~two_languages)
    share = shared(sets, batch.left[at], sets, batch.right[at]) / shorter[at]
    out[at] = _SAID[np.searchsorted(single.BOUNDS, share, side="right")]
    apart = at[share < single.BOUNDS[0]]
    out[apart[_translated(batch, apart)]] = 0
    return out


def _translated(batch: Batch, at: Rows) -> Mask:
    """Where the two texts are in two languages by their words; a text is read once."""
    left, right = batch.left[at], batch.right[at]
    rows = np.unique(np.concatenate((left, right)))
    language = np.zeros(len(batch.records), np.int64)
    language[rows] = codes_of(
        single.language_of(batch.records[at].abstract) for at in rows.tolist()
    )
    ours, theirs = language[left], language[right]
    two: Mask = (ours > 0) & (theirs > 0) & (ours != theirs)
    return two
