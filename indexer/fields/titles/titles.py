"""
Titles: what a title says, taken apart once so that comparisons need not.

    "[Ozone therapy. Part II]. [Russian]"  ->  Title(key "ozone therapy part ii", part "2", ...)

`title_wrappings.py` takes off what databases put around a title, `notices.py` tells notices
from works, `numerals.py` reads numbers and parts.

Does not: compare two titles, or know which titles are generic (learnt from the index).
A new word for "no title" is one of `_PLACEHOLDERS` and one line in tests/cases/titles.csv.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from indexer.fields.text.folding import fold, fold_original, repair, script_of
from indexer.fields.titles.notices import notice_of
from indexer.fields.titles.numerals import numbers_of, part_of, without_enumeration
from indexer.fields.titles.title_wrappings import unwrapped
from indexer.records import maker_of


@dataclass(frozen=True, slots=True)
class Title:
    """One title of a work; every part is empty when the title does not have it."""

    text: str = ""  # repaired, for display
    key: str = ""  # folded, without what databases add: suffixes, labels, marks, chapter numbers
    words: tuple[str, ...] = ()  # of the key
    main: str = ""  # the subject without its subtitle
    compact: str = ""  # the key without spaces: missing spaces do not matter here
    original: str = ""  # the key in its own script, "" for Latin
    numbers: tuple[str, ...] = ()  # arabic, roman, ordinals and number words as digits, in order
    part: str = ""  # number after part, volume, chapter ..., or a trailing numeral
    notice: str = ""  # one of notices.NOTICES: a publication about a work
    mark: str = ""  # one of notices.MARKS: something that befell the work itself
    subject: str = ""  # the key without the words of the notice
    script: str = ""  # of the text, as text.script_of names it
    placeholder: bool = False  # no title at all: "", "Untitled", "#NAME?"


LONGEST: Final = 2000  # characters in which numbers, parts and a subtitle are looked for
NO_TITLE: Final = Title(placeholder=True)
_TITLE: Final = maker_of(Title)

_PLACEHOLDERS: Final = frozenset(
    {
        "untitled", "no title", "no title available", "title not available", "not available",
        "title not supplied", "title unavailable", "title missing", "missing title", "title",
        "n a", "na", "nan", "null", "none", "nil", "unknown", "unknown title", "undefined", "tba",
        "tbd", "to be announced", "s n", "s t",
        "sin titulo", "sem titulo", "sans titre", "ohne titel", "senza titolo", "zonder titel",
        "titel", "titre", "titulo", "titolo", "bez nazvaniia", "bez nazwy", "untitled document",
        "untitled 1", "document", "article", "wu ti", "accepted manuscript",
        "oup accepted manuscript", "author accepted manuscript", "corrected proof",
        "microsoft word", "paper",
    }
)  # fmt: skip
_SPREADSHEET_ERROR: Final = re.compile(r"#(?:NAME\?|REF!|VALUE!|N/?A|DIV/0!|NUM!|NULL!)\s*$")


def titles_of(raw: str, others: Iterable[str] = ()) -> tuple[Title, tuple[Title, ...]]:
    """
    A record's title and its other titles, each once.

    Others are those the record states and those that stand inside its title: a
    translation in brackets, a parallel title after "=" or "@@@", a second script.
    """
    text = repair(raw)
    bare, mark, inside = unwrapped(text)
    title = _title(text, bare, mark)
    if not inside and not others:
        return title, ()
    stated = [(other, *unwrapped(other)) for other in map(repair, others)]
    titles = [_title(other, bare, mark) for other, bare, mark, _ in stated]
    titles += [_title(other, other, "") for other in inside]
    titles += [_title(other, other, "") for _, _, _, within in stated for other in within]
    distinct = {other.key: other for other in titles if not other.placeholder}
    distinct.pop(title.key, None)
    return title, tuple(distinct.values())


def _title(text: str, bare: str, mark: str) -> Title:
    """
    The parts of one title.

    Args:
        text: the title repaired, for display.
        bare: the same without what was put around it.
        mark: what that said of the work.
    """
    folded = fold(bare)
    notice = notice_of(bare, folded)
    body = without_enumeration(_joined_isotopes(notice.body))
    key = folded if body is bare and folded else _key(body)
    if not key or key in _PLACEHOLDERS or _SPREADSHEET_ERROR.match(text):
        return Title(text=text, placeholder=True, script=script_of(text))
    core, subject, core_text = notice.body[:LONGEST], key, body[:LONGEST]
    if notice.notice:
        core = notice.subject[:LONGEST]
        core_text = without_enumeration(_joined_isotopes(core))
        subject = _key(core_text)
    script = script_of(text)
    words = key.split()
    of_subject = words if subject is key else subject.split()
    return _TITLE(
        text,
        key,
        tuple(words),
        _main(core_text, subject),
        key.replace(" ", ""),
        "" if script in ("latin", "") else fold_original(body),
        numbers_of(core_text, of_subject),
        part_of(core, of_subject if core is core_text else fold(core).split()),
        notice.notice,
        mark or notice.mark,
        subject,
        script,
        False,
    )


def _key(text: str) -> str:
    """The folded text; of a script that cannot be transliterated, its code points."""
    if (key := fold(text)) or text.isascii():
        return key
    return " ".join("".join(f"u{ord(c):x}" for c in word) for word in fold_original(text).split())


# --- parts of a title ----------------------------------------------------------------

_SUBTITLE: Final = re.compile(
    r"[:：](?:\s|(?=[^\W\d_]{2}))|\s[-–/]+\s|—|--|[?;]\s(?=\S)"
    r"|\.(?<=[^\W\d_]{4}\.)\s(?=[^\W_])"
)


def _may_have_a_subtitle(text: str) -> bool:
    """Whether the signs are there: ten times as fast as the pattern, and most titles have none."""
    return (
        ":" in text
        or ("-" in text and (" -" in text or "--" in text))
        or ("/" in text and " /" in text)
        or ("." in text and ". " in text)
        or "?" in text
        or ";" in text
        or not text.isascii()
    )


def _main(text: str, key: str) -> str:
    """The folded title up to its first subtitle."""
    match = _SUBTITLE.search(text) if _may_have_a_subtitle(text) else None
    return fold(text[: match.start()]) or key if match else key


# --- radiochemistry ------------------------------------------------------------------

_TRACERS: Final = (
    "C-11|C-13|C-14|F-18|O-15|N-13|I-123|I-124|I-125|I-131|Tc-99m|Ga-67|Ga-68|Cu-64|Cu-67|In-111|"
    "Lu-177|Zr-89|Y-90|Tl-201|Rb-82|At-211|Ra-223|Re-188|Sr-89|Xe-133|P-31|P-32"
)
_HYPHEN_NUMBER: Final = re.compile(r"-\d\d")
_TRACER: Final = re.compile(rf"\b(?:{_TRACERS})(?![\w])", re.IGNORECASE)
_TRADE_MARK: Final = re.compile(r"\s?(?:\(\((?:R|TM|C)\)\)|\((?:TM|SM)\))", re.IGNORECASE)
_IN_PARENTHESES: Final = re.compile(
    r"(?<=[A-Za-z])\((\d{1,3})\)|\((\d{1,3}m?)\)(?=[A-Z][A-Za-z]?(?:\W|[A-Z]))"
)


def _joined_isotopes(text: str) -> str:
    """ "C-11", "(11)C" and "[11C]" all as "11C"; "B(12)" as "B12"."""
    if "(" in text:
        text = _IN_PARENTHESES.sub(r"\1\2", _TRADE_MARK.sub("", text))
    if "-" in text and _HYPHEN_NUMBER.search(text):
        text = _TRACER.sub(lambda m: "".join(reversed(m[0].split("-"))), text)
    return text
