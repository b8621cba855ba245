"""
RIS record: the tags of one RIS entry as a record, whatever database exported it.

    {"TY": ["JOUR"], "TI": […], …}  ->  Record

Databases put their own things into tags made for others: PubMed's number stands in C2
(Scopus), C5 (Embase), U1 (Dimensions), C3 (Cochrane), AN (EndNote) or in a note (EBSCO).
Tags that no field of a record holds are carried along in `extra`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Final

from indexer.feeds.formats.lines.database_numbers import (
    DOI,
    accession_of,
    database_of,
    is_of,
    note_fields,
    numbers_in,
    numbers_of_notes,
)
from indexer.feeds.formats.lines.entry_fields import Tags, TagValues
from indexer.feeds.formats.lines.telling_types import refined
from indexer.feeds.formats.shapes.values import byline, full_date, joined_pages, named, serials
from indexer.records import Author, Record

ONE_VALUE: Final = {
    "year": "PY", "publisher": "PB PU", "publisher_place": "CY", "volume": "VL", "issue": "IS",
    "article_number": "C7", "abstract": "AB N2",
}  # fmt: skip
BOOKS: Final = frozenset({"BOOK", "EBOOK", "EDBOOK"})
CHAPTERS: Final = frozenset({"CHAP", "ECHAP"})
NUMBER_TAGS: Final = ("AN", "C1", "C2", "C3", "C4", "C5", "C6", "C8", "M1", "M2", "U1", "U2", "U3")
LINKS: Final = ("UR", "LK", "L1", "L2", "L4")
_DOI_NOTE: Final = re.compile(r"\s*doi\s*[:=]?\s*(10\.\S+)", re.IGNORECASE)


def record(tags: Tags) -> Record:
    """An entry as a record, identity still open."""
    values = TagValues(tags)
    own_id = _own_id(values)
    kind = values.first("TY")
    title = values.first("TI", "T1", *(("BT",) if kind in BOOKS else ()), "CT")
    title = title or values.first("ST")
    issn, isbn = serials(values.every("SN", "BN"))
    authors = _byline(values, kind)
    notes = values.unique("N1")
    said = note_fields(notes)
    doi = _doi(values, said)
    return Record(
        record_id="",
        source_id=own_id,
        title=title,
        alternate_titles=_alternates(values, title),
        authors=authors,
        editors=byline(values.every("ED", "A2")) if not _edited(values, kind) else (),
        date=_date(values),
        container=_container(values, kind),
        pages=_pages(values.first("SP"), values.first("EP")),
        keywords=values.unique("KW"),
        notes=tuple(note for note in notes if not named(note)[0]),
        type=_type(values, kind, said),
        language=values.first("LA") or said.get("Language", ""),
        doi=doi,
        identifiers=tuple(dict.fromkeys(_identifiers(values, notes))),
        issn=issn,
        isbn=isbn,
        urls=values.unique(*LINKS),
        database=values.first("DB") or values.first("DP") or database_of(values.first("AN")),
        accession_number=values.first("AN") or said.get("Accession Number", ""),
        **values.fields(ONE_VALUE),
        extra=values.rest("ris"),
    )


def _own_id(values: TagValues) -> str:
    """The ID line, else an accession number where it is one single word."""
    given = next(iter(values.peek("ID", "AN")), "")
    if len(given.split()) != 1 or len(given) >= 100:
        return ""
    values.take({given}, "ID")
    return given


def _alternates(values: TagValues, title: str) -> tuple[str, ...]:
    others = (values.first("T1"), values.first("TT"))
    return tuple(other for other in others if other and other != title)


def _edited(values: TagValues, kind: str) -> bool:
    """Whether the editors of a book stand in for its authors."""
    return kind in BOOKS and not values.peek("AU", "A1")


def _byline(values: TagValues, kind: str) -> tuple[Author, ...]:
    """
    The authors; names of A1 beside AU that AU does not have are groups (Web of Science).

    Some exports write the whole byline under both tags.
    """
    if _edited(values, kind):
        tag = next((tag for tag in ("ED", "A2", "A3") if tag in values), "")
        return byline(values.every(tag))
    persons, others = values.every("AU"), values.every("A1")
    if not persons or not others:
        return byline(persons or others)
    families = [_family(name) for name in persons]
    if [_family(name) for name in others] == families:
        return byline(max(persons, others, key=lambda names: sum(map(len, names))))
    known = set(families)
    return byline((*persons, *(name for name in others if _family(name) not in known)))


def _family(name: str) -> str:
    return name.partition(",")[0].strip().casefold()


def _container(values: TagValues, kind: str) -> str:
    if kind in CHAPTERS:
        return values.first("T2", "BT", "JF", "T3")
    last = "BT" if kind not in BOOKS else "T3"
    return values.first("JF", "T2", "JO", "JA", "J2", "J1", "C3", "SO", last)


def _date(values: TagValues) -> str:
    """The fullest date; "Jun" alone is completed by the year beside it."""
    if date := values.first("DA"):
        return full_date(date, values.first("PY"))
    return values.first("Y1") or values.first("PY")


def _pages(start: str, end: str) -> str:
    if start == "No" and end in ("Specified", "Pagination"):  # Ovid's "No Pagination Specified"
        return ""
    return joined_pages(start, end)


def _type(values: TagValues, kind: str, said: Mapping[str, str]) -> str:
    """The type; where it only says "article", what M3 or EBSCO's note says instead."""
    others = (*values.peek("M3"), said.get("Publication Type", ""), said.get("Document Type", ""))
    return refined(kind, others)


def _doi(values: TagValues, said: Mapping[str, str]) -> str:
    if given := values.first("DO", "DI"):
        return given
    for tag, pattern in (*_NOTED, *_LINKED):
        for value in values.peek(tag):
            if match := pattern.match(value):
                values.take({value}, tag)
                return match[1]
    return said.get("DOI", "")


_NOTED: Final = tuple((tag, _DOI_NOTE) for tag in ("M3", "L3", "N1", "C7"))
_LINKED: Final = tuple((tag, DOI) for tag in ("L3", "L2"))


def _identifiers(values: TagValues, notes: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    databases = values.peek("DB", "DP")
    # EndNote names no database for some of what it took from PubMed, but keeps the PMCID.
    databases += ["PubMed" for value in values.peek("C2") if is_of("pmc", value)]
    links = values.peek("UR")
    for number in values.peek("AN")[:1]:
        yield from accession_of(number, *databases)
    for scheme in ("pmid", "pmcid"):
        yield from ((scheme, value) for value in values.every(scheme.upper()))
    for value in values.peek(*NUMBER_TAGS):
        yield from numbers_in(value)
    if is_of("scopus.com", *links) or is_of("scopus", *databases):
        yield from (("pmid", value) for value in values.peek("C2") if value.isdigit())
    if is_of("embase.com", *links) or is_of("embase", *databases):
        yield from (("pmid", value) for value in values.peek("C5") if value.isdigit())
        yield from (("embase", value) for value in values.peek("U2") if value[:1] == "L")
    yield from numbers_of_notes(notes)
    yield from (pair for pair in map(named, notes) if pair[0])  # of our own exports
