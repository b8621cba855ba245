"""
ENW: EndNote's tagged export (refer), "%A Author" lines, also of library catalogues.

    %0, %T, %A, …  lines  ->  tags  ->  Record

An entry ends at a blank line, or where %0 or a second %T begins the next.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from indexer.feeds.rows import Head, Input, Rows, lines
from indexer.feeds.shapes.values import serials
from indexer.records import Author, Occurrence, Record, Rejected

Row = Occurrence | Rejected
Tags = dict[str, list[str]]

_BEGINS: Final = re.compile(rb"\A%[0TA] [^\r\n]+[\r\n]+(?:%[0-9A-Z@] )")
_TAG: Final = re.compile(r"%(\S) ?(.*)", re.DOTALL)
_TITLE: Final = b"%T"
_KIND: Final = b"%0"


def sniff(head: Head) -> bool:
    """Whether the file begins with two tagged lines, the first a type, a title or an author."""
    return _BEGINS.match(head.start) is not None


def read(source: Input) -> Iterator[Row]:
    """Every entry of the file as a row."""
    rows = Rows(source)
    entry: list[bytes] = []
    start, seen = 0, set[bytes]()
    for line in lines(source.text, source.settings.row_limit):
        tag = line.data[:2]
        repeats = tag in (_TITLE, _KIND) and tag in seen
        if entry and (not line.data.strip() or repeats):
            # Some catalogues put the title before the type: not yet the next entry.
            yield _row(rows, source, start, entry)
            entry, seen = [], set()
        if line.data.strip():
            if not entry:
                start = line.offset
            entry.append(line.data)
            seen.add(tag)
    if entry:
        yield _row(rows, source, start, entry)


def _row(rows: Rows, source: Input, start: int, entry: list[bytes]) -> Row:
    raw = b"".join(entry)
    found = record(parse(source.text.decode(raw)))
    return rows.accept(found, source.text.origin(start), raw, keys_repeat=True)


def parse(entry: str) -> Tags:
    """The values of every tag; a line without one continues the line before."""
    tags: Tags = {}
    values: list[str] = []
    for line in entry.splitlines():
        if match := _TAG.match(line):
            values = tags.setdefault(match.group(1), [])
            values.append(match.group(2).strip())
        elif values:
            values[-1] = f"{values[-1]} {line.strip()}".strip()
    return tags


def record(tags: Tags) -> Record:
    """An entry as a record; its accession number, where there is one, is its id."""

    def one(*names: str) -> str:
        return next((value for name in names for value in tags.get(name, ()) if value), "")

    issn, isbn = serials(tags.get("@", ()))
    accession = one("M")
    return Record(
        record_id="",
        source_id=accession,
        title=one("T"),
        alternate_titles=tuple(tags.get("Q", ())),
        authors=tuple(Author(name=name) for name in tags.get("A") or tags.get("E") or ()),
        date=one("8") or one("D"),
        year=one("D"),
        container=one("J", "B", "S"),
        publisher=one("I"),
        volume=one("V"),
        issue=one("N"),
        pages=one("P"),
        abstract=one("X"),
        type=one("0", "9"),
        language=one("G"),
        doi=one("R"),
        identifiers=(("", accession),) if accession else (),
        issn=issn,
        isbn=isbn,
        urls=tuple(tags.get("U", ())),
    )
