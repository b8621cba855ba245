"""
Profiles: a record as the comparisons see it, made once a record and run.

    Fields, EpochCounts  ->  Profile

Holds what follows from one record and the epoch alone, so that comparing a pair
costs only what belongs to the pair. Compares nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from indexer.fields import Fields
from indexer.fields.identifiers.schemes import SCHEMES, Referent
from indexer.fields.people.names import Name
from indexer.keys.epoch import Epoch
from indexer.keys.keys import STOP_WORDS

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
_LEAST_IDF: Final = 0.5  # a word of every title still distinguishes a little


class EpochCounts:
    """What the epoch counted, the rarity of words remembered: titles share most of theirs."""

    def __init__(self, epoch: Epoch) -> None:
        self.epoch = epoch
        self._idf: dict[str, float] = {}

    def idf(self, word: str) -> float:
        """Inverse document frequency of a word among titles, in bits; function words have least."""
        idf = self._idf.get(word)
        if idf is None:
            common = word in STOP_WORDS
            idf = _LEAST_IDF if common else max(self.epoch.idf(word), _LEAST_IDF)
            self._idf[word] = idf
        return idf


@dataclass(frozen=True, slots=True)
class Profile:
    """One record's fields and what follows from them under one epoch."""

    fields: Fields
    words: dict[str, float]  # title word -> its information (idf)
    information: float  # of all words of the title
    first_authors: int  # distinct first authors seen under this title
    families: dict[str, tuple[Name, ...]]  # family name -> its bearers in the byline
    persons: tuple[Name, ...]  # the byline without groups
    given_words: frozenset[str]  # every word of given names longer than an initial
    double_names: frozenset[str]  # the first words of family names of several
    container: str  # the words of the container's name that count
    titles_under: dict[str, int]  # identifier value -> distinct titles seen under it
    own: frozenset[str]  # "scheme:value" of identifiers that are this work's alone


def profile_of(fields: Fields, counts: EpochCounts) -> Profile:
    """The profile of one record under this epoch."""
    persons = tuple(name for name in fields.authors.names if not name.group)
    families: dict[str, tuple[Name, ...]] = {}
    for name in persons:
        families[name.family] = (*families.get(name.family, ()), name)
    words = {word: counts.idf(word) for word in fields.title.words}
    epoch = counts.epoch
    under = {i.value: epoch.titles_under(i) for i in fields.identifiers if i.scheme in COUNTED}
    return Profile(
        fields=fields,
        words=words,
        information=sum(words.values()),
        first_authors=epoch.first_authors(fields.title),
        families=families,
        persons=persons,
        given_words=frozenset(w for name in persons for w in name.given if len(w) > 1),
        double_names=frozenset(name.split(" ", 1)[0] for name in families if " " in name),
        container=" ".join(fields.container.words),
        titles_under=under,
        own=frozenset(
            f"{scheme}:{value}"
            for scheme in OF_A_WORK
            for value in fields.by_scheme.get(scheme, ())
            if under.get(value, 0) < FEW_TITLES
        ),
    )
