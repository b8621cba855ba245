"""
Usual names: bylines in the shapes that most have, read without a closer look.

    "Stone, Anna" | "Reed, C. D."     each author one name with a comma
    "Anna Stone" | "Carol D. Reed"    ... or in plain words, which wait for the byline's order
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
from indexer.fields.people.name_parts import Name, plain_name
from indexer.fields.people.name_words import PARTICLES, SUFFIXES
from indexer.fields.people.personal import Reading, letters_of, read
from indexer.fields.people.run_together import may_hold_particle
from indexer.fields.text.folding import repair

MAX_CHARACTERS: Final = 200  # of a usual name

# Of a family name's capitals inside only those that no border between names is seen at.
_FAMILY: Final = r"(?:Ma?c|D[ei]|L[ae]|[A-Z]')?[A-Z][a-z]{1,40}(?:-[A-Z][a-z]{1,40})?"
_RUN_TOGETHER: Final = re.compile(rf"({_FAMILY}) ((?:[A-Z]\.[ -]?){{0,4}}[A-Z]\.)")
_WORD: Final = r"(?:[A-Z][a-z]{1,40}(?:-[A-Z]?[a-z]{1,40})?)"
_IN_WORDS: Final = re.compile(rf"(?:{_WORD}|[A-Z]\.)(?: (?:{_WORD}|[A-Z]\.)){{0,2}} {_WORD}")
_LISTING: Final = re.compile(r"\b(?:and|und|et)\b", re.IGNORECASE)


def usual(text: str) -> Reading | None:
    """What the only name of an author field tells; None where it is not of a usual shape."""
    family, comma, given = text.partition(", ")
    if not comma:
        return _in_words(text)
    if len(text) > MAX_CHARACTERS or not (text.isascii() or repair(text) == text):
        return None
    name = plain_name(text, family, given)
    return Reading(name) if name else None


@lru_cache(maxsize=1 << 16)
def _in_words(text: str) -> Reading | None:
    if not _IN_WORDS.fullmatch(text) or may_hold_particle(text) or _LISTING.search(text):
        return None
    return None if goes_on(text) else read(text)


def run_together(text: str) -> list[Name]:
    """
    The names of a field like "Stone A. B.Reed C.", one or more; empty for any other.

    Of references exported so 6 in 10 are; 60 µs a record became 15.
    """
    names: list[Name] = []
    length = 0
    for family, initials in _RUN_TOGETHER.findall(text):
        key = _plain(family)
        if not key:
            return []
        name = f"{family} {initials}"
        length += len(name)
        names.append(Name(name, key, letters_of(initials)))
    # "U. A." at the end is read as "among others".
    return [] if length < len(text) or text.endswith(("U. A.", "U.A.")) else names


@lru_cache(maxsize=1 << 16)
def _plain(family: str) -> str:
    """A family name folded; "" for what may be a particle, a suffix or "and"."""
    key = family.lower().replace("'", "").replace("-", " ")
    if key in PARTICLES or key in SUFFIXES or _LISTING.search(family):
        return ""
    return key
