"""
All pairs of a collection by the rule of `join.py`.

    Gathered keys, Epoch  ->  Pairs, batch by batch

Without a loop over records: keys lie sorted, so that those who share one are a run of it. A pair
of rows and what it was found by is one 64-bit number (`_packed`), so that pairs found by several
keys are made one by sorting numbers. Does not: have a rule of its own.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from indexer.keys.batch import positions
from indexer.keys.epoch import Epoch, member
from indexer.keys.gathered import GatheredKeys, Rows, runs_of
from indexer.keys.join import RAREST_TERMS, TERM_COSINE, least_idf, reaching
from indexer.keys.keys import KIND_SHIFT, Kind, borders_of
from indexer.keys.pairs import TWIN_BIT, Pairs

PAIRS_A_BATCH: Final = 50_000
AT_ONCE: Final = 2_000_000  # pairs of keys: 100 MB
PACKED_AT_ONCE: Final = 8_000_000  # 64 MB
ROW_BITS: Final = 28  # of a pair packed into 64 bits; the kinds of key take the other eight

_At = NDArray[np.int64]
_ROW: Final = np.uint64((1 << ROW_BITS) - 1)
_ODD: Final = np.uint64(0x9E3779B97F4A7C15)  # 2^64 over the golden ratio (Knuth, 6.4)


def self_join(gathered: GatheredKeys, epoch: Epoch) -> Iterator[Pairs]:
    """
    All candidate pairs of the records whose keys were gathered, by the rule.

    Pairs come in batches, ascending by the rows of their records.
    """
    found, vectors = _FoundPairs(), _TitleVectors(len(gathered), epoch)
    for values, rows in gathered.parts():
        first, last = np.searchsorted(values, borders_of(Kind.TERM))
        vectors.add(values[first:last], rows[first:last])
        for others in (slice(first), slice(last, None)):
            for sharing in _sharing(values[others], rows[others], epoch):
                found.add(sharing)
    for alike in vectors.similar():
        found.add(alike)
    found.add(_twin_pairs(gathered))
    united = found.united()
    for start in range(0, len(united), PAIRS_A_BATCH):
        batch = united[start : start + PAIRS_A_BATCH]
        left, right = batch >> np.uint64(8 + ROW_BITS), batch >> np.uint64(8) & _ROW
        masks = (batch & np.uint64(255)).astype(np.uint16)
        ids, total = gathered.ids, len(united)
        yield Pairs(ids, left.astype(np.int64), right.astype(np.int64), masks, total)


class _FoundPairs:
    """Packed pairs, made one as they come: a true pair is found by thirty keys."""

    def __init__(self) -> None:
        self._packed: list[NDArray[np.uint64]] = [np.empty(0, np.uint64)]
        self._waiting = 0

    def add(self, packed: NDArray[np.uint64]) -> None:
        """Add pairs, each as often as it was found."""
        self._packed.append(packed)
        self._waiting += len(packed)
        if self._waiting > PACKED_AT_ONCE:
            self._packed = [self.united()]
            self._waiting = 0

    def united(self) -> NDArray[np.uint64]:
        """Each pair once, ascending, with the kinds of all keys that found it."""
        packed = np.sort(np.concatenate(self._packed))
        starts = runs_of(packed >> np.uint64(8))[:-1]
        united: NDArray[np.uint64] = (
            np.bitwise_or.reduceat(packed, starts) if len(starts) else packed
        )
        return united


def _sharing(values: NDArray[np.uint64], rows: Rows, epoch: Epoch) -> Iterator[NDArray[np.uint64]]:
    """The packed pairs of rows that share a key which is not over-full; values ascending."""
    starts = runs_of(values)
    sizes = np.diff(starts)
    proposing = np.where(member(epoch.overfull, values[starts[:-1]]), 0, sizes)
    ends = np.repeat(starts[:-1] + proposing, sizes)
    # Each is paired with those of equal value behind it, which are its neighbours.
    following = np.maximum(ends - np.arange(len(values)) - 1, 0)
    bits = np.uint64(1) << (values >> np.uint64(KIND_SHIFT))
    for at in _at_once(np.arange(len(values)), following):
        left, right = np.repeat(at, following[at]), positions(at + 1, following[at])
        yield _packed(rows[left], rows[right], bits[left])


def _at_once(order: _At, following: _At, borders: _At | None = None) -> Iterator[_At]:
    """
    Pieces of `order` with some AT_ONCE followers, cut at borders only.

    Args:
        order: positions in `following`.
        following: how many are paired with each.
        borders: where `order` may be cut, from 0 to its length; None for anywhere.
    """
    before = np.concatenate(([0], np.cumsum(following[order])))
    if borders is None:
        borders = np.arange(len(order) + 1)
    cuts = np.searchsorted(before[borders], np.arange(AT_ONCE, int(before[-1]), AT_ONCE))
    ends = np.unique(np.concatenate(([0], borders[cuts], [len(order)])))
    for first, last in pairwise(ends.tolist()):
        yield order[first:last]


class _TitleVectors:
    """
    The words of all titles as vectors: a run of rows for each word, and lengths by row.

    Words come ascending, so that each length is summed in the order in which `_rarest_terms`
    sums it.
    """

    def __init__(self, count: int, epoch: Epoch) -> None:
        self._epoch = epoch
        self._squares = np.zeros(count)
        self._rows: list[Rows] = [np.empty(0, np.int32)]
        self._sizes: list[_At] = [np.empty(0, np.int64)]
        self._idf: list[NDArray[np.float32]] = [np.empty(0, np.float32)]

    def add(self, values: NDArray[np.uint64], rows: Rows) -> None:
        """Add the words of one part, ascending."""
        starts = runs_of(values)
        sizes = np.diff(starts)
        idf = self._epoch.weights_of(values[starts[:-1]])
        np.add.at(self._squares, rows, np.repeat(idf.astype(np.float64) ** 2, sizes))
        rare = idf > least_idf(self._epoch)
        self._rows.append(rows[np.repeat(rare, sizes)])
        self._sizes.append(sizes[rare])
        self._idf.append(idf[rare])

    def similar(self) -> Iterator[NDArray[np.uint64]]:
        """
        The packed pairs whose shared rare title words reach TERM_COSINE.

        All words of one record are weighed at once, so that their sums are whole.
        """
        rows, ends, weights = self._taking_part()
        following = ends - np.arange(len(rows)) - 1
        order = np.argsort(rows, kind="stable")
        for at in _at_once(order, following, runs_of(rows[order])):
            left, right = np.repeat(at, following[at]), positions(at + 1, following[at])
            alike = weights[left] * weights[right]
            codes = _code(rows[left], rows[right])
            kept = _may_reach(codes, alike)
            codes = reaching(codes[kept], alike[kept])
            yield codes << np.uint64(8) | np.uint64(1 << Kind.TERM)

    def _taking_part(self) -> tuple[Rows, _At, NDArray[np.float32]]:
        """Row, end of its run and weight of each word that takes part and that others have."""
        rows, sizes = np.concatenate(self._rows), np.concatenate(self._sizes)
        idf = np.concatenate(self._idf)
        kept = self._among_rarest(rows, np.repeat(idf, sizes))
        run = np.repeat(np.arange(len(sizes)), sizes)[kept]
        shared = np.bincount(run, minlength=len(sizes))[run] > 1
        rows, run = rows[kept][shared], run[shared]
        ends = np.searchsorted(run, run, side="right")
        lengths = np.sqrt(self._squares)
        return rows, ends, (idf[run] / np.maximum(lengths[rows], 1e-9)).astype(np.float32)

    def _among_rarest(self, rows: Rows, idf: NDArray[np.float32]) -> NDArray[np.bool_]:
        """Those of one title, and the RAREST_TERMS rarest others of each; see `_rarest_terms`."""
        kept = np.ones(len(rows), bool)
        rare = np.flatnonzero(idf < self._epoch.top_idf)
        many = np.bincount(rows[rare], minlength=len(self._squares)) > RAREST_TERMS
        of_many = rare[many[rows[rare]]]
        order = of_many[np.lexsort((of_many, -idf[of_many], rows[of_many]))]
        first = np.searchsorted(rows[order], rows[order], side="left")
        kept[order[np.arange(len(order)) - first >= RAREST_TERMS]] = False
        return kept


def _may_reach(codes: NDArray[np.uint64], alike: NDArray[np.float32]) -> NDArray[np.bool_]:
    """
    Which of these may belong to a pair that reaches TERM_COSINE.

    Most pairs share one word and fall short. Sums are made in a table by a hash of the pair,
    where strangers only add, so what falls short there falls short: 15 ns each in place of the
    100 that sorting takes.
    """
    bits = len(codes).bit_length() + 1
    places = (codes * _ODD >> np.uint64(64 - bits)).astype(np.int64)
    sums = np.bincount(places, alike, minlength=1 << bits)
    return sums[places] >= TERM_COSINE - 1e-5


def _twin_pairs(gathered: GatheredKeys) -> NDArray[np.uint64]:
    """Each record that another of equal fields stands for, paired with that one."""
    others, led = np.flatnonzero(~gathered.leads), np.flatnonzero(gathered.leads)
    led = led[np.argsort(gathered.twins[led], kind="stable")]
    leads = led[np.searchsorted(gathered.twins[led], gathered.twins[others])]
    return _packed(leads, others, np.uint64(1 << TWIN_BIT))


def _packed(
    left: NDArray[Any], right: NDArray[Any], bits: NDArray[np.uint64] | np.uint64
) -> NDArray[np.uint64]:
    """Pairs of rows, the smaller first, each with its bits as one number."""
    return _code(left, right) << np.uint64(8) | bits


def _code(left: NDArray[Any], right: NDArray[Any]) -> NDArray[np.uint64]:
    """A pair of rows as one number."""
    return left.astype(np.uint64) << np.uint64(ROW_BITS) | right.astype(np.uint64)
