"""
RefWorks: its tagged export, "RT Journal Article" and what follows.

    RT, SR, ID, A1, T1, …  lines  ->  (tag, value) pairs  ->  Record (`labelled.py`)

An entry begins at RT; a line without one of the format's tags continues the one before.
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

# All of them, since a line of an abstract may begin with two capitals too.
_TAGS: Final = (
    "RT|SR|ID|A[1-6]|T[1-3]|JF|JO|YR|FD|K1|RD|VO|IS|SP|OP|PB|PP|ED|AB|NO|AD|AN|CL|SF|OT|LA|DO|LK"
    "|UL|U[1-9]|U1[0-5]|SN|AV|DB|DS|IP|ST|WT|C[1-7]|SL|LL|CR|WV|OL|PMID|PMCID|FR|TI|WP|NV|LS"
)
_TAG: Final = re.compile(rf"({_TAGS})(?: |(?=[\r\n]|\Z))")
_BEGINS: Final = re.compile(rb"(?:\A|[\r\n])RT [^\r\n]+[\r\n]+(?:SR|ID|A1|T1|JF|YR|K1|AB) ")
BEGINS: Final = Beginnings(tag_finder(_TAG.pattern), always=frozenset({b"RT"}))
LABELS: Final = Labels(
    "refworks",
    {
        "rt": "type", "id": "source_id", "a1": "authors", "a2": "editors", "t1": "title",
        "ot": "alternate_titles", "jf": "container", "t2": "container", "jo": "container",
        "yr": "year", "fd": "date", "k1": "keywords", "vo": "volume", "is": "issue",
        "sp": "start", "op": "end", "pb": "publisher", "pp": "publisher_place",
        "ab": "abstract", "no": "notes", "an": "accession", "la": "language", "do": "doi",
        "lk": "urls", "ul": "urls", "sn": "serial", "db": "database", "pmid": "pmid",
        "pmcid": "pmcid",
    },
    split=frozenset(),
)  # fmt: skip


def sniff(head: Head) -> bool:
    """Whether a line that says the type of a reference is followed by another tag."""
    return _BEGINS.search(head.data) is not None


def read(source: Input) -> Iterator[Row]:
    """Every entry of the file as a row."""
    return read_blocks(source, BEGINS, entry_record)


def entry_record(entry: str) -> Record:
    """The record of one entry; "FD Apr 2" is completed by the year."""
    pairs = pairs_of(entry, _TAG)
    year = next((value for tag, value in pairs if tag == "YR"), "")
    return record_of(
        [
            (tag, f"{year} {value}" if tag == "FD" and year not in value else value)
            for tag, value in pairs
        ],
        LABELS,
    )
