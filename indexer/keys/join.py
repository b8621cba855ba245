"""
The rule by which keys make candidates.

    Keys, stored Keys, Epoch  ->  the candidates of these records   (`cross_join`)

The rule is a symmetric predicate over two records and an epoch, so that all pairs of a
collection (`self_join.py`) are those of its records, and a contract test proves it for
every engine:

* they share a key that is not over-full (`epoch.CAP`), no title bucket or word, nor, in a
  large collection, one whole title or one place alone;
* they share BUCKETS_ASKED title buckets: how many titles share one by chance grows with
  the collection, and true pairs that nothing else finds share several; or
* the idf-weighted cosine of their titles over shared rare words reaches TERM_COSINE,
  ONE_WORD_COSINE where they share one word alone: BM25 at k1 = 0, b = 0, which suits
  titles (a word stands once and lengths hardly differ), with lengths normalised so that
  it is symmetric;
* of records equal in every compared field only the one of least id takes part,
  and the others pair with it alone.

Does not: read or write an index.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Final

import numpy as np
from numpy.typing import NDArray

from indexer.keys import Keys, Kind, kinds_of
from indexer.keys.batch import positions
from indexer.keys.epoch import TERM_CAP, Epoch, distinct, member
from indexer.keys.keys import KIND_SHIFT, TITLE_BUCKETS

RAREST_TERMS: Final = 8  # of each title; what fewer lose stands in docs/design.md
TERM_COSINE: Final = 0.35
# What these two spare and lose stands in docs/design.md.
ONE_WORD_COSINE: Final = 0.45
# What the squared weights of one title's words add up to where a cosine may be reached; a sum in
# another order may fall short by its rounding.
ROUNDING: Final = 1e-3
REACHED: Final = TERM_COSINE**2 - ROUNDING
REACHED_BY_ONE: Final = ONE_WORD_COSINE**2 - ROUNDING
BUCKETS_ASKED: Final = 2
# Bits of the number of records, as idf is coarse by: of 37,702 pairs of a million made records
# that share one place alone (volume, page and year) one is true, of 1,467 of 89,127 real ones 32;
# of 33,352 of 400,000 that share a whole title alone, no surname and no year, 151, of 540 none.
ALONE: Final = 17
SAID_ONCE: Final = (Kind.TITLE, Kind.PLACE)  # whole titles and places: of these two are asked

_Rows = NDArray[np.int64]
_Bits = NDArray[np.uint16]


@dataclass(frozen=True, slots=True)
class Probes:
    """The keys by which records of a batch take part, ascending by key."""

    values: NDArray[np.uint64]
    rows: _Rows
    weights: NDArray[np.float32]  # of a term: idf / length of the title's vector; else 0

    def of(self, *kinds: Kind) -> Probes:
        """The keys of these kinds."""
        return self.only(_of_kinds(kinds)[kinds_of(self.values)])

    def without(self, *kinds: Kind) -> Probes:
        """The keys of all other kinds."""
        return self.only(~_of_kinds(kinds)[kinds_of(self.values)])

    def only(self, kept: NDArray[np.bool_]) -> Probes:
        """Those that are kept."""
        return Probes(self.values[kept], self.rows[kept], self.weights[kept])


@cache
def _of_kinds(kinds: tuple[Kind, ...]) -> NDArray[np.bool_]:
    """For each number of a kind whether it is one of these."""
    return np.isin(np.arange(1 << (64 - KIND_SHIFT)), kinds)


def probes_of(keys: Keys, epoch: Epoch) -> Probes:
    """The keys of these records that may propose a pair under this epoch."""
    values, rows = keys.values, keys.rows()
    is_term = kinds_of(values) == Kind.TERM
    kept = ~is_term
    kept[kept] = ~member(epoch.overfull, values[kept])
    terms = _rarest_terms(values[is_term], rows[is_term], len(keys), epoch)
    others = Probes(values[kept], rows[kept], np.zeros(int(kept.sum()), np.float32))
    return _ascending([others, terms])


def _met_by(ours: Probes, stored: Keys, epoch: Epoch) -> Probes:
    """
    Of the `probes_of` stored records those that ours meet.

    Only they are weighed and sorted: of 20 stored records that a batch of 2,000 made reads for
    each of its own one key in ten meets one of ours, 30 µs a record of the batch in place of 250.
    """
    asked = distinct(ours.values)
    met = member(asked, stored.values)
    values, rows = stored.values[met], stored.rows()[met]
    is_term = kinds_of(values) == Kind.TERM
    titled = np.zeros(len(stored), bool)
    titled[rows[is_term]] = True
    # A word's weight and rank depend on all words of its title.
    within = kinds_of(stored.values) == Kind.TERM
    within &= titled[stored.rows()]
    terms = _rarest_terms(stored.values[within], stored.rows()[within], len(stored), epoch)
    terms = terms.only(member(asked, terms.values))
    others = Probes(values[~is_term], rows[~is_term], np.zeros(int((~is_term).sum()), np.float32))
    return _ascending([others, terms])


def _ascending(parts: Sequence[Probes]) -> Probes:
    values = np.concatenate([part.values for part in parts])
    rows = np.concatenate([part.rows for part in parts])
    order = np.lexsort((rows, values))
    weights = np.concatenate([part.weights for part in parts])
    return Probes(values[order], rows[order], weights[order])


def cross_join(keys: Keys, stored: Keys, epoch: Epoch) -> tuple[_Rows, _Rows, _Bits]:
    """
    Which of the stored records are candidates of which of these, by the rule.

    Returns:
        Rows of `keys`, rows of `stored` and found_by masks, one pair each; a record
        is no candidate of itself. Twins are the engine's to add (it knows them all).
    """
    ours = probes_of(keys, epoch)
    theirs = _met_by(ours, stored, epoch)
    others = (*TITLE_BUCKETS, *SAID_ONCE, Kind.TERM)
    found = [_meeting(ours.without(*others), theirs.without(*others), len(stored))[:2]]
    for kinds, asked in ((TITLE_BUCKETS, BUCKETS_ASKED), (SAID_ONCE, asked_of_said_once(epoch))):
        codes, bits, _ = _meeting(ours.of(*kinds), theirs.of(*kinds), len(stored))
        found.append(several(codes, bits, asked))
    words, _, alike = _meeting(ours.of(Kind.TERM), theirs.of(Kind.TERM), len(stored))
    near = reaching(words, alike)
    found.append((near, np.full(len(near), 1 << Kind.TERM, np.uint16)))
    united, masks = _united([codes for codes, _ in found], [bits for _, bits in found])
    return _decode(united, masks, keys, stored)


def _rarest_terms(values: NDArray[np.uint64], rows: _Rows, count: int, epoch: Epoch) -> Probes:
    """
    The terms that take part: those of one title, and the RAREST_TERMS rarest others.

    A word that no other title has costs nothing and must not crowd out the others
    (a misspelt title has several).
    """
    idf = epoch.weights_of(values)
    lengths = np.sqrt(np.bincount(rows, idf.astype(np.float64) ** 2, minlength=count))
    weights = (idf / np.maximum(lengths[rows], 1e-9)).astype(np.float32)
    single = idf >= epoch.top_idf
    rare = ~single & (idf > least_idf(epoch))
    order = np.lexsort((values, -idf, rows))
    order = order[rare[order]]
    # Ordered by row and rarity: a term's place behind the first of its row is its rank there.
    first = np.searchsorted(rows[order], rows[order], side="left")
    rarest = order[np.arange(len(order)) - first < RAREST_TERMS]
    kept = np.sort(np.concatenate((np.flatnonzero(single), rarest)))
    return Probes(values[kept], rows[kept], weights[kept])


def least_idf(epoch: Epoch) -> float:
    """The idf over which a word is rare."""
    return float(epoch.top_idf - np.log2(TERM_CAP) - 1e-6)


def asked_of_said_once(epoch: Epoch) -> int:
    """How many of SAID_ONCE a pair shares that nothing else proposes: two in a large collection."""
    return 2 if epoch.records.bit_length() > ALONE else 1


def several(codes: NDArray[np.uint64], bits: _Bits, asked: int) -> tuple[NDArray[np.uint64], _Bits]:
    """The pairs that stand here so many times or more, each once, with all its bits."""
    if not len(codes):
        return codes, bits
    order = np.argsort(codes, kind="stable")
    codes, bits = codes[order], bits[order]
    starts = np.flatnonzero(np.concatenate(([True], codes[1:] != codes[:-1])))
    kept = np.diff(starts, append=len(codes)) >= asked
    return codes[starts][kept], np.bitwise_or.reduceat(bits, starts)[kept]


def reaching(codes: NDArray[np.uint64], alike: NDArray[np.float32]) -> NDArray[np.uint64]:
    """The pairs whose summed similarity is as great as is asked; the sum's order is fixed."""
    if not len(codes):
        return codes
    order = np.lexsort((alike, codes))
    codes, alike = codes[order], alike[order]
    starts = np.flatnonzero(np.concatenate(([True], codes[1:] != codes[:-1])))
    sums = np.add.reduceat(alike.astype(np.float64), starts)
    several = np.diff(starts, append=len(codes)) > 1
    return codes[starts[sums >= np.where(several, TERM_COSINE, ONE_WORD_COSINE) - 1e-6]]


def _meeting(
    ours: Probes, theirs: Probes, count: int
) -> tuple[NDArray[np.uint64], _Bits, NDArray[np.float32]]:
    """For each key that two records share: their code, the bit of its kind, their alikeness."""
    left, right = _meet(ours.values, theirs.values)
    bits = (np.uint16(1) << kinds_of(ours.values[left]).astype(np.uint16)).astype(np.uint16)
    codes = _code(ours.rows[left], theirs.rows[right], count)
    return codes, bits, ours.weights[left] * theirs.weights[right]


def _meet(ours: NDArray[np.uint64], theirs: NDArray[np.uint64]) -> tuple[_Rows, _Rows]:
    """Positions of equal values in two ascending arrays."""
    first = np.searchsorted(theirs, ours, side="left")
    runs = np.searchsorted(theirs, ours, side="right") - first
    return np.repeat(np.arange(len(ours)), runs), positions(first, runs)


def _code(left: _Rows, right: _Rows, count: int) -> NDArray[np.uint64]:
    """A pair of rows as one number;"""
    return left.astype(np.uint64) * np.uint64(max(count, 1)) + right.astype(np.uint64)


def _rows_of(codes: NDArray[np.uint64], count: int) -> tuple[_Rows, _Rows]:
    """The inverse of `_code`."""
    left, right = np.divmod(codes, np.uint64(max(count, 1)))
    return left.astype(np.int64), right.astype(np.int64)


def _united(codes: list[NDArray[np.uint64]], bits: list[_Bits]) -> tuple[NDArray[np.uint64], _Bits]:
    """Each pair once, ascending, with the masks of all that found it."""
    everything, masks = np.concatenate(codes), np.concatenate(bits)
    if not len(everything):
        return everything, masks
    order = np.argsort(everything, kind="stable")
    everything, masks = everything[order], masks[order]
    starts = np.flatnonzero(np.concatenate(([True], everything[1:] != everything[:-1])))
    return everything[starts], np.bitwise_or.reduceat(masks, starts)


def _decode(
    codes: NDArray[np.uint64], masks: _Bits, keys: Keys, stored: Keys
) -> tuple[_Rows, _Rows, _Bits]:
    """Rows of both and masks, without the pairs of a record with itself."""
    left, right = _rows_of(codes, len(stored))
    ids = zip(left, right, strict=True)
    other = np.fromiter((keys.ids[a] != stored.ids[b] for a, b in ids), bool, len(left))
    return left[other], right[other], masks[other]
