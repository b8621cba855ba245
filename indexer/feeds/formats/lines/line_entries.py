"""
Line entries: rows made of several lines, gathered in constant memory and accounted for.

    Text  ->  Line  ->  Entry (where it stands, its bytes)  ->  Occurrence or Rejected
    lines between entries  ->  named as no record, or refused where they look like an entry

Does not: know where an entry begins or ends (`tagged.py` and `blocks.py` do).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Final, NamedTuple

from indexer.feeds.formats.tables.headers import DELIMITERS, layout_of
from indexer.feeds.reading.byte_account import BLANK
from indexer.feeds.reading.rows import BLANKS, RAW_KEPT, Line, Row, Rows, lines
from indexer.records import Record, Rejected

MARK: Final = "byte-order mark"  # of a file that was joined to another
BETWEEN: Final = "text between entries"  # numbering, providers' headers
CUT_OFF: Final = "the entry is cut off where the file ends; fetch the file again"
FOREIGN: Final = (
    "{lines} lines beginning with {first!r} look like an entry but have no tags of this format; "
    "hand them in as a file of their own"
)
# A field of some format: "TI: x", "TI x", "%T x", "{Title}: x", "@article{", "title = {".
_FIELD: Final = re.compile(
    rb"\s*(?:[A-Z][A-Z0-9]{1,3}[ \t]*[-:=]|[A-Z][A-Z0-9] (?=\S)|%[A-Z0-9@] "
    rb"|\{[A-Z][^{}]{1,30}\}|@\w+\{|\w+\s*=\s*[{\"])"
)
# The first line of an entry in another format than the file's.
FOREIGN_START: Final = re.compile(
    rb"TY  ?- |PMID- ?\d|PT [A-Z]\s*\Z|FN [A-Z]|%0 \S|@\w+\{|\{\"|\[\{|<\?xml"
    rb"|\{Reference Type\}:|RT \S"
)
FEWEST_FIELDS: Final = 3  # of lines that look like a damaged entry


class Entry(NamedTuple):
    """The lines of one entry."""

    offset: int
    raw: bytes
    length: int  # more than len(raw) where it was over the limit
    whole: bool  # its own end was seen; False where only the file ended


class Gathered:
    """The lines of an entry so far; of what is over the limit only the length."""

    def __init__(self, limit: int) -> None:
        self.lines: list[Line] = []
        self.length = 0
        self._limit = limit

    def __bool__(self) -> bool:
        return bool(self.lines)

    def add(self, line: Line) -> None:
        """One more line."""
        if self.length <= self._limit or not self.lines:
            self.lines.append(line)
        else:
            last = self.lines[-1]
            self.lines[-1] = last._replace(length=last.length + line.length)
        self.length += line.length

    def entry(self, *, whole: bool) -> Entry:
        """The lines as an entry; none are left here."""
        entry = entry_of(self.lines, self._limit, whole=whole)
        self.lines, self.length = [], 0
        return entry

    def dropped(self) -> int:
        """How many bytes the lines have; none are left here."""
        length, self.lines, self.length = self.length, [], 0
        return length


def entry_of(parts: list[Line], limit: int, *, whole: bool) -> Entry:
    """Lines that follow each other as an entry."""
    length = sum(line.length for line in parts)
    raw = b"".join(line.data for line in parts)
    return Entry(parts[0].offset, raw[: limit + 1], length, whole)


def every_line(rows: Rows) -> Iterator[Line]:
    """The lines of the input; byte-order marks that stand before one are accounted for."""
    end = 0
    for line in lines(rows.source.text, rows.source.settings.row_limit):
        if line.offset != end:
            rows.no_record(MARK, line.offset - end)
        end = line.offset + line.length
        yield line


def row_of(rows: Rows, entry: Entry, record: Callable[[str], Record]) -> Row:
    """Make a record of an entry's text, or say why it is rejected."""
    source = rows.source
    position = source.text.origin(entry.offset)
    if entry.length > source.settings.row_limit or entry.length > len(entry.raw):
        return rows.reject_long(position, entry.length, entry.raw)
    if not entry.whole and source.stream.fault:
        return rows.reject(position, CUT_OFF, entry.raw)
    return rows.made(
        lambda: record(source.text.decode(entry.raw)), position, entry.raw, keys_repeat=True
    )


def text_lines(entry: str) -> list[str]:
    """The lines of an entry's text, whatever ends them, without zero bytes."""
    return entry.replace("\0", "").replace("\r\n", "\n").replace("\r", "\n").split("\n")


def holds_table(lines: bytes) -> bool:
    """Whether lines between entries begin with the header of a table, rows below it."""
    text = lines[:RAW_KEPT].decode(errors="replace")
    if not any(delimiter in text for delimiter in DELIMITERS):
        return False
    layout = layout_of(text.strip())
    if layout is None or len(layout.columns) < FEWEST_FIELDS:
        return False
    return len(text.strip().splitlines()) > layout.lines_before


class Outside:
    """Lines between entries, collected until it is known whether they look like an entry."""

    def __init__(self, rows: Rows) -> None:
        self._rows = rows
        self._lines = Gathered(rows.source.settings.row_limit)
        self._fields = 0

    def add(self, line: Line) -> None:
        """One more line; blank ones are accounted for at once."""
        if not line.data.strip(BLANKS):
            self._rows.no_record(BLANK, line.length)
            return
        starts = FOREIGN_START.match(line.data) is not None
        self._fields += FEWEST_FIELDS if starts else _FIELD.match(line.data) is not None
        self._lines.add(line)

    def settled(self) -> Iterator[Rejected]:
        """A rejection where the lines look like an entry; else they are named as no record."""
        if not self._lines:
            return
        count = len(self._lines.lines)
        entry = self._lines.entry(whole=True)
        if self._fields >= FEWEST_FIELDS or holds_table(entry.raw):
            first = entry.raw.splitlines()[0][:40].decode(errors="replace")
            position = self._rows.source.text.origin(entry.offset)
            reason = FOREIGN.format(lines=count, first=first)
            yield self._rows.reject(position, reason, entry.raw, size=entry.length)
        else:
            self._rows.no_record(BETWEEN, entry.length)
        self._fields = 0
