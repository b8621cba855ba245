"""
Name parts: a personal name, and its family and given names folded.

    family "Mc Donald", given "Remco J.-P."  ->  "mcdonald", ("remco", "j", "p")

Most halves of "Family, Given" hold nothing that needs a closer look, and come again: each
is read once, and a name of two such halves is put together. Does not: say where a name
is cut into its halves (`personal.py` does).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import Final, NamedTuple

from indexer.fields.people.bylines import goes_on
from indexer.fields.people.name_order import Word, parts_of
from indexer.fields.people.name_words import (
    ANONYMOUS,
    EAST_ASIAN_FAMILIES,
    GROUP_WORDS,
    NO_AUTHOR,
    PARTICLES,
    SUFFIXES,
)
from indexer.fields.text.folding import fold, repair


class Name(NamedTuple):
    """One author; `given` is empty when only a family name or a group's name is known."""

    text: str  # repaired, for display
    family: str  # folded, words joined by a space: "van der waals"
    given: tuple[str, ...] = ()  # folded given names or single-letter initials, in order
    suffix: str = ""  # "jr", "sr", "2", "3", ...
    group: bool = False  # a consortium, collaboration or organisation: family is its whole name
    swappable: bool = False  # nothing but habit says which of family and given name is which


_PREFIX: Final = re.compile(r"^(o|mc|mac) (?=[a-z]{3})")
_LETTERS: Final = "A-Za-zÀ-ÖØ-öø-žЀ-џ"
_FAMILY: Final = re.compile(rf"[{_LETTERS}][{_LETTERS}'-]{{1,39}}")
_GIVEN: Final = re.compile(
    rf"[{_LETTERS}][{_LETTERS}.'-]{{0,39}}(?: [{_LETTERS}][{_LETTERS}.'-]{{0,39}}){{0,4}}"
)
_WORD: Final = re.compile(r"[a-z]+")
# Words that join names, stand for one, or make of one a group or nobody.
_JOINING: Final = {"and", "und", "et", "null", "none", "of", "for", "the"}
_TELLING: Final = GROUP_WORDS | SUFFIXES.keys() | _JOINING
_OF_NOBODY: Final = {text.partition(" ")[0] for text in (*ANONYMOUS, *NO_AUTHOR)}


def family_of(words: Sequence[Word]) -> str:
    """The folded family name of its words."""
    return joined(words[0].key if len(words) == 1 else " ".join([word.key for word in words]))


def joined(folded: str) -> str:
    """A folded family name with "o neill" and "mc donald" in one word."""
    return _PREFIX.sub(r"\1", folded) if folded.startswith(("o ", "mc ", "mac ")) else folded


def given_of(words: Sequence[Word]) -> tuple[str, ...]:
    """Given names folded, initials letter by letter."""
    names: list[str] = []
    for word in words:
        names += word.initials or word.key.split()
    return tuple(names)


def plain_name(text: str, family: str, given: str) -> Name | None:
    """
    The name of two halves in which nothing needs a closer look; else None.

    `personal.from_parts` and `personal.read` give the same for them, in 3 µs more a name that
    was taken apart and 14 µs more a name with a comma.
    """
    shouted = family.isupper() and given.isupper()
    key = _plain_family(family, shouted)
    names = _plain_given(given, shouted) if key else ()
    return Name(text, key, names) if names else None


@lru_cache(maxsize=1 << 16)
def _plain_family(text: str, shouted: bool) -> str:
    """One word folded, that is no particle, no word of a group and none for nobody; else ""."""
    if not _FAMILY.fullmatch(text) or _needs_a_look(text):
        return ""
    key = fold(text)
    if key.partition(" ")[0] in _OF_NOBODY or key.startswith("anonym"):
        return ""
    if text.isascii() and text.isalpha():  # one word, of which no more is asked
        return "" if key in PARTICLES else key
    words, _ = parts_of(text, False, shouted)
    return "" if all(word.key in PARTICLES for word in words) else family_of(words)


@lru_cache(maxsize=1 << 16)
def _plain_given(text: str, shouted: bool) -> tuple[str, ...]:
    """Given names and initials, with no particle, suffix or family name among them; else ()."""
    if not _GIVEN.fullmatch(text) or _needs_a_look(text):
        return ()
    words, suffix = parts_of(text, True, shouted)
    if not words or suffix or words[0].is_particle or words[-1].is_particle:
        return ()
    only = words[0] if len(words) == 1 else None
    if only and (only.key in EAST_ASIAN_FAMILIES or (only.is_capital and len(only.text) > 3)):
        return ()
    return () if goes_on(f", {text}") else given_of(words)


def _needs_a_look(half: str) -> bool:
    """Whether a half is damaged, or has a word that joins names or tells of a group."""
    return repair(half) != half or not _TELLING.isdisjoint(_WORD.findall(half.lower()))
