"""
Works: what is true of each, as columns; no record is made here.

    work numbers  ->  Works(kinds, years, journals, ...), the same for the same number

Works stand in families of four. The members of some families are the parts of one series,
the years of one report or follow-ups of one study: different works of nearly one title,
which is what deduplicators join wrongly. Does not: spell a word.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum
from typing import Final

import numpy as np
from numpy.typing import NDArray

from benchmarks.records.draws import Draws, Numbers
from benchmarks.records.ranks import Ranks, quantiles

FAMILY: Final = 4
VOLUME: Final = 8  # works of proceedings that have one DOI
ONE_IN: Final = 100  # volumes is such proceedings
FIRST_VOLUME: Final = 1 << 41
FIRST_FAMILY: Final = 1 << 40  # the number of a family, where one stands among works' numbers
FIRST_TOPIC: Final = 1 << 42
FIRST_PERSON: Final = 1 << 44
# A larger collection is a broader one: three works in four are of a discipline that so many
# works share, the others of what all collections have.
DISCIPLINE: Final = 30_000
OF_A_DISCIPLINE: Final = 0.75
TOPICS: Final = 3_000  # of a discipline
TOPIC_SLOPE: Final = 2.5  # few topics have hundreds of works, most have a handful
PERSONS_OF_TOPIC: Final = 30


class WorkKind(IntEnum):
    """What sets a work apart from others of nearly its title."""

    PLAIN = 0
    PART = 1  # "…: Part II" of a series
    YEARLY = 2  # a report of each year
    FOLLOW_UP = 3  # another study by the same people: a word or two of the title differ
    GENERIC = 4  # "Editorial"
    NOTICE = 5  # "Erratum: …" of another work


class Script(IntEnum):
    """What a work is written in."""

    ENGLISH = 0
    LATIN = 1  # a language with accents
    CYRILLIC = 2
    HAN = 3


# Shares of families, and of works in families without a kind of their own.
FAMILY_SHARES: Final = (
    (WorkKind.PART, 0.008),
    (WorkKind.YEARLY, 0.006),
    (WorkKind.FOLLOW_UP, 0.02),
)
WORK_SHARES: Final = ((WorkKind.GENERIC, 0.014), (WorkKind.NOTICE, 0.004))
SCRIPT_SHARES: Final = ((Script.LATIN, 0.06), (Script.CYRILLIC, 0.015), (Script.HAN, 0.015))
WITH_DOI: Final = 0.85
WITH_ABSTRACT: Final = 0.80  # of works; some records of them lose it


@dataclass(frozen=True, slots=True)
class Works:
    """Columns, a row a work asked for (one asked for twice has two rows)."""

    numbers: Numbers
    kinds: NDArray[np.int64]
    scripts: NDArray[np.int64]
    titled: Numbers  # the number whose title it is: its own, its family's, another work's
    topics: Numbers
    years: NDArray[np.int64]
    journals: NDArray[np.int64]  # ranks
    volumes: NDArray[np.int64]
    issues: NDArray[np.int64]
    pages: NDArray[np.int64]  # the first
    lengths: NDArray[np.int64]  # in pages
    authors: NDArray[np.int64]  # how many
    words: NDArray[np.int64]  # of the title
    abstract_words: NDArray[np.int64]  # 0 for none
    volume_dois: Numbers  # of what stands in proceedings with one DOI for all, else 0
    with_doi: NDArray[np.bool_]

    def __len__(self) -> int:
        return len(self.numbers)


def works_of(draws: Draws, numbers: Numbers) -> Works:
    """The works of these numbers."""
    families = numbers // np.uint64(FAMILY) + np.uint64(FIRST_FAMILY)
    kinds, titled = _kinds(draws, numbers, families)
    plain = (kinds == WorkKind.PLAIN) | (kinds == WorkKind.NOTICE)
    volume = numbers // np.uint64(VOLUME)
    bound = plain & (volume % np.uint64(ONE_IN) == 0)
    # What stands in one volume or one series has its journal and year in common.
    printed = np.where(bound, volume + np.uint64(FIRST_VOLUME), np.where(plain, numbers, families))
    years = 2024 - (55 * draws.uniform(printed, "year") ** 2.2).astype(np.int64)
    first_year = 2024 - (30 * draws.uniform(families, "year")).astype(np.int64)
    member = (numbers % np.uint64(FAMILY)).astype(np.int64)
    years = np.where(plain | (kinds == WorkKind.GENERIC), years, first_year - 3 + member)
    journals = Ranks.of("journals").drawn(draws.bits(printed, "journal"))
    founded = 1900 + (draws.bits(journals.astype(np.uint64), "founded") % np.uint64(110)).astype(
        np.int64
    )
    script = _shared(draws.uniform(titled, "script"), SCRIPT_SHARES)
    bylines = quantiles("authors")
    authors = np.maximum(1, bylines[_among(draws, titled, "byline", len(bylines))])
    authors = np.where(kinds == WorkKind.GENERIC, authors % 2, authors)
    lengths = quantiles("abstract words")
    near = _among(draws, numbers, "abslen", len(lengths) - 1)
    spread = draws.uniform(numbers, "absfine")
    words = (lengths[near] + spread * (lengths[near + 1] - lengths[near])).astype(np.int64)
    lacks = (draws.uniform(numbers, "abstract") >= WITH_ABSTRACT) | (kinds >= WorkKind.GENERIC)
    titles = quantiles("title words")
    return Works(
        numbers, kinds, script, titled,
        _topics(draws, titled), years, journals,
        np.maximum(1, years - founded),
        1 + _among(draws, numbers, "issue", 12),
        1 + (1_900 * draws.uniform(numbers, "page") ** 1.5).astype(np.int64),
        np.where(kinds >= WorkKind.GENERIC, 1, 2 + _among(draws, numbers, "length", 18)),
        np.minimum(authors, 40),
        np.maximum(3, np.minimum(titles[_among(draws, titled, "words", len(titles))], 40)),
        np.where(lacks, 0, np.minimum(words, 900)),
        np.where(bound, volume + np.uint64(1), 0),
        draws.uniform(numbers, "doi") < WITH_DOI,
    )  # fmt: skip


def _kinds(draws: Draws, numbers: Numbers, families: Numbers) -> tuple[NDArray[np.int64], Numbers]:
    """The kind of each work and the number whose title it has."""
    of_family = _shared(draws.uniform(families, "kind"), FAMILY_SHARES)
    alone = _shared(draws.uniform(numbers, "kind"), WORK_SHARES)
    kinds = np.where(of_family, of_family, alone)
    titled = np.where(of_family > 0, families, numbers)
    # A notice names its neighbour; where that one is of no plain title, a title of its own.
    return kinds, np.where(kinds == WorkKind.NOTICE, numbers ^ np.uint64(1), titled)


def discipline_of(draws: Draws, titled: Numbers) -> Numbers:
    """The discipline of each title, 0 for what is common to all."""
    own = draws.uniform(titled, "field") < OF_A_DISCIPLINE
    family = (titled - np.uint64(FIRST_FAMILY)) * np.uint64(FAMILY)
    work = np.where(titled < FIRST_FAMILY, titled, family)
    return np.where(own, np.uint64(1) + work // np.uint64(DISCIPLINE), np.uint64(0))


def _topics(draws: Draws, titled: Numbers) -> Numbers:
    """The topic of each title, as a number of its own."""
    rank = (TOPICS * draws.uniform(titled, "topic") ** TOPIC_SLOPE).astype(np.uint64)
    return np.uint64(FIRST_TOPIC) + discipline_of(draws, titled) * np.uint64(TOPICS) + rank


def persons(draws: Draws, works: Works, owners: NDArray[np.int64], places: Numbers) -> Numbers:
    """Who is at each place of a byline: half of them write on the topic again and again."""
    at = works.titled[owners] * np.uint64(64) + places
    circle = (PERSONS_OF_TOPIC * draws.uniform(at, "circle") ** 3).astype(np.uint64)
    regular = works.topics[owners] * np.uint64(PERSONS_OF_TOPIC) + circle + np.uint64(FIRST_PERSON)
    return np.where(draws.uniform(at, "regular") < 0.5, regular, at)


def _among(draws: Draws, numbers: Numbers, lane: str, many: int) -> NDArray[np.int64]:
    return (draws.bits(numbers, lane) % np.uint64(many)).astype(np.int64)


def _shared(
    chance: NDArray[np.float64], shares: tuple[tuple[IntEnum, float], ...]
) -> NDArray[np.int64]:
    """The first of the shares that the chance falls into, 0 beyond them."""
    ends = np.cumsum([share for _, share in shares])
    names = np.array([*(int(name) for name, _ in shares), 0])
    return names[np.searchsorted(ends, chance, side="right")]
