"""
NBIB: PubMed's own tagged export, and ERIC's in the same form.

    PMID-, TI  -, FAU -, …, SO  - lines  ->  fields in order  ->  Record (`nbib_record.py`)

Tags are up to five letters, padded, then a hyphen; an entry begins with PMID, or with
OWN where it has none.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from indexer.feeds.formats.lines import ris
from indexer.feeds.formats.lines.blocks import Beginnings, read_blocks
from indexer.feeds.formats.lines.nbib_record import TAG, entry_record
from indexer.feeds.formats.lines.tagged import tag_finder
from indexer.feeds.reading.rows import Head, Input, Row
from indexer.records import Record

_BEGINS: Final = re.compile(
    rb"(?:\A|[\r\n])(?:PMID- ?\d*[ \t]*[\r\n]+[A-Z]{2,5} *- |OWN *- ?[^\r\n]+[\r\n]+[A-Z]{2,5} *- )"
)
BEGINS: Final = Beginnings(
    tag_finder(TAG.pattern),
    always=frozenset({b"TY"}),  # an entry of RIS
    again=frozenset({b"PMID", b"OWN"}),
    after_blank=frozenset({b"PMID", b"OWN"}),
    single=frozenset(
        (b"STAT", b"LR", b"DCOM", b"DA", b"VI", b"IP", b"DP", b"TI", b"PG", b"AB", b"TA", b"JT")
    ),
)


def sniff(head: Head) -> bool:
    """Whether an entry begins with its PMID- line, or with the name of its owner."""
    return _BEGINS.search(head.data) is not None


def read(source: Input) -> Iterator[Row]:
    """Every entry of the file as a row."""
    return read_blocks(source, BEGINS, _entry_record)


def _entry_record(entry: str) -> Record:
    """The record of one entry; RIS in a file of NBIB is read as what it is."""
    return ris.entry_record(entry) if entry.startswith("TY") else entry_record(entry)
