"""
Web of Science: its tagged text export (.ciw, "FN … VR … PT … ER"), and ISI's before it.

    PT, AU, AF, TI, SO, …, ER lines  ->  tags  ->  Record

Its tab-delimited export is read by `delimited.py`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from indexer.feeds.formats.lines import ris
from indexer.feeds.formats.lines.database_numbers import accession_of, database_of
from indexer.feeds.formats.lines.entry_fields import Dialect, Tags, TagValues
from indexer.feeds.formats.lines.tagged import Marks, read_entries, tag_finder
from indexer.feeds.formats.shapes.values import byline, joined_pages, serials
from indexer.feeds.reading.rows import Head, Input, Row
from indexer.records import Author, Record

_TAG: Final = r"([A-Z][A-Z0-9])(?: |(?=[\r\n]|\Z))"
DIALECT: Final = Dialect(
    re.compile(_TAG), frozenset({"AU", "AF", "BA", "BF", "CA", "GP", "BE", "ED", "CR"})
)
MARKS: Final = Marks(
    tag_finder(_TAG),
    first=b"PT",
    last=b"ER",
    any_first=True,
    wrapper=frozenset({b"FN", b"VR", b"EF"}),
    single=frozenset({b"TI", b"UT", b"PY", b"SO"}),
)
_BEGINS: Final = re.compile(
    rb"(?:\A|[\r\n])(?:FN [^\r\n]+[\r\n]+VR |PT [A-Z][ \t]*[\r\n]+[A-Z][A-Z0-9] )"
)
_RIS: Final = re.compile(r"TY {1,2}- ")
_EMAIL: Final = re.compile(r" ?\([^()@]*@[^()]*\)")  # Zoological Record: "Smith, J. (j@x.org)"
# Also runs without a number match, so that no run is tried again from each of its letters.
_ORCID: Final = re.compile(r"([^;/]+)(?:/(\d{4}-\d{4}-\d{4}-\d{3}[\dX]))?", re.IGNORECASE)
ONE_VALUE: Final = {
    "title": "TI", "container": "SO JI J9 SE", "publisher": "PU", "publisher_place": "PI",
    "volume": "VL", "article_number": "AR", "abstract": "AB", "language": "LA", "doi": "DI D2",
}  # fmt: skip
KINDS: Final = {"P": "Patent", "B": "Book"}  # PT, where no DT says more
BYLINES: Final = (("AF", "AU"), ("BF", "BA"), ("", "CA"), ("", "GP"), ("", "BE"), ("", "ED"))


def sniff(head: Head) -> bool:
    """Whether the file header or a PT line, one letter long, is there."""
    return _BEGINS.search(head.data) is not None


def read(source: Input) -> Iterator[Row]:
    """Every entry of the file as a row."""
    return read_entries(source, MARKS, _entry_record)


def _entry_record(entry: str) -> Record:
    """The record of one entry; RIS in a file of Web of Science is read as what it is."""
    if _RIS.match(entry):
        return ris.entry_record(entry)
    return record(DIALECT.tags_of(entry))


def record(tags: Tags) -> Record:
    """An entry as a record; the accession number is its id."""
    values = TagValues(tags)
    issn, isbn = serials(values.every("SN", "EI", "BN"))
    accession, year = values.first("UT"), values.first("PY", "EY")
    month = values.first("PD")
    kind, form = values.first("DT"), values.first("PT")
    authors = _byline(values)
    names = {author.name for author in authors}
    return Record(
        record_id="",
        source_id=accession,
        alternate_titles=values.every("FT"),
        authors=authors,
        editors=byline(name for name in values.every("BE", "ED") if name not in names),
        date=month if year and year in month else f"{year} {month}".strip(),
        year=year,
        issue=" ".join(part for tag in ("IS", "SI", "SU") if (part := values.first(tag))),
        pages=joined_pages(values.first("BP"), values.first("EP")) or values.first("PS"),
        keywords=_keywords(values),
        type=kind or KINDS.get(form, ""),
        identifiers=tuple(dict.fromkeys(_identifiers(values, accession))),
        issn=issn,
        isbn=isbn,
        urls=values.unique("UR"),
        database=database_of(accession),
        accession_number=accession,
        **values.fields(ONE_VALUE),
        extra=values.rest("wos"),
    )


def _identifiers(values: TagValues, accession: str) -> Iterator[tuple[str, str]]:
    if accession:
        yield from accession_of(accession)
    if pmid := values.first("PM"):
        yield "pmid", pmid


def _keywords(values: TagValues) -> tuple[str, ...]:
    """The authors' keywords and the database's, which are split at semicolons."""
    given = (word.strip() for value in values.every("DE", "ID") for word in value.split(";"))
    return tuple(dict.fromkeys(word for word in given if word))


def _byline(values: TagValues) -> tuple[Author, ...]:
    """
    Full names where every author has one, else the abbreviated; else editors.

    Groups stand behind the persons (CA of one article, GP of a book).
    """
    orcids = _orcids(values)
    for full, short in BYLINES:
        long, brief = values.peek(full), values.peek(short)
        if names := long if len(long) >= len(brief) else brief:
            groups = values.every("CA", "GP") if short not in ("CA", "GP") else ()
            values.every(short)
            if len(long) >= len(brief):
                values.every(full)
            names = [_EMAIL.sub("", name) for name in names]
            persons = [Author(name=name, orcid=orcids.get(_key(name), "")) for name in names]
            return (*persons, *byline(dict.fromkeys(groups)))
    return ()


def _orcids(values: TagValues) -> dict[str, str]:
    """ORCIDs by name, of "Okonjo, Amara/0000-0002-1825-0097; …"; OI is wrapped at any blank."""
    return {
        _key(match[1]): match[2]
        for value in values.peek("OI", "RI")
        for match in _ORCID.finditer(value)
        if match[2]
    }


def _key(name: str) -> str:
    """Family name and first initial: OI spells out what AU abbreviates."""
    family, _, given = name.casefold().partition(",")
    return f"{family.strip()}|{given.strip()[:1]}"
