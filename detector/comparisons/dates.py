"""
Years compared: how far apart two records are dated.

    Profile, Profile  ->  year, day

That months and days differ says nothing: a preprint of December is an article of March.
That they agree does, since feeds take the date of one publication from each other.
"""

from __future__ import annotations

from typing import Final

from detector.comparisons.base import MISSING, Comparison, Values, codes, levels
from detector.comparisons.profile import Profile
from indexer.fields import Fields
from indexer.records import PartialDate

YEAR: Final = levels(
    ("same", "the year is the same ({left})"),
    ("one", "the years are one apart ({left} / {right})"),
    ("two", "the years are two apart ({left} / {right})"),
    ("three", "the years are three apart ({left} / {right})"),
    ("five", "the years are four or five apart ({left} / {right})"),
    ("ten", "the years are six to ten apart ({left} / {right})"),
    ("more", "the years are more than ten apart ({left} / {right})"),
)
_Y: Final = codes(YEAR)
NAMES: Final = ("same", "one", "two", "three", "five", "ten", "more")
APART_BY: Final = (0, 1, 2, 3, 5, 10)  # years; each name but the last goes up to one


# Years from a posted copy to its article that say nothing of identity: a preprint comes first, an
# author's copy may come after. Of pairs of equal titles and names, three years apart, the nine
# with the copy first are one work each; nobody's copy came three years later.
COPY_FIRST: Final = 3
COPY_LATER: Final = 2


def compare_years(left: Profile, right: Profile) -> int:
    """Both records are dated to the same year."""
    ours, theirs = left.fields.years, right.fields.years
    if not ours or not theirs:
        return MISSING
    if ours == theirs:
        return _Y["same"]
    apart = min(abs(one - other) for one in ours for other in theirs)
    if apart and posted(left.fields) != posted(right.fields):
        copy, article = (ours, theirs) if posted(left.fields) else (theirs, ours)
        if any(-COPY_LATER <= out - put <= COPY_FIRST for put in copy for out in article):
            return MISSING
    return _Y[NAMES[sum(apart > bound for bound in APART_BY)]]


DAY: Final = levels(("same", "both are dated to the same day ({left})"))
SAME_DAY: Final = codes(DAY)["same"]


def compare_days(left: Profile, right: Profile) -> int:
    """Both records are dated to the same day; the first of a month may mean the whole of it."""
    ours = telling_day(left.fields)
    return SAME_DAY if ours and ours == telling_day(right.fields) else MISSING


def telling_day(fields: Fields) -> PartialDate | None:
    """The date, where it names a day other than the first of a month."""
    date = fields.date
    return date if date and (date.day or 0) > 1 else None


def posted(fields: Fields) -> bool:
    """The record is that of a repository's copy, or names arXiv and no other place."""
    if fields.kind == "preprint" or fields.container.kind == "repository":
        return True
    placed = fields.places.volume or fields.places.first_page or fields.container.words
    return "arxiv" in fields.by_scheme and not placed


def _shown(left: Profile, right: Profile) -> Values:
    return (
        ", ".join(map(str, left.fields.years)) or "-",
        ", ".join(map(str, right.fields.years)) or "-",
    )


def _shown_days(left: Profile, right: Profile) -> Values:
    return str(left.fields.date or "-"), str(right.fields.date or "-")


DATES: Final = (
    Comparison("year", compare_years, YEAR, _shown, (NAMES[:1],), (NAMES[1:],)),
    Comparison("day", compare_days, DAY, _shown_days, (("same",),)),
)
