"""
Numbers, parts and notices of titles compared: what sets near-equal titles apart.

    Profile, Profile  ->  numbers, part, notice

Does not: parse a title (`indexer.fields.titles.titles` does) or veto (guards do).
"""

from __future__ import annotations

import re
from collections import Counter
from typing import Final

from detector.comparisons.base import MISSING, Comparison, Values, codes, levels
from detector.comparisons.containers import CONTAINER, compare_containers
from detector.comparisons.names import one_person
from detector.comparisons.profile import Profile
from detector.comparisons.titles import SHORT_PART, cut_off
from indexer.fields.titles.titles import Title

NUMBERS: Final = levels(
    ("same", "the titles carry the same numbers ({left})"),
    ("one_side", "one title carries a number that the other lacks ({left} / {right})"),
    ("differ", "the titles carry different numbers ({left} / {right})"),
    ("programme", "the titles begin with different numbers of a programme ({left} / {right})"),
    ("again", "one title says a number twice that the other says once ({left} / {right})"),
    ("year", "one title carries the year in which the other appeared ({left} / {right})"),
    ("talk", "only one title begins with a number of a programme ({left} / {right})"),
    ("mark", "a number that only one title carries stands as a mark at its end ({left} / {right})"),
)
_N: Final = codes(NUMBERS)
# "P1.05-021", "T262.", "[PS1-23]": letters, then digits; "Abstract 101:", "#345".
_TALK: Final = re.compile(
    r"\W{0,2}([A-Z]{1,5}|Abstract|(?<=#))[ .-]?(\d{1,5}(?:[.\-–/]\d{1,5}){0,3})(?![\w-])"
)
_DIGITS: Final = re.compile(r"\d+")
_IN_BRACKETS: Final = re.compile(r"\[\d{1,3}(?:[,–-] ?\d{1,3})*\]\W*$")
_MOST_MARKS: Final = 3  # at the end of one title


def compare_numbers(left: Profile, right: Profile) -> int:
    """Both titles carry the same numbers, in figures or words."""
    ours, theirs = left.fields.title.numbers, right.fields.title.numbers
    if left.fields.title.placeholder or right.fields.title.placeholder:
        return MISSING
    if not (ours or theirs):
        return _N["programme"] if _of_two_talks(left, right) else MISSING
    if ours == theirs:
        return _N["same"]
    mine, yours = Counter(ours), Counter(theirs)
    if mine == yours:
        return _N["same"]
    if mine <= yours:
        return _more_level(right, left, yours - mine)
    if yours <= mine:
        return _more_level(left, right, mine - yours)
    return _N["programme" if _of_two_talks(left, right) else "differ"]


def _more_level(full: Profile, bare: Profile, more: Counter[str]) -> int:
    """One title carries all numbers of the other, and more: is it one that tells works apart?"""
    longer, shorter = full.fields.title, bare.fields.title
    if cut_off(longer, shorter):
        return MISSING
    if _TALK.match(longer.text):
        return _N["talk"]
    if set(more) <= set(shorter.numbers):
        return _N["again"]
    if set(more) <= _years(bare, full):
        return _N["year"]
    return _N["mark" if _marks_end(longer, shorter) else "one_side"]


def _years(bare: Profile, full: Profile) -> set[str]:
    """The years that a title may say beside its record: those of the other, a series has many."""
    return set(map(str, bare.fields.years or full.fields.years))


def _marks_end(longer: Title, shorter: Title) -> bool:
    """
    The longer title is the shorter with a footnote's, citation's or line's number at an end.

    "LABOR CONTRACTS 1" and "… [12]" are catalogued from a page with notes, "40 Efficacy of …"
    from a list. A bare 2 behind a title is the second paper of a series.
    """
    count = len(longer.words) - len(shorter.words)
    if len(shorter.words) < SHORT_PART or not 0 < count <= _MOST_MARKS:
        return False
    if longer.words[count:] == shorter.words:
        return count == 1 and longer.words[0].isdigit()
    marks = longer.words[-count:]
    if longer.words[:-count] != shorter.words or not all(mark.isdigit() for mark in marks):
        return False
    counted = tuple(map(str, range(1, count + 1)))
    return marks == counted or bool(_IN_BRACKETS.search(longer.text))


def talk_of(title: Title) -> str:
    """The number of a programme that a title begins with, "" if with none."""
    match = _TALK.match(title.text)
    return match[0] if match else ""


def _of_two_talks(left: Profile, right: Profile) -> bool:
    """
    Both titles begin as abstracts of meetings do, "P1.05-021 …", and not with the same.

    Neighbours in a supplement share page, volume and journal, and often their authors.
    """
    ours, theirs = (_TALK.match(one.fields.title.text) for one in (left, right))
    if ours is None or theirs is None:
        return False
    mine, yours = ([m[1], *map(int, _DIGITS.findall(m[2]))] for m in (ours, theirs))
    return mine != yours


PART: Final = levels(
    ("same", "both titles name the same part ({left})"),
    ("one_side", "only one title names a part ({left} / {right})"),
    ("differ", "the titles name different parts ({left} / {right})"),
)
_P: Final = codes(PART)


def compare_parts(left: Profile, right: Profile) -> int:
    """Both titles name the same part, volume or number of a series."""
    ours, theirs = left.fields.title.part, right.fields.title.part
    if left.fields.title.placeholder or right.fields.title.placeholder or not (ours or theirs):
        return MISSING
    if ours == theirs:
        return _P["same"]
    if ours and theirs:
        return _P["differ"]
    full, bare = (left, right) if ours else (right, left)
    longer, shorter = full.fields.title, bare.fields.title
    untold = cut_off(longer, shorter) or _marks_end(longer, shorter)
    return MISSING if untold else _P["one_side"]


NOTICE: Final = levels(
    ("same", "both titles are those of the same kind of notice ({left})"),
    ("one_side", "only one title is that of a notice about a work ({left} / {right})"),
    ("differ", "the titles are those of different notices ({left} / {right})"),
    ("own_review", "only one title says it is a review; author and journal are the same"),
)
_O: Final = codes(NOTICE)


def compare_notices(left: Profile, right: Profile) -> int:
    """Both titles are those of a work, or of the same kind of notice about one."""
    ours, theirs = left.fields.title.notice, right.fields.title.notice
    if left.fields.title.placeholder or right.fields.title.placeholder or not (ours or theirs):
        return MISSING
    if ours == theirs:
        return _O["same"]
    if "review" in (ours, theirs) and not (ours and theirs) and _by_one_reviewer(left, right):
        return _O["own_review"]
    return _O["differ"] if ours and theirs else _O["one_side"]


def _by_one_reviewer(left: Profile, right: Profile) -> bool:
    """
    The same first author in the same container: nobody reviews a book of one's own.

    The ACM's records of reviews bear the title of the book alone.
    """
    if not (left.persons and right.persons and one_person(left.persons[0], right.persons[0])):
        return False
    return CONTAINER[compare_containers(left, right)].name in ("same", "short", "most")


def _shown_numbers(left: Profile, right: Profile) -> Values:
    return " ".join(left.fields.title.numbers) or "-", " ".join(right.fields.title.numbers) or "-"


def _shown_parts(left: Profile, right: Profile) -> Values:
    return left.fields.title.part or "-", right.fields.title.part or "-"


def _shown_notices(left: Profile, right: Profile) -> Values:
    return left.fields.title.notice or "-", right.fields.title.notice or "-"


AGREE: Final = (("same",),)
CONFLICT: Final = (("one_side", "differ"),)
NUMBERED: Final = (
    Comparison("numbers", compare_numbers, NUMBERS, _shown_numbers, AGREE,
               (("one_side", "differ", "programme"), ("talk",))),
    Comparison("part", compare_parts, PART, _shown_parts, AGREE, CONFLICT),
    Comparison("notice", compare_notices, NOTICE, _shown_notices, AGREE, CONFLICT),
)  # fmt: skip
