"""
NBIB: PubMed's own tagged export, as its site and reference software write it.

    PMID-, TI  -, FAU -, …, SO  - lines  ->  tags  ->  Record

Tags are up to four letters, padded, then a hyphen; an entry begins with PMID.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from indexer.feeds.rows import Head, Input, lines
from indexer.feeds.rows import Rows as _Rows
from indexer.feeds.shapes.values import serials
from indexer.feeds.vocabularies.pubmed import SOURCE
from indexer.records import Author, Occurrence, Record, Rejected, Relation

Row = Occurrence | Rejected
Tags = dict[str, list[str]]

_BEGINS: Final = re.compile(rb"(?:\A|[\r\n])PMID- ?\d*[ \t]*[\r\n]+(?:[A-Z]{2,4} *- )")
_TAG: Final = re.compile(r"([A-Z]{2,4})\s{0,2}- ?(.*)", re.DOTALL)
_MARKED: Final = re.compile(r"^(\S+) \[(\w+)\]$")
_DAY: Final = re.compile(r"^(\d{4})(\d\d)(\d\d)$")
_NUMBER: Final = re.compile(r"PMID:\s*(\d+)")
RELATIONS: Final = {
    "CON": "CommentOn", "CIN": "CommentIn", "EFR": "ErratumFor", "EIN": "ErratumIn",
    "ROF": "RetractionOf", "RIN": "RetractionIn", "UOF": "UpdateOf", "UIN": "UpdateIn",
    "RPF": "RepublishedFrom", "RPI": "RepublishedIn",
}  # fmt: skip


def sniff(head: Head) -> bool:
    """Whether an entry begins with its PMID- line."""
    return _BEGINS.search(head.data) is not None


def read(source: Input) -> Iterator[Row]:
    """Every entry of the file as a row."""
    rows = _Rows(source)
    entry: list[bytes] = []
    start = 0
    for line in lines(source.text, source.settings.row_limit):
        if line.data.startswith(b"PMID-"):
            if entry:
                yield _row(rows, source, start, b"".join(entry))
            entry, start = [line.data], line.offset
        elif entry:
            entry.append(line.data)
    if entry:
        yield _row(rows, source, start, b"".join(entry))


def _row(rows: _Rows, source: Input, start: int, raw: bytes) -> Row:
    position = source.text.origin(start)
    return rows.accept(record(parse(source.text.decode(raw))), position, raw)


def parse(entry: str) -> Tags:
    """The values of every tag, lines that continue one joined on by a blank."""
    tags: Tags = {}
    values: list[str] = []
    for line in entry.splitlines():
        if match := _TAG.match(line):
            values = tags.setdefault(match.group(1), [])
            values.append(match.group(2).strip())
        elif values and line.strip():
            values[-1] = f"{values[-1]} {line.strip()}".strip()
    return tags


def record(tags: Tags) -> Record:
    """An entry as a record; its PMID is its id."""

    def one(*names: str) -> str:
        return next((tags[name][0] for name in names if tags.get(name) and tags[name][0]), "")

    ids = [
        m.groups() for v in (*tags.get("LID", ()), *tags.get("AID", ())) if (m := _MARKED.match(v))
    ]
    dois = list(dict.fromkeys(value for value, kind in ids if kind == "doi"))
    issn, isbn = serials(
        value.partition(" (")[0].removeprefix("ISBN ")
        for value in (*tags.get("IS", ()), *tags.get("ISBN", ()))
    )
    kinds = tags.get("PT", [])
    names = tags.get("FAU") or tags.get("AU") or []
    return Record(
        record_id="",
        source=SOURCE,
        source_id=one("PMID"),
        title=one("TI", "BTI"),
        alternate_titles=tuple(tags.get("TT", ())),
        authors=tuple(Author(name=name) for name in (*names, *tags.get("CN", ())) if name),
        date=one("DP"),
        container=one("JT", "BTI" if one("TI") else "", "TA"),
        publisher=one("PB"),
        volume=one("VI"),
        issue=one("IP"),
        pages=one("PG"),
        abstract=one("AB", "OAB"),
        type=next((kind for kind in kinds if kind != "Journal Article"), "".join(kinds[:1])),
        language=one("LA"),
        doi=dois[0] if dois else "",
        identifiers=(
            *((("pmid", one("PMID")),) if one("PMID") else ()),
            *((("pmcid", one("PMC")),) if one("PMC") else ()),
            *(("doi", doi) for doi in dois[1:]),
        ),
        issn=tuple(dict.fromkeys(issn)),
        isbn=isbn,
        relations=tuple(
            Relation(kind, f"pmid:{number.group(1)}")
            for tag, kind in RELATIONS.items()
            for value in tags.get(tag, ())
            if (number := _NUMBER.search(value))
        ),
        updated=_DAY.sub(r"\1-\2-\3", one("LR")),
    )
