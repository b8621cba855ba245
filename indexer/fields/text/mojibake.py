"""
Mojibake: text whose bytes were read in the wrong encoding, once or twice.

    "Vasile PÄƒiÅŸ"  ->  "Vasile Păiş"

ftfy does the work where a whole string gives it enough evidence. Short strings
(a name, a title with one foreign word) do not, and a page that showed the text may
have lost bytes that no font draws: those two cases are handled here.

Does not: touch entities or markup (`markup.py` does), or guess at "?" and U+FFFD.
A new lost byte is one row of `_LOST_BYTE` and one line in tests/cases/text.csv.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from itertools import chain, zip_longest
from typing import Final

import ftfy

# What Windows-1252 makes of the bytes 0x80 to 0xBF, the second byte of a pair.
_SECOND: Final = bytes(range(0x80, 0xC0)).decode("sloppy-windows-1252")
_QUOTES_AND_DASHES: Final = frozenset("‘’“”–—…•«»‹›")

_LEADS: Final = "ÂÃÄÅÎÏÐÑ"
# One pair: a lead byte seen as a letter, then a character that seldom follows it.
_PAIR: Final = re.compile(f"[{_LEADS}][{re.escape(_SECOND)}]")

# What mojibake of any encoding begins with, followed by another sign that is not ASCII; or
# a control; or a lead byte and a space. Nothing of the kind, and ftfy need not look: it takes
# a millisecond an abstract. One set of first characters, the rest behind it: so an abstract
# takes 4 µs, where alternatives that each begin with a set of their own took 24.
_SUSPECT: Final = re.compile(
    "[\x80-\u024f\u02c6\u02dc\u2010-\u2044\u20ac\u2122\u221a\u251c\u252cΓРСВГ]"
    "(?:[^\x00-\x7f]|(?<=[\x80-\x9f])|(?<=[ÃÅ])[ \xa0])"
)

# A byte that Windows-1252 leaves undefined, or a soft hyphen, shown as a zero-width
# space by pages and databases. One lead byte has up to five such partners: the
# likeliest letter by its neighbours (before, after) is taken.
_LOST: Final = re.compile("(?P<before>.?)(?P<lead>[ÃÄÅÐÑÂ]|â€|ï¬)\u200b(?P<after>.?)", re.DOTALL)
# The same in Chinese and Japanese, where three bytes make a character: the soft hyphen
# is the likeliest of the five, and after "ã" the one that begins every hiragana.
_LOST_IDEOGRAPH: Final = re.compile(
    f"(?P<first>[ã-é])\u200b(?=[{re.escape(_SECOND)}])|(?P<both>[ã-é][{re.escape(_SECOND)}])\u200b"
)
_LOST_I: Final = re.compile("(?<=[a-z])Ã(?=[b-df-hj-np-tv-z]|$|[ ,;])")  # the i acute of "MartÃn"
_LOST_QUOTE: Final = re.compile(r"â€(?=[\s.,;:!?)]|$)")  # its third byte is undefined
_HALF_MARK: Final = re.compile("ï¸[ \xa0-\xaf\u200b]?")  # variation selectors, "I︠A︡"
# A no-break space turned into a space: "Andrej Å vec", "Marc PÃ mies".
_LOST_S: Final = re.compile(r"(?:^|(?<=[a-z] )|(?<=, ))Å (?=[a-z])")
_LOST_A: Final = re.compile(r"(?<=\b[A-Z])Ã (?=[a-z])")
# UTF-8 Cyrillic read as Windows-1251: every letter becomes one of two capitals and a sign.
_CYRILLIC: Final = re.compile(
    f"(?:[РС][{re.escape(bytes(range(0x80, 0xC0)).decode('sloppy-windows-1251'))}]){{3,}}"
)
# MARC marks the words that a catalogue does not sort by, "\x98The \x9cJournal".
_NOT_SORTED: Final = re.compile("\x98([^\x98\x9c]{1,12})\x9c")
_C1_MEANT: Final = {
    byte: meant
    for byte in range(0x80, 0xA0)
    if (meant := bytes([byte]).decode("cp1252", errors="ignore"))
}


_C1: Final = re.compile("[\x80-\x9f]")
# U+001A is a lost byte to ftfy, and U+0000 is ours.
_ASCII: Final = "[\x01-\x19\x1b-\x7f]"
_LEFT_OUT: Final = "\0"
_FAR_FROM_SIGNS: Final = re.compile(f"(?<={_ASCII * 16}){_ASCII}{{16,}}(?={_ASCII}{{16}})")


def unscramble(text: str) -> str:
    """The text with mojibake undone; text without it comes back as it is."""
    if "\u200b" in text:
        text = _LOST_IDEOGRAPH.sub(_ideograph_restored, _LOST.sub(_restored, text))
    if "â€" in text:
        text = _LOST_QUOTE.sub("”", text)
    for lead in _LEADS:  # 0.3 µs an abstract, where looking for pairs takes 9
        if lead in text:
            text = _PAIR.sub(_pair_read_right, text)
            break
    if _SUSPECT.search(text):
        text = _PAIR.sub(_pair_read_right, reencoded(_NOT_SORTED.sub(r"\1", text)))
        if "Р" in text or "С" in text:
            text = _CYRILLIC.sub(_cyrillic_read_right, text)
        if _C1.search(text):
            text = text.translate(_C1_MEANT)
    if "ï¸" in text:
        text = _HALF_MARK.sub("", text)
    if "Ã" in text or "Å " in text:
        text = _LOST_A.sub("à", _LOST_S.sub("Š", _LOST_I.sub("í", text)))
    return text


def reencoded(text: str) -> str:
    """
    The text as `ftfy.fix_encoding` fixes it.

    ftfy looks at signs that are not ASCII and at the few beside them, so what stands far from
    them is left out meanwhile: 0.1 ms an abstract where the whole takes 0.5.
    """
    if _LEFT_OUT in text:
        return ftfy.fix_encoding(text)
    far = _FAR_FROM_SIGNS.findall(text)
    pieces = ftfy.fix_encoding(_FAR_FROM_SIGNS.sub(_LEFT_OUT, text)).split(_LEFT_OUT)
    if len(pieces) != len(far) + 1:  # bytes that are no character became one more such sign
        return ftfy.fix_encoding(text)
    return "".join(chain.from_iterable(zip_longest(pieces, far, fillvalue="")))


def _restored(match: re.Match[str]) -> str:
    before, lead, after = match["before"], match["lead"], match["after"]
    return before + _LOST_BYTE[lead](before, after) + after


def _ideograph_restored(match: re.Match[str]) -> str:
    if match["first"]:
        return match["first"] + ("\x81" if match["first"] == "ã" else "\xad")
    return match["both"] + "\xad"


def _after_a_tilde(before: str, after: str) -> str:
    if before.isalpha():
        return "Í" if before.isupper() and after.isupper() else "í"
    return "Á"


_LOST_BYTE: Final[dict[str, Callable[[str, str], str]]] = {
    "Ã": _after_a_tilde,
    "Ä": lambda before, after: "ĭ" if before == "i" else "č",
    "Å": lambda before, after: "ō" if before.isalpha() else "Ł",
    "Ð": lambda before, after: "Ð\x9d",
    "Ñ": lambda before, after: "Ñ\x81" if after.isalpha() else "Ñ\x8f",
    "Â": lambda before, after: "",
    "â€": lambda before, after: "‐" if before.isalpha() and after.isalpha() else "”",
    "ï¬": lambda before, after: "fi",
}


def _pair_read_right(match: re.Match[str]) -> str:
    pair = match[0]
    if pair[1] in _QUOTES_AND_DASHES and not _inside_a_word(match):
        return pair
    try:
        return pair.encode("sloppy-windows-1252").decode("utf-8")
    except UnicodeError:
        return pair


def _cyrillic_read_right(match: re.Match[str]) -> str:
    return match[0].encode("sloppy-windows-1251").decode("utf-8", errors="replace")


def _inside_a_word(match: re.Match[str]) -> bool:
    """A capital before a quote or dash may be meant so: the Portuguese "MAÇÃ–"."""
    text = match.string
    before = text[match.start() - 1 : match.start()]
    after = text[match.end() : match.end() + 1]
    return after.isalpha() or not before.isupper()
