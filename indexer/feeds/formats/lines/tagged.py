"""
Tagged lines: entries of formats whose first and last lines have tags of their own.

    Text  ->  Entry (where it stands, its bytes)  ->  Record

Cuts behind the last tag of an entry, or before the first tag of the next one where the
last is missing. Fields before the first tag belong to the entry that follows them, unless they
have an end of their own or say again what that entry says. Numbering and providers'
headers between entries are no record.

Does not: know what a tag means (`ris.py`, `wos.py` and others do).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final

from indexer.feeds.formats.lines.line_entries import (
    Entry,
    Gathered,
    Outside,
    entry_of,
    every_line,
    row_of,
)
from indexer.feeds.reading.byte_account import WRAPPER
from indexer.feeds.reading.rows import BLANKS, Input, Line, Row, Rows
from indexer.records import Record, Rejected

FEWEST_TAGS: Final = 3  # of fields that stand apart from the entry before them
LEFT_BEHIND: Final = "fields left behind an entry"
UNBEGUN: Final = "an end mark without an entry"


@dataclass(frozen=True, slots=True)
class Marks:
    """Where entries of a format begin and end."""

    tag: Callable[[bytes], bytes]  # of a line, b"" where it has none
    first: bytes
    last: bytes
    any_first: bool = False  # an entry may begin with another tag than `first`
    wrapper: frozenset[bytes] = frozenset()  # tags of the file, not of an entry
    single: frozenset[bytes] = frozenset()  # an entry has them once
    also_first: frozenset[bytes] = frozenset()  # of entries of another format, read too


def tag_finder(*patterns: str) -> Callable[[bytes], bytes]:
    """A function that finds the tag of an undecoded line: group 1 of the first that matches."""
    finders = [re.compile(pattern.encode()).match for pattern in patterns]

    def tag(line: bytes) -> bytes:
        for find in finders:
            if match := find(line):
                return match[1]
        return b""

    return tag


def read_entries(source: Input, marks: Marks, record: Callable[[str], Record]) -> Iterator[Row]:
    """Every entry of the file as a row."""
    rows = Rows(source)
    for entry in _MarkedEntries(rows, marks).entries():
        yield entry if isinstance(entry, Rejected) else row_of(rows, entry, record)


class _MarkedEntries:
    """The cutting of one file."""

    def __init__(self, rows: Rows, marks: Marks) -> None:
        self._rows = rows
        self._marks = marks
        self._limit = rows.source.settings.row_limit
        self._entry = Gathered(self._limit)
        self._begun = False  # the first tag of the entry was there
        self._lead = 0  # lines of the entry before its first tag
        self._apart = True  # something stands between the entry and the one before
        self._leads = False  # this file puts fields before the first tag
        self._outside = Outside(rows)

    def entries(self) -> Iterator[Entry | Rejected]:
        """The entries of the file; what is no entry is accounted for."""
        marks, entry, tag_of, last = self._marks, self._entry, self._marks.tag, self._marks.last
        begins = {marks.first, *marks.also_first}
        borders = begins | marks.wrapper
        for line in every_line(self._rows):
            tag = tag_of(line.data)
            if entry.lines and tag not in borders:  # as nearly all lines are
                entry.add(line)
                if tag == last:
                    yield from self._ended(whole=True)
            elif tag in begins:
                yield from self._first(line, alone=tag in marks.also_first)
            elif tag in marks.wrapper:
                yield from self._ended(whole=False)
                self._rows.no_record(WRAPPER, line.length)
            elif tag == last:
                self._rows.no_record(UNBEGUN, line.length)
            elif tag and marks.any_first:
                yield from self._outside.settled()
                self._entry.add(line)
            else:
                self._apart = True
                self._outside.add(line)
        if self._entry and self._left_behind():
            self._rows.no_record(LEFT_BEHIND, self._entry.dropped())
        yield from self._ended(whole=False)
        yield from self._outside.settled()

    def _first(self, line: Line, *, alone: bool) -> Iterator[Entry | Rejected]:
        if self._begun or alone:
            yield from self._ended(whole=False)
        elif self._entry and self._left_behind():
            self._rows.no_record(LEFT_BEHIND, self._entry.dropped())
        yield from self._outside.settled()
        self._lead = len(self._entry.lines)
        self._leads |= self._lead > 0
        if self._lead and self._entry.length > self._limit:
            yield from self._ended(whole=False)
        self._begun = True
        self._entry.add(line)

    def _left_behind(self) -> bool:
        """Whether the fields that no first tag began stand right behind an entry, and are few."""
        if self._begun or self._apart or self._leads:
            return False
        return len(self._tags(self._entry.lines)) < FEWEST_TAGS

    def _ended(self, *, whole: bool) -> Iterator[Entry]:
        lead, lines = self._lead, self._entry.lines
        self._begun, self._lead, self._apart = False, 0, not whole
        if not lines:
            return
        if lead and self._are_two(lines[:lead], lines[lead:]):  # the first without its ends
            self._entry.dropped()
            yield entry_of(lines[:lead], self._limit, whole=True)
            yield entry_of(lines[lead:], self._limit, whole=whole)
        else:
            yield self._entry.entry(whole=whole)

    def _are_two(self, before: list[Line], behind: list[Line]) -> bool:
        """Whether fields before the first tag are an entry of their own: both have its title."""
        return not self._marks.single.intersection(self._tags(before)).isdisjoint(
            self._tags(behind)
        )

    def _tags(self, lines: list[Line]) -> list[bytes]:
        return [tag for line in lines if (tag := self._marks.tag(line.data))]


def is_blank(line: bytes) -> bool:
    """Whether a line holds nothing but blanks and marks."""
    return not line.strip(BLANKS)
