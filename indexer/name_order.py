"""
What stands first in a name, family or given: its words, initials, capitals, particles.

    "Slavin S. A."  ->  FAMILY_FIRST        "Geert Leroux"  ->  GIVEN_FIRST

Does not: cut a name into its parts (`personal.py` does) or weigh the names of a byline
against each other (`names.py` does).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum
from functools import lru_cache
from typing import Final

from indexer.name_words import EAST_ASIAN_FAMILIES, GIVEN_NAMES, PARTICLES, SUFFIXES, TITLES
from indexer.text import fold

MAX_NAME: Final = 500  # of a name's characters that are read; longer ones are no names


class Order(Enum):
    """What stands first in a name."""

    UNKNOWN = 0
    GIVEN_FIRST = 1
    FAMILY_FIRST = 2  # and what follows are initials: all words before them are the family name
    FAMILY_WORD_FIRST = 3  # and given names are written out: one word is the family name


@dataclass(frozen=True, slots=True)
class Words:
    """A name without titles and suffix: its words, and for each its initials or ""."""

    words: tuple[str, ...]
    initials: tuple[str, ...]
    suffix: str = ""


MEDLINE: Final = re.compile(
    r"([A-Za-z][A-Za-z'-]+(?: [A-Za-z][A-Za-z'-]+)*) ((?:[A-Z]\.[ -]?){1,5})"
)
_NOTE: Final = re.compile(
    r"[*†‡§¶#∗]|(?<=[^\W\d_])\d{1,2}(?:,\d{1,2})*\b|\b\d{4}\b|\S+@\S+|https?:\S+"
)
_DOT: Final = re.compile(r"\.(?=[^\s.,\-‐)])")
_SYLLABLES: Final = re.compile(
    r"(?:(?:[zcs]h|[bpmfdtnlgkhjqxrzcsyw])?(?:[iu]?ang|i?ong|[ei]ng|yu|ye?o|wo[ou]|eun"
    r"|eo[nk]?g?|oo[nk]?|[iu]?an|u?ai|i?ao|[aeiou]n|[ie]i|[ou]u|i[aeu]|u[aeio]|e[re]?|[aiou])[kl]?){1,3}"
)
_NO_VOWEL: Final = re.compile(r"[B-DF-HJ-NP-TV-XZ]{2,4}")


@lru_cache(maxsize=1 << 16)
def order_of(text: str) -> Order:
    """What stands first in a name, as far as the name itself tells it; UNKNOWN with a comma."""
    if "," in text:
        return Order.UNKNOWN
    if MEDLINE.fullmatch(text):
        return Order.FAMILY_FIRST
    return evidence(words_of(text[:MAX_NAME]))[0]


def has_initials(text: str) -> bool:
    """Whether any given name is cut to its initial."""
    return bool(MEDLINE.fullmatch(text)) or any(words_of(text[:MAX_NAME]).initials)


def evidence(name: Words) -> tuple[Order, bool]:
    """What stands first, and whether the name's shape (and not a table of names) says so."""
    words, initials = name.words, name.initials
    if len(words) < 2 or all(initials):
        return Order.UNKNOWN, False
    if bool(initials[0]) != bool(initials[-1]):
        return (Order.GIVEN_FIRST if initials[0] else Order.FAMILY_FIRST), True
    if is_particle(words[0]) or is_particle(words[-1]):
        return Order.FAMILY_WORD_FIRST, True
    capital = [word.isupper() and len(word) > 3 for word in words]
    if capital[0] != capital[-1] and not any(initials):
        return (Order.FAMILY_WORD_FIRST if capital[0] else Order.GIVEN_FIRST), True
    first, last = (fold(word).partition(" ")[0] for word in (words[0], words[-1]))
    if (first in GIVEN_NAMES) != (last in GIVEN_NAMES):
        return (Order.GIVEN_FIRST if first in GIVEN_NAMES else Order.FAMILY_WORD_FIRST), False
    if (first in EAST_ASIAN_FAMILIES) != (last in EAST_ASIAN_FAMILIES):
        others = words[1:] if first in EAST_ASIAN_FAMILIES else words[:-1]
        if all(_SYLLABLES.fullmatch(part) for word in others for part in fold(word).split()):
            is_first = first in EAST_ASIAN_FAMILIES
            return (Order.FAMILY_WORD_FIRST if is_first else Order.GIVEN_FIRST), False
    return Order.UNKNOWN, False


def is_particle(word: str) -> bool:
    """A particle in small letters; single letters may be initials of careless typing."""
    return len(word) > 1 and word.islower() and word in PARTICLES


def words_of(text: str, family: bool = True) -> Words:
    """The words of a name; titles, notes and the suffix taken out."""
    if not text.replace(" ", "").isalpha():
        text = _DOT.sub(". ", _NOTE.sub(" ", text)).replace("‐", "-")
    mixed = not text.isupper()
    words: list[str] = []
    suffix = ""
    raw = [word for word in text.split() if any(c.isalpha() or c == "\ufffd" for c in word)]
    for at, word in enumerate(raw):
        bare = word.strip(".").lower()
        if (
            bare in TITLES
            and not word.isupper()
            and (word.endswith(".") or at == 0)
            and len(raw) > 1
        ):
            continue
        if bare in SUFFIXES and (at or not family) and _is_suffix(word, at, len(raw)):
            suffix = SUFFIXES[bare]
            continue
        words.append(word)
    return Words(tuple(words), tuple(_initials(word, mixed) for word in words), suffix)


def _is_suffix(word: str, at: int, count: int) -> bool:
    """Whether a word that can be a suffix is one, and not initials ("Wolpaw JR", "Tetko IV")."""
    if word.endswith(".") or not word.isupper():
        return True
    return count > 2 or at != count - 1 or word in ("II", "III")


def _initials(word: str, mixed: bool) -> str:
    """The letters of a word that is made of initials, "" for any other word."""
    bare = word.strip(".'")
    if len(bare) == 1:
        return fold(bare)[:1]
    parts = re.split(r"[.-]+", bare)
    if all(len(part) == 1 for part in parts):
        return "".join(fold(part)[:1] for part in parts)
    if word.endswith(".") and len(bare) == 2 and bare[0].isupper() and bare not in ("St", "Md"):
        return fold(bare)[:1]  # "Yu." is one initial in Russian
    if not bare.isupper():
        return ""
    if _NO_VOWEL.fullmatch(bare) or (mixed and len(bare) < 4 and bare.isalpha()):
        return fold(bare)
    return ""


def with_family_in_capitals(name: Words) -> Words:
    """'Lei LI', 'WU Jianfeng': two capitals are a family name beside a Chinese given name."""
    initials = list(name.initials)
    for at in {0, len(name.words) - 1} if len(name.words) > 1 else ():
        word = name.words[at]
        others = [other for other in name.words if other is not word]
        if (
            len(initials[at]) > 1
            and word.lower() in EAST_ASIAN_FAMILIES
            and all(_SYLLABLES.fullmatch(part) for one in others for part in fold(one).split())
        ):
            initials[at] = ""
    return Words(name.words, tuple(initials), name.suffix)
