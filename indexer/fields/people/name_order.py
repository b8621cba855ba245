"""
What stands first in a name, family or given: its words, initials, capitals, particles.

    "Stone A. B."  ->  FAMILY_FIRST        "Geert Leroux"  ->  GIVEN_FIRST

Does not: cut a name into its parts (`personal.py` does) or weigh the names of a byline
against each other (`names.py` does).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from enum import IntEnum
from functools import lru_cache
from typing import Final, NamedTuple

from indexer.fields.people.name_words import (
    EAST_ASIAN_FAMILIES,
    GIVEN_NAMES,
    GROUP_WORDS,
    JOINING,
    NO_AUTHOR,
    PARTICLES,
    SUFFIXES,
    TITLES,
)
from indexer.fields.text.folding import fold

MAX_NAME: Final = 500  # of a name's characters that are read; longer ones are no names


class Order(IntEnum):
    """What stands first in a name."""

    UNKNOWN = 0
    GIVEN_FIRST = 1
    FAMILY_FIRST = 2  # and what follows are initials: all words before them are the family name
    FAMILY_WORD_FIRST = 3  # and given names are written out: one word is the family name

    @property
    def is_family(self) -> bool:
        """Whether the family name stands first."""
        return self >= Order.FAMILY_FIRST


class Word(NamedTuple):
    """One word of a name."""

    text: str
    key: str  # folded; a hyphenated word gives two words
    initials: str  # its letters, when it is made of initials: "jp" of "J.-P."
    is_particle: bool  # in small letters, as nothing but a particle is written
    may_be_particle: bool  # perhaps with a capital as at the start of a name
    is_capital: bool  # in capitals that are no initials


def _word_of(text: str, key: str, initials: str = "") -> Word:
    may_be_particle = not initials and key in PARTICLES
    is_particle = may_be_particle and text.islower()
    return Word(text, key, initials, is_particle, may_be_particle, not initials and text.isupper())


class Words(NamedTuple):
    """A name without titles and notes."""

    words: tuple[Word, ...]
    suffix: str = ""
    order: Order = Order.UNKNOWN  # what stands first
    certain: bool = False  # the name's shape tells the order, and not a table of names


# "Stone A. B.": half of all names; nothing in it needs a closer look.
MEDLINE: Final = re.compile(r"([A-Z][A-Za-z'-]*[a-z]) ((?:[A-Z]\.[ -]?){1,5})")
_PLAIN_WORD: Final = r"[A-Z][a-z]+(?:-[A-Z]?[a-z]+)?"
_PLAIN_WORDS: Final = re.compile(rf"{_PLAIN_WORD}(?: {_PLAIN_WORD}){{1,2}}((?: [A-Z]\.){{1,3}})?")
_LETTERS: Final = re.compile("[a-z]+")
# What makes of words a group, nobody, or less of them.
_TELLING: Final = {"of", "for", "the", *GROUP_WORDS, *SUFFIXES, *TITLES}.union(
    text.partition(" ")[0] for text in NO_AUTHOR
)
_ODD: Final = re.compile(r"[^A-Za-z .'-]|\.[^\s.'-]")
_NO_NAMES: Final = TITLES | SUFFIXES.keys() | {""}
_NOTE: Final = re.compile(
    r"[*†‡§¶#∗]|(?<=[^\W\d_])\d{1,2}(?:,\d{1,2})*\b|\b\d{4}\b|\S{1,99}@\S{1,99}|https?:\S+"
)
_DOT: Final = re.compile(r"\.(?=[^\s.,\-‐)])")
_SYLLABLES: Final = re.compile(
    r"(?:(?:[zcs]h|[bpmfdtnlgkhjqxrzcsyw])?(?:[iu]?ang|i?ong|[ei]ng|y[aeou]{1,2}n?g?|wo[ou]|eun|ae"
    r"|eo[nk]?g?|oo[nk]?|[iu]?an|u?ai|i?ao|[aeiou]n|[ie]i|[ou]u|i[aeu]|u[aeio]|e[re]?|[aiou])"
    r"[kl]?){1,3}"
)
_PINYIN: Final = re.compile(
    r"(?:(?:[zcs]h?|r)(?:ai?|ao|an|ang|ei?|en|eng|i|ong|ou|u|ua|uai|uan|uang|ui|un|uo)"
    r"|[jqx](?:i|ia|ie|iao|iu|ian|in|iang|ing|iong|ue?|uan|un)"
    r"|[bpmf](?:ai?|ao|an|ang|ei?|en|eng|i|ie|iao|iu|ian|in|ing|ou?|u)"
    r"|[dtnl](?:ai?|ao|an|ang|ei?|en|eng|i|ia|ie|iao|iu|ian|in|iang|ing|ong|ou|u|ue|uan|ui|un|uo)"
    r"|[gkh](?:ai?|ao|an|ang|ei?|en|eng|ong|ou|u|ua|uai|uan|uang|ui|un|uo)"
    r"|y(?:a|ao|an|ang|e|i|in|ing|ong|ou?|ue?|uan|un)|w(?:ai?|an|ang|ei|en|eng|o|u)"
    r"|ai?|ao|an|ang|ei?|en|er|ou?){1,3}"
)
_NO_VOWEL: Final = re.compile(r"[B-DF-HJ-NP-TV-XZ]{2,4}")


@lru_cache(maxsize=1 << 12)
def words_of(text: str, is_given: bool = False, shouted: bool | None = None) -> Words:
    """
    The words of a name, titles, notes and the suffix taken out.

    Args:
        text: a name, or one half of it.
        is_given: the half behind the comma.
        shouted: all of the name is in capitals; None: look.
    """
    words, suffix = parts_of(text, is_given, shouted)
    order, certain = _evidence(words)
    return Words(tuple(words), suffix, order, certain)


def parts_of(text: str, is_given: bool, shouted: bool | None) -> tuple[list[Word], str]:
    """The words and the suffix alone, for who knows the order: half of the time."""
    if _ODD.search(text):
        text = _DOT.sub(". ", _NOTE.sub(" ", text)).replace("‐", "-")
    mixed = not (text.isupper() if shouted is None else shouted)
    words: list[Word] = []
    suffix = ""
    raw = text.split()
    for at, written in enumerate(raw):
        word = word_of(written, mixed)
        bare = word.key
        if bare in _NO_NAMES:
            if not bare or (bare in TITLES and len(raw) > 1 and _is_title(written, at)):
                continue
            if bare in SUFFIXES and (at or is_given) and _is_suffix(written, at, len(raw)):
                suffix = SUFFIXES[bare]
                continue
        words.append(word)
    if len(words) > 1 and mixed:
        _settle_initials(words, text.islower())
    return words, suffix


def plain_words(text: str) -> tuple[Order, float, Words] | None:
    """
    What stands first in two or three words that are no titles, suffixes or words of groups.

    They have no capitals or small particles, so where no initials stand behind them their
    shape says nothing and a table of names is asked: 4 µs where a closer look takes 9.

    Returns:
        the order, `spelling_of_given` and the words; None for any other name.
    """
    match = _PLAIN_WORDS.fullmatch(text)
    letters = _LETTERS.findall(text.lower()) if match else []
    if match is None or not _TELLING.isdisjoint(letters) or letters[0].startswith("anonym"):
        return None
    words = tuple([word_of(written, True) for written in text.split(" ")])
    if match[1]:
        order, spelling = Order.FAMILY_FIRST, spelling_of_given(words)
    else:
        order = order_by_tables(words[0], words[-1], words)
        spelling = 1.0 if sum([not word.may_be_particle for word in words]) > 1 else 0.0
    return order, spelling, Words(words, "", order, bool(match[1]))


@lru_cache(maxsize=1 << 16)
def word_of(text: str, mixed: bool) -> Word:
    """One word of a name; where not all of the name is in capitals, capitals are initials."""
    if text[1:].islower() and text.isascii() and text.isalpha():  # no initials, as most
        key = text.lower()
        may_be_particle = key in PARTICLES
        return Word(text, key, "", may_be_particle and text.islower(), may_be_particle, False)
    return _word_of(text, fold(text), _initials(text, mixed))


def _is_title(word: str, at: int) -> bool:
    return not word.isupper() and (word.endswith(".") or at == 0)


def _is_suffix(word: str, at: int, count: int) -> bool:
    """Whether a word that can be a suffix is one, and not initials ("Stone JR", "Stone IV")."""
    if word.endswith(".") or not word.isupper():
        return True
    return count > 2 or at != count - 1 or word in ("II", "III")


def _initials(word: str, mixed: bool) -> str:
    """The letters of a word that is made of initials, "" for any other word."""
    bare = word.strip(".'’-")
    if len(bare) < 2:
        return "" if word[0] in "'’" else fold(bare)[:1]  # "'t Hooft"
    parts = re.split(r"[.-]+", bare)
    if all(len(part) == 1 for part in parts):
        return "".join(fold(part)[:1] for part in parts)
    if len(bare) == 2 and word.endswith(".") and bare[0].isupper() and bare not in ("St", "Md"):
        return fold(bare)[:1]  # "Yu." is one initial in Russian
    if bare.isupper() and (
        _NO_VOWEL.fullmatch(bare) or (mixed and len(bare) < 4 and bare.isalpha())
    ):
        return fold(bare)
    return ""


def _settle_initials(words: list[Word], small: bool) -> None:
    """Takes back initials that are words: "Ortega y Gasset", "Lei LI" (in place)."""
    for at in range(1, len(words) - 1):
        if words[at].text in JOINING and not small:
            words[at] = _word_of(words[at].text, words[at].key)
    for at in (0, len(words) - 1):
        word = words[at]
        if len(word.initials) > 1 and word.key in EAST_ASIAN_FAMILIES:
            others = words[1:] if at == 0 else words[:-1]
            if _are_chinese(others) or ("-" in others[0].text and are_east_asian(others)):
                words[at] = _word_of(word.text, word.key)


def _evidence(words: Sequence[Word]) -> tuple[Order, bool]:
    """What stands first, and whether the name's shape (and not a table of names) says so."""
    if len(words) < 2 or are_initials(words):
        return Order.UNKNOWN, False
    first, last = words[0], words[-1]
    if bool(first.initials) != bool(last.initials):
        return (Order.GIVEN_FIRST if first.initials else Order.FAMILY_FIRST), True
    if first.is_particle or last.is_particle:
        return Order.FAMILY_WORD_FIRST, True
    if first.is_capital != last.is_capital and not first.initials:
        return (Order.FAMILY_WORD_FIRST if first.is_capital else Order.GIVEN_FIRST), True
    return order_by_tables(first, last, words), False


def are_initials(words: Sequence[Word]) -> bool:
    """Whether a name has no word written out: "W. C. B."."""
    return "" not in [word.initials for word in words]


def order_by_tables(first: Word, last: Word, words: Sequence[Word]) -> Order:
    """What tables of names say stands first."""
    given = first.key.partition(" ")[0] in GIVEN_NAMES
    if given != (last.key.partition(" ")[0] in GIVEN_NAMES):
        return Order.GIVEN_FIRST if given else Order.FAMILY_WORD_FIRST
    family = first.key in EAST_ASIAN_FAMILIES
    if family != (last.key in EAST_ASIAN_FAMILIES):
        others = words[1:] if family else words[:-1]
        if any("-" in word.text for word in others) or are_east_asian(others):
            return Order.FAMILY_WORD_FIRST if family else Order.GIVEN_FIRST
    return Order.UNKNOWN


def are_east_asian(words: Sequence[Word]) -> bool:
    """Whether words are made of the syllables of romanised Chinese or Korean."""
    return _are_made_of(_SYLLABLES, words)


def _are_chinese(words: Sequence[Word]) -> bool:
    """Whether words are made of the syllables of pinyin, and not "Olson", "Bender" or "Cohen"."""
    return _are_made_of(_PINYIN, words)


def _are_made_of(syllables: re.Pattern[str], words: Sequence[Word]) -> bool:
    return all(syllables.fullmatch(part) for word in words for part in word.key.split())


def spelling_of_given(words: Sequence[Word]) -> float:
    """
    How much "Family ..." speaks for given names written out (above 0) or cut to initials.

    "Stone Grant H." is a given name and a middle initial, "Vega Montes M. C." are two
    family names; which of them is told by the whole byline.
    """
    written = [w.key for w in words if not (w.initials or w.may_be_particle)]
    initials = sum([len(word.initials) for word in words])
    if len(written) < 2:
        return -1.0 if initials else 0.0
    if not initials or not GIVEN_NAMES.isdisjoint(written[1:]):
        return 1.0
    return 0.5 if initials == 1 else -0.5
