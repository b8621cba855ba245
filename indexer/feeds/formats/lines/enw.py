"""
ENW: EndNote's tagged export (refer), "%A Author" lines, also of library catalogues.

    %0, %T, %A, …  lines  ->  tags  ->  Record

An entry begins with %0, with a second %T, or with %0, %T or %A behind a blank line;
blank lines inside an abstract end nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from indexer.feeds.formats.lines.blocks import Beginnings, read_blocks
from indexer.feeds.formats.lines.database_numbers import (
    accession_of,
    is_of,
    numbers_in,
    numbers_of_notes,
)
from indexer.feeds.formats.lines.entry_fields import Dialect, Tags, TagValues
from indexer.feeds.formats.lines.tagged import tag_finder
from indexer.feeds.formats.lines.telling_types import refined
from indexer.feeds.formats.shapes.values import byline, full_date, serials
from indexer.feeds.reading.rows import Head, Input, Row
from indexer.records import Record

_BEGINS: Final = re.compile(rb"\A%[0TA] [^\r\n]+[\r\n]+(?:%\S )")
_TAG: Final = r"[ \t]*%([0-9A-Z@!?^&$#+~<>(){}\[\]/*|=-])(?:[ \t]|(?=[\r\n])|\Z)"
DIALECT: Final = Dialect(re.compile(_TAG), lists=frozenset("AEYKUZ"))
BEGINS: Final = Beginnings(
    tag_finder(_TAG),
    again=frozenset({b"0", b"T"}),  # some catalogues put the title before the type
    after_blank=frozenset({b"0", b"T", b"A"}),
    single=frozenset({b"D", b"J", b"V", b"N", b"P", b"X", b"R"}),
)
ONE_VALUE: Final = {
    "year": "D", "container": "J B S", "publisher": "I", "publisher_place": "C", "volume": "V",
    "issue": "N", "pages": "P", "abstract": "X", "language": "G", "doi": "R",
}  # fmt: skip
_NUMBERED: Final = ("M", "1", "2", "3", "#", "$")  # where EndNote keeps PMCID, NIHMS and others


def sniff(head: Head) -> bool:
    """Whether the file begins with two tagged lines, the first a type, a title or an author."""
    return _BEGINS.match(head.start) is not None


def read(source: Input) -> Iterator[Row]:
    """Every entry of the file as a row."""
    return read_blocks(source, BEGINS, lambda entry: record(DIALECT.tags_of(entry)))


def record(tags: Tags) -> Record:
    """An entry as a record; its accession number, where there is one, is its id."""
    values = TagValues(tags)
    issn, isbn = serials(values.every("@"))
    accession = values.first("M")
    authors = values.every("A") or values.every("E")
    title, notes = values.first("T"), values.every("Z")
    return Record(
        record_id="",
        source_id=accession,
        title=title,
        alternate_titles=values.every("Q"),
        authors=byline(authors),
        editors=byline(name for name in values.every("E") if name not in authors),
        date=full_date(values.first("8"), values.first("D")) or values.first("D"),
        keywords=tuple(dict.fromkeys(values.every("K"))),
        notes=notes,
        type=refined(values.first("0"), values.peek("9")) or values.first("9"),
        identifiers=tuple(dict.fromkeys(_identifiers(values, accession, notes))),
        issn=issn,
        isbn=isbn,
        urls=values.unique("U"),
        database=values.first("~") or values.first("W"),
        accession_number=accession,
        **values.fields(ONE_VALUE),
        extra=values.rest("enw"),
    )


def _identifiers(
    values: TagValues, accession: str, notes: tuple[str, ...]
) -> Iterator[tuple[str, str]]:
    databases = values.peek("~", "W")
    if accession:
        yield from accession_of(accession, *databases, *_hints(values))
    for value in values.peek(*_NUMBERED):
        yield from numbers_in(value)
    yield from numbers_of_notes(notes)


def _hints(values: TagValues) -> list[str]:
    """What tells that an accession number is PubMed's where EndNote names no provider."""
    linked = any("ncbi.nlm.nih.gov" in url for url in values.peek("U"))
    return ["PubMed"] if linked or is_of("pmc", *values.peek("2")) else []
