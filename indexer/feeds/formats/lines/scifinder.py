"""
SciFinder: the tagged export of Chemical Abstracts, START_RECORD … END_RECORD.

    FIELD Title:…, FIELD Author:…; …  lines  ->  Record (`labelled.py`)
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from indexer.feeds.formats.lines.labelled import Labels, record_of
from indexer.feeds.formats.lines.tagged import Marks, pairs_of, read_entries, tag_finder
from indexer.feeds.reading.rows import Head, Input, Row
from indexer.records import Record

_FIELD: Final = re.compile(r"FIELD ([^:\r\n]{1,60}):[ \t]*")
_BEGINS: Final = re.compile(rb"(?:\A|[\r\n])START_RECORD\s+FIELD ")
MARKS: Final = Marks(
    tag_finder(r"(START_RECORD|END_RECORD)\s*\Z", _FIELD.pattern),
    first=b"START_RECORD",
    last=b"END_RECORD",
    any_first=True,
    single=frozenset({b"Title", b"Accession Number"}),
)
LABELS: Final = Labels(
    "scifinder",
    {
        "title": "title", "author": "authors", "journal title": "container",
        "publication year": "year", "publication date": "date", "volume": "volume",
        "issue": "issue", "page": "pages", "pages": "pages", "abstract": "abstract",
        "document type": "type", "language": "language", "publisher": "publisher",
        "doi": "doi", "digital object identifier": "doi", "issn": "serial",
        "internat.standard doc. number": "serial", "isbn": "serial", "url": "urls",
        "accession number": "accession", "database": "database", "index terms": "keywords",
        "supplementary terms": "keywords", "pubmed id": "pmid",
    },
)  # fmt: skip


def sniff(head: Head) -> bool:
    """Whether a record begins as SciFinder begins it."""
    return _BEGINS.search(head.data) is not None


def read(source: Input) -> Iterator[Row]:
    """Every record of the file as a row."""
    return read_entries(source, MARKS, entry_record)


def entry_record(entry: str) -> Record:
    """The record of one entry."""
    body = re.sub(r"(?m)^(?:START|END)_RECORD\s*$", "", entry)
    return record_of(pairs_of(body, _FIELD), LABELS)
