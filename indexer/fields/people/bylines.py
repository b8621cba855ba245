"""
Bylines: one author field that holds several authors, taken apart into names.

    "Stone A. B.Reed C."                   ->  "Stone A. B." | "Reed C."
    "stone, a., reed, c., & van dyke, e."  ->  "stone, a." | "reed, c." | "van dyke, e."

Does not: read the names (`names.py` does). Where names were run together without a
separator (`run_together.py`) the borders are guesses, and the byline says so. A new
kind of list is one line in tests/cases/names.csv.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final, NamedTuple

from indexer.fields.people import run_together
from indexer.fields.people.group_names import is_group
from indexer.fields.people.name_words import GIVEN_NAMES, SUFFIXES
from indexer.fields.text.folding import repair


class Byline(NamedTuple):
    """The names of one author field, as text."""

    names: tuple[str, ...] = ()
    truncated: bool = False  # it ends in "et al." or "and others"
    run_together: bool = False  # borders were guessed from capitals and full stops


MAX_CACHED: Final = 4000  # longer fields hardly come twice

_WORD: Final = re.compile(r"[a-z]+")

_GOES_ON: Final = re.compile(
    r"(?:(?<!\w)|(?<=\.))(?:\bet\.? ?al(?:ii|ia)?\b|(?:\band |& |^)(?:\d+ )?others?|u\. ?a|и др"
    r"|i dr|等|外\d*名?|…|\.{3})[\s.,;:)\]]*$",
    re.IGNORECASE,
)
_DIGIT: Final = re.compile(r"\d")
# Of affiliations, behind a name: "Anna Stone1,2*".
_MARKS: Final = re.compile(r"(?<=[^\W\d_])\d{1,2}(?: ?, ?\d{1,2})*(?![^\W_])\*?")
_ENDS: Final = ("al", "other", "u. a", "u.a", "др", "i dr", "等", "外", "…", "...")
_LISTS: Final = ";|•、/,&"
_LISTING: Final = re.compile(r"\b(?:and|und|et) ", re.I)
_SEPARATOR: Final = re.compile(r"\s*[;|•、]\s*|\s+/\s+")
_AND: Final = re.compile(r"\s*,?\s*&\s*,?\s*|,?\s+(?:and|und|et)\s+|^(?:and|und|et)\s+", re.I)
_INITIALS: Final = re.compile(
    r"(?:[^\W\d_](?:\.|(?=[\s-])|$)[\s-]?){1,5}|(?:[^\W\d_]{1,2}\.[\s-]?){1,5}|[A-Z]{1,3}"
)
_HAS_INITIAL: Final = re.compile(r"(?<!\w)[^\W\d_](?:\.|$)|\s[A-Z]{1,3}$")
_GIVEN_FIRST: Final = re.compile(r"(?:[^\W\d_]{1,2}\.[\s-]?)+\s?[^\W\d_]{2}")
_NO_NAME: Final = re.compile(r"\(?(?:b\. )?\d{4}(?:-(?:\d{4})?)?\)?\.?|null|none|\W*", re.I)
_DEGREES: Final = (
    "M.D|Ph.?D|M.Sc|B.Sc|MPH|M.S|M.A|R.N|D.O|DDS|DVM|DPhil|ScD|PharmD|MBBS|FRC[PS]|FAC[PS]"
)
_CREDENTIAL: Final = re.compile(rf"(?:(?:{_DEGREES.replace('.', '[. ]*')}|Prof|Dr)\.?[\s/]*)+")
_EAST_ASIAN: Final = re.compile(r"[぀-ヿ㐀-鿿가-힯豈-﫿 ]+")


def split(text: str) -> Byline:
    """The names in one author field as harvested, in order."""
    return _split(text) if len(text) <= MAX_CACHED else _split.__wrapped__(text)


@lru_cache(maxsize=1 << 14)
def _split(text: str) -> Byline:
    text = repair(text)
    if _DIGIT.search(text):
        text = _MARKS.sub("", text)
    text = text.strip(" ,;")
    truncated = False
    if match := goes_on(text):
        text, truncated = text[: match.start()].rstrip(" ,;&"), True
    names, run_together = _apart(text)
    return Byline(tuple(name for name in names if name), truncated, run_together)


def _may_be_list(text: str) -> bool:
    """Whether a mark or a word stands in it that is found between the names of a list."""
    if any(map(text.__contains__, _LISTS)):
        return True
    lowered = text.lower()
    # Asked first what the pattern could match: it takes twenty times as long.
    return ("nd " in lowered or "et " in lowered) and _LISTING.search(text) is not None


def goes_on(text: str) -> re.Match[str] | None:
    """Where a byline says that it goes on: "et al.", "and others"."""
    tail = text[-16:].lower()
    if not any(end in tail for end in _ENDS):
        return None
    return _GOES_ON.search(text, max(0, len(text) - 40))


def _apart(text: str) -> tuple[list[str], bool]:
    if not _may_be_list(text):
        return run_together.part(text)
    if _SEPARATOR.search(text):
        parts = _SEPARATOR.split(text)
        return [name for part in parts for name in _of_part(part)], False
    if "," in text or _AND.search(text):
        names = _listed(text)
        return ([text] if is_group(text) and not _are_people(names) else names), False
    return run_together.part(text)


def _of_part(part: str) -> list[str]:
    """One part of a list with semicolons: a name, perhaps two joined by "and"."""
    return [part] if is_group(part) else [name for name in _AND.split(part) if name]


def _are_people(names: list[str]) -> bool:
    """Whether a list is of persons, perhaps with a group among them."""
    people = sum(
        not is_group(name)
        and bool(
            _HAS_INITIAL.search(name) or not GIVEN_NAMES.isdisjoint(_WORD.findall(name.lower()))
        )
        for name in names
    )
    return people > 1 and people * 2 >= len(names)


# --- lists with commas and "and" -----------------------------------------------------


def _listed(text: str) -> list[str]:
    """'a. stone, carol reed and e. moss', 'stone, a., reed, c.', 'Stone, Anna'."""
    parts = [_segments(part) for part in _AND.split(text)]
    parts = [part for part in parts if part]
    pairs = all(len(part) == 2 for part in parts)
    return [name for part in parts for name in _paired(part, pairs)]


def _segments(part: str) -> list[str]:
    """What stands between the commas; suffixes joined to what they follow, degrees dropped."""
    segments: list[str] = []
    for segment in (text.strip(" :") for text in part.split(",")):
        if _NO_NAME.fullmatch(segment):
            continue
        if segments and segment.lower().strip(".") in SUFFIXES:
            segments[-1] += f" {segment}"
        elif not (segments and " " in segments[-1] and _CREDENTIAL.fullmatch(segment)):
            segments.append(segment)
    return segments


def _paired(segments: list[str], pairs: bool) -> list[str]:
    """
    Segments joined to "Family, Given" where they are halves of a name.

    Args:
        segments: of one part between two "and"s.
        pairs: every part has two segments, so two whole words may be one name.
    """
    if len(segments) > 2 and _are_alone(segments):
        return segments
    names: list[str] = []
    halves = iter(segments)
    waiting = next(halves, None)
    while waiting is not None:
        following = next(halves, None)
        if following is not None and _are_halves(waiting, following, pairs):
            names.append(f"{waiting}, {following}")
            waiting = next(halves, None)
        else:
            names.append(waiting)
            waiting = following
    return names


def _are_alone(segments: list[str]) -> bool:
    """Whether every segment is a family name alone, or a name without spaces (Chinese)."""
    if all(_EAST_ASIAN.fullmatch(segment) for segment in segments):
        return True
    single = all(" " not in segment and "." not in segment for segment in segments)
    return single and len(segments) % 2 == 1


def _are_halves(first: str, second: str, pairs: bool) -> bool:
    if _GIVEN_FIRST.match(first) or _EAST_ASIAN.fullmatch(first):
        return False  # "a. b. stone" is whole
    if " " in first and " " in second and all(map(_HAS_INITIAL.search, (first, second))):
        return False  # "stone a., reed c. d."
    if _INITIALS.fullmatch(second):
        return not _INITIALS.fullmatch(first.rpartition(" ")[2]) or "." not in first
    return " " not in first or pairs
