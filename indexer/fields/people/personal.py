"""
Personal names: one name as text, read into family name, given names and suffix.

    "Meer, Remco van der"    ->  Name(family "van der meer", given ("remco",))
    "Group, NORTH Study"     ->  Name(family "north study group", group)

Does not: part a field that holds several names (`bylines.py` does). What stands first
is told by a comma, by initials, by capitals or a particle; else by tables of names;
else by the byline (`names.py`), and then the name says that it may be the other way
round.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import Final, NamedTuple

from indexer.fields.people.bylines import MAX_CACHED
from indexer.fields.people.group_names import group_name, is_group
from indexer.fields.people.name_order import (
    MAX_NAME,
    MEDLINE,
    Order,
    Word,
    Words,
    are_east_asian,
    are_initials,
    plain_words,
    spelling_of_given,
    words_of,
)
from indexer.fields.people.name_parts import Name, family_of, given_of, joined, plain_name
from indexer.fields.people.name_words import (
    ANONYMOUS,
    COMPOUND_HAN_FAMILIES,
    EAST_ASIAN_FAMILIES,
    GIVEN_NAMES,
    GROUP_WORDS,
    JOINING,
    NO_AUTHOR,
    PARTICLES,
    SUFFIXES,
)
from indexer.fields.text.folding import fold, repair


class Reading(NamedTuple):
    """What a name tells by itself, before its byline is asked."""

    name: Name | None  # None also for a text that names nobody
    waits: bool = False  # the byline's order is needed to read it
    order: Order = Order.UNKNOWN  # what stands first in it
    spelling: float = 0.0  # as spelling_of_given
    words: Words | None = None  # of a plain name that waits


_NOBODY: Final = Reading(None)
# Most names: nothing in them needs more than taking the words apart.
_WORDS: Final = re.compile(r"[A-Z][a-z'-]+(?: [A-Z][a-z'-]+){1,2}")
_PLAIN: Final = re.compile(r"(?:[A-Z][a-z'-]+ ){1,3}(?:[A-Z]\.[ -]?){1,5}")
_NICKNAME: Final = re.compile(r"[(\[{]['\"]?([^)\]}'\"]*)['\"]?[)\]}]?")
_EAST_ASIAN: Final = re.compile(r"[぀-ヿ㐀-鿿가-힯豈-﫿]")
_KATAKANA: Final = re.compile(r"[゠-ヿ]+")


def read(text: str) -> Reading:
    """What one name tells by itself."""
    return _read(text if len(text) <= MAX_CACHED else text[:MAX_NAME])


@lru_cache(maxsize=1 << 16)
def _read(text: str) -> Reading:
    if plain := plain_words(text):
        return Reading(None, True, *plain)
    if match := MEDLINE.fullmatch(text):
        family = match[1].lower()
        if not family.isalpha():
            family = family.replace("'", "").replace("-", " ")
        if family not in PARTICLES and family not in SUFFIXES:
            initials = letters_of(match[2])
            return Reading(Name(text, family, initials), False, Order.FAMILY_FIRST, -1.0)
    is_plain = bool(_PLAIN.fullmatch(text)) or _are_words(text)
    if not is_plain:
        key = fold(text)
        if not key or key in ANONYMOUS or key.startswith(NO_AUTHOR):
            return _NOBODY
        if key.isalpha() and len(key) > 1 and text.isascii():  # a family name alone
            is_name = key not in SUFFIXES and key not in GROUP_WORDS
            return Reading(Name(text, key)) if is_name else _NOBODY
        if is_group(text):
            key = group_name(text)
            return Reading(Name(text, key, group=True) if key else None)
        if "," in text or _EAST_ASIAN.search(text):
            return Reading(read_as(text, Order.UNKNOWN))
    name = words_of.__wrapped__(text[:MAX_NAME])
    order, spelling = name.order, spelling_of_given(name.words)
    waits = len(name.words) > 1 and not (name.certain and order is Order.GIVEN_FIRST)
    words = name if waits and is_plain and len(text) <= MAX_NAME else None
    return Reading(None if waits else read_as(text, order), waits, order, spelling, words)


def read_on(text: str, reading: Reading, order: Order) -> Name | None:
    """A name that waited for its byline, which says what stands first."""
    return read_as(text, order) if reading.words is None else _direct(text, reading.words, order)


def _are_words(text: str) -> bool:
    """Whether a text is two or three plain words that name a person."""
    if not _WORDS.fullmatch(text):
        return False
    words = text.lower().split()
    return GROUP_WORDS.isdisjoint(words) and not text.lower().startswith(NO_AUTHOR)


@lru_cache(maxsize=1 << 12)
def letters_of(initials: str) -> tuple[str, ...]:
    """The letters of initials, small."""
    return tuple(letter for letter in initials.lower() if letter.isalpha())


@lru_cache(maxsize=1 << 15)
def read_as(text: str, order: Order) -> Name | None:
    """A name whose byline says what stands first where the name itself does not."""
    text = text[:MAX_NAME]
    if _PLAIN.fullmatch(text) or _WORDS.fullmatch(text):
        return _direct(text, words_of(text), order)
    plain, nickname = _without_nickname(text)
    if _EAST_ASIAN.search(plain):
        latin = _EAST_ASIAN.sub("", plain).strip(" ,")
        if sum(c.isalpha() for c in latin) < 4:
            return _east_asian(text, plain)
        plain = latin
    family, comma, given = plain.partition(",")
    if comma and given.strip(" ."):
        name = _inverted(text, *_halves(family, given.replace(",", " ")))
    else:
        name = _direct(text, words_of(family or plain), order)
    if name and nickname and name.given and name.given[0] == nickname[0]:
        # "Stone, M.Y. (Marc)": the first initial written out
        name = name._replace(given=(nickname, *name.given[1:]))
    return name


def from_parts(family: str, given: str, display: str) -> Name | None:
    """A name that the feed took apart already."""
    if name := plain_name(repair(display), family, given):
        return name
    family, given, text = repair(family)[:MAX_NAME], repair(given)[:MAX_NAME], repair(display)
    if not given.strip(" .,"):
        if "," in family or is_group(family) or words_of(family).order is not Order.UNKNOWN:
            reading = read(family)
            return read_as(family, reading.order) if reading.waits else reading.name
        key = fold(family)
        return Name(text, joined(key)) if key and key not in ANONYMOUS else None
    if _EAST_ASIAN.search(family):
        return _east_asian(text, f"{family} {given}")
    return _inverted(text, *_halves(family, given))


def _halves(family: str, given: str) -> tuple[Words, Words]:
    """The words of both halves; capitals are initials unless all of the name is in capitals."""
    shouted = family.isupper() and given.isupper()
    return words_of(family, shouted=shouted), words_of(given, is_given=True, shouted=shouted)


def _direct(text: str, name: Words, order: Order) -> Name | None:
    """A name without a comma."""
    words, own, certain = name.words, name.order, name.certain
    if len(words) < 2 or are_initials(words):
        family = family_of(words[-1:])
        if not family or family in SUFFIXES or family in ANONYMOUS:
            return None  # "Jr." as an author of its own
        return Name(text, family, given_of(words[:-1]), name.suffix, swappable=len(words) > 1)
    if certain:
        if own is not Order.FAMILY_FIRST or not order.is_family:
            order = own
    elif order is Order.UNKNOWN:
        order = own
    if words[-1].is_particle and words[0].initials:  # "A Luca de"
        words, order = (*words[:-2], words[-1], words[-2]), Order.GIVEN_FIRST
    if not order.is_family:
        at = _border_before_family(words)
        return Name(
            text, family_of(words[at:]), given_of(words[:at]), name.suffix, False, not certain
        )
    at = _border_after_family(words, order)
    given, family_words = list(words[at:]), words[:at]
    while len(given) > 1 and given[-1].is_particle:
        family_words = (given.pop(), *family_words)
    family = family_of(family_words)
    return Name(text, family, given_of(given), name.suffix, False, not certain)


def _border_before_family(words: Sequence[Word]) -> int:
    """Where the family name begins in "Given Family": its last word and the particles before."""
    at = len(words) - 1
    while at > 1 and words[at - 1].may_be_particle:
        at -= 1
        if words[at].text in JOINING and at > 1:
            at -= 1
    return at


def _border_after_family(words: Sequence[Word], order: Order) -> int:
    """Where the given names begin in "Family Given"."""
    count = len(words)
    start = 0
    while start < count - 1 and words[start].may_be_particle:
        start += 1
    if start == count - 1:  # particles only before the last word
        return count if words[0].text.islower() else 1
    if order is Order.FAMILY_WORD_FIRST:
        return start + 1
    written = count  # the first given name
    for at in range(start + 1, count):
        if words[at].initials:
            return min(written, at)
        if written == count and words[at].key in GIVEN_NAMES:
            written = at
    return start + 1


def _inverted(text: str, left: Words, right: Words) -> Name | None:
    """'Family, Given', and what feeds do to it."""
    family, given = list(left.words), list(right.words)
    if not family:
        return _direct(text, right, Order.UNKNOWN)
    if _are_parted_particles(family, given):
        family.append(given.pop(0))
    elif given and _is_family_behind(family, given):
        family, given = given, family
    while given and given[-1].is_particle:
        family.insert(0, given.pop())
    key = family_of(family)
    return Name(text, key, given_of(given), left.suffix or right.suffix) if key else None


def _are_parted_particles(family: Sequence[Word], given: Sequence[Word]) -> bool:
    """'Di, Marco L' was "Di Marco, L"; "Le, Hoang V" is right as it stands."""
    return (
        len(given) == 2
        and bool(given[1].initials)
        and not given[0].initials
        and family[0].key not in EAST_ASIAN_FAMILIES
        and all(word.key in PARTICLES for word in family)
    )


def _is_family_behind(before: Sequence[Word], behind: Sequence[Word]) -> bool:
    """Whether the family name stands behind: "Lena, von Berg", "Jean, DUPONT", "Mei-ling, Wu"."""
    last = behind[-1]
    if len(behind) == 1 and last.key in EAST_ASIAN_FAMILIES:
        whole = " ".join(word.key for word in before)
        return len(whole) > 5 and whole not in EAST_ASIAN_FAMILIES and are_east_asian(before)
    if len(before) > 1:
        return False
    if len(behind) == 1:
        return last.is_capital and len(last.text) > 3 and not before[0].text.isupper()
    return behind[0].is_particle and not last.initials and not last.is_particle


def _without_nickname(text: str) -> tuple[str, str]:
    """The name without what stands in brackets, and that folded."""
    match = _NICKNAME.search(text)
    if not match:
        return text, ""
    rest = _NICKNAME.sub(" ", text).strip()
    if not any(c.isalpha() for c in rest):
        return match[1], ""
    return rest, fold(match[1]).partition(" ")[0]


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
