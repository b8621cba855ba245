"""
Titles: what a title says, taken apart once so that comparisons need not.

    "RETRACTED: Ozone therapy. Part II"  ->  Title(key, numbers, part, notice, ...)

Does not: compare two titles, or know which titles are generic (learnt from the
index). A new notice word is one row of its table and one line in
tests/cases/titles.csv.
"""

from __future__ import annotations

from dataclasses import dataclass

from indexer.text import fold, repair


@dataclass(frozen=True, slots=True)
class Title:
    """One title of a work; every part is empty when the title does not have it."""

    text: str = ""  # repaired, for display
    key: str = ""  # folded, bracket suffixes and the trailing full stop dropped
    words: tuple[str, ...] = ()  # of the key
    main: str = ""  # the key without its subtitle
    compact: str = ""  # the key without spaces: missing spaces do not matter here
    original: str = ""  # the key in its own script, "" for Latin
    numbers: tuple[str, ...] = ()  # arabic, roman, ordinals and number words as digits, in order
    part: str = ""  # number after part, volume, chapter ..., or a trailing numeral
    notice: str = ""  # erratum, correction, reply ...: the title of a notice about a work
    mark: str = ""  # retracted, withdrawn ...: a mark on the title of the work itself
    subject: str = ""  # the key without notice words and marks
    script: str = ""  # of the text, as text.script_of names it
    placeholder: bool = False  # no title at all: "", "Untitled", "#NAME?"


def title_of(raw: str) -> Title:
    """The parts of a title as harvested."""
    text = repair(raw)
    key = fold(text)
    main = fold(text.split(": ")[0])
    return Title(
        text=text,
        key=key,
        words=tuple(key.split()),
        main=main,
        compact=key.replace(" ", ""),
        numbers=tuple(word for word in key.split() if word.isdigit()),
        subject=key,
        script="latin" if key else "",
        placeholder=not key,
    )
