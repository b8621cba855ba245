"""
Embase text: the plain text export of Embase, "RECORD 1" and headings in capitals.

    RECORD 1, TITLE, AUTHOR NAMES, SOURCE, …  ->  (heading, value) pairs  ->  Record
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from indexer.feeds.formats.lines.headings import headed
from indexer.feeds.formats.lines.labelled import Labels, record_of
from indexer.feeds.formats.lines.tagged import Marks, read_entries, tag_finder
from indexer.feeds.reading.rows import Head, Input, Row
from indexer.records import Record

LABELS: Final = Labels(
    "embase",
    {
        "title": "title", "original title": "alternate_titles",
        "original (non-english) title": "alternate_titles", "author names": "authors",
        "group author": "groups_of_authors", "author keywords": "keywords", "source": "source",
        "source title": "container", "volume": "volume", "issue": "issue", "first page": "start",
        "last page": "end", "page range": "pages", "date of publication": "date",
        "publication year": "year", "publication type": "type", "issn": "serial",
        "isbn": "serial", "book publisher": "publisher", "editors": "editors",
        "abstract": "abstract", "emtree drug index terms": "keywords",
        "emtree medical index terms": "keywords", "language of article": "language",
        "medline pmid": "pmid", "pui": "embase", "doi": "doi", "full text link": "urls",
        "embase link": "urls", "embase accession number": "accession", "database": "database",
    },
)  # fmt: skip
# Headings that no field of a record holds.
_OTHERS: Final = (
    *("author addresses", "correspondence address", "publication status", "conference name"),
    *("conference date", "conference location", "conference editors", "original abstract"),
    *("drug trade name", "drug manufacturer", "device trade name", "device manufacturer"),
    *("clinical trial numbers", "embase classifications", "cas registry numbers"),
    *("molecular sequence numbers", "language of summary", "copyright", "open url link"),
    *("articles in press", "abbreviated journal title", "country of journal"),
    *("country of author", "number of references", "status"),
)
HEADINGS: Final = frozenset(name.upper() for name in (*LABELS.fields, *_OTHERS))
BY_LINE: Final = frozenset({"author names", "editors"})
MARKS: Final = Marks(tag_finder(r"(RECORD) \d+\s*\Z"), first=b"RECORD", last=b"\0")
_BEGINS: Final = re.compile(
    rb"(?:\A|[\r\n])RECORD \d+\s+(?:TITLE|ORIGINAL TITLE|AUTHOR NAMES)[\r\n]"
)
_PMID: Final = re.compile(r"\s*(\d{1,8})\b")


def sniff(head: Head) -> bool:
    """Whether a numbered record begins with its title's heading."""
    return _BEGINS.search(head.data) is not None


def read(source: Input) -> Iterator[Row]:
    """Every record of the file as a row."""
    return read_entries(source, MARKS, entry_record)


def entry_record(entry: str) -> Record:
    """The record of one entry; its PMID stands before a link in brackets."""
    pairs = [
        (name, match[1] if name == "MEDLINE PMID" and (match := _PMID.match(value)) else value)
        for name, value in headed(entry, lambda line: line.strip() in HEADINGS, BY_LINE)
    ]
    return record_of([*pairs, ("DATABASE", "Embase")], LABELS)
