"""
Blocks: entries of formats that begin with a certain tag, or behind a blank line.

    Text  ->  Entry (where it stands, its bytes)  ->  Record

A blank line alone ends no entry, since abstracts hold blank lines. It ends one when the
next line has a tag that begins entries, or a tag that an entry has once and this one has.

Does not: know what a tag means (`nbib.py`, `enw.py` and others do).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from indexer.feeds.formats.lines.line_entries import (
    FOREIGN_START,
    Entry,
    Gathered,
    Outside,
    every_line,
    row_of,
)
from indexer.feeds.formats.lines.tagged import is_blank
from indexer.feeds.reading.byte_account import BLANK
from indexer.feeds.reading.rows import Input, Line, Row, Rows
from indexer.records import Record, Rejected


@dataclass(frozen=True, slots=True)
class Beginnings:
    """Which tags begin an entry."""

    tag: Callable[[bytes], bytes]  # of a line, b"" where it has none
    always: frozenset[bytes] = frozenset()  # wherever they stand
    again: frozenset[bytes] = frozenset()  # when the entry has them already
    after_blank: frozenset[bytes] = frozenset()
    after_gap: frozenset[bytes] = frozenset()  # behind two blank lines or more
    single: frozenset[bytes] = frozenset()  # behind a blank line, when the entry has them already
    any_first: bool = True  # the first entry may begin with any tag


def read_blocks(
    source: Input, begins: Beginnings, record: Callable[[str], Record]
) -> Iterator[Row]:
    """Every entry of the file as a row."""
    rows = Rows(source)
    for entry in _Blocks(rows, begins).entries():
        yield entry if isinstance(entry, Rejected) else row_of(rows, entry, record)


class _Blocks:
    """The cutting of one file."""

    def __init__(self, rows: Rows, begins: Beginnings) -> None:
        self._rows = rows
        self._begins = begins
        self._entry = Gathered(rows.source.settings.row_limit)
        self._seen: set[bytes] = set()
        self._blanks: list[Line] = []  # behind the entry, or inside it
        self._first = b""  # the tag that the file's first entry begins with
        self._outside = Outside(rows)

    def entries(self) -> Iterator[Entry | Rejected]:
        """The entries of the file; what is no entry is accounted for."""
        tag_of, begins, entry = self._begins.tag, self._begins, self._entry
        stops = begins.always | begins.again
        for line in every_line(self._rows):
            tag = tag_of(line.data)
            if tag and tag not in stops and entry.lines and not self._blanks:
                entry.add(line)  # as nearly all lines are
                self._seen.add(tag)
            elif not tag and is_blank(line.data):
                self._add_blank(line)
            elif tag and self._begins_with(tag):
                yield from self._ended(whole=True)
                yield from self._outside.settled()
                self._first = self._first or tag
                self._seen = {tag}
                self._entry.add(line)
            elif self._blanks and not tag and FOREIGN_START.match(line.data):
                yield from self._ended(whole=True)
                self._outside.add(line)
            elif self._entry:
                self._add(line)
                self._seen.add(tag)
            else:
                self._outside.add(line)
        yield from self._ended(whole=False)
        yield from self._outside.settled()

    def _begins_with(self, tag: bytes) -> bool:
        begins = self._begins
        if not self._entry:
            return begins.any_first or tag in begins.always | begins.again | begins.after_blank
        if tag in begins.always or (tag in begins.again and tag in self._seen):
            return True
        if not self._blanks:
            return False
        if tag in begins.after_blank or (tag in begins.after_gap and len(self._blanks) > 1):
            return True
        if tag == self._first and tag not in begins.after_gap:
            return True
        return tag in begins.single and tag in self._seen

    def _add_blank(self, line: Line) -> None:
        if self._entry and len(self._blanks) < 100:  # no entry goes on behind so many
            self._blanks.append(line)
        else:
            self._rows.no_record(BLANK, line.length)

    def _add(self, line: Line) -> None:
        for blank in self._blanks:
            self._entry.add(blank)
        self._blanks = []
        self._entry.add(line)

    def _ended(self, *, whole: bool) -> Iterator[Entry]:
        self._rows.no_record(BLANK, sum(line.length for line in self._blanks))
        self._blanks = []
        if self._entry:
            yield self._entry.entry(whole=whole)
