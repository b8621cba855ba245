"""
Epochs: what is learnt from a collection as a whole, frozen and numbered.

    a stream of Keys  ->  Epoch(document frequencies, over-full keys, generic titles, ...)

Candidates and decisions are functions of the records and an epoch alone, so that
two runs over the same collection agree whatever the order of arrival. Counts act
in coarse levels: one more record seldom moves one. Does not: store itself (an
engine keeps the bytes of `to_bytes`) or decide what a count means.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Final, TypeAlias

import numpy as np
from numpy.typing import NDArray

from indexer.keys import Keys, Kind, identifier_key, key, kinds_of, term_key, title_hash
from indexer.records import Identifier
from indexer.titles import Title

# A key that more records carry than this proposes nothing; the compound keys of title and
# surname, title and year stand beside it. 100 keeps the largest true cluster seen (64 in
# cora) and bounds a record's candidates from one key.
CAP: Final = 100
TERM_CAP: Final = 127  # a word in more titles is not rare; 128 is where its coarse count moves
KEYS_A_PASS: Final = 60_000_000  # keys counted at once: 480 MB

Stream: TypeAlias = Callable[[], Iterator[Keys]]  # a new pass over all keys at each call

_Array = NDArray[np.uint64]
_Levels = NDArray[np.uint16]


def _no_keys() -> _Array:
    return np.empty(0, np.uint64)


def _no_levels() -> _Levels:
    return np.empty(0, np.uint16)


@dataclass(frozen=True, slots=True, eq=False)
class Epoch:
    """
    The learnt tables: sorted arrays of hashes with a coarse count beside each.

    A hash that stands in no table has the count that is usual: a term stands in
    one title, a title has one first author, an identifier one title.
    """

    number: int = 0
    records: int = 0
    overfull: _Array = field(default_factory=_no_keys)  # keys of more than CAP records
    terms: _Array = field(default_factory=_no_keys)
    term_counts: _Levels = field(default_factory=_no_levels)  # coarse; of records
    titles: _Array = field(default_factory=_no_keys)
    title_authors: _Levels = field(default_factory=_no_levels)  # coarse; of first authors
    identifiers: _Array = field(default_factory=_no_keys)
    identifier_titles: _Levels = field(default_factory=_no_levels)  # coarse; of titles
    surnames: _Array = field(default_factory=_no_keys)
    surname_counts: _Levels = field(default_factory=_no_levels)  # coarse; of records

    @classmethod
    def empty(cls) -> Epoch:
        """Nothing learnt: what two records on their own are compared by."""
        return cls()

    @property
    def top_idf(self) -> float:
        """The idf of a word that one title has: log2 of the number of records, coarse."""
        return float(max(self.records, 2).bit_length())

    def idf(self, word: str) -> float:
        """How rare a word is among titles, in bits, coarse; unknown words are rarest."""
        return self.top_idf - float(
            np.log2(self._count(self.terms, self.term_counts, term_key(word)))
        )

    def first_authors(self, title: Title) -> int:
        """How many first authors' surnames were seen under this title, coarse; 1 if unknown."""
        return self._count(self.titles, self.title_authors, title_hash(title))

    def titles_under(self, identifier: Identifier) -> int:
        """How many titles were seen under this identifier, coarse; 1 if unknown."""
        return self._count(self.identifiers, self.identifier_titles, identifier_key(identifier))

    def surname_count(self, family: str) -> int:
        """How many records' first author has this family name, coarse; 1 if unknown."""
        return self._count(self.surnames, self.surname_counts, key(Kind.PLACE, family))

    def is_overfull(self, value: int) -> bool:
        """Whether so many records carry this key that it proposes no pair."""
        return bool(_member(self.overfull, np.array([value], np.uint64))[0])

    def weights_of(self, terms: _Array) -> NDArray[np.float32]:
        """The idf of term keys, in bits."""
        counts = np.ones(len(terms), np.float32)
        at = np.searchsorted(self.terms, terms)
        known = at < len(self.terms)
        known[known] = self.terms[at[known]] == terms[known]
        counts[known] = self.term_counts[at[known]]
        weights: NDArray[np.float32] = np.float32(self.top_idf) - np.log2(counts)
        return weights

    def to_bytes(self) -> bytes:
        """The epoch as stored bytes; `from_bytes` reads them back."""
        out = io.BytesIO()
        arrays = {name: getattr(self, name) for name in _TABLES}
        np.savez(out, head=np.array([self.number, self.records], np.int64), **arrays)
        return out.getvalue()

    @classmethod
    def from_bytes(cls, stored: bytes) -> Epoch:
        """The inverse of `to_bytes`."""
        with np.load(io.BytesIO(stored), allow_pickle=False) as tables:
            number, records = (int(value) for value in tables["head"])
            return cls(number, records, **{name: tables[name] for name in _TABLES})

    def same_tables(self, other: Epoch) -> bool:
        """Whether nothing learnt differs, so that nothing need be judged again."""
        return self.top_idf == other.top_idf and all(
            np.array_equal(getattr(self, name), getattr(other, name)) for name in _TABLES
        )

    def moved(self, before: Epoch) -> _Array | None:
        """
        The hashes whose count is another than `before`, None when every idf is.

        What touches none of them is judged as it was.
        """
        if self.top_idf != before.top_idf:
            return None
        tables = ("terms", "titles", "identifiers", "surnames")
        found = [np.setxor1d(self.overfull, before.overfull)]
        for name, counts in zip(tables, _COUNTS, strict=True):
            ours = _rows(getattr(self, name), getattr(self, counts))
            theirs = _rows(getattr(before, name), getattr(before, counts))
            found.append(np.setxor1d(ours, theirs)["hash"])
        moved: _Array = np.unique(np.concatenate(found))
        return moved

    @staticmethod
    def _count(table: _Array, counts: _Levels, value: int) -> int:
        at = int(np.searchsorted(table, np.uint64(value)))
        return int(counts[at]) if at < len(table) and int(table[at]) == value else 1


_TABLES: Final = (
    "overfull",
    "terms",
    "term_counts",
    "titles",
    "title_authors",
    "identifiers",
    "identifier_titles",
    "surnames",
    "surname_counts",
)


_COUNTS: Final = ("term_counts", "title_authors", "identifier_titles", "surname_counts")


@lru_cache(maxsize=4096)
def coarse(count: int) -> int:
    """
    A count rounded down to 1, 2, 3, 4, 6, 8, 16, 32, ...

    Small counts matter singly (two first authors under one title), large ones by
    their magnitude, and few records move a level.
    """
    if count < 5:
        return count
    if count < 8:
        return 6 if count >= 6 else 4
    return min(1 << (count.bit_length() - 1), 1 << 15)


def learn(stream: Stream, number: int, keys_a_pass: int = KEYS_A_PASS) -> Epoch:
    """
    The epoch of the records that `stream` yields, which is called once a pass.

    Records equal in every compared field count once: their number says nothing of
    how common a key is. Memory: about 20 bytes a record and `keys_a_pass` keys.
    """
    survey = Survey.of(stream)
    passes = max(1, -(-survey.keys // keys_a_pass))
    overfull: list[_Array] = []
    terms: list[_Array] = []
    term_counts: list[NDArray[np.int64]] = []
    pairs: list[tuple[_Array, _Array]] = []
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
    surname_table = np.unique(survey.firsts[survey.firsts != 0], return_counts=True)
    term_order = np.argsort(np.concatenate(terms))
    return Epoch(
        number,
        survey.records,
        np.sort(np.concatenate(overfull)),
        np.concatenate(terms)[term_order],
        _coarse(np.concatenate(term_counts)[term_order]),
        *_common(title_table),
        *_common(identifier_table),
        *_common(surname_table),
    )


def touched_by(stream: Stream, hashes: _Array) -> list[str]:
    """The ids of all records that carry one of these, as a key, a title or a first author."""
    found: list[str] = []
    for batch in stream():
        carried = _member(hashes, batch.titles) | _member(hashes, batch.firsts)
        rows = batch.rows()[_member(hashes, batch.values)]
        carried[rows] = True
        found += [batch.ids[row] for row in np.flatnonzero(carried).tolist()]
    return found


@dataclass(slots=True)
class Survey:
    """The columns of all records that fit in memory, and which record stands for its twins."""

    ids: list[str]
    leads: NDArray[np.bool_]  # [n] the record of least id among those equal in all fields
    twins: _Array
    titles: _Array
    firsts: _Array
    keys: int
    records: int

    @classmethod
    def of(cls, stream: Stream) -> Survey:
        """One pass over the stream."""
        ids: list[str] = []
        columns: list[tuple[_Array, _Array, _Array]] = []
        keys = 0
        for batch in stream():
            ids += batch.ids
            columns.append((batch.twins, batch.titles, batch.firsts))
            keys += len(batch.values)
        if not columns:
            return cls([], np.empty(0, bool), _no_keys(), _no_keys(), _no_keys(), 0, 0)
        twins, titles, firsts = (np.concatenate(column) for column in zip(*columns, strict=True))
        leads = leads_of(ids, twins)
        return cls(ids, leads, twins, titles, np.where(leads, firsts, 0), keys, len(ids))

    def title_authors(self) -> tuple[_Array, _Array]:
        """(title, first author) of every record that has both."""
        both = (self.titles != 0) & (self.firsts != 0)
        return self.titles[both], self.firsts[both]

    def collect(self, stream: Stream, part: int, passes: int) -> tuple[_Array, _Array]:
        """The keys of one part of the key space with their records' titles; twins once."""
        values: list[_Array] = [_no_keys()]
        titles: list[_Array] = [_no_keys()]
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


def leads_of(ids: list[str] | tuple[str, ...], twins: _Array) -> NDArray[np.bool_]:
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


def overfull_among(epoch: Epoch, values: _Array) -> NDArray[np.bool_]:
    """For each key whether so many records carry it that it proposes no pair."""
    return _member(epoch.overfull, values)


def _member(table: _Array, values: _Array) -> NDArray[np.bool_]:
    at = np.searchsorted(table, values)
    found = at < len(table)
    found[found] = table[at[found]] == values[found]
    return found


def _rows(hashes: _Array, counts: _Levels) -> NDArray[np.void]:
    """A table as one array of (hash, count)."""
    rows = np.empty(len(hashes), np.dtype([("hash", np.uint64), ("count", np.uint16)]))
    rows["hash"], rows["count"] = hashes, counts
    return rows


def _distinct(left: _Array, right: _Array) -> tuple[_Array, NDArray[np.int64]]:
    """For each value on the left the number of distinct values beside it on the right."""
    order = np.lexsort((right, left))
    left, right = left[order], right[order]
    first = np.ones(len(left), bool)
    first[1:] = (left[1:] != left[:-1]) | (right[1:] != right[:-1])
    values, counts = np.unique(left[first], return_counts=True)
    return values, counts.astype(np.int64)


def _common(table: tuple[_Array, NDArray[np.int64]]) -> tuple[_Array, _Levels]:
    """The rows of a table whose count is over the usual one."""
    values, counts = table
    return values[counts > 1], _coarse(counts[counts > 1])


def _coarse(counts: NDArray[np.int64]) -> _Levels:
    distinct, inverse = np.unique(counts, return_inverse=True)
    return np.array([coarse(int(count)) for count in distinct], np.uint16)[inverse]
