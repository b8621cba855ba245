"""
Text: repair a harvested string, and fold it to what can be compared.

    "DascÄƒlu &amp; <i>PÄƒiÅŸ</i>"  ->  "Dascălu & Păiş"  ->  "dascalu and pais"

`repair` is for display and comes first; `fold` and `fold_original` take what it gives.
None of them ever fails, whatever string comes in.

Does not: know which field a text came from, or drop words. A new kind of damage is
one step of `repair` (`mojibake.py`, `markup.py`) and one line in tests/cases/text.csv.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import Final

from unidecode import unidecode

from indexer.markup import plain
from indexer.mojibake import unscramble

# --- repair --------------------------------------------------------------------------

PASSES: Final = 6  # what is written inside out more often is no accident and stays

_ASCII_SUSPECT: Final = re.compile(r"[&<\\${}^_\x00-\x1f\x7f]|  |\A | \Z")
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
    if text.isascii() and not _ASCII_SUSPECT.search(text):
        return text
    for _ in range(PASSES):
        before, text = text, _repaired_once(text)
        if text == before or (text.isascii() and not _ASCII_SUSPECT.search(text)):
            break
    return text


def _repaired_once(text: str) -> str:
    if not text.isascii():
        text = unscramble(_without_surrogates(text))
    text = plain(text)
    if text.isascii():
        return " ".join(text.translate(_CONTROL).split())
    if _UNCLEAN.search(text) or _TAG_CHARACTER.search(text):
        text = text.translate(_CLEAN)
    text = _MANY_MARKS.sub(r"\1", unicodedata.normalize("NFC", _HALF_WIDTH.sub(_full_width, text)))
    if _SPACING_ACCENT.search(text):
        text = _STRAY_ACCENT.sub(_accented, text)
    return unicodedata.normalize("NFC", " ".join(text.split()))


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
_ASCII_FOLD: Final = {
    **{code: " " for code in range(0x80) if not chr(code).isalnum()},
    **{code: chr(code).lower() for code in range(0x41, 0x5B)},
    **{ord(c): None for c in "'`"},
    ord("&"): " and ",
}
_UNSPOKEN: Final = {
    **{ord(c): None for c in _APOSTROPHES + "®™©℠ªº"},
    **{ord(c): " " for c in "°•·⋅∙→←≤≥±∓†‡§¶¤"},
    **{ord(c): " and " for c in "&＆"},
    ord("№"): " no ",
    ord("µ"): "μ",
}
_NOT_ASCII: Final = re.compile(r"[^\x00-\x7f]+")
# A letter that a source lost: joined, since "Rh?ne" is nearer to "Rhône" than "Rh ne".
_LOST_LETTER: Final = re.compile(r"(?<=[^\W\d_])(?:\ufffd+|\?(?=[a-z]))(?=[^\W\d_])")
_SHARP_BETA: Final = re.compile(r"(?<![a-zäöü])ß(?![^\W\d_])")  # "TGF-ß", "amyloid ß"
_C_PLUS_PLUS: Final = re.compile(r"\b[Cc]\+\+")
_SEMITIC: Final = re.compile("[\u0590-\u06ff]")
_GREEK: Final = re.compile("[\u0370-\u03ff\u1f00-\u1fff]+")
_LATIN: Final = re.compile("[A-Za-z\u00c0-\u024f\u1e00-\u1eff]")
_GREEK_NAMES: Final = dict(
    zip(
        "αβγδεζηθικλμνξοπρσςτυφχψω",
        "alpha beta gamma delta epsilon zeta eta theta iota kappa lambda mu nu xi omicron pi "
        "rho sigma sigma tau upsilon phi chi psi omega".split(),
        strict=True,
    )
)
_TWO_ALPHABETS: Final = re.compile("[A-Za-z][\u0370-\u052f]|[\u0370-\u052f][A-Za-z]")
_MIXED: Final = re.compile(r"\b(?=\w*[A-Za-z])(?=\w*[\u0370-\u052f])[A-Za-z\u0370-\u052f]+\b")
_LOOKALIKES: Final = (
    "АВЕЅІЈКМНОРСТУХаеѕіјорсухԁԛԝѵΑΒΕΖΗΙΚΜΝΟΡΤΥΧο",
    "ABESIJKMHOPCTYXaesijopcyxdqwvABEZHIKMNOPTYXo",
)
_TO_LATIN: Final = str.maketrans(*_LOOKALIKES)
_TO_CYRILLIC: Final = str.maketrans("ABECHKMOPTXaceopxy", "АВЕСНКМОРТХасеорху")


def fold(text: str) -> str:
    """
    A repaired text as words of a-z and 0-9 joined by one space.

    Accents go, other scripts are transliterated, apostrophes join ("Crohn's" is
    "crohns"), every other sign parts, Greek letters in Latin text get their names.
    """
    if "++" in text:
        text = _C_PLUS_PLUS.sub("cpp", text)
    if text.isascii():
        return " ".join(text.translate(_ASCII_FOLD).split())
    if "\ufffd" in text or "?" in text:
        text = _LOST_LETTER.sub("", text)
    said = _spoken
    if not _is_western(text):
        if _TWO_ALPHABETS.search(text):
            text = _MIXED.sub(_in_one_script, text)
        if _GREEK.search(text) and _is_greek(text):
            said = _spoken_as_words
    if "ß" in text:
        text = _SHARP_BETA.sub(" beta ", text)
    text = _NOT_ASCII.sub(said, text)
    return " ".join(text.translate(_ASCII_FOLD).split())


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
        run = _POINTS.sub("", run.translate(_ARABIC_LETTERS))
    spoken: str = unidecode(_SURROGATE.sub(" ", run))
    return spoken.encode("ascii", "ignore").decode()


def _is_western(text: str) -> bool:
    """No character beyond Latin-1: 20 times faster than looking for Greek and Cyrillic."""
    try:
        text.encode("latin-1")
    except UnicodeEncodeError:
        return False
    return True


def _in_one_script(match: re.Match[str]) -> str:
    """A word of two alphabets, with the look-alikes of the smaller part exchanged."""
    word = match[0]
    latin = sum(c.isascii() for c in word)
    if latin * 2 >= len(word):
        exchanged = word.translate(_TO_LATIN)
        return exchanged if exchanged.isascii() else word
    exchanged = word.translate(_TO_CYRILLIC)
    return word if any(c.isascii() for c in exchanged) else exchanged


def _is_greek(text: str) -> bool:
    return sum(map(len, _GREEK.findall(text))) > len(_LATIN.findall(text))


def _named(match: re.Match[str]) -> str:
    """One or two Greek letters by name ("αβ" is "alpha beta"); a longer run is a word."""
    letters = [_GREEK_NAMES.get(c) for c in match[0]]
    if len(letters) > 2 or None in letters:
        return match[0]
    return " " + " ".join(filter(None, letters)) + " "


# --- the original script -------------------------------------------------------------

# Vowel signs and viramas are part of an Indic or South-East Asian word, not marks on it.
_WORD: Final = re.compile(r"(?:[^\W_]|[\u0900-\u0dff\u0e00-\u109f\u1780-\u17ff\u3099\u309a])+")
_POINTS: Final = re.compile(
    "[\u0300-\u036f\u0591-\u05bd\u05bf-\u05c7\u0610-\u061a\u0640\u064b-\u065f\u0670\u06d6-\u06ed]"
)
_ARABIC_LETTERS: Final = str.maketrans("أإآٱىیکة", "ااااييكه")
_IDEOGRAPH: Final = "\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0002ffff"
_BETWEEN_IDEOGRAPHS: Final = re.compile(f"(?<=[{_IDEOGRAPH}]) (?=[{_IDEOGRAPH}])")


def fold_original(text: str) -> str:
    """
    A repaired text as words in its own script, casefolded.

    Points and accents of Greek, Cyrillic, Hebrew and Arabic go, Arabic letters that
    are written for one another become one, and Chinese and Japanese have no spaces.
    """
    text = unicodedata.normalize("NFKC", _MIXED.sub(_in_one_script, text))
    text = text.casefold().translate(_ARABIC_LETTERS)
    text = _POINTS.sub("", unicodedata.normalize("NFD", text)).replace("ς", "σ")
    words = _WORD.findall(unicodedata.normalize("NFC", text))
    return _BETWEEN_IDEOGRAPHS.sub("", " ".join(words))


_SCRIPTS: Final = {
    "latin": "A-Za-zª-ºÀ-ÖØ-öø-ɏ\u1e00-\u1eff\ufb00-\ufb06Ａ-Ｚａ-ｚ",
    "cyrillic": "\u0400-\u052f\u2de0-\u2dff\ua640-\ua69f",
    "greek": "\u0370-\u03ff\u1f00-\u1fff",
    "arabic": "\u0620-\u064a\u066e-\u06d3\u06fa-\u06ff\u0750-\u077f\u08a0-\u08ff\ufb50-\ufdff\ufe70-\ufefc",
    "hebrew": "\u05d0-\u05f2\ufb1d-\ufb4f",
    "han": "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0002ffff々",
    "kana": "\u3041-\u3096\u30a1-\u30fa\u31f0-\u31ff\uff66-\uff9d",
    "hangul": "\u1100-\u11ff\u3131-\u318e\uac00-\ud7a3",
    "devanagari": "\u0904-\u0939\u0958-\u0961",
    "bengali": "\u0985-\u09b9",
    "tamil": "\u0b85-\u0bb9",
    "thai": "\u0e01-\u0e2e\u0e40-\u0e46",
    "georgian": "\u10a0-\u10ff\u1c90-\u1cbf",
    "armenian": "\u0531-\u0556\u0561-\u0587",
    "ethiopic": "\u1200-\u135a",
}
_SCRIPT: Final = re.compile("|".join(f"(?P<{name}>[{c}]+)" for name, c in _SCRIPTS.items()))


def script_of(text: str) -> str:
    """The script most letters of a text are of, "" when it has none; Japanese is "kana"."""
    if text.isascii():
        return "latin" if _LATIN.search(text) else ""
    counts: dict[str, int] = {}
    for run in _SCRIPT.finditer(text):
        script = str(run.lastgroup)
        counts[script] = counts.get(script, 0) + len(run[0])
    if counts.get("kana"):
        counts["kana"] += counts.pop("han", 0)
    return max(counts, key=counts.__getitem__, default="")
