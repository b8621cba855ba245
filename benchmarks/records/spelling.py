"""
Spelling: words that no language has, one for each rank.

    rank  ->  "of" for few, "trelonic" for many, in one of three scripts

Frequent words are short and rare ones long, as measured; endings repeat as those of real
words do, for what is compared are often three letters at a time. Text in Cyrillic and in
Chinese characters is made of the same ranks.
"""

from __future__ import annotations

from functools import cache
from typing import Any, Final
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from benchmarks.records.ranks import Ranks

ONSETS: Final = ("", *"bcdfghlmnprstv", "st", "tr", "pr", "ph", "cl")
VOWELS: Final = "aeiou"
CODAS: Final = ("", "n", "r", "l", "s")
SYLLABLES: Final[tuple[str, ...]] = tuple(o + v + c for c in CODAS for o in ONSETS for v in VOWELS)
ENDINGS: Final = ("tion", "ing", "al", "ic", "ed", "ity", "ment", "s", "ion", "ive", "ous",
                  "er", "osis", "ate", "ance", "ia")  # fmt: skip
FAMILY_ENDINGS: Final = ("son", "er", "ski", "ez", "i", "ov", "mann", "", "", "ini", "ard", "u")
FUNCTION_WORDS: Final = ("of", "the", "and", "in", "a", "for", "with", "to", "on", "by", "from",
                         "an")  # fmt: skip
SHORT: Final = 4.5  # letters; a shorter word is a syllable, one of fewer than LONG has two
LONG: Final = 6.5
SPELT_BY_TWO: Final = 100_000  # ranks; words of farther ones have a syllable more
SCATTER: Final = 2_654_435_761  # odd: neighbours in rank share no syllable
CYRILLIC: Final = str.maketrans("abcdefghijklmnopqrstuvwxyz", "абцдефгхийклмнопярстувюхыз")
ACCENTED: Final = (
    str.maketrans("ae", "áé"),
    str.maketrans("ou", "öü"),
    str.maketrans("ais", "ãîș"),
)
HAN_FIRST, HAN_COUNT = 0x4E00, 6_000


def word(rank: int, letters: float = 9.0) -> str:
    """The word of a rank, of about so many letters."""
    scattered = (rank + 1) * SCATTER % (1 << 40)
    most = len(SYLLABLES)
    if letters < SHORT:
        return SYLLABLES[scattered % most]
    first, second = scattered % most, scattered // most % most
    # Squares: as in languages a few syllables and endings stand in most words.
    spelt: str = SYLLABLES[first * first // most] + SYLLABLES[second * second // most]
    rest = rank // SPELT_BY_TWO
    while rest:
        rest, at = divmod(rest, most)
        spelt += SYLLABLES[at]
    ending = scattered >> 20 & 255
    if letters > LONG:
        spelt += ENDINGS[ending * ending >> 12]
    return spelt


class Spelling:
    """The words of one kind, those of known ranks made once."""

    def __init__(self, name: str) -> None:
        self.ranks = Ranks.of(name)
        self.write = surname if name == "surnames" else word
        sizes = enumerate(self.ranks.letters.tolist())
        spelt = [self.write(rank, letters) for rank, letters in sizes]
        if name.endswith("words"):
            spelt[: len(FUNCTION_WORDS)] = FUNCTION_WORDS
        self.words: NDArray[Any] = np.array(spelt, object)
        self.with_stops: NDArray[Any] = np.array([*spelt, *(f"{w}." for w in spelt)], object)

    @classmethod
    @cache
    def of(cls, name: str) -> Spelling:
        """The words of a name in ranks.json."""
        return cls(name)

    def spell(self, ranks: NDArray[np.int64]) -> list[str]:
        """The word of each rank."""
        spelt: list[str] = self.words[np.minimum(ranks, self.ranks.known - 1)].tolist()
        for at in np.flatnonzero(ranks >= self.ranks.known).tolist():
            spelt[at] = self.write(int(ranks[at]))
        return spelt

    def sentences(self, ranks: NDArray[np.int64], ends: NDArray[np.bool_]) -> list[str]:
        """The word of each rank, with a full stop where a sentence ends."""
        known = self.ranks.known
        at = np.minimum(ranks, known - 1)
        spelt: list[str] = self.with_stops[np.where(ends, at + known, at)].tolist()
        for far in np.flatnonzero(ranks >= known).tolist():
            spelt[far] = self.write(int(ranks[far])) + "." * bool(ends[far])
        return spelt


def surname(rank: int, letters: float = 7.0) -> str:
    """The family name of a rank."""
    if letters > SHORT:
        return word(rank * 3 + 1, 6.0).capitalize()
    return (word(rank * 3 + 1, 4.0) + FAMILY_ENDINGS[rank % len(FAMILY_ENDINGS)]).capitalize()


def given(rank: int) -> str:
    """A given name."""
    return word(rank * 7 + 5, 6.0 if rank % 3 else 4.0).capitalize()


def cyrillic(text: str) -> str:
    """The text in Cyrillic letters."""
    return text.lower().translate(CYRILLIC)


def accented(text: str, language: int) -> str:
    """The text with some of its letters accented, as a language does."""
    return text.translate(ACCENTED[language % len(ACCENTED)])


def han(words: str) -> str:
    """A run of Chinese characters, two for each word of more than four letters, else one."""
    spelt = []
    for made in words.split():
        number = crc32(made.encode())
        spelt.append(chr(HAN_FIRST + number % HAN_COUNT))
        if len(made) > SHORT:
            spelt.append(chr(HAN_FIRST + (number >> 16) % HAN_COUNT))
    return "".join(spelt)
