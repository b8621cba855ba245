"""
MARC files: binary MARC 21 and UNIMARC (.mrc, .dat), as library systems export them.

    bytes  ->  one record at a time by its end mark  ->  pymarc  ->  Record

A record that lies about its length costs itself, not its neighbours: the end mark
decides. One whose directory is wrong (records over 99,999 bytes have no room for their
lengths, others were converted to UTF-8 with the old ones) is read by the marks between
its fields. MARC in XML is read by `xml_rows.py`.
"""

from __future__ import annotations

import logging
import re
import warnings
from collections.abc import Iterator
from typing import Final

from pymarc import Field, Indicators, Leader, Subfield
from pymarc import Record as Marc
from pymarc.exceptions import PymarcException
from pymarc.marc8 import marc8_to_unicode

from indexer.errors import UnusableRow
from indexer.feeds.formats.vocabularies import marc
from indexer.feeds.reading.byte_account import BLANK
from indexer.feeds.reading.rows import RAW_KEPT, Head, Input, Row, Rows
from indexer.records import Record

# It writes a line for every field it finds odd; what matters of them is in the record.
logging.getLogger("pymarc").setLevel(logging.ERROR)

END: Final = b"\x1d"
FIELD_END: Final = b"\x1e"
BETWEEN: Final = b"\r\n\0 "
LAST: Final = BETWEEN + b"\x1a"  # the end mark of old file systems
_LEADER: Final = re.compile(rb"\d{5}[a-z0-9 ]{5}[\d ]{2}")
_ENTRY: Final = 12  # bytes of the directory a field: tag, length, offset
LEADER_LENGTH: Final = 24


def sniff(head: Head) -> bool:
    """Whether the file begins with the leader of a MARC record."""
    start = head.data.lstrip(BETWEEN)
    return _LEADER.match(start) is not None and FIELD_END in start


def read(source: Input) -> Iterator[Row]:
    """Every record of the file as a row."""
    rows = Rows(source)
    limit = source.settings.row_limit
    position, held, passed = 0, b"", 0  # passed: bytes of a record over the limit
    while chunk := source.stream.read(1 << 16):
        held += chunk
        *whole, held = held.split(END)
        for raw in whole:
            length = passed + len(raw) + 1
            if length > limit + 1:
                yield rows.reject_long(position, length, raw)
            else:
                yield from _row(rows, position, raw + END)
            position, passed = position + length, 0
        if passed + len(held) > limit:
            passed, held = passed + len(held) - len(held[:RAW_KEPT]), held[:RAW_KEPT]
    if not held.strip(LAST):
        rows.no_record(BLANK, len(held) + passed)
        return
    reason = "the MARC record has no end mark: cut short; fetch the file again"
    yield rows.reject(position, reason, held, size=len(held) + passed)


def _row(rows: Rows, position: int, raw: bytes) -> Iterator[Row]:
    kept = raw.lstrip(BETWEEN)
    if kept == END:
        rows.no_record(BLANK, len(raw))
        return
    yield rows.made(lambda: _record(kept), position, raw)


def _record(raw: bytes) -> Record:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # pymarc's word on MARC-8 it maps as best it can
            parsed = _by_marks(raw)
            if parsed is None:
                parsed = Marc(raw, utf8_handling="replace", hide_utf8_warnings=True)
    except (PymarcException, ValueError, LookupError, TypeError) as error:
        said = str(error) or type(error).__name__
        raise UnusableRow(f"no readable MARC record: {said}") from None
    return marc.record_of(parsed)


def _by_marks(raw: bytes) -> Marc | None:
    """The record by its field marks where its directory is wrong and these agree with it."""
    head, *fields = raw.rstrip(END).split(FIELD_END)
    fields = fields[:-1] if fields and not fields[-1] else fields
    leader, directory = head[:LEADER_LENGTH], head[LEADER_LENGTH:]
    tags = _tags(directory, fields)
    if not fields or len(tags) != len(fields) or not directory.isalnum():
        return None
    if _directory_fits(raw, directory):
        return None
    # Lengths that have no room in the leader are no numbers pymarc would take.
    lasting = leader.decode("ascii", "replace").ljust(LEADER_LENGTH)
    parsed = Marc()
    parsed.leader = Leader("00000" + lasting[5:])
    decode_utf8 = lasting[9] == "a"
    parsed.fields = [
        _field(tag.decode("ascii", "replace"), data, decode_utf8)
        for tag, data in zip(tags, fields, strict=True)
    ]
    return parsed


def _tags(directory: bytes, fields: list[bytes]) -> list[bytes]:
    """The tags of a directory; some programs give long fields more digits than there are."""
    tags: list[bytes] = []
    at = offset = 0
    for data in fields:
        length = len(data) + 1
        written = b"%04d%05d" % (length, offset)
        tags.append(directory[at : at + 3])
        fits = directory.startswith(written, at + 3)
        at += 3 + len(written) if fits else _ENTRY
        offset += length
    return tags if at == len(directory) else []


def _directory_fits(raw: bytes, directory: bytes) -> bool:
    """Whether every field ends where the directory says."""
    entries = [directory[at : at + _ENTRY] for at in range(0, len(directory), _ENTRY)]
    base = raw[12:17]
    if not base.isdigit() or not raw[:5].isdigit() or int(raw[:5]) > len(raw):
        return False
    for entry in entries:
        if len(entry) != _ENTRY or not entry[3:].isdigit():
            return False
        end = int(base) + int(entry[7:]) + int(entry[3:7])
        if raw[end - 1 : end] != FIELD_END:
            return False
    return True


def _field(tag: str, data: bytes, utf8: bool) -> Field:
    def text(value: bytes) -> str:
        return value.decode("utf-8", "replace") if utf8 else marc8_to_unicode(value, True)

    if tag < "010" and tag.isdigit():
        return Field(tag, data=text(data))
    marks, *parts = data.split(b"\x1f")
    shown = marks.decode("ascii", "replace").ljust(2)
    pieces = [Subfield(text(part[:1]), text(part[1:])) for part in parts if part]
    return Field(tag, Indicators(shown[0], shown[1]), pieces)
