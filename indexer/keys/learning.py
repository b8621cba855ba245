"""
Learning: an epoch from the keys of a collection.

    Gathered keys  ->  Epoch

Does not: store what is learnt (`epoch.py` says what it means).
"""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from indexer.keys.epoch import Epoch, HashArray, Levels, caps_of, coarse, member
from indexer.keys.gathered import GatheredKeys, Stream, runs_of
from indexer.keys.keys import Kind, borders_of, kinds_of

_NONE: Final = np.empty(0, np.uint64)


def learn(gathered: GatheredKeys, number: int) -> Epoch:
    """
    The epoch of the records whose keys were gathered.

    Records equal in every compared field count once: their number says nothing of
    how common a key is.
    """
    overfull, terms, term_counts = [_NONE], [_NONE], [np.empty(0, np.int64)]
    identifiers, titles = [_NONE], [_NONE]
    for values, rows in gathered.parts(keep=True):
        starts = runs_of(values)
        unique, counts = values[starts[:-1]], np.diff(starts)
        is_term = kinds_of(unique) == Kind.TERM
        overfull.append(unique[~is_term & (counts > caps_of(unique))])
        terms.append(unique[is_term & (counts > 1)])
        term_counts.append(counts[is_term & (counts > 1)])
        first, last = np.searchsorted(values, borders_of(Kind.IDENTIFIER))
        of_rows = gathered.titles[rows[first:last]]
        identifiers.append(values[first:last][of_rows != 0])
        titles.append(of_rows[of_rows != 0])
    return Epoch(
        number,
        len(gathered),
        np.sort(np.concatenate(overfull)),
        np.concatenate(terms),  # ascending from part to part, as all keys of one kind
        _coarse(np.concatenate(term_counts)),
        *_common(*gathered.title_authors()),
        *_common(np.concatenate(identifiers), np.concatenate(titles)),
    )


def touched_by(stream: Stream, hashes: HashArray) -> list[str]:
    """The ids of all records that carry one of these, as a key or as their title's hash."""
    touched: list[str] = []
    for batch in stream():
        carries = member(hashes, batch.titles)
        carries[batch.rows()[member(hashes, batch.values)]] = True
        touched += [batch.ids[row] for row in np.flatnonzero(carries).tolist()]
    return touched


def _common(left: HashArray, right: HashArray) -> tuple[HashArray, Levels]:
    """Each value on the left that has several distinct ones beside it, and how many, coarse."""
    order = np.lexsort((right, left))
    left, right = left[order], right[order]
    first = np.ones(len(left), bool)
    first[1:] = (left[1:] != left[:-1]) | (right[1:] != right[:-1])
    left = left[first]
    starts = runs_of(left)
    values, counts = left[starts[:-1]], np.diff(starts)
    return values[counts > 1], _coarse(counts[counts > 1])


def _coarse(counts: NDArray[np.int64]) -> Levels:
    distinct, inverse = np.unique(counts, return_inverse=True)
    return np.array([coarse(int(count)) for count in distinct], np.uint16)[inverse]
