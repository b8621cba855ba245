"""
Places compared: volume, issue and pages, each a comparison of its own.

    Profile, Profile  ->  volume, issue, page

Does not: clean pages (`indexer.fields.containers.places` does). Databases mix up print pages and
electronic article numbers, so one against the other says nothing.
"""

from __future__ import annotations

from typing import Final

from rapidfuzz.distance import OSA

from detector.comparisons.base import MISSING, Comparison, Values, codes, levels
from detector.comparisons.dois import on_server
from detector.comparisons.profile import Profile
from detector.comparisons.titles import under_two_titles
from indexer.fields.containers.pages import MONTHS
from indexer.fields.containers.places import Places

VOLUME: Final = levels(
    ("same", "the volume is the same ({left})"),
    ("swapped", "volume and issue stand the wrong way round on one side ({left} / {right})"),
    ("differ", "the volumes differ ({left} / {right})"),
)
_V: Final = codes(VOLUME)
LETTERS: Final = "abcdefghijklmnopqrstuvwxyz"


def compare_volumes(left: Profile, right: Profile) -> int:
    """Both records name the same volume."""
    ours, theirs = left.fields.places, right.fields.places
    if not ours.volume or not theirs.volume:
        return MISSING
    if ours.volume == theirs.volume:
        return _V["same"]
    if ours.volume == theirs.issue and (not ours.issue or ours.issue == theirs.volume):
        return _V["swapped"]
    if theirs.volume == ours.issue and not theirs.issue:
        return _V["swapped"]
    # "15 7 supplement" against "15": the first number is the volume.
    if ours.volume.split(" ", 1)[0] == theirs.volume.split(" ", 1)[0]:
        return _V["same"]
    if ours.volume.rstrip(LETTERS) == theirs.volume.rstrip(LETTERS) != "":
        return _V["same"]  # "75A" of a journal in parts against "75"
    years = {str(year) for year in (*left.fields.years, *right.fields.years)}
    if (ours.volume in years) != (theirs.volume in years):
        return MISSING  # databases number by years what publishers number by volumes
    return MISSING if _two_numberings(left, right) else _V["differ"]


def _two_numberings(left: Profile, right: Profile) -> bool:
    """
    One is a preprint by its DOI, the other none: what a server counts is not the journal's.

    Copernicus prints a discussion paper as volume 9, page 1411 and its article as 20, 512.
    """
    return on_server(left.fields) != on_server(right.fields)


ISSUE: Final = levels(
    ("same", "the issue is the same ({left})"),
    ("part", "one issue is part of the other's name ({left} / {right})"),
    ("differ", "the issues differ ({left} / {right})"),
)
_I: Final = codes(ISSUE)
WEEKS: Final = 53  # hardly a journal has more issues a year


def compare_issues(left: Profile, right: Profile) -> int:
    """Both records name the same issue."""
    ours, theirs = left.fields.places, right.fields.places
    if not ours.issue or not theirs.issue:
        return MISSING
    if ours.issue == theirs.issue:
        return _I["same"]
    mine, yours = set(ours.issue.split()), set(theirs.issue.split())
    if mine <= yours or yours <= mine:
        return _I["part"]
    if is_page(ours) or is_page(theirs) or is_month(ours) != is_month(theirs):
        return MISSING
    return _I["differ"]


def is_page(places: Places) -> bool:
    """Whether what stands as the issue of a record without pages is rather its page."""
    if places.start or not places.issue.isdigit():
        return False
    number = places.issue.lstrip("0")
    return len(number) > 4 or int(number or 0) > WEEKS


def is_month(places: Places) -> bool:
    """Whether the issue is named by a month."""
    return places.issue.partition("-")[0] in MONTHS


PAGE: Final = levels(
    ("both", "first and last page are the same ({left})"),
    ("number", "the article number is the same ({left})"),
    ("first", "the first page is the same ({left} / {right})"),
    ("last", "only the last page is the same ({left} / {right})"),
    ("slip", "the first pages are one slip apart ({left} / {right})"),
    ("whole", "all of the pages are the same, under another title ({left})"),
    ("shared", "the first page is the same, under another title ({left} / {right})"),
    ("near", "the pages overlap or touch ({left} / {right})"),
    ("differ", "the pages differ ({left} / {right})"),
)
_P: Final = codes(PAGE)
_ON_A_PAGE: Final = frozenset({_P["both"], _P["first"]})
OTHER_PAGES: Final = tuple(_P[name] for name in ("last", "slip", "near", "differ"))
_ONE_WORKS: Final = 6  # characters of an article number that no second work of a journal has
NEAR: Final = 3
# Pages that two works hardly share from first to last: a letter and its reply have one or two
# in common, and the abstracts of a meeting stand under all the pages of its supplement.
SPREAD: Final = range(3, 61)


def compare_pages(left: Profile, right: Profile) -> int:
    """Both records stand on the same page or under the same article number."""
    level = _level(left.fields.places, right.fields.places)
    # The abstracts of a meeting, letters and errata share a page, short numbers are of a volume.
    start = max(len(side.fields.places.start) for side in (left, right))
    short = level == _P["number"] and start < _ONE_WORKS
    if (short or level in _ON_A_PAGE) and under_two_titles(left, right):
        whole = level == _P["both"] and _spread(left.fields.places) in SPREAD
        return _P["whole" if whole else "shared"]
    return MISSING if level in OTHER_PAGES and _two_numberings(left, right) else level


def _spread(places: Places) -> int:
    """How many pages there are, of which two works may share the first and the last."""
    first, last = _digits(places.first_page), _digits(places.last_page)
    return int(last) - int(first) + 1 if first and last and first != "1" else 0


def _level(ours: Places, theirs: Places) -> int:
    if _one_number(ours, theirs):
        return _P["number"]
    if ours.first_page and theirs.first_page:
        return _pages_level(ours, theirs)
    if ours.article_number and theirs.article_number:
        return _P["differ"]
    return MISSING


def _one_number(ours: Places, theirs: Places) -> bool:
    """The same article number, which may stand among the pages or in the place of the issue."""
    mine, yours = ours.article_number.lstrip("0"), theirs.article_number.lstrip("0")
    if mine and yours:
        return mine == yours
    return _misplaced(ours, theirs) or _misplaced(theirs, ours)


def _misplaced(ours: Places, theirs: Places) -> bool:
    number = ours.start.lstrip("0")
    if ours.article_number and len(number) > 1 and number == theirs.first_page:
        return True
    return bool(number) and is_page(theirs) and number == theirs.issue


def _pages_level(ours: Places, theirs: Places) -> int:
    if ours.first_page == theirs.first_page:
        if ours.last_page and ours.last_page == theirs.last_page:
            return _P["both"]
        # Every article that is paged by itself begins on page 1; its length tells it apart.
        by_itself = ours.first_page == "1" and ours.last_page and theirs.last_page
        return _P["near" if by_itself else "first"]
    if {ours.first_page, ours.other_first} & {theirs.first_page, theirs.other_first} - {""}:
        return _P["first"]
    if ours.first_page.isdigit() != theirs.first_page.isdigit():
        return _lettered_level(ours.first_page, theirs.first_page)
    if ours.last_page and ours.last_page == theirs.last_page:
        return _P["last"]
    if ours.first_page.isdigit() and abs(int(ours.first_page) - int(theirs.first_page)) <= NEAR:
        return _P["near"]
    if ours.last_page and theirs.last_page:
        return _P["differ"]  # a slip of the pen strikes one of the two
    if ours.issue and theirs.issue and ours.issue != theirs.issue:
        return _P["differ"]  # the next issue of a weekly is numbered on by as much
    if len(ours.first_page) > 2 and OSA.distance(ours.first_page, theirs.first_page) == 1:
        return _P["slip"]
    return _P["differ"]


def _lettered_level(ours: str, theirs: str) -> int:
    """One of the two pages has a letter: "s189", "e12", "a56"."""
    if _digits(ours) == _digits(theirs):
        return _P["slip"]
    # A supplement has pages of its own; other letters may number what also stands on a page.
    return _P["differ"] if "s" in (ours[0], theirs[0]) else MISSING


def _digits(page: str) -> str:
    return "".join(c for c in page if c.isdigit())


def _shown_volumes(left: Profile, right: Profile) -> Values:
    return left.fields.places.volume or "-", right.fields.places.volume or "-"


def _shown_issues(left: Profile, right: Profile) -> Values:
    return left.fields.places.issue or "-", right.fields.places.issue or "-"


def _shown_pages(left: Profile, right: Profile) -> Values:
    return _pages_text(left.fields.places), _pages_text(right.fields.places)


def _pages_text(places: Places) -> str:
    return places.article_number or places.pages or "-"


PLACES: Final = (
    Comparison("volume", compare_volumes, VOLUME, _shown_volumes,
               (("same", "swapped"),), (("differ",),)),
    Comparison("issue", compare_issues, ISSUE, _shown_issues,
               (("same", "part"),), (("differ",),)),
    Comparison("page", compare_pages, PAGE, _shown_pages,
               (("both", "first", "last"), ("number",), ("slip",), ("whole", "shared")),
               (("near", "differ"),)),
)  # fmt: skip
