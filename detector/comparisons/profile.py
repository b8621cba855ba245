"""
Profiles: a record as the comparisons see it, made once a record and run.

    Fields, EpochCounts  ->  Profile

Holds what follows from one record and the epoch alone, so that comparing a pair
costs only what belongs to the pair. Compares nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cached_property
from typing import Final

import numpy as np
from numpy.typing import NDArray

from indexer.fields import Fields
from indexer.fields.identifiers.schemes import SCHEMES, Referent
from indexer.fields.people.names import Name
from indexer.fields.titles.titles import Title
from indexer.keys.epoch import Epoch
from indexer.keys.keys import STOP_WORDS, Kind, key, term_key, title_hash

COUNTED: Final = frozenset({"doi", "isbn", "handle", "url"})  # may stand for a container
FEW_TITLES: Final = 3  # under an identifier; that of one work stands under two at most
# Compared by comparisons of their own: one address, one ISBN may hold many works. Of PII and
# ERIC no labelled pair has told yet what two equal or two different ones weigh.
_COMPARED_ELSEWHERE: Final = frozenset({"url", "isbn", "pii", "eric"})
# Schemes whose identifiers are given to one work.
OF_A_WORK: Final = tuple(
    name
    for name, scheme in SCHEMES.items()
    if scheme.names is Referent.WORK and name not in _COMPARED_ELSEWHERE
)
_GIVEN_TO_ONE: Final = frozenset(OF_A_WORK)
_MOST_WORDS: Final = 500_000  # whose rarity is remembered
LEAST_TOP: Final = 11.0  # of 2,000 records: among fewer nearly every word is the only one
_LEAST_IDF: Final = 0.5  # a word of every title still distinguishes a little


class EpochCounts:
    """What the epoch counted, the rarity of words remembered: titles share most of theirs."""

    def __init__(self, epoch: Epoch) -> None:
        self.epoch = epoch
        self._idf: dict[str, float] = {}
        self._rarity: dict[int, float] = {}  # by count, which is coarse: few differ

    def idf(self, word: str) -> float:
        """Inverse document frequency of a word among titles, in bits; function words have least."""
        idf = self._idf.get(word)
        return self.idfs([word])[0] if idf is None else idf

    def idfs(self, words: Sequence[str]) -> list[float]:
        """The same of many words."""
        known = self._idf
        fresh = [word for word in words if word not in known]
        if fresh:
            if len(known) + len(fresh) > _MOST_WORDS:
                known.clear()
                fresh = list(words)
            keys = np.array([term_key(word) for word in fresh], np.uint64)
            counts = _counted(self.epoch.terms, self.epoch.term_counts, keys)
            for word, count in zip(fresh, counts.tolist(), strict=True):
                known[word] = _LEAST_IDF if word in STOP_WORDS else self._rare(count)
        return [known[word] for word in words]

    def _rare(self, count: int) -> float:
        if count not in self._rarity:
            idf = self.epoch.top_idf - float(np.log2(count))
            self._rarity[count] = max(idf, _LEAST_IDF)
        return self._rarity[count]

    def first_authors(self, titles: Iterable[Title]) -> NDArray[np.int64]:
        """How many first authors are known under each of these titles, as `Epoch` counts them."""
        keys = np.array([title_hash(title) for title in titles], np.uint64)
        return _counted(self.epoch.titles, self.epoch.title_authors, keys)

    def titles_under(self, identifiers: Iterable[tuple[str, str]]) -> NDArray[np.int64]:
        """How many titles were seen under each of these schemes and values."""
        keys = [key(Kind.IDENTIFIER, f"{scheme}:{value}") for scheme, value in identifiers]
        epoch = self.epoch
        return _counted(epoch.identifiers, epoch.identifier_titles, np.array(keys, np.uint64))


def _counted(
    table: NDArray[np.uint64], counts: NDArray[np.uint16], keys: NDArray[np.uint64]
) -> NDArray[np.int64]:
    """The counts of these keys in an ascending table; 1 of those that are not in it."""
    found = np.ones(len(keys), np.int64)
    at = np.searchsorted(table, keys)
    known = at < len(table)
    known[known] = table[at[known]] == keys[known]
    found[known] = counts[at[known]]
    return found


def top_information(epoch: Epoch) -> float:
    """The information of a word that one title has, in bits; few records are read as LEAST_TOP."""
    return max(epoch.top_idf, LEAST_TOP)


class Profile:
    """
    One record's fields and what follows from them under one epoch, each found when asked for.

    Most pairs are plain and ask for little of it: all of it costs 36 µs a record.
    """

    def __init__(self, fields: Fields, counts: EpochCounts) -> None:
        self.fields = fields
        self._counts = counts

    @cached_property
    def words(self) -> dict[str, float]:
        """Title word -> its information (idf)."""
        words = self.fields.title.words
        return dict(zip(words, self._counts.idfs(words), strict=True))

    @cached_property
    def information(self) -> float:
        """The information of all words of the title."""
        return sum(self.words.values())

    @property
    def top_information(self) -> float:
        """The information of a word that one title of the collection has, in bits."""
        return top_information(self._counts.epoch)

    @cached_property
    def first_authors(self) -> int:
        """How many distinct first authors were seen under this title."""
        return self._counts.epoch.first_authors(self.fields.title)

    @cached_property
    def persons(self) -> tuple[Name, ...]:
        """The byline without groups."""
        return tuple(name for name in self.fields.authors.names if not name.group)

    @cached_property
    def families(self) -> dict[str, tuple[Name, ...]]:
        """Family name -> its bearers in the byline."""
        families: dict[str, tuple[Name, ...]] = {}
        for name in self.persons:
            families[name.family] = (*families.get(name.family, ()), name)
        return families

    @cached_property
    def given_words(self) -> frozenset[str]:
        """Every word of given names longer than an initial."""
        return frozenset(w for name in self.persons for w in name.given if len(w) > 1)

    @cached_property
    def beside_title(self) -> frozenset[str]:
        """The words of its names, of its container and its years: what a reference has besides."""
        fields = self.fields
        names = (
            word for name in fields.authors.names for word in (*name.family.split(), *name.given)
        )
        return frozenset((*names, *fields.container.key.split(), *map(str, fields.years)))

    @cached_property
    def double_names(self) -> frozenset[str]:
        """The first words of family names of several."""
        return frozenset(name.split(" ", 1)[0] for name in self.families if " " in name)

    @cached_property
    def titles_under(self) -> dict[str, int]:
        """Identifier value -> distinct titles seen under it."""
        count = self._counts.epoch.titles_under
        return {i.value: count(i) for i in self.fields.identifiers if i.scheme in COUNTED}

    @cached_property
    def own(self) -> frozenset[str]:
        """The "scheme:value" of identifiers that are this work's alone."""
        under = self.titles_under
        return frozenset(
            f"{scheme}:{value}"
            for scheme, values in self.fields.by_scheme.items()
            if scheme in _GIVEN_TO_ONE
            for value in values
            if under.get(value, 0) < FEW_TITLES
        )


def profile_of(fields: Fields, counts: EpochCounts) -> Profile:
    """The profile of one record under this epoch."""
    return Profile(fields, counts)
