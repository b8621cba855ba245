"""
Usual names: bylines in the shapes that most have, read without a closer look.

    "Stone, Anna" | "Reed, C. D."     each author one name with a comma
    "Anna Stone" | "Stone"            ... or in plain words, which wait for the byline's order
    "Stone A. B.Reed C."              one author field of names run together after initials

Each shape is so narrow that `bylines.split` and `personal.read` can only give what is given
here; a test holds both together. What fits none of them is theirs. Does not: decide what
stands first in a byline (`names.py` does).
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

from indexer.fields.people.bylines import goes_on
from indexer.fields.people.name_order import Order
from indexer.fields.people.name_parts import Name, plain_name
from indexer.fields.people.name_words import PARTICLES, SUFFIXES
from indexer.fields.people.personal import Reading, letters_of, read
from indexer.fields.people.run_together import CAPITALS, SMALL, holds_particle
from indexer.fields.text.folding import repair

MAX_CHARACTERS: Final = 200  # of a usual name

# Where one name ends in an initial and the next begins with a word.
_BORDER: Final = re.compile(r"\.(?=[A-Za-z][a-z'])")
_INITIALS: Final = re.compile(r"(?:[A-Z]\.[ -]?){0,4}[A-Z]")
# Of a family name's capitals inside only those that no border between names is seen at.
_ONE_WORD: Final = r"(?:Ma?c|D[ei]|L[ae]|[A-Z]')?[A-Z][a-z]{1,40}(?:-[A-Z][a-z]{1,40})?"
_FAMILY: Final = re.compile(_ONE_WORD)
_SEVERAL_WORDS: Final = re.compile(
    rf"((?:(?:{_ONE_WORD}|[a-z]{{2,9}}) ){{1,3}}{_ONE_WORD}) {_INITIALS.pattern}"
)
_WORD: Final = (
    rf"(?:[{CAPITALS}][{SMALL}]{{1,40}}(?:-[{CAPITALS}]?[{SMALL}]{{1,40}})?|[А-ЯЁ][а-яё]{{1,40}})"
)
_IN_WORDS: Final = re.compile(
    rf"(?:{_WORD}|[A-ZА-Я]\.)(?: (?:{_WORD}|[A-ZА-Я]\.)){{0,2}} {_WORD}"
    rf"|{_WORD} [A-Z]{{1,3}}|[A-Za-z]{{2,40}}"
)
_TWO_WORDS: Final = re.compile(r"[A-Z][a-z]{1,40} [A-Z][a-z]{1,40}")
_LISTING: Final = re.compile(r"\b(?:and|und|et)\b", re.IGNORECASE)


def usual(text: str) -> Reading | None:
    """What the only name of an author field tells; None where it is not of a usual shape."""
    if len(text) > MAX_CHARACTERS:
        return None
    family, comma, given = text.partition(", ")
    if not comma:
        return _in_words(text)
    if not text.isascii() and repair(text) != text:
        return None
    name = plain_name(text, family, given)
    return Reading(name) if name else None


@lru_cache(maxsize=1 << 16)
def _in_words(text: str) -> Reading | None:
    if _TWO_WORDS.fullmatch(text):  # of these no more is asked
        return None if _LISTING.search(text) else read(text)
    if not _IN_WORDS.fullmatch(text):
        texts, names = run_together(text)  # "Stone A. B." alone
        return reading_of(text, names[0]) if len(texts) == 1 else None
    if holds_particle(text) or _LISTING.search(text):
        return None
    if not text.isascii() and repair(text) != text:
        return None
    return None if goes_on(text) else read(text)


def run_together(text: str) -> tuple[list[str], list[Name | None]]:
    """
    The names of a field like "Stone A. B.Reed C.", one or more; none of any other.

    Of references exported so 7 in 10 are; 44 µs a record became 9.

    Returns:
        the names as text, and as names where the family name is one word.
    """
    texts: list[str] = []
    names: list[Name | None] = []
    if text[-1:] != "." or text.endswith(("U. A.", "U.A.")):  # that is read as "among others"
        return texts, names
    for piece in _BORDER.split(text[:-1]):
        family, _, initials = piece.partition(" ")
        name = f"{piece}."
        if (letters := _letters(initials)) and (key := _family(family)):
            names.append(Name(name, key, letters))
        elif _has_several_words(piece):
            names.append(None)
        else:
            return [], []
        texts.append(name)
    return texts, names


def reading_of(text: str, name: Name | None) -> Reading:
    """What a name of `run_together` tells by itself."""
    return Reading(name, False, Order.FAMILY_FIRST, -1.0) if name else read(text)


@lru_cache(maxsize=1 << 12)
def _letters(initials: str) -> tuple[str, ...]:
    return letters_of(initials) if _INITIALS.fullmatch(initials) else ()


@lru_cache(maxsize=1 << 16)
def _family(word: str) -> str:
    """A family name folded; "" for what may be a particle, a suffix or "and"."""
    if not _FAMILY.fullmatch(word) or _LISTING.search(word):
        return ""
    key = word.lower().replace("'", "").replace("-", " ")
    return "" if key in PARTICLES or key in SUFFIXES else key


def _has_several_words(piece: str) -> bool:
    """Whether it is like "De La Cruz A. B", a name without its last full stop."""
    match = _SEVERAL_WORDS.fullmatch(piece)
    return bool(match and not _LISTING.search(match[1]) and not holds_particle(piece))
