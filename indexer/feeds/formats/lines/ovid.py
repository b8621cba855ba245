"""
Ovid: its text exports, numbered "<1>": by headings, and by tags (Medlars, "tagged").

    <1>  Title / "  Sediment memory"  lines   ->  (label, value) pairs  ->  Record
    <1. >  TI  - Sediment memory      lines   ->  the same

What stands before the first number (VN, DB) holds for all entries. Ovid's RIS export is
read by `ris.py`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import partial
from typing import Final

from indexer.feeds.formats.lines.entry_fields import headed, pairs_of
from indexer.feeds.formats.lines.labelled import Labels, record_of
from indexer.feeds.formats.lines.tagged import Marks, read_entries, tag_finder
from indexer.feeds.reading.rows import Head, Input, Row
from indexer.fields.kinds import kind_of
from indexer.records import Record

_NUMBER: Final = r"<\d{1,7}\.? ?>[ \t]*"
_TAG: Final = re.compile(r"([A-Z][A-Z0-9])  ?- ?")
_HEADING: Final = re.compile(r"[A-Z][A-Za-z]*(?:[ /&-]{1,3}[A-Za-z()]+){0,7}[ \t]*")
_BEGINS: Final = re.compile(
    rf"(?:\A|[\r\n]){_NUMBER}[\r\n]+(?:[A-Z][A-Z0-9]  ?- |{_HEADING.pattern}[\r\n]+  )"
)
MARKS: Final = Marks(tag_finder(r"(<)\d{1,7}\.? ?>\s*\Z"), first=b"<", last=b"\0")
_DATABASE: Final = re.compile(r"(?:\A|[\r\n])(?:DB  ?- ?|Database: )([^\r\n]+)")
_KIND: Final = re.compile(r"\[(?P<kind>[A-Z][A-Za-z ]{2,30})\]\.?\Z")
_STOPS: Final = re.compile(r"[.\s]*")
# "Kohler, Lars 1;  Leuschner, Christoph 1, 2", read from the end: a search from the beginning
# would begin anew at every number of a list.
_NUMBERS_BACKWARDS: Final = re.compile(r"\d{1,2}(?: ?,\d{1,2})* ")
TAGS: Final = {
    "TI": "title", "TT": "alternate_titles", "OT": "alternate_titles", "AU": "authors",
    "FA": "full_authors", "CA": "groups_of_authors", "ED": "editors", "SO": "source",
    "JN": "container", "JT": "container", "VO": "volume", "VI": "volume", "IP": "issue",
    "PG": "pages", "YR": "year", "DP": "date", "AB": "abstract", "DO": "doi", "IS": "serial",
    "IB": "serial", "LG": "language", "LA": "language", "PT": "type", "KW": "keywords",
    "KF": "keywords", "MH": "keywords", "SH": "keywords", "PB": "publisher",
    "PL": "publisher_place", "DB": "database", "UR": "urls", "XL": "urls", "PM": "pmid",
    "UI": "accession", "AN": "accession", "NT": "notes",
}  # fmt: skip
HEADINGS: Final = {
    "unique identifier": "accession", "accession number": "accession", "pmid": "pmid",
    "database": "database", "title": "title", "original title": "alternate_titles",
    "author": "authors", "authors": "authors", "authors full name": "full_authors",
    "author full name": "full_authors", "full author name": "full_authors",
    "corporate author": "groups_of_authors", "source": "source", "journal name": "container",
    "journal": "container", "volume": "volume", "issue": "issue", "page": "pages",
    "year of publication": "year", "date of publication": "date", "abstract": "abstract",
    "digital object identifier": "doi", "doi": "doi", "doi number": "doi", "issn": "serial",
    "issn print": "serial", "issn electronic": "serial", "isbn": "serial",
    "international standard serial number": "serial", "language": "language",
    "publication type": "type", "document type": "type", "author keywords": "keywords",
    "keyword heading": "keywords", "keywords": "keywords", "mesh subject headings": "keywords",
    "subject headings": "keywords", "emtree heading": "keywords", "publisher": "publisher",
    "link to the ovid full text or citation": "urls", "url": "urls",
}  # fmt: skip
LABELS: Final = Labels("ovid", {**{tag.lower(): name for tag, name in TAGS.items()}, **HEADINGS})
_UI: Final = ("UI", "Unique Identifier")
BY_LINE: Final = frozenset({"author", "authors", "mesh subject headings", "authors full name"})


def sniff(head: Head) -> bool:
    """Whether a number in angle brackets is followed by a tag or a heading."""
    return re.search(_BEGINS, head.text) is not None


def read(source: Input) -> Iterator[Row]:
    """Every numbered entry of the file as a row."""
    before = re.split(rf"(?:\A|[\r\n]){_NUMBER}[\r\n]", source.text.head.decode(errors="replace"))
    database = match[1].strip() if (match := _DATABASE.search(before[0])) else ""
    return read_entries(source, MARKS, partial(entry_record, database=database))


def entry_record(entry: str, database: str = "") -> Record:
    """The record of one entry, of the database that the file says where the entry says none."""
    tagged = pairs_of(entry, _TAG)
    pairs = tagged or headed(entry, lambda line: _HEADING.fullmatch(line) is not None, BY_LINE)
    if not any(name in ("DB", "Database") for name, _ in pairs):
        # A unique identifier is MEDLINE's where no other database is named.
        pairs += [("DB", database)] if database else []
        pairs += [] if database else [("PM", v) for n, v in pairs if n in _UI and v.isdigit()]
    return record_of([pair for name, value in _one_byline(pairs) for pair in _parted(name, value)],
                     LABELS)  # fmt: skip


def _one_byline(pairs: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """The full names in place of the short ones, where there are as many."""
    meanings = [LABELS.fields.get(name.lower(), "") for name, _ in pairs]
    full, short = meanings.count("full_authors"), meanings.count("authors")
    kept = {"full_authors": "AU", "authors": "short AU"} if full and full >= short else {}
    return [
        (kept.get(meaning, name), value)
        for meaning, (name, value) in zip(meanings, pairs, strict=True)
    ]


def _parted(name: str, value: str) -> list[tuple[str, str]]:
    """A field as it is, but for a title that ends in its type, and marks behind names."""
    meaning = LABELS.fields.get(name.lower(), "")
    if meaning == "title" and (match := _KIND.search(value)) and kind_of(match["kind"]):
        return [(name, _unstopped(value[: match.start()])), ("PT", match["kind"])]
    if meaning == "authors":
        return [(name, ";".join(map(_unnumbered, value.split(";"))))]
    return [(name, value)]


def _unnumbered(name: str) -> str:
    """A name without the numbers of affiliations behind it."""
    bare = name.rstrip()
    numbers = _NUMBERS_BACKWARDS.match(bare[::-1])
    return bare[: -numbers.end()] + name[len(bare) :] if numbers else name


def _unstopped(title: str) -> str:
    """A title without the stops and blanks behind it, looked for from its end."""
    stops = _STOPS.match(title[::-1])
    return title[: len(title) - stops.end()] if stops else title
