"""
Web of Science: its tagged text export (.ciw, "FN … VR … PT … ER"), and ISI's before it.

    PT, AU, AF, TI, SO, …, ER lines  ->  tags  ->  Record

Its tab-delimited export is read by `delimited.py`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from indexer.feeds.rows import Head, Input
from indexer.feeds.shapes.values import joined_pages, serials
from indexer.feeds.tagged import Dialect, Row, Tags, read_entries
from indexer.records import Author, Record

DIALECT: Final = Dialect(
    tag=re.compile(r"([A-Z][A-Z0-9])(?: |(?=[\r\n]|\Z))"),
    first="PT",
    last="ER",
    lists=frozenset({"AU", "AF", "BA", "BF", "CA", "GP", "BE", "ED", "CR"}),
)
_BEGINS: Final = re.compile(
    rb"(?:\A|[\r\n])(?:FN [^\r\n]+[\r\n]+VR |PT [A-Z][ \t]*[\r\n]+[A-Z][A-Z0-9] )"
)
_EMAIL: Final = re.compile(r" ?\([^()@]*@[^()]*\)")  # Zoological Record: "Smith, J. (j@x.org)"
KINDS: Final = {"P": "Patent", "B": "Book"}  # PT, where no DT says more
BYLINES: Final = (("AF", "AU"), ("BF", "BA"), ("", "CA"), ("", "GP"), ("", "BE"), ("", "ED"))


def sniff(head: Head) -> bool:
    """Whether the file header or a PT line, one letter long, is there."""
    return _BEGINS.search(head.data) is not None


def read(source: Input) -> Iterator[Row]:
    """Every entry of the file as a row."""
    return read_entries(source, DIALECT, record)


def record(tags: Tags) -> Record:
    """An entry as a record; the accession number is its id."""

    def one(*names: str) -> str:
        return next((tags[name][0] for name in names if name in tags), "")

    issn, isbn = serials([v for tag in ("SN", "EI", "BN") for v in tags.get(tag, ())])
    accession, year = one("UT"), one("PY", "EY")
    month = one("PD")
    identifiers = (("", accession), ("pmid", one("PM")))
    return Record(
        record_id="",
        source_id=accession,
        title=one("TI"),
        alternate_titles=tuple(tags.get("FT", ())),
        authors=_byline(tags),
        date=month if year and year in month else f"{year} {month}".strip(),
        year=year,
        container=one("SO", "JI", "J9", "SE"),
        publisher=one("PU"),
        volume=one("VL"),
        issue=" ".join(part for part in (one("IS"), one("SI"), one("SU")) if part),
        pages=joined_pages(one("BP"), one("EP")) or one("PS"),
        article_number=one("AR"),
        abstract=one("AB"),
        type=one("DT") or KINDS.get(one("TY"), ""),
        language=one("LA"),
        doi=one("DI", "D2"),
        identifiers=tuple(pair for pair in identifiers if pair[1]),
        issn=issn,
        isbn=isbn,
        urls=tuple(tags.get("UR", ())),
    )


def _byline(tags: Tags) -> tuple[Author, ...]:
    """Full names where every author has one, else the abbreviated; else group or editors."""
    for full, short in BYLINES:
        names = tags.get(full, []) if len(tags.get(full, ())) >= len(tags.get(short, ())) else []
        if names := names or tags.get(short, []):
            return tuple(Author(name=_EMAIL.sub("", name)) for name in names)
    return ()
