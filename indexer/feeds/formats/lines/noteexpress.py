"""
NoteExpress: the export of CNKI and others with labels in braces.

    {Reference Type}: Journal Article, {Title}: …  lines  ->  Record (`labelled.py`)
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from indexer.feeds.formats.lines.blocks import Beginnings, read_blocks
from indexer.feeds.formats.lines.labelled import Labels, record_of
from indexer.feeds.formats.lines.tagged import pairs_of, tag_finder
from indexer.feeds.reading.rows import Head, Input, Row
from indexer.records import Record

_TAG: Final = re.compile(r"[ \t]*\{([A-Z][^{}\r\n]{1,40})\}:[ \t]*")
_BEGINS: Final = re.compile(rb"\A\{[A-Z][^{}\r\n]{1,40}\}:[^\r\n]*[\r\n]+\s*\{[A-Z]")
BEGINS: Final = Beginnings(
    tag_finder(_TAG.pattern),
    always=frozenset({b"Reference Type"}),
    again=frozenset({b"Title"}),
    after_blank=frozenset({b"Title"}),
)
LABELS: Final = Labels(
    "noteexpress",
    {
        "reference type": "type", "title": "title", "translated title": "alternate_titles",
        "title (translated)": "alternate_titles", "author": "authors", "journal": "container",
        "secondary title": "container", "secondary author": "editors", "editor": "editors",
        "year": "year", "date": "date", "volume": "volume", "issue": "issue", "pages": "pages",
        "isbn/issn": "serial", "issn": "serial", "isbn": "serial", "abstract": "abstract",
        "doi": "doi", "keywords": "keywords", "notes": "notes", "url": "urls", "link": "urls",
        "database provider": "database", "language": "language", "publisher": "publisher",
        "place published": "publisher_place", "accession number": "accession",
    },
)  # fmt: skip


def sniff(head: Head) -> bool:
    """Whether the file begins with two labels in braces."""
    return _BEGINS.match(head.start) is not None


def read(source: Input) -> Iterator[Row]:
    """Every entry of the file as a row."""
    return read_blocks(source, BEGINS, entry_record)


def entry_record(entry: str) -> Record:
    """The record of one entry."""
    return record_of(pairs_of(entry, _TAG), LABELS)
