"""
Guards: named bars that no sum of weights lifts.

    levels  ->  which guards fire on which pair

A guard says how far the verdict may go, and its name and phrase say why. One that asks
for review changes no probability; one that keeps apart leaves BARRED of it. Each is a
function of levels alone; a new one is a row of GUARDS and a table of made cases, both
verdicts, in tests/cases.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import IntEnum
from functools import lru_cache
from typing import Final

import numpy as np
from numpy.typing import NDArray

from detector.comparisons.tallies import (
    Columns,
    Mask,
    abstract_agrees,
    among,
    authors_agree,
    identifier_agrees,
    own_identifier_agrees,
    page_agrees,
    several_authors_agree,
    titles_unlike,
    volume_agrees,
)


class Bar(IntEnum):
    """How far a verdict may go."""

    REVIEW = 1  # a person decides, however high the probability
    APART = 2  # never one work: related where a relation is told, else distinct


# The probability of one work that is left where a guard keeps apart: of the pairs of the
# development sets that one bars and whose labels follow our policy, 0.08 % are true.
BARRED: Final = 0.001


@dataclass(frozen=True, slots=True)
class Guard:
    """One bar: when it falls, and the sentence that says so."""

    name: str
    bar: Bar
    phrase: str
    fires: Callable[[Columns], Mask]
    # Two records that it bars are never in one work, whatever third record they both resemble.
    holds_in_works: bool = False

    @property
    def claim(self) -> str:
        """When the guard fires, in one sentence."""
        return (self.fires.__doc__ or "").strip().splitlines()[0]


def _place_agrees(columns: Columns) -> Mask:
    return page_agrees(columns) & (volume_agrees(columns) | among(columns, "container", "same"))


def part_differs(columns: Columns) -> Mask:
    """The titles name different parts and no identifier or place says otherwise."""
    return among(columns, "part", "differ") & ~(
        own_identifier_agrees(columns) | _place_agrees(columns)
    )


def part_on_one_side(columns: Columns) -> Mask:
    """One title names a part, the other none, and no identifier, place or abstract agrees."""
    return among(columns, "part", "one_side") & ~(
        own_identifier_agrees(columns) | _place_agrees(columns) | abstract_agrees(columns)
    )


def numbers_differ(columns: Columns) -> Mask:
    """
    The titles carry different numbers and neither an identifier nor the place agrees.

    Two abstracts of a meeting stand on one page.
    """
    elsewhere = among(columns, "numbers", "differ") & ~_place_agrees(columns)
    talks = among(columns, "numbers", "programme")
    return (elsewhere | talks) & ~own_identifier_agrees(columns)


def number_on_one_side(columns: Columns) -> Mask:
    """A number that is no mark, year or repetition is in one title only; nothing else agrees."""
    return among(columns, "numbers", "one_side") & ~(
        own_identifier_agrees(columns) | _place_agrees(columns) | abstract_agrees(columns)
    )


def notice_on_one_side(columns: Columns) -> Mask:
    """One title is that of a notice about a work, the other of none or of another kind."""
    return among(columns, "notice", "one_side", "differ") & ~(
        _place_agrees(columns) & authors_agree(columns)
    )


def container_identifier(columns: Columns) -> Mask:
    """The shared identifier stands over many titles, and these two titles differ."""
    shared = among(columns, "doi", "same_many") | among(columns, "isbn", "same", "same_many")
    unlike = among(columns, "title", "over_85", "over_80", "over_70", "over_60", "less")
    return shared & unlike & ~_place_agrees(columns) & ~among(columns, "arxiv", "same")


def generic_title(columns: Columns) -> Mask:
    """Many first authors are known under the title, and nothing beside it agrees."""
    carried = among(columns, "title_carriers", "three", "to_6", "to_12", "many")
    # Who writes a column or the editorials of a journal writes many of one title.
    column = among(columns, "title_carriers", "many") & ~several_authors_agree(columns)
    return carried & ~(
        (authors_agree(columns) & ~column)
        | identifier_agrees(columns)
        | page_agrees(columns)
        | abstract_agrees(columns)
    )


def no_common_author(columns: Columns) -> Mask:
    """No author agrees, and neither do place, identifier or abstract."""
    return among(columns, "authors", "none", "none_short") & ~(
        identifier_agrees(columns) | _place_agrees(columns) | abstract_agrees(columns)
    )


def arxiv_differs(columns: Columns) -> Mask:
    """The arXiv ids differ."""
    return among(columns, "arxiv", "differ")


def dois_of_one_house(columns: Columns) -> Mask:
    """Two DOIs of one registrant, and the page does not agree."""
    return among(columns, "doi", "differ_house") & ~_place_agrees(columns)


def place_differs(columns: Columns) -> Mask:
    """Two of volume, page and container conflict, and no identifier of the work agrees."""
    apart = (
        among(columns, "volume", "differ").astype(np.int8)
        + among(columns, "page", "differ")
        + among(columns, "container", "differ", "other_kind")
    )
    return (apart > 1) & ~own_identifier_agrees(columns)


def doi_contradicted(columns: Columns) -> Mask:
    """One DOI, but two volumes and two pages, or two titles on pages next to each other."""
    elsewhere = among(columns, "volume", "differ") & among(columns, "page", "differ")
    # The abstracts of a meeting under the DOI of its supplement, one line of each title apart.
    beside = among(columns, "page", "near") & among(
        columns, "title_words", "swap_10", "swap_20", "swap_35", "swap_50", "other"
    )
    others = among(columns, "arxiv", "same") | among(columns, "pubmed", "same")
    return among(columns, "doi", "same", "same_few") & (elsewhere | beside) & ~others


def conference_and_journal(columns: Columns) -> Mask:
    """One stands in proceedings, the other in a journal; neither identifier nor page agrees."""
    other = among(columns, "container", "other_kind")
    return other & ~(own_identifier_agrees(columns) | page_agrees(columns))


def meetings_of_two_years(columns: Columns) -> Mask:
    """The names of the two meetings bear different years, and so do the records."""
    years = among(columns, "year", "one", "two", "three", "five", "ten", "more")
    return among(columns, "container", "editions") & years & ~own_identifier_agrees(columns)


def kinds_apart(columns: Columns) -> Mask:
    """The records are of kinds that one work cannot be, such as thesis and article."""
    return among(columns, "kind", "apart", "book") & ~own_identifier_agrees(columns)


def thin_evidence(columns: Columns) -> Mask:
    """Nothing but the title, year and container agrees, and the title is not long and rare."""
    unsupported = among(columns, "support", "none", "weak", "contested")
    same = among(columns, "title", "exact", "spacing")
    long = same & among(columns, "title_length", "over_12", "to_12")
    rare = ~among(columns, "title_carriers", "three", "to_6", "to_12", "many")
    unopposed = (columns["conflicts"] == 0) & (columns["authors"] == 0)
    excused: Mask = long & rare & unopposed
    return unsupported & ~excused


def twin_titles(columns: Columns) -> Mask:
    """
    Each title has a word of its own, and no identifier, page or abstract agrees.

    "… of an ideal fluid" and "… of a viscous fluid", by the same authors in the same year.
    """
    twins = among(columns, "title_words", "swap_10", "swap_20")
    agrees = identifier_agrees(columns) | page_agrees(columns) | abstract_agrees(columns)
    return twins & ~agrees


def title_unlike(columns: Columns) -> Mask:
    """The titles differ, and neither identifiers nor place and authors say that they are one's."""
    unlike = among(columns, "title_words", "swap_35", "swap_50", "other")
    # A chapter carries its book's DOI: one DOI alone does not make one work of two titles.
    excused = own_identifier_agrees(columns) & (
        among(columns, "arxiv", "same")
        | among(columns, "pubmed", "same")
        | abstract_agrees(columns)
        | among(columns, "title_words", "swap_35")
    )
    return unlike & ~(excused | (_place_agrees(columns) & authors_agree(columns)))


def content_unlike(columns: Columns) -> Mask:
    """The titles differ, and the abstracts have nothing or, on two pages, little in common."""
    apart = among(columns, "abstract", "less")
    nearly = among(columns, "abstract", "over_5") & ~own_identifier_agrees(columns)
    # A supplement's DOI stands over all abstracts of a meeting, and some share an author.
    two_pages = among(columns, "page", "near", "slip", "differ")
    little = among(columns, "abstract", "over_5", "over_15") & two_pages
    return titles_unlike(columns) & (apart | nearly | little)


def strangers_alike(columns: Columns) -> Mask:
    """Neither the titles nor any author agrees, and no identifier of the work does."""
    nobody = among(columns, "authors", "none", "none_short")
    return titles_unlike(columns) & nobody & ~own_identifier_agrees(columns)


def neighbours(columns: Columns) -> Mask:
    """The titles differ, and the volume is another or the page the next; no identifier agrees."""
    beside = among(columns, "volume", "differ") | among(columns, "page", "near", "slip")
    return titles_unlike(columns) & beside & ~identifier_agrees(columns)


def trials_differ(columns: Columns) -> Mask:
    """Each names one trial of a registry, they are two, and no identifier of the work agrees."""
    return among(columns, "trial", "differ") & ~own_identifier_agrees(columns)


GUARDS: Final = (
    Guard("part-differs", Bar.APART, "the titles name different parts", part_differs),
    Guard("part-on-one-side", Bar.REVIEW, "only one title names a part", part_on_one_side),
    Guard("numbers-differ", Bar.REVIEW, "the titles carry different numbers", numbers_differ),
    Guard("number-on-one-side", Bar.REVIEW, "only one title carries a number", number_on_one_side),
    Guard("notice-on-one-side", Bar.APART, "one is a notice about a work", notice_on_one_side),
    Guard("container-identifier", Bar.REVIEW, "the identifier is that of a container",
          container_identifier),
    Guard("generic-title", Bar.REVIEW, "many works carry this title", generic_title),
    Guard("no-common-author", Bar.REVIEW, "no author is in both", no_common_author),
    Guard("arxiv-differs", Bar.REVIEW, "the arXiv ids differ", arxiv_differs, True),
    Guard("dois-of-one-house", Bar.REVIEW, "one registrant gave two DOIs", dois_of_one_house),
    Guard("place-differs", Bar.APART, "two publications in two places", place_differs),
    Guard("doi-contradicted", Bar.REVIEW, "one DOI, but two places", doi_contradicted),
    Guard("conference-and-journal", Bar.APART, "a conference paper and a journal article",
          conference_and_journal),
    Guard("kinds-apart", Bar.REVIEW, "the kinds of work contradict each other", kinds_apart),
    Guard("content-unlike", Bar.APART, "neither the titles nor the abstracts agree",
          content_unlike),
    Guard("strangers", Bar.APART, "neither the titles nor the authors agree", strangers_alike),
    Guard("neighbours", Bar.APART, "two titles in two places", neighbours),
    Guard("title-unlike", Bar.REVIEW, "the titles differ", title_unlike),
    Guard("twin-titles", Bar.REVIEW, "each title has a word of its own", twin_titles),
    Guard("thin-evidence", Bar.REVIEW, "nothing but the title supports it", thin_evidence),
    Guard("meetings-of-two-years", Bar.APART, "two meetings of one series", meetings_of_two_years),
    Guard("trials-differ", Bar.APART, "they are of two trials", trials_differ),
)  # fmt: skip
UNIQUE_SOURCE: Final = Guard(
    "unique-source", Bar.APART, "the source promises to hold no duplicates",
    lambda columns: np.zeros(len(columns["title"]), bool),
)  # fmt: skip
HOLD_IN_WORKS: Final = frozenset(guard.name for guard in GUARDS if guard.holds_in_works)
ALL_GUARDS: Final = (*GUARDS, UNIQUE_SOURCE)  # bit n of a pair's guards is row n


def guards_of(columns: Columns) -> NDArray[np.uint32]:
    """The guards that fire on each pair, as bits in the order of ALL_GUARDS."""
    bits = np.zeros(len(columns["title"]), np.uint32)
    for number, guard in enumerate(GUARDS):
        bits |= guard.fires(columns).astype(np.uint32) << np.uint32(number)
    return bits


def keep_apart(bits: NDArray[np.uint32]) -> NDArray[np.bool_]:
    """Where a guard says that the two are never one work."""
    apart = sum(1 << n for n, guard in enumerate(ALL_GUARDS) if guard.bar is Bar.APART)
    kept_apart: NDArray[np.bool_] = (bits & np.uint32(apart)) != 0
    return kept_apart


@lru_cache(maxsize=4096)
def bars_of(bits: int) -> Bar | None:
    """The highest bar among the guards of one pair."""
    return max((g.bar for n, g in enumerate(ALL_GUARDS) if bits >> n & 1), default=None)
