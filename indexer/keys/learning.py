"""
Learning: an epoch from a stream of keys, in passes that fit in memory.

    stream of Keys  ->  Survey (what fits in memory of every record)  ->  Epoch

The stream is read once for the survey and once a pass over one part of the key
space. Does not: store what is learnt (`epoch.py` says what it means).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final, TypeAlias

import numpy as np
from numpy.typing import NDArray

from indexer.keys.batch import Keys
from indexer.keys.epoch import CAP, Epoch, HashArray, Levels, coarse, member
from indexer.keys.keys import Kind, kinds_of

KEYS_A_PASS: Final = 60_000_000  # keys counted at once: 480 MB
Stream: TypeAlias = Callable[[], Iterator[Keys]]  # a new pass over all keys at each call


def learn(stream: Stream, number: int, keys_a_pass: int = KEYS_A_PASS) -> Epoch:
    """
    The epoch of the records that `stream` yields, which is called once a pass.

    Records equal in every compared field count once: their number says nothing of
    how common a key is. Memory: about 20 bytes a record and `keys_a_pass` keys.
    """
    survey = Survey.of(stream)
    passes = max(1, -(-survey.keys // keys_a_pass))
    overfull: list[HashArray] = []
    terms: list[HashArray] = []
    term_counts: list[NDArray[np.int64]] = []
    pairs: list[tuple[HashArray, HashArray]] = []
    for part in range(passes):
        values, titles = survey.collect(stream, part, passes)
        order = np.argsort(values, kind="stable")
        values, titles = values[order], titles[order]
        unique, counts = np.unique(values, return_counts=True)
        is_term = kinds_of(unique) == Kind.TERM
        overfull.append(unique[~is_term & (counts > CAP)])
        terms.append(unique[is_term & (counts > 1)])
        term_counts.append(counts[is_term & (counts > 1)])
        identifying = (kinds_of(values) == Kind.IDENTIFIER) & (titles != 0)
        pairs.append((values[identifying], titles[identifying]))
    title_table = _distinct(*survey.title_authors())
    identifier_table = _distinct(*(np.concatenate(c) for c in zip(*pairs, strict=True)))
    term_order = np.argsort(np.concatenate(terms))
    return Epoch(
        number,
        len(survey.ids),
        np.sort(np.concatenate(overfull)),
        np.concatenate(terms)[term_order],
        _coarse(np.concatenate(term_counts)[term_order]),
        *_common(title_table),
        *_common(identifier_table),
    )


def touched_by(stream: Stream, hashes: HashArray) -> list[str]:
    """The ids of all records that carry one of these, as a key or as their title's hash."""
    touched: list[str] = []
    for batch in stream():
        carries = member(hashes, batch.titles)
        carries[batch.rows()[member(hashes, batch.values)]] = True
        touched += [batch.ids[row] for row in np.flatnonzero(carries).tolist()]
    return touched


@dataclass(slots=True)
class Survey:
    """The columns of all records that fit in memory, and which record stands for its twins."""

    ids: list[str]
    leads: NDArray[np.bool_]  # [n] the record of least id among those equal in all fields
    twins: HashArray
    titles: HashArray
    firsts: HashArray
    keys: int  # how many all records have

    @classmethod
    def of(cls, stream: Stream) -> Survey:
        """One pass over the stream."""
        ids: list[str] = []
        columns: list[tuple[HashArray, ...]] = [(np.empty(0, np.uint64),) * 3]
        keys = 0
        for batch in stream():
            ids += batch.ids
            columns.append((batch.twins, batch.titles, batch.firsts))
            keys += len(batch.values)
        twins, titles, firsts = (np.concatenate(column) for column in zip(*columns, strict=True))
        leads = leads_of(ids, twins)
        return cls(ids, leads, twins, titles, np.where(leads, firsts, 0), keys)

    def title_authors(self) -> tuple[HashArray, HashArray]:
        """(title, first author) of every record that has both."""
        both = (self.titles != 0) & (self.firsts != 0)
        return self.titles[both], self.firsts[both]

    def collect(self, stream: Stream, part: int, passes: int) -> tuple[HashArray, HashArray]:
        """The keys of one part of the key space with their records' titles; twins once."""
        values: list[HashArray] = [np.empty(0, np.uint64)]
        titles: list[HashArray] = [np.empty(0, np.uint64)]
        at = 0
        for batch in stream():
            rows = batch.rows()
            kept = self.leads[at : at + len(batch)][rows]
            if passes > 1:
                kept &= batch.values % np.uint64(passes) == part
            values.append(batch.values[kept])
            titles.append(batch.titles[rows[kept]])
            at += len(batch)
        return np.concatenate(values), np.concatenate(titles)


def leads_of(ids: list[str] | tuple[str, ...], twins: HashArray) -> NDArray[np.bool_]:
    """For each record whether it has the least id among its twins and so stands for them."""
    leads = np.ones(len(ids), bool)
    order = np.argsort(twins, kind="stable")
    ordered = twins[order]
    borders = np.flatnonzero(np.concatenate(([True], ordered[1:] != ordered[:-1], [True])))
    shared = np.flatnonzero(np.diff(borders) > 1)
    for start, end in zip(borders[shared], borders[shared + 1], strict=True):
        group = order[start:end].tolist()
        leads[group] = False
        leads[min(group, key=lambda row: ids[row])] = True
    return leads


def _distinct(left: HashArray, right: HashArray) -> tuple[HashArray, NDArray[np.int64]]:
    """For each value on the left the number of distinct values beside it on the right."""
    order = np.lexsort((right, left))
    left, right = left[order], right[order]
    first = np.ones(len(left), bool)
    first[1:] = (left[1:] != left[:-1]) | (right[1:] != right[:-1])
    values, counts = np.unique(left[first], return_counts=True)
    return values, counts.astype(np.int64)


def _common(table: tuple[HashArray, NDArray[np.int64]]) -> tuple[HashArray, Levels]:
    """The rows of a table whose count is over the usual one."""
    values, counts = table
    return values[counts > 1], _coarse(counts[counts > 1])


def _coarse(counts: NDArray[np.int64]) -> Levels:
    distinct, inverse = np.unique(counts, return_inverse=True)
    return np.array([coarse(int(count)) for count in distinct], np.uint16)[inverse]
