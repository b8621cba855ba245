"""
Scripts: which script a text is in, and its words in that script.

    "Ζωή και θάνατος"  ->  "greek", "ζωη και θανατοσ"

Does not: transliterate (`folding.fold` does). A new script is a row of `_SCRIPTS`, with
its vowel signs in `_WORD` where they are no letters, and a line in tests/cases/text.csv.
"""

from __future__ import annotations

import re
import unicodedata
from typing import Final

_TWO_ALPHABETS: Final = re.compile("[A-Za-z][\u0370-\u052f]|[\u0370-\u052f][A-Za-z]")
_MIXED: Final = re.compile(r"\b(?=\w*[A-Za-z])(?=\w*[\u0370-\u052f])[A-Za-z\u0370-\u052f]+\b")
_LOOKALIKES: Final = (
    "АВЕЅІЈКМНОРСТУХаеѕіјорсухԁԛԝѵΑΒΕΖΗΙΚΜΝΟΡΤΥΧο",
    "ABESIJKMHOPCTYXaesijopcyxdqwvABEZHIKMNOPTYXo",
)
_TO_LATIN: Final = str.maketrans(*_LOOKALIKES)
_TO_CYRILLIC: Final = str.maketrans("ABECHKMOPTXaceopxy", "АВЕСНКМОРТХасеорху")


def in_one_script(text: str) -> str:
    """A text whose words of two alphabets ("Cаncer" with a Cyrillic a) are of one."""
    return _MIXED.sub(_of_one_alphabet, text) if _TWO_ALPHABETS.search(text) else text


def _of_one_alphabet(match: re.Match[str]) -> str:
    """A word of two alphabets, with the look-alikes of the smaller part exchanged."""
    word = match[0]
    latin = sum(c.isascii() for c in word)
    if latin * 2 >= len(word):
        exchanged = word.translate(_TO_LATIN)
        return exchanged if exchanged.isascii() else word
    exchanged = word.translate(_TO_CYRILLIC)
    return word if any(c.isascii() for c in exchanged) else exchanged


# Vowel signs and viramas are part of an Indic or South-East Asian word, not marks on it.
_WORD: Final = re.compile(r"(?:[^\W_]|[\u0900-\u0dff\u0e00-\u109f\u1780-\u17ff\u3099\u309a])+")
# Of decomposed text; but й and ї are letters of their own.
_POINTS: Final = re.compile(
    "(?<!и)\u0306|(?<!і)\u0308|[\u0300-\u0305\u0307\u0309-\u036f\u0591-\u05bd\u05bf-\u05c7"
    "\u0610-\u061a\u0640\u064b-\u065f\u0670\u06d6-\u06ed]"
)
_ARABIC_LETTERS: Final = str.maketrans("أإآٱىیکة", "ااااييكه")
_IDEOGRAPH: Final = "\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0002ffff"
_BETWEEN_IDEOGRAPHS: Final = re.compile(f"(?<=[{_IDEOGRAPH}]) (?=[{_IDEOGRAPH}])")


def without_points(text: str) -> str:
    """Hebrew and Arabic without vowel points, letters written for one another made one."""
    return _POINTS.sub("", text.translate(_ARABIC_LETTERS))


def fold_original(text: str) -> str:
    """
    A repaired text as words in its own script, casefolded.

    Points and accents of Greek, Cyrillic, Hebrew and Arabic go, Arabic letters that
    are written for one another become one, and Chinese and Japanese have no spaces.
    """
    text = unicodedata.normalize("NFKC", in_one_script(text))
    text = text.casefold().translate(_ARABIC_LETTERS)
    text = _POINTS.sub("", unicodedata.normalize("NFD", text)).replace("ς", "σ")
    words = _WORD.findall(unicodedata.normalize("NFC", text))
    return _BETWEEN_IDEOGRAPHS.sub("", " ".join(words))


_LATIN: Final = re.compile("[A-Za-z\u00c0-\u024f\u1e00-\u1eff]")
_SCRIPTS: Final = {
    "latin": "A-Za-zª-ºÀ-ÖØ-öø-ɏ\u1e00-\u1eff\ufb00-\ufb06Ａ-Ｚａ-ｚ",
    "cyrillic": "\u0400-\u052f\u2de0-\u2dff\ua640-\ua69f",
    "greek": "\u0370-\u03ff\u1f00-\u1fff",
    "arabic": "\u0620-\u064a\u066e-\u06d3\u06fa-\u06ff\u0750-\u077f\u08a0-\u08ff"
    "\ufb50-\ufdff\ufe70-\ufefc",
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
