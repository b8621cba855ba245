"""
What a title tells that both records share: its length, how rare its words are, who carries it.

    Profile, Profile  ->  title_length, title_rarity, title_carriers

How rare words are and how many first authors carry a title is learnt from the index and only
read here. An identifier that both records have says more than any title, and then these say
nothing.
"""

from __future__ import annotations

from typing import Final

from detector.comparisons.base import MISSING, Comparison, Values, codes, levels
from detector.comparisons.profile import Profile
from detector.comparisons.titles import shares_title, shown_titles


def _by_title_alone(left: Profile, right: Profile) -> bool:
    """Both carry the title, and no identifier of the work says more than it does."""
    return left.own.isdisjoint(right.own) and shares_title(left, right)


LENGTH: Final = levels(
    ("over_12", "the shared title is long"),
    ("to_12", "the shared title has nine to twelve words"),
    ("to_8", "the shared title has six to eight words"),
    ("to_5", "the shared title has only five words"),
    ("to_4", "the shared title has only four words"),
    ("to_3", "the shared title has only three words"),
    ("to_2", "the shared title has only two words"),
    ("one", "the shared title is one word"),
)
_N: Final = codes(LENGTH)
BY_COUNT: Final = (1, 2, 3, 4, 5, 8, 12)
LENGTHS: Final = ("one", "to_2", "to_3", "to_4", "to_5", "to_8", "to_12", "over_12")


def compare_lengths(left: Profile, right: Profile) -> int:
    """A title that both records share says more the longer it is, unless an identifier says it."""
    if not _by_title_alone(left, right):
        return MISSING
    words = min(len(left.fields.title.words), len(right.fields.title.words))
    return _N[LENGTHS[sum(words > bound for bound in BY_COUNT)]]


RARITY: Final = levels(
    ("over_5", "the shared title's words are very rare together"),
    ("to_5", "the shared title's words are worth four to five that stand in no other title"),
    ("to_4", "the shared title's words are worth three to four that stand in no other title"),
    ("to_3", "the shared title's words are worth two and a half to three of no other title"),
    ("to_2_5", "the shared title's words are worth two to two and a half of no other title"),
    ("to_2", "the shared title's words are hardly worth two that stand in no other title"),
    ("to_1_5", "the shared title's words are common here"),
    ("to_1", "the shared title's words are very common here"),
)
_R: Final = codes(RARITY)
BY_RARITY: Final = (1.0, 1.5, 2.0, 2.5, 3.0, 4.0, 5.0)
RARITIES: Final = ("to_1", "to_1_5", "to_2", "to_2_5", "to_3", "to_4", "to_5", "over_5")


def compare_rarity(left: Profile, right: Profile) -> int:
    """A title that both share says more the rarer its words are, unless an identifier says it."""
    if not _by_title_alone(left, right):
        return MISSING
    told = min(left.information, right.information) / left.top_information
    return _R[RARITIES[sum(told > bound for bound in BY_RARITY)]]


CARRIERS: Final = levels(
    ("one", "no other first author is known under this title"),
    ("two", "two first authors are known under this title"),
    ("three", "three first authors are known under this title"),
    ("to_6", "four to six first authors are known under this title"),
    ("to_12", "more than six first authors are known under this title"),
    ("many", "many first authors are known under this title"),
)
_C: Final = codes(CARRIERS)
BY_AUTHORS: Final = (1, 2, 3, 6, 12)
CARRIED: Final = ("one", "two", "three", "to_6", "to_12", "many")


def compare_carriers(left: Profile, right: Profile) -> int:
    """A title that both share says less the more first authors carry it, without an identifier."""
    if not _by_title_alone(left, right):
        return MISSING
    known = max(left.first_authors, right.first_authors)
    return _C[CARRIED[sum(known > bound for bound in BY_AUTHORS)]] if known else MISSING


def shown_carriers(left: Profile, right: Profile) -> Values:
    """How many first authors are known under each title."""
    return str(left.first_authors), str(right.first_authors)


SHARED_TITLES: Final = (
    Comparison("title_length", compare_lengths, LENGTH, shown_titles,
               (("over_12", "to_12", "to_8"),), (("to_5", "to_4", "to_3", "to_2", "one"),)),
    Comparison("title_rarity", compare_rarity, RARITY, shown_titles,
               (("over_5", "to_5", "to_4", "to_3"),),
               (("to_2_5", "to_2", "to_1_5", "to_1"),)),
    Comparison("title_carriers", compare_carriers, CARRIERS, shown_carriers,
               (("one",),), (("two", "three", "to_6", "to_12", "many"),)),
)  # fmt: skip
