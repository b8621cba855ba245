"""
Marked records: MARC, EndNote's and MARC's XML again with marks; any other format as RIS.

    rows  ->  bytes, each row's own but for what is added

MARC has fields for local use (946), EndNote notes. What no mark fits into, and no file
of a row alone could be made of, becomes RIS: every reference manager takes it.
"""

from __future__ import annotations

import re
from html import escape
from typing import Final

from detector.reports.exports.ris_entries import ris
from detector.reports.marked.marking import (
    OLD,
    Mark,
    Marking,
    Written,
    raw_rows_that_stay,
    rows_that_stay,
)
from detector.works.merging.canonical import alone
from indexer.feeds.formats import Format
from indexer.feeds.reading.own_marks import MARK
from indexer.feeds.reading.rows import Input
from indexer.fields import fields_of

TAG: Final = b"946"  # for local use in MARC 21, in UNIMARC too
_LEADER: Final = 24
_ENTRY: Final = 12  # bytes of one entry of a directory: tag, length, start
_LONGEST: Final = 99_999  # of a record, by the digits that its leader has for it
_ENDS: Final = b"\x1e", b"\x1d"
_SUBFIELD: Final = b"  \x1fa"

_ROW: Final = re.compile(rb"<(?:([A-Za-z_][\w.-]*):)?record[\s>]")
_OPENING: Final = re.compile(rb"<((?:[A-Za-z_][\w.-]*:)?[A-Za-z_][\w.-]*)(?:\s[^<>]*)?(?<!/)>")
_OLD_FIELD: Final = re.compile(_SUBFIELD + rb"samework " + OLD + rb": ")
_OLD_STYLE: Final = re.compile(rb"<style[^>]*>(?:&#xD;)?samework " + OLD + rb": [^<]*</style>")
_NOTES: Final = re.compile(rb"</notes>|<notes\s*/>|</record>\s*\Z")
_OLD_DATAFIELD: Final = re.compile(
    rb'<(?:\w+:)?datafield tag="946"[^>]*><(?:\w+:)?subfield code="a">samework '
    + OLD
    + rb": [^<]*</(?:\w+:)?subfield></(?:\w+:)?datafield>"
)


def marc(source: Input, form: Format, marking: Marking) -> Written:
    """Binary MARC; a record whose directory is damaged stays without a mark."""
    for row, mark in raw_rows_that_stay(source, form, marking):
        yield _marked_marc(row.raw, mark)


def _marked_marc(raw: bytes, mark: Mark) -> bytes:
    start = re.search(rb"\d{5}", raw)
    record = raw[start.start() :] if start else raw
    base = record[12:17]
    if not mark or not base.isdigit():
        return record
    directory, data = record[_LEADER : int(base) - 1], record[int(base) :]
    if len(directory) % _ENTRY or not directory.isalnum() or not data.endswith(_ENDS[1]):
        return record
    fields = []
    for at in range(0, len(directory), _ENTRY):
        tag, size, offset = (directory[at + a : at + b] for a, b in ((0, 3), (3, 7), (7, 12)))
        if not (size + offset).isdigit():
            return record
        field = data[int(offset) : int(offset) + int(size)]
        if not (tag == TAG and _OLD_FIELD.match(field)):
            fields.append((tag, field))
    said = (f"{MARK} {name}: {value}".encode() for name, value in mark.items())
    fields += ((TAG, _SUBFIELD + mark_text + _ENDS[0]) for mark_text in said)
    return _as_marc(record[:_LEADER], fields)


def _as_marc(leader: bytes, fields: list[tuple[bytes, bytes]]) -> bytes:
    directory, data = b"", b""
    for tag, field in fields:
        directory += tag + b"%04d%05d" % (min(len(field), 9_999), len(data))
        data += field
    base = _LEADER + len(directory) + 1
    length = min(base + len(data) + 1, _LONGEST)
    leader = b"%05d" % length + leader[5:12] + b"%05d" % base + leader[17:]
    return leader + directory + _ENDS[0] + data + _ENDS[1]


def xml(source: Input, form: Format, marking: Marking) -> Written:
    """EndNote's XML and MARC's, each row inside what the file begins with."""
    head = b""
    start = source.stream.peek(1 << 16)
    for row, mark in raw_rows_that_stay(source, form, marking):
        if not head:
            head = start[: row.position]
            yield head
        yield _marked_xml(row.raw.strip(), mark) + b"\n"
    for name in reversed(_OPENING.findall(head)):
        yield b"</" + name + b">"
    yield b"\n" if head else b""


def _marked_xml(raw: bytes, mark: Mark) -> bytes:
    if not mark:
        return raw
    said = [escape(f"{MARK} {name}: {value}", quote=False) for name, value in mark.items()]
    prefix = _ROW.match(raw)
    if b"datafield" in raw:
        raw = _OLD_DATAFIELD.sub(b"", raw)
        name = prefix[1].decode() + ":" if prefix and prefix[1] else ""
        added = "".join(
            f'<{name}datafield tag="946" ind1=" " ind2=" "><{name}subfield code="a">{text}'
            f"</{name}subfield></{name}datafield>"
            for text in said
        )
        end = raw.rindex(b"</")
        return raw[:end] + added.encode() + raw[end:]
    raw = _OLD_STYLE.sub(b"", raw).replace(b"<notes></notes>", b"")
    style = '<style face="normal" font="default" size="100%">{}</style>'
    added = "".join(style.format(f"{'&#xD;' if n else ''}{text}") for n, text in enumerate(said))
    place = _NOTES.search(raw)
    if place is None:
        return raw
    if place[0].startswith(b"</notes"):
        added = "".join(style.format(f"&#xD;{text}") for text in said)
        return raw[: place.start()] + added.encode() + raw[place.start() :]
    rest = raw[place.start() :] if place[0].startswith(b"</record") else raw[place.end() :]
    return raw[: place.start()] + f"<notes>{added}</notes>".encode() + rest


def as_ris(source: Input, form: Format, marking: Marking) -> Written:
    """Records of any format as RIS."""
    for row, mark in rows_that_stay(source, form, marking):
        record = row.record
        yield ris(record.source_id or record.record_id, alone(record, fields_of(record)), mark)
