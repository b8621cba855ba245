"""
MARC values: what the numbers, notes and codes of a MARC record say.

    pymarc.Record  ->  identifiers, type, keywords, notes, what has no field of its own

Differences between MARC 21 and UNIMARC stand in the tables. Does not: make the record
(`marc.py`) or tell who wrote it (`marc_people.py`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from pymarc import Field
from pymarc import Record as Marc

from indexer.feeds.formats.vocabularies.marc_people import joined, trimmed

TYPES: Final = {"ab": "article", "as": "journal", "am": "book", "aa": "chapter", "ac": "collection"}
# Fields of MARC 21 and of UNIMARC: subjects, notes, what is carried along.
SUBJECTS: Final = (
    ("600", "610", "611", "630", "647", "648", "650", "651", "653"),
    ("600", "601", "602", "604", "605", "606", "607", "610"),
)
NOTES: Final = (
    ("500", "501", "504", "508", "511", "515", "518", "534", "550"),
    ("300", "305", "311", "320", "321"),
)
CARRIED: Final = (
    ("111", "250", "300", "490", "502", "711"),
    ("205", "215", "225", "328"),
)
THESIS: Final = ("502", "328")
# A thesis note of a book that was made of a thesis later.
_REWORKED: Final = re.compile(
    r"\s*(?:originally|revis|rev\.|based|adapt|überarb|erw\.|version remaniée|texte remanié)", re.I
)
_GENRE: Final = re.compile(
    r"hochschulschrift|academic diss?ertation|academic theses|dissertations?\b|thesis\b|thèse", re.I
)
_ARXIV: Final = re.compile(
    r"(?:arxiv:\s*)?((?:[a-z-]+(?:\.[A-Z]{2})?/\d{7}|\d{4}\.\d{4,5})(?:v\d+)?)", re.I
)
_DOI: Final = re.compile(r"(?:doi:|https?://(?:dx\.)?doi\.org/)?\s*(10\.\d{4,9}/\S+)", re.I)
MAX_NOTE: Final = 4000  # characters of a field that is carried along


def identifiers(marc: Marc, *, unimarc: bool) -> Iterator[tuple[str, str]]:
    """(scheme or "", value) of the numbers of the work, in the order of the fields."""
    for field in marc.get_fields("017" if unimarc else "024"):
        scheme = field.get("2", "").lower() if field.indicator1 == "7" or unimarc else ""
        for value in field.get_subfields("a"):
            yield _told("handle" if scheme == "hdl" else scheme, value.strip())
    for field in marc.get_fields("035"):
        # A bare number is some system's own; only with its "(DE-599)" does it say whose.
        yield from (("", value) for value in field.get_subfields("a") if not value.isdigit())
    if unimarc:
        return
    for field in marc.get_fields("037", "088"):
        source = " ".join(field.get_subfields("2", "9", "b")).lower()
        for value in (*field.get_subfields("a"), *field.get_subfields("9")):
            number = _ARXIV.fullmatch(value.strip())
            if number and ("arxiv" in source or value.lower().startswith("arxiv")):
                yield "arxiv", number[1]
            elif field.tag == "088" and value and value in field.get_subfields("a"):
                yield "report", value.strip()


def _told(scheme: str, value: str) -> tuple[str, str]:
    """A DOI or arXiv number is one, whatever the cataloguer called it."""
    if scheme not in {"doi", "arxiv"}:
        if doi := _DOI.fullmatch(value):
            return "doi", doi[1]
        if value.lower().startswith("arxiv:"):
            return "arxiv", value
    return scheme, value


def type_of(marc: Marc, *, unimarc: bool, in_serial: bool) -> str:
    """The kind of work; a thesis by its note, its genre or its code of contents."""
    leader = str(marc.leader)
    kind = leader[6:8]
    plain = TYPES.get(kind, "")
    if plain in {"", "book"} and kind[1:] in {"m", ""} and _is_thesis(marc, unimarc, kind):
        return "thesis"
    return "article" if unimarc and plain == "chapter" and in_serial else plain


def _is_thesis(marc: Marc, unimarc: bool, kind: str) -> bool:
    notes = [joined(f, "abcdefgo") for f in marc.get_fields(THESIS[unimarc])]
    if any(note and not _REWORKED.match(note) for note in notes):
        return True
    if notes:
        return False
    if not unimarc and any(
        _GENRE.search(joined(f, "a")) for f in marc.get_fields("655") if f.get("a")
    ):
        return True
    fixed = marc.get("105" if unimarc else "008")
    if fixed is None:
        return False
    if unimarc:
        return any(code in (fixed.get("a") or "")[4:8] for code in "mv")
    # Contents of books and of manuscripts of text: "m" is a thesis.
    return kind in {"am", "tm"} and "m" in (fixed.data or "")[24:28]


def keywords(marc: Marc, *, unimarc: bool) -> Iterator[str]:
    """Subjects as headings, "Rivers -- Sediment"."""
    for field in marc.get_fields(*SUBJECTS[unimarc]):
        parts = [
            trimmed(part.value)
            for part in field.subfields
            if part.code.isalpha() and part.code not in "ew" and part.value.strip()
        ]
        if field.tag in {"653", "610"} and not (field.tag == "610" and not unimarc):
            yield from parts
        elif parts:
            yield " -- ".join(part for part in parts if part)


def notes(marc: Marc, *, unimarc: bool) -> Iterator[str]:
    """General notes."""
    for field in marc.get_fields(*NOTES[unimarc]):
        if value := _letters(field):
            yield value


def carried(marc: Marc, *, unimarc: bool) -> Iterator[tuple[str, str]]:
    """Edition, extent, series, thesis note as they stand, by their tags."""
    for field in marc.get_fields(*CARRIED[unimarc]):
        if value := _letters(field):
            yield f"marc:{field.tag}", value


def _letters(field: Field) -> str:
    values = (part.value.strip() for part in field.subfields if part.code.isalpha())
    return " ".join(value for value in values if value)[:MAX_NOTE]
