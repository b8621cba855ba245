"""
Guards: named bars that no sum of weights lifts.

    levels  ->  which guards fire on which pair

A guard says how far the verdict may go, and its name and phrase say why. One that asks
for review changes no probability; one that keeps apart leaves BARRED of it. Each is a
function of levels alone, in `title_guards`, `alike_guards` or `place_guards`; a new one is a
row of GUARDS and a table of made cases, both verdicts, in tests/cases.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import IntEnum
from functools import lru_cache
from typing import Final

import numpy as np
from numpy.typing import NDArray

from detector.comparisons.agreeing import Columns, Mask
from detector.decision import alike_guards as alike
from detector.decision import place_guards as places
from detector.decision import title_guards as titles


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


GUARDS: Final = (
    Guard("part-differs", Bar.APART, "the titles name different parts", titles.part_differs),
    Guard("part-on-one-side", Bar.REVIEW, "only one title names a part", titles.part_on_one_side),
    Guard("numbers-differ", Bar.REVIEW, "the titles carry different numbers",
          titles.numbers_differ),
    Guard("number-on-one-side", Bar.REVIEW, "only one title carries a number",
          titles.number_on_one_side),
    Guard("notice-on-one-side", Bar.APART, "one is a notice about a work",
          titles.notice_on_one_side),
    Guard("container-identifier", Bar.REVIEW, "the identifier is that of a container",
          places.container_identifier),
    Guard("generic-title", Bar.REVIEW, "many works carry this title", alike.generic_title),
    Guard("no-common-author", Bar.REVIEW, "no author is in both", alike.no_common_author),
    Guard("arxiv-differs", Bar.REVIEW, "the arXiv ids differ", places.arxiv_differs, True),
    Guard("dois-of-one-house", Bar.REVIEW, "one registrant gave two DOIs",
          places.dois_of_one_house),
    Guard("place-differs", Bar.APART, "two publications in two places", places.place_differs),
    Guard("doi-contradicted", Bar.REVIEW, "one DOI, but two places", places.doi_contradicted),
    Guard("conference-and-journal", Bar.APART, "a conference paper and a journal article",
          places.conference_and_journal),
    Guard("kinds-apart", Bar.REVIEW, "the kinds of work contradict each other", places.kinds_apart),
    Guard("content-unlike", Bar.APART, "neither the titles nor the abstracts agree",
          titles.content_unlike),
    Guard("strangers", Bar.APART, "neither the titles nor the authors agree",
          titles.strangers_alike),
    Guard("neighbours", Bar.APART, "two titles in two places", titles.neighbours),
    Guard("title-unlike", Bar.REVIEW, "the titles differ", titles.title_unlike),
    Guard("title-untold", Bar.REVIEW, "the titles cannot be compared", titles.title_untold),
    Guard("twin-titles", Bar.REVIEW, "each title has a word of its own", titles.twin_titles),
    Guard("words-before", Bar.REVIEW, "one title has words before the other", titles.words_before),
    Guard("thin-evidence", Bar.REVIEW, "nothing but the title supports it", alike.thin_evidence),
    Guard("issue-untold", Bar.REVIEW, "a short title, and nothing tells which issue",
          alike.issue_untold),
    Guard("other-issue", Bar.REVIEW, "one short or common title in two issues",
          alike.other_issue, True),
    Guard("meetings-of-two-years", Bar.APART, "two meetings of one series",
          places.meetings_of_two_years),
    Guard("trials-differ", Bar.APART, "they are of two trials", places.trials_differ),
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


@lru_cache(maxsize=64)
def bits_of(names: frozenset[str]) -> np.uint32:
    """The bits of the guards of these names."""
    return np.uint32(sum(1 << n for n, guard in enumerate(ALL_GUARDS) if guard.name in names))


@lru_cache(maxsize=4096)
def bars_of(bits: int) -> Bar | None:
    """The highest bar among the guards of one pair."""
    return max((g.bar for n, g in enumerate(ALL_GUARDS) if bits >> n & 1), default=None)
