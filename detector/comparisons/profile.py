"""
Profiles: a record as the comparisons see it, made once a record and run.

    Fields, Epoch  ->  Profile

Holds what follows from one record and the epoch alone, so that comparing a pair
costs only what belongs to the pair. Compares nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from indexer.epoch import Epoch
from indexer.fields import Fields
from indexer.names import Name
from indexer.records import Identifier

COUNTED: Final = ("doi", "isbn", "handle", "url")  # schemes that may stand for a container
_LEAST_IDF: Final = 0.5  # a word of every title still distinguishes a little


@dataclass(frozen=True, slots=True)
class Profile:
    """One record's fields and what follows from them under one epoch."""

    fields: Fields
    words: dict[str, float]  # title word -> its information (idf)
    first_authors: int  # distinct first authors seen under this title
    families: dict[str, tuple[Name, ...]]  # family name -> its bearers in the byline
    persons: tuple[Name, ...]  # the byline without groups
    given_words: frozenset[str]  # every word of given names longer than an initial
    shingles: frozenset[int]  # of the abstract
    titles_under: dict[str, int]  # identifier value -> distinct titles seen under it


def profile_of(fields: Fields, epoch: Epoch) -> Profile:
    """The profile of one record under this epoch."""
    persons = tuple(name for name in fields.authors.names if not name.group)
    families: dict[str, tuple[Name, ...]] = {}
    for name in persons:
        families[name.family] = (*families.get(name.family, ()), name)
    return Profile(
        fields=fields,
        words={word: max(epoch.idf(word), _LEAST_IDF) for word in fields.title.words},
        first_authors=epoch.first_authors(fields.title),
        families=families,
        persons=persons,
        given_words=frozenset(w for name in persons for w in name.given if len(w) > 1),
        shingles=frozenset(fields.abstract_shingles.tolist()),
        titles_under=_titles_under(fields.identifiers, epoch),
    )


def _titles_under(identifiers: tuple[Identifier, ...], epoch: Epoch) -> dict[str, int]:
    return {i.value: epoch.titles_under(i) for i in identifiers if i.scheme in COUNTED}
