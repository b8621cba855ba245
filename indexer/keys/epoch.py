"""
Epochs: what is learnt from a collection as a whole, frozen and numbered.

    a stream of Keys  ->  Epoch(term frequencies, over-full keys, generic titles, ...)

A term frequency here is in how many titles a word stands, coarse (the document frequency
of text retrieval); a word's idf is made from it.

Candidates and decisions are functions of the records and an epoch alone, so that
two runs over the same collection agree whatever the order of arrival. Counts act
in coarse levels: one more record seldom moves one. Does not: store itself
(`detector.store.stored_epoch` does) or say what a count means for a decision.
"""

from __future__ import annotations

import io
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import chain
from typing import Final

import numpy as np
from numpy.typing import NDArray

from indexer.fields.titles.titles import Title
from indexer.keys.keys import TITLE_BUCKETS, identifier_key, kinds_of, term_key, title_hash
from indexer.records import Identifier

# A key that more records carry than this proposes nothing; the compound keys of title and
# surname, title and year stand beside it. 100 keeps the largest true cluster seen (64 in
# cora) and bounds a record's candidates from one key.
CAP: Final = 100
# A title bucket is over-full sooner: what is in a larger one is alike by its phrases ("a systematic
# review of …"), and half of the pairs that only buckets propose came from buckets of 51 to 100.
BUCKET_CAP: Final = 50
TERM_CAP: Final = 127  # a word in more titles is not rare; 128 is where its coarse count moves


SIEVED_FROM: Final = 50_000  # values

HashArray = NDArray[np.uint64]
Levels = NDArray[np.uint16]


def _no_keys() -> HashArray:
    return np.empty(0, np.uint64)


def _no_levels() -> Levels:
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
    overfull: HashArray = field(default_factory=_no_keys)  # keys of more than `caps_of` records
    terms: HashArray = field(default_factory=_no_keys)
    term_counts: Levels = field(default_factory=_no_levels)  # coarse; of records
    titles: HashArray = field(default_factory=_no_keys)
    title_authors: Levels = field(default_factory=_no_levels)  # coarse; of first authors
    identifiers: HashArray = field(default_factory=_no_keys)
    identifier_titles: Levels = field(default_factory=_no_levels)  # coarse; of titles

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

    def is_overfull(self, value: int) -> bool:
        """Whether so many records carry this key that it proposes no pair."""
        return bool(member(self.overfull, np.array([value], np.uint64))[0])

    def weights_of(self, terms: HashArray) -> NDArray[np.float32]:
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

    def moved(self, before: Epoch) -> HashArray | None:
        """
        The hashes whose count is read as another than `before`, None when every idf is.

        What touches none of them is decided as it was.
        """
        if self.top_idf != before.top_idf:
            return None
        moved = [np.setxor1d(self.overfull, before.overfull)]
        for hashes, counts in _COUNTED:
            ours = _rows(getattr(self, hashes), _read(counts, getattr(self, counts)))
            theirs = _rows(getattr(before, hashes), _read(counts, getattr(before, counts)))
            moved.append(np.setxor1d(ours, theirs)["hash"])
        return np.unique(np.concatenate(moved))

    @staticmethod
    def _count(table: HashArray, counts: Levels, value: int) -> int:
        at = int(np.searchsorted(table, np.uint64(value)))
        return int(counts[at]) if at < len(table) and int(table[at]) == value else 1


_COUNTED: Final = (
    ("terms", "term_counts"),
    ("titles", "title_authors"),
    ("identifiers", "identifier_titles"),
)
# Counts that a comparison tells apart, each from the next lower one: of other counts nothing is
# decided (`tests/test_epoch_levels.py` holds the comparisons to it). Words are told by their idf.
READ_AS: Final = {"title_authors": (2, 3, 4, 7, 13), "identifier_titles": (3, 5)}
_TABLES: Final = ("overfull", *chain.from_iterable(_COUNTED))


def caps_of(values: HashArray) -> NDArray[np.int64]:
    """How many records may carry each of these keys and it still proposes."""
    return np.where(np.isin(kinds_of(values), TITLE_BUCKETS), BUCKET_CAP, CAP)


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


def distinct(ascending: HashArray) -> HashArray:
    """Each of these once; `np.unique` would not know that they ascend."""
    return ascending[np.concatenate(([True], ascending[1:] != ascending[:-1]))[: len(ascending)]]


def member(table: HashArray, values: HashArray) -> NDArray[np.bool_]:
    """For each value whether it stands in an ascending table."""
    if len(values) < SIEVED_FROM:
        return _looked_up(table, values)
    # Low bits of a hash are as good as any: two millions sieved by them and then looked up among
    # 100,000 take 20 ms, looked up all 240.
    bits = min(max(16, len(table).bit_length() + 3), 22)
    mask = np.uint64((1 << bits) - 1)
    sieve = np.zeros(1 << bits, bool)
    sieve[table & mask] = True
    known: NDArray[np.bool_] = sieve[values & mask]
    known[known] = _looked_up(table, values[known])
    return known


def _looked_up(table: HashArray, values: HashArray) -> NDArray[np.bool_]:
    at = np.searchsorted(table, values)
    known = at < len(table)
    known[known] = table[at[known]] == values[known]
    return known


def _read(name: str, counts: Levels) -> Levels:
    """Which level of a table's readers each count is, 0 where it is read as if it was not there."""
    if name not in READ_AS:
        return counts
    return np.searchsorted(READ_AS[name], counts, side="right").astype(np.uint16)


def _rows(hashes: HashArray, counts: Levels) -> NDArray[np.void]:
    """A table as one array of (hash, count), of what is read as something."""
    told = counts > 0
    rows = np.empty(int(told.sum()), np.dtype([("hash", np.uint64), ("count", np.uint16)]))
    rows["hash"], rows["count"] = hashes[told], counts[told]
    return rows
