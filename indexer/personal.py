"""
Personal names: one name as text, read into family name, given names and suffix.

    "Meer, Remco van der"    ->  Name(family "van der meer", given ("remco",))
    "Group, ALTS Study"      ->  Name(family "alts study group", group)

Does not: part a field that holds several names (`bylines.py` does). What stands first
is told by a comma, by initials, by capitals or a particle; else by tables of names;
else by the byline (`names.py`), and then the name says that it may be the other way
round.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from indexer.bylines import MAX_CACHED, is_group
from indexer.name_order import (
    MAX_NAME,
    MEDLINE,
    Order,
    Words,
    evidence,
    is_particle,
    order_of,
    with_family_in_capitals,
    words_of,
)
from indexer.name_words import (
    ANONYMOUS,
    COMPOUND_HAN_FAMILIES,
    EAST_ASIAN_FAMILIES,
    GIVEN_NAMES,
    GROUP_WORDS,
    JOINING,
    NO_AUTHOR,
    PARTICLES,
)
from indexer.text import fold, repair


@dataclass(frozen=True, slots=True)
class Name:
    """One author; `given` is empty when only a family name or a group's name is known."""

    text: str  # repaired, for display
    family: str  # folded, words joined by a space: "van der waals"
    given: tuple[str, ...] = ()  # folded given names or single-letter initials, in order
    suffix: str = ""  # "jr", "sr", "2", "3", ...
    group: bool = False  # a consortium, collaboration or organisation: family is its whole name
    swappable: bool = False  # nothing but habit says which of family and given name is which


_NICKNAME: Final = re.compile(r"[(\[{]['\"]?([^)\]}'\"]*)['\"]?[)\]}]?")
_PREFIX: Final = re.compile(r"^(o|mc|mac) (?=[a-z]{3})")
_EAST_ASIAN: Final = re.compile(r"[぀-ヿ㐀-鿿가-힯豈-﫿]")
_KATAKANA: Final = re.compile(r"[゠-ヿ]+")


def read(text: str, order: Order) -> Name | None:
    """One name, or None when the text names nobody; the byline's order helps where needed."""
    return _read(text, order) if len(text) <= MAX_CACHED else _read(text[:MAX_NAME], order)


@lru_cache(maxsize=1 << 17)
def _read(text: str, order: Order) -> Name | None:
    match = MEDLINE.fullmatch(text)
    if match and (order is not Order.FAMILY_WORD_FIRST or " " not in match[1]):
        family = match[1].lower()
        if "jr" not in family and "ii" not in family and " sr" not in family and family != "et al":
            given = tuple(letter for letter in match[2].lower() if letter.isalpha())
            return Name(text, _family(family.replace("'", "").replace("-", " ")), given)
    return _read_any(text[:MAX_NAME], order)


def _read_any(text: str, order: Order) -> Name | None:
    key = fold(text)
    if not key or key in ANONYMOUS or key.startswith(NO_AUTHOR):
        return None
    if is_group(text):
        return _group(text)
    plain, nickname = _without_nickname(text)
    if _EAST_ASIAN.search(plain):
        latin = _EAST_ASIAN.sub("", plain).strip(" ,")
        if sum(c.isalpha() for c in latin) < 4:
            return _east_asian(text, plain)
        plain = latin
    family, comma, given = plain.partition(",")
    if comma and given.strip(" ."):
        name = _inverted(text, words_of(family), words_of(given.replace(",", " "), family=False))
    else:
        name = _direct(text, words_of(family or plain), order)
    if name and nickname and name.given and name.given[0] == nickname[0]:
        # "Engelsma, M.Y. (Marc)": the first initial written out
        name = Name(name.text, name.family, (nickname, *name.given[1:]), name.suffix)
    return name


def from_parts(family: str, given: str, display: str) -> Name | None:
    """A name that the feed took apart already."""
    family, given, text = repair(family)[:MAX_NAME], repair(given)[:MAX_NAME], repair(display)
    if not given.strip(" .,"):
        if "," in family or is_group(family) or order_of(family) is not Order.UNKNOWN:
            return read(family, Order.UNKNOWN)
        key = fold(family)
        return Name(text, _family(key), swappable=False) if key and key not in ANONYMOUS else None
    return _inverted(text, words_of(family), words_of(given, family=False))


def _direct(text: str, name: Words, order: Order) -> Name | None:
    """A name without a comma."""
    name = with_family_in_capitals(name)
    words, initials = name.words, name.initials
    if not words:
        return None
    own, certain = evidence(name)
    if len(words) == 1 or all(initials):
        family, given = words[-1:], tuple(zip(words[:-1], initials[:-1], strict=True))
        return Name(
            text, _family(fold(" ".join(family))), _given(given), name.suffix, swappable=True
        )
    if certain:
        order = order if own is Order.FAMILY_FIRST is not order and _is_family(order) else own
    elif order is Order.UNKNOWN:
        order = own
    at = _border_after_family(name, order) if _is_family(order) else _border_before_family(name)
    parts = tuple(zip(words, initials, strict=True))
    family, given = (words[:at], parts[at:]) if _is_family(order) else (words[at:], parts[:at])
    while len(given) > 1 and _is_family(order) and is_particle(given[-1][0]):
        family, given = (given[-1][0], *family), given[:-1]
    return Name(
        text, _family(fold(" ".join(family))), _given(given), name.suffix, swappable=not certain
    )


def _is_family(order: Order) -> bool:
    return order in (Order.FAMILY_FIRST, Order.FAMILY_WORD_FIRST)


def _border_before_family(name: Words) -> int:
    """Where the family name begins in "Given Family": its last word and the particles before."""
    at = len(name.words) - 1
    while at > 1 and not name.initials[at - 1] and fold(name.words[at - 1]) in PARTICLES:
        at -= 1
        if name.words[at] in JOINING and at > 1:
            at -= 1
    return at


def _border_after_family(name: Words, order: Order) -> int:
    """Where the given names begin in "Family Given"."""
    words, count = name.words, len(name.words)
    start = 0
    while start < count - 1 and not name.initials[start] and fold(words[start]) in PARTICLES:
        start += 1
    if start == count - 1:  # particles only before the last word
        return count if words[0].islower() else 1
    first_initial = next((at for at, one in enumerate(name.initials) if one and at > start), count)
    if order is Order.FAMILY_WORD_FIRST or first_initial == count:
        return start + 1
    written = (at for at in range(start + 1, first_initial) if fold(words[at]) in GIVEN_NAMES)
    return next(written, first_initial)


def _inverted(text: str, left: Words, right: Words) -> Name | None:
    """'Family, Given', and what feeds do to it."""
    family = list(left.words)
    given = list(zip(right.words, right.initials, strict=True))
    if not family:
        return _direct(text, right, Order.UNKNOWN)
    particles = all(fold(word) in PARTICLES for word in family)
    if particles and len(given) == 2 and given[1][1] and not given[0][1]:
        # "Di, Stefano L" was "Di Stefano, L"; "Le, Quoc V" is right as it stands.
        if fold(family[0]) not in EAST_ASIAN_FAMILIES:
            family.append(given.pop(0)[0])
    elif len(family) == 1 and given and _is_family_behind(family[0], given):
        family, given = [one for one, _ in given], [(family[0], "")]
    while given and is_particle(given[-1][0]):
        family.insert(0, given.pop()[0])
    suffix = left.suffix or right.suffix
    return Name(text, _family(fold(" ".join(family))), _given(tuple(given)), suffix)


def _is_family_behind(first: str, behind: list[tuple[str, str]]) -> bool:
    """Whether what stands behind a comma is the family name: "Lena, von Koch", "Jean, DUPONT"."""
    if len(behind) == 1:
        word = behind[0][0]
        return word.isupper() and len(word) > 3 and not first.isupper()
    last, initials = behind[-1]
    return is_particle(behind[0][0]) and not initials and not is_particle(last)


def _family(folded: str) -> str:
    """A folded family name with "o neill" and "mc donald" in one word."""
    return _PREFIX.sub(r"\1", folded)


def _given(words: tuple[tuple[str, str], ...]) -> tuple[str, ...]:
    """Given names folded, initials letter by letter."""
    found: list[str] = []
    for word, initials in words:
        found += initials or fold(word).split()
    return tuple(found)


def _without_nickname(text: str) -> tuple[str, str]:
    """The name without what stands in brackets, and that folded."""
    match = _NICKNAME.search(text)
    if not match:
        return text, ""
    rest = _NICKNAME.sub(" ", text).strip()
    if not any(c.isalpha() for c in rest):
        return match[1], ""
    return rest, fold(match[1]).partition(" ")[0]


def _group(text: str) -> Name | None:
    """A group's name in its natural order: "Group, ALTS Study" is "alts study group"."""
    left, comma, right = _without_nickname(text)[0].partition(",")
    words = right.lower().split()
    if comma and words and not (len(words) == 1 and words[0].strip(".") in GROUP_WORDS):
        left, right = right, left
    key = fold(f"{left} {right}")
    for opening in ("on behalf of ", "for ", "and ", "the ", "corporate ", "the "):
        key = key.removeprefix(opening)
    return Name(text, key, group=True) if key else None


def _east_asian(text: str, plain: str) -> Name | None:
    """A name in Han, kana or hangul: the family name stands first, one character or two."""
    parts = [part for part in re.split(r"[\s,]+", plain) if part]
    foreign = [part for part in re.split(r"[・·=]", plain) if part]
    if len(foreign) > 1 and _KATAKANA.fullmatch("".join(foreign)):
        parts = [foreign[-1], *foreign[:-1]]
    elif len(parts) == 1:
        only = parts[0]
        two = only[:2] in COMPOUND_HAN_FAMILIES or len(only) > 3
        parts = [only[: 2 if two else 1], only[2 if two else 1 :]]
    family = fold(parts[0]).replace(" ", "")
    given = tuple(key for part in parts[1:] if (key := fold(part).replace(" ", "")))
    return Name(text, family, given) if family else None
