"""
All pairs of a collection by the rule of `join.py`.

    Gathered keys, Epoch  ->  Pairs, batch by batch

Without a loop over records: keys lie sorted, so that those who share one are a run of it. A pair
of rows and what it was found by is one 64-bit number (`_packed`), so that pairs found by several
keys are made one by sorting numbers. Does not: have a rule of its own.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain, pairwise
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from indexer.keys.batch import positions
from indexer.keys.components import components_of
from indexer.keys.epoch import Epoch, member
from indexer.keys.gathered import GatheredKeys, Rows, runs_of
from indexer.keys.join import (
    BUCKETS_ASKED,
    RAREST_TERMS,
    TERM_COSINE,
    asked_of_said_once,
    least_idf,
    reaching,
    several,
)
from indexer.keys.keys import KIND_SHIFT, TITLE_BUCKETS, Kind, borders_of
from indexer.keys.pairs import TWIN_BIT, Pairs

PAIRS_A_BATCH: Final = 50_000
# Pairs of keys: their tables stay in the processor's cache. Of 2,000,000 a join took 15.6 us a
# record of 89,127, of these 11.0.
AT_ONCE: Final = 200_000
PACKED_AT_ONCE: Final = 8_000_000  # 64 MB
ROW_BITS: Final = 28  # of a pair packed into 64 bits; the kinds of key take the other eight

_At = NDArray[np.int64]
_ROW: Final = np.uint64((1 << ROW_BITS) - 1)
_ODD: Final = np.uint64(0x9E3779B97F4A7C15)  # 2^64 over the golden ratio (Knuth, 6.4)


def self_join(gathered: GatheredKeys, epoch: Epoch) -> Iterator[Pairs]:
    """
    All candidate pairs of the records whose keys were gathered, by the rule.

    Pairs come in batches, those of records that hang together behind each other.
    """
    found = _FoundPairs()
    buckets = _CountedKeys(epoch, BUCKETS_ASKED)
    said_once = _CountedKeys(epoch, asked_of_said_once(epoch))
    words = _TitleVectors(len(gathered), epoch)
    for values, rows in gathered.parts():
        first, last = np.searchsorted(values, borders_of(Kind.TERM))
        words.add(values[first:last], rows[first:last])
        after = np.searchsorted(values, borders_of(TITLE_BUCKETS[-1])[1])
        buckets.add(values[:after], rows[:after])
        said_once.add(values[last:], rows[last:])  # SAID_ONCE are the last kinds
        for sharing in _sharing(values[after:first], rows[after:first], epoch):
            found.add(sharing)
    twins = [_twin_pairs(gathered)]
    for proposed in chain(buckets.shared(), said_once.shared(), words.similar(), twins):
        found.add(proposed)
    united = _together(found.united(), len(gathered))
    for start in range(0, len(united), PAIRS_A_BATCH):
        batch = united[start : start + PAIRS_A_BATCH]
        left, right = _rows_of(batch)
        masks = (batch & np.uint64(255)).astype(np.uint16)
        yield Pairs(gathered.ids, left, right, masks, len(united))


def _together(united: NDArray[np.uint64], records: int) -> NDArray[np.uint64]:
    """
    The pairs of one component behind each other, ascending within it.

    Who reads them batch by batch so reads few records twice: of 112,416 pairs of 100,000 made
    records, 5,000 at a time, 58,542 records where pairs that ascend have 108,916.
    """
    left, right = (rows.astype(np.int32) for rows in _rows_of(united))
    return united[np.argsort(components_of(records, left, right)[left], kind="stable")]


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


def _at_once(order: Any, following: Any, borders: _At | None = None) -> Iterator[Any]:
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


class _CountedKeys:
    """Keys that propose where so many are shared, as runs of the rows that carry each."""

    def __init__(self, epoch: Epoch, asked: int) -> None:
        self._epoch = epoch
        self._asked = asked
        self._rows: list[Rows] = [np.empty(0, np.int32)]
        self._following: list[NDArray[np.int32]] = [np.empty(0, np.int32)]
        self._bits: list[NDArray[np.uint8]] = [np.empty(0, np.uint8)]

    def add(self, values: NDArray[np.uint64], rows: Rows) -> None:
        """Add the keys of one part, ascending."""
        starts = runs_of(values)
        kept = np.repeat(~member(self._epoch.overfull, values[starts[:-1]]), np.diff(starts))
        values, rows = values[kept], rows[kept]
        ends = np.repeat((starts := runs_of(values))[1:], np.diff(starts))
        self._rows.append(rows)
        self._following.append((ends - np.arange(len(values)) - 1).astype(np.int32))
        self._bits.append(np.uint8(1) << (values >> np.uint64(KIND_SHIFT)).astype(np.uint8))

    def shared(self) -> Iterator[NDArray[np.uint64]]:
        """The packed pairs that share enough of them, with the bits of their kinds."""
        rows, bits = np.concatenate(self._rows), np.concatenate(self._bits)
        for left, right in _by_row(rows, np.concatenate(self._following)):
            codes = _code(rows[left], rows[right])
            kept = np.flatnonzero(_summed(codes, None) >= self._asked)
            shared, kinds = several(codes[kept], bits[left[kept]].astype(np.uint16), self._asked)
            yield shared << np.uint64(8) | kinds.astype(np.uint64)


def _by_row(rows: Rows, following: NDArray[np.int32]) -> Iterator[tuple[_At, _At]]:
    """
    Positions that meet, those of one row on the left all in one piece.

    Each position meets those `following` behind it. So what two records share is counted
    without keeping what all others share: pairs of keys grow faster than pairs.
    """
    order = np.argsort(rows, kind="stable").astype(np.int32)
    for at in _at_once(order, following, runs_of(rows[order])):
        runs = following[at].astype(np.int64)
        yield np.repeat(at, runs), positions(at.astype(np.int64) + 1, runs)


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
        rows, following, weights = self._taking_part()
        for left, right in _by_row(rows, following):
            alike = weights[left] * weights[right]
            codes = _code(rows[left], rows[right])
            kept = _summed(codes, alike) >= TERM_COSINE - 1e-5
            codes = reaching(codes[kept], alike[kept])
            yield codes << np.uint64(8) | np.uint64(1 << Kind.TERM)

    def _taking_part(self) -> tuple[Rows, NDArray[np.int32], NDArray[np.float32]]:
        """Row, how many follow in its run and weight of each word that takes part."""
        rows, sizes = np.concatenate(self._rows), np.concatenate(self._sizes)
        idf = np.concatenate(self._idf)
        kept = self._among_rarest(rows, np.repeat(idf, sizes))
        run = np.repeat(np.arange(len(sizes)), sizes)[kept]
        shared = np.bincount(run, minlength=len(sizes))[run] > 1
        rows, run = rows[kept][shared], run[shared]
        following = np.searchsorted(run, run, side="right") - np.arange(len(run)) - 1
        weights = idf[run] / np.maximum(np.sqrt(self._squares)[rows], 1e-9)
        return rows, following.astype(np.int32), weights.astype(np.float32)

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


def _summed(
    codes: NDArray[np.uint64], weights: NDArray[np.float32] | None
) -> NDArray[np.float64] | _At:
    """
    For each code at least the sum of its weights, of ones where there are none.

    Most pairs share one word or bucket and fall short. Summed in a table by a hash of the pair,
    where strangers only add, what falls short there falls short: 15 ns each in place of the
    100 that sorting takes.
    """
    bits = len(codes).bit_length() + 1
    places = (codes * _ODD >> np.uint64(64 - bits)).astype(np.int64)
    sums: NDArray[np.float64] | _At = np.bincount(places, weights, minlength=1 << bits)
    return sums[places]


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


def _rows_of(packed: NDArray[np.uint64]) -> tuple[_At, _At]:
    """The two rows of each packed pair."""
    left, right = packed >> np.uint64(8 + ROW_BITS), packed >> np.uint64(8) & _ROW
    return left.astype(np.int64), right.astype(np.int64)
