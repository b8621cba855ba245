"""
MARC files: binary MARC 21 and UNIMARC (.mrc, .dat), as library systems export them.

    bytes  ->  one record at a time by its own length  ->  pymarc  ->  Record

A record that lies about its length costs itself, not its neighbours: the end mark
decides. MARC in XML is read by `xml_rows.py`.
"""

from __future__ import annotations

import logging
import re
import warnings
from collections.abc import Iterator
from typing import Final

from pymarc import Record as Marc
from pymarc.exceptions import PymarcException

from indexer.feeds.rows import Head, Input, Rows
from indexer.feeds.vocabularies import marc
from indexer.records import Occurrence, Rejected

Row = Occurrence | Rejected

# It writes a line for every field it finds odd; what matters of them is in the record.
logging.getLogger("pymarc").setLevel(logging.ERROR)

END: Final = b"\x1d"
BETWEEN: Final = b"\r\n\0 "
_LEADER: Final = re.compile(rb"\d{5}[a-z0-9 ]{5}[\d ]{2}")


def sniff(head: Head) -> bool:
    """Whether the file begins with the leader of a MARC record."""
    start = head.data.lstrip(BETWEEN)
    return _LEADER.match(start) is not None and b"\x1e" in start


def read(source: Input) -> Iterator[Row]:
    """Every record of the file as a row."""
    rows = Rows(source)
    limit = source.settings.row_limit
    position, held = 0, b""
    while chunk := source.stream.read(1 << 16):
        held += chunk
        *whole, held = held.split(END)
        for raw in whole:
            yield from _row(rows, position, raw + END)
            position += len(raw) + 1
        if len(held) > limit:
            yield rows.reject_long(position, len(held), held)
            return
    if held.strip(BETWEEN + b"\x1a"):
        reason = "the MARC record has no end mark: cut short; fetch the file again"
        yield rows.reject(position, reason, held)


def _row(rows: Rows, position: int, raw: bytes) -> Iterator[Row]:
    kept = raw.lstrip(BETWEEN)
    if kept == END:
        return
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # pymarc's word on MARC-8 it maps as best it can
            parsed = Marc(kept, utf8_handling="replace", hide_utf8_warnings=True)
        yield rows.accept(marc.record_of(parsed), position, raw)
    except (PymarcException, ValueError, LookupError, TypeError) as error:
        said = str(error) or type(error).__name__
        yield rows.reject(position, f"no readable MARC record: {said}", raw)
