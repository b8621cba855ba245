"""
Notices: titles that are about another work, and marks on a work's own title.

    "Erratum to: Ozone therapy"  ->  Notice("correction", mark "", "Ozone therapy")
    "RETRACTED: Ozone therapy"   ->  Notice("", mark "retracted", "Ozone therapy")

A notice is a publication of its own; a mark stands on the very work. An ordinary title
that begins with the same word ("Correction of scoliosis", "A review of …", "Response
to exercise") is neither: where the word alone does not tell, a colon, a quotation mark
or a name must.

Does not: link a notice to its work. A new phrase is a row of `notice_rules.py` and one
line in tests/cases/titles.csv.
"""

from __future__ import annotations

import re
import unicodedata
from typing import Final, NamedTuple

from indexer.fields.titles.notice_rules import (
    ABOUT_AT_END,
    ARTICLES,
    BEGINNING,
    BEGINNINGS,
    ENDS_ABOUT,
    FIRST_WORD_BEGINS,
    FIRST_WORDS,
    LABEL_WORDS,
    LAST_WORDS,
    MARK_AT_END,
    NOTICE_AT_END,
    NOTICES,
    PLACE_OF_CORRECTED,
)

# The full reference some databases add to a correction's title.
_REFERENCE: Final = re.compile(
    r"\s*[\[(](?=[^()\[\]]{0,150}\((?:19|20)\d\d\)|.{0,150}\bdoi\b).*$|\s*\bdoi: ?10\..*$"
)
_QUOTED: Final = re.compile(r"""[\s:]*["'«„]+(.{12,}?)["'»]+(?:[\s.,;(].*)?$""")
_ON_A_COMMENT: Final = re.compile(r"^(?:the )?comments? (?:on|to|about) ", re.IGNORECASE)
_LONGEST: Final = 2000  # characters of a title in which a notice is looked for


class Notice(NamedTuple):
    """What a title says it is, and what is left of it."""

    notice: str = ""  # one of NOTICES, "" for a work of its own
    mark: str = ""  # one of MARKS
    body: str = ""  # the title without marks and labels; the words of a notice stay
    subject: str = ""  # the body without the words of the notice


def notice_of(text: str, key: str) -> Notice:
    """
    The notice and the mark a title carries.

    Args:
        text: the repaired title.
        key: the same, folded: it tells most titles apart from notices at once.
    """
    begins, ends = _may_begin(text, key), _may_end(key)
    if not begins and not ends:
        return Notice(body=text, subject=text)
    notice, mark, subject = "", "", text[:_LONGEST]
    body = subject
    for step in (_at_start,) * 3 * begins + (_at_end,) * 2 * ends:
        if step is _at_end and notice:
            break  # "A commentary on X - Erratum" corrects the commentary
        name, left = step(subject)  # "Reply to: Comment on X": the outermost names it
        if left == subject:
            continue
        if name in NOTICES:
            notice = notice or name
        else:
            mark = mark or name
        subject = left
        body = body if notice else subject
    if notice:
        subject = _named_work(_ON_A_COMMENT.sub("", subject) if notice == "reply" else subject)
    return Notice(notice, mark, body, subject.strip(" .:;,-–—'\"“”‘’«»„"))


def _may_begin(text: str, key: str) -> bool:
    first, _, rest = key.partition(" ")
    if first in ARTICLES:
        first, _, rest = rest.partition(" ")
    if first in LABEL_WORDS:
        return any(sign in text for sign in (":", " - ", " by ", "'", '"', "“", "‘"))
    return first in FIRST_WORDS or first.startswith(FIRST_WORD_BEGINS)


def _may_end(key: str) -> bool:
    return key[key.rfind(" ") + 1 :] in LAST_WORDS or ENDS_ABOUT.search(key) is not None


def _at_start(text: str) -> tuple[str, str]:
    """The word of a notice or mark a title begins with ("" for a label), and what it leaves."""
    match = BEGINNING.match(_without_accents(text))
    if match is None:
        return "", text
    name, left = BEGINNINGS[match.lastindex or 0], text[match.end() :]
    return name, left.lstrip(" :.-–—") if name else left


def _at_end(text: str) -> tuple[str, str]:
    """The same for the end of a title."""
    plain = _without_accents(text)
    if match := PLACE_OF_CORRECTED.search(plain):
        return "correction", text[: match.start()]
    for pattern in (MARK_AT_END, NOTICE_AT_END, ABOUT_AT_END):
        if (match := pattern.search(plain)) and match.start() > 0:
            return str(match.lastgroup), text[: match.start()]
    return "", text


def _named_work(subject: str) -> str:
    """The title a notice names, without quotation marks and the reference after it."""
    plain = _without_accents(subject)
    if match := _QUOTED.match(plain):
        return subject[match.start(1) : match.end(1)]
    if match := _REFERENCE.search(plain):
        return subject[: match.start()]
    return subject


_STRAIGHT: Final = str.maketrans("“”‘’‚‛′–—−‐‑‒øłđØŁĐ", "\"\"'''''------oldold")


def _without_accents(text: str) -> str:
    """The text in small letters without accents, position by position the same."""
    if text.isascii():
        return text.lower()
    return "".join(
        small if len(small := unicodedata.normalize("NFD", c)[0].lower()) == 1 else c
        for c in text.translate(_STRAIGHT)
    )
