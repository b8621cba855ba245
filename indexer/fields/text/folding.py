"""
Text: repair a harvested string, and fold it to what can be compared.

    "DascÄƒlu &amp; <i>PÄƒiÅŸ</i>"  ->  "Dascălu & Păiş"  ->  "dascalu and pais"

`repair` is for display and comes first; `fold` takes what it gives, and so do
`fold_original` and `script_of`, which `scripts.py` keeps. None of them ever fails,
whatever string comes in.

Does not: know which field a text came from, or drop words. A new kind of damage is
one step of `repair` (`mojibake.py`, `markup.py`) and one line in tests/cases/text.csv.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from functools import lru_cache
from typing import Final

import numpy as np
from unidecode import unidecode

from indexer.fields.text.markup import plain
from indexer.fields.text.mojibake import unscramble
from indexer.fields.text.scripts import fold_original, in_one_script, script_of, without_points

__all__ = ["fold", "fold_each", "fold_original", "repair", "script_of"]

# --- repair --------------------------------------------------------------------------

PASSES: Final = 6  # what is written inside out more often is no accident and stays

# Of ASCII, what is left when these are deleted is suspect: so an abstract takes 1.5 µs, where
# a pattern of the others takes 5.
_ORDINARY: Final = bytes(set(range(0x20, 0x7F)) - set(b"&<\\${}^_"))
_INVISIBLE: Final = dict.fromkeys(
    [
        0x00AD, 0x034F, 0x061C, 0x115F, 0x1160, 0x17B4, 0x17B5, 0x3164, 0xFEFF, 0xFFA0,
        *range(0x180B, 0x180F), *range(0x200B, 0x2010), *range(0x202A, 0x202F),
        *range(0x2060, 0x2070), *range(0xFE00, 0xFE10), *range(0xFFF0, 0xFFFC),
        *range(0xE0000, 0xE0080), *range(0xE0100, 0xE01F0),
    ]
)  # fmt: skip
# Controls are borders between words, never letters.
_CONTROL: Final = dict.fromkeys([*range(0x20), *range(0x7F, 0xA0), 0x2028, 0x2029], " ")
# Compatibility forms that only differ in how they are drawn: ligatures, roman numerals
# as one character, full- and half-width forms.
_DRAWN: Final = {
    code: unicodedata.normalize("NFKC", chr(code))
    for code in (
        *range(0xFB00, 0xFB07), *range(0x2160, 0x2180), *range(0xFF01, 0xFF5F),
        *range(0xFFE0, 0xFFE7), 0x3000, 0x2002, 0x2003, 0x2009, 0x202F, 0x00A0,
    )
}  # fmt: skip
_CLEAN: Final = {**_CONTROL, **_DRAWN, **_INVISIBLE}
# Translating costs a look-up a character: only where there may be something to translate.
_UNCLEAN: Final = re.compile(
    "[\x00-\x1f\x7f-\xa0\xad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180e\u2000-\u200f"
    "\u2028-\u202f\u2060-\u206f\u2160-\u217f\u3000\u3164\ufb00-\ufb06\ufe00-\ufe0f\ufeff-\uffff]"
)
_TAG_CHARACTER: Final = re.compile("[\U000e0000-\U000e01ef]")
_SUPPLEMENTARY: Final = re.compile("[\ud800-\udbff][\udc00-\udfff]")
_SURROGATE: Final = re.compile("[\ud800-\udfff]")
_HALF_WIDTH: Final = re.compile("[\uff61-\uff9f]+")
_COMBINING: Final = "\u0300-\u036f\u0483-\u0489\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f"
_MANY_MARKS: Final = re.compile(f"([{_COMBINING}]{{3}})[{_COMBINING}]+")
_SPACING_ACCENT: Final = re.compile("[¨ˆ˜¸ˇ˘˙˚´]")
# An accent drawn before its letter, as PDF extraction leaves it: "L´ evy", "G¨odel".
# The acute accent doubles as an apostrophe ("Crohn´s", "d´un"): hence its letters, and
# no elided word before it unless a space follows.
_STRAY_ACCENT: Final = re.compile(
    r"(?:(?<=[A-Za-z])|(?<!\S))(?:([¨ˆ˜¸ˇ˘˙˚])\s?([A-Za-zı])|"
    r"(´)(?:\s|(?<!\b[dlnscjmtDLNSCJMT]´)(?<!\b[Qq]u´))([aeiouyncıAEIOUYNC]))"
)
_MARK_OF: Final = {
    "¨": "\u0308", "ˆ": "\u0302", "˜": "\u0303", "¸": "\u0327", "ˇ": "\u030c",
    "˘": "\u0306", "˙": "\u0307", "˚": "\u030a", "´": "\u0301",
}  # fmt: skip


def repair(text: str) -> str:
    """
    The text as it was meant, for display.

    Undone: mojibake (once or twice), entities (also escaped twice), HTML, JATS, MathML
    and TeX, stray accents, controls, invisible and bidirectional characters, more than
    three marks on a letter, ligatures and width forms, NFD, superfluous spaces.
    Repairing twice changes nothing.
    """
    if _needs_none(text):
        return text
    for _ in range(PASSES):
        before, text = text, _repaired_once(text)
        if text == before or _needs_none(text):
            break
    return text


def _needs_none(text: str) -> bool:
    return (
        text.isascii()
        and not text.encode().translate(None, _ORDINARY)
        and "  " not in text
        and not text.startswith(" ")
        and not text.endswith(" ")
    )


def _repaired_once(text: str) -> str:
    if not text.isascii():
        text = unscramble(_without_surrogates(text))
    text = plain(text)
    if text.isascii():
        return " ".join(text.translate(_CONTROL).split())
    if _is_western(text):
        return _repaired_western(text)
    if _UNCLEAN.search(text) or _TAG_CHARACTER.search(text):
        text = text.translate(_CLEAN)
    text = _MANY_MARKS.sub(r"\1", unicodedata.normalize("NFC", _HALF_WIDTH.sub(_full_width, text)))
    if _SPACING_ACCENT.search(text):
        text = _STRAY_ACCENT.sub(_accented, text)
    return unicodedata.normalize("NFC", " ".join(text.split()))


def _repaired_western(text: str) -> str:
    """The same for Latin-1, which has no marks, tags or width forms: a third of the time."""
    if _UNCLEAN.search(text):
        text = text.translate(_CLEAN)
    if _SPACING_ACCENT.search(text):
        text = unicodedata.normalize("NFC", _STRAY_ACCENT.sub(_accented, text))
    return " ".join(text.split())


def _without_surrogates(text: str) -> str:
    """Halves that belong together joined, lone ones replaced by U+FFFD."""
    if not _SURROGATE.search(text):
        return text
    text = _SUPPLEMENTARY.sub(
        lambda pair: pair[0].encode("utf-16", "surrogatepass").decode("utf-16"), text
    )
    return _SURROGATE.sub("\ufffd", text)


def _full_width(match: re.Match[str]) -> str:
    return unicodedata.normalize("NFKC", match[0])


def _accented(match: re.Match[str]) -> str:
    mark, letter = (match[1], match[2]) if match[1] else (match[3], match[4])
    composed = unicodedata.normalize("NFC", letter.replace("ı", "i") + _MARK_OF[mark])
    return composed if len(composed) == 1 else match[0]


# --- fold ----------------------------------------------------------------------------

_APOSTROPHES: Final = "'`´ʹʻʼʽ’‘‛′‵＇"
_JOINING: Final = b"'`"  # of ASCII; every other sign parts, and "&" is a word
_PLAIN: Final = bytes(
    code if code > 0x7F else ord(chr(code).lower()) if chr(code).isalnum() else ord(" ")
    for code in range(0x100)
)
_UNSPOKEN: Final = {
    **{ord(c): None for c in _APOSTROPHES + "®™©℠ªº"},
    **{ord(c): " " for c in "°•·⋅∙→←≤≥±∓†‡§¶¤"},
    **{ord(c): " and " for c in "&＆"},
    ord("№"): " no ",
    ord("µ"): "μ",
}
_NOT_ASCII: Final = re.compile(r"[^\x00-\x7f]+")
# A letter that a source lost: joined, since "Rh?ne" is nearer to "Rhône" than "Rh ne".
# The sign comes first in the pattern, what stands around it after: it is looked for at once.
_LOST_LETTER: Final = re.compile(r"\?(?<=[^\W\d_]\?)(?=[a-z])")
_LOST_LETTERS: Final = re.compile(r"(?<=[^\W\d_])(?:\ufffd+|\?(?=[a-z]))(?=[^\W\d_])")
_SHARP_BETA: Final = re.compile(r"(?<![a-zäöü])ß(?![^\W\d_])")  # "TGF-ß", "amyloid ß"
_C_PLUS_PLUS: Final = re.compile(r"\b[Cc]\+\+")
_SEMITIC: Final = re.compile("[\u0590-\u06ff]")
_GREEK: Final = re.compile("[\u0370-\u03ff\u1f00-\u1fff]+")
_LATIN: Final = re.compile("[A-Za-z\u00c0-\u024f\u1e00-\u1eff]")
_GREEK_LETTERS: Final = (
    "alpha beta gamma delta epsilon zeta eta theta iota kappa lambda mu nu xi omicron pi "
    "rho sigma sigma tau upsilon phi chi psi omega"
)
_GREEK_NAMES: Final = dict(zip("αβγδεζηθικλμνξοπρσςτυφχψω", _GREEK_LETTERS.split(), strict=True))


def fold(text: str) -> str:
    """
    A repaired text as words of a-z and 0-9 joined by one space.

    Accents go, other scripts are transliterated, apostrophes join ("Crohn's" is
    "crohns"), every other sign parts, Greek letters in Latin text get their names.
    """
    # Bytes are translated by a table at once, and few texts have two spaces to make one of:
    # a title takes 0.8 µs where translating text, splitting and joining it takes 2.
    folded = _transliterated(text).encode().translate(_PLAIN, _JOINING).decode()
    while "  " in folded:
        folded = folded.replace("  ", " ")
    return folded.strip()


def fold_each(texts: Sequence[str]) -> list[str]:
    """`fold` of each of many long texts, TOGETHER at once: 5 µs an abstract, 15 alone."""
    folded: list[str] = []
    for begin in range(0, len(texts), TOGETHER):
        some = map(_transliterated, texts[begin : begin + TOGETHER])
        joined = _BORDER.join(some).encode("latin-1").translate(_PLAIN, _JOINING)
        signs = np.frombuffer(joined, np.uint8)
        kept = np.ones(len(signs), bool)
        blank = signs == ord(" ")
        kept[1:] = ~(blank[1:] & blank[:-1])
        folded += map(str.strip, signs[kept].tobytes().decode("latin-1").split(_BORDER))
    return folded


TOGETHER: Final = 100  # of thousands, each array would be new memory: twice as slow
_BORDER: Final = "\xff"  # between texts of ASCII


def _transliterated(text: str) -> str:
    """A text in ASCII, with its signs and capitals."""
    if "+" in text and "++" in text:
        text = _C_PLUS_PLUS.sub("cpp", text)
    if "\ufffd" in text:
        text = _LOST_LETTERS.sub("", text)
    elif "?" in text:
        text = _LOST_LETTER.sub("", text)
    if not text.isascii():
        said = _spoken
        if not _is_western(text):
            text = in_one_script(text)
            if _GREEK.search(text) and _is_greek(text):
                said = _spoken_as_words
        if "ß" in text:
            text = _SHARP_BETA.sub(" beta ", text)
        text = _NOT_ASCII.sub(said, text)
    return text.replace("&", " and ") if "&" in text else text


def _spoken(match: re.Match[str]) -> str:
    return _in_ascii(match[0], True)


def _spoken_as_words(match: re.Match[str]) -> str:
    return _in_ascii(match[0], False)


@lru_cache(maxsize=65536)
def _in_ascii(run: str, name_greek: bool) -> str:
    """A run of characters that are not ASCII, transliterated."""
    run = unicodedata.normalize("NFKC", run.translate(_UNSPOKEN))
    if name_greek and _GREEK.search(run):
        run = _GREEK.sub(_named, unicodedata.normalize("NFC", run.casefold()))
    if _SEMITIC.search(run):
        run = without_points(run)
    spoken: str = unidecode(_SURROGATE.sub(" ", run))
    return spoken.encode("ascii", "ignore").decode()


def _is_western(text: str) -> bool:
    """No character beyond Latin-1: 20 times faster than looking for Greek and Cyrillic."""
    try:
        text.encode("latin-1")
    except UnicodeEncodeError:
        return False
    return True


def _is_greek(text: str) -> bool:
    return sum(map(len, _GREEK.findall(text))) > len(_LATIN.findall(text))


def _named(match: re.Match[str]) -> str:
    """One or two Greek letters by name ("αβ" is "alpha beta"); a longer run is a word."""
    letters = [_GREEK_NAMES.get(c) for c in match[0]]
    if len(letters) > 2 or None in letters:
        return match[0]
    return " " + " ".join(filter(None, letters)) + " "
