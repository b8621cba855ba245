"""
Text: repair a harvested string, and fold it to what can be compared.

    "DascÄƒlu &amp; <i>PÄƒiÅŸ</i>"  ->  "Dascălu & Paiș"  ->  "dascalu and pais"

Does not: know which field a text came from, or drop words. A new kind of damage
is one step of `repair` and one line in tests/cases/text.csv.
"""

from __future__ import annotations

import html
import re
import unicodedata
from typing import Final

import ftfy
from unidecode import unidecode

_TAG: Final = re.compile(r"</?[A-Za-z][\w:-]*(?:\s[^<>]*)?/?>")
_NOT_WORD: Final = re.compile(r"[^a-z0-9]+")


def repair(text: str) -> str:
    """The text as it was meant: mojibake, entities and markup undone, spaces single."""
    text = _TAG.sub("", html.unescape(text))
    return " ".join(unicodedata.normalize("NFC", ftfy.fix_encoding(text)).split())


def fold(text: str) -> str:
    """A repaired text as words of a-z and 0-9 joined by one space, other scripts transliterated."""
    return _NOT_WORD.sub(" ", unidecode(text, errors="ignore").lower()).strip()


def fold_original(text: str) -> str:
    """A repaired text as casefolded words in its own script."""
    return " ".join(re.findall(r"[^\W_]+", unicodedata.normalize("NFKC", text).casefold()))


def script_of(text: str) -> str:
    """The script most letters of a text are of; "" when it has none."""
    return "latin" if any(c.isalpha() for c in text) else ""
