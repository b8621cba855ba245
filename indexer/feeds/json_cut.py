"""
Cutting JSON: the rows of arrays, of answers that wrap one, and of objects end to end.

    chunks of bytes  ->  Cut (where a row stands, its bytes, what they parse to)

Only strings and brackets are looked at, so a row that no parser takes is one refused
row and the next is read as if nothing had happened. A streaming parser (ijson) stops for
good at the first such row, and tells neither where a row begins nor its bytes; it is
the tests' second opinion. A row whose brackets never close is given up at the next line
that begins as rows of this file begin.

Does not: know what a row means, or read JSON Lines (`json_rows.py` does).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, Final, NamedTuple

from indexer.feeds.encodings import BOM
from indexer.feeds.rows import RAW_KEPT

# Up to the next bracket, or the quote of a string that does not end in the buffer.
_UP_TO_BRACKET: Final = re.compile(rb'(?:[^"{}\[\]]++|"[^"\\]*+(?:\\.[^"\\]*+)*+")*+', re.DOTALL)
_IN_STRING: Final = re.compile(rb'[^"\\]*+(?:\\.[^"\\]*+)*+("?)', re.DOTALL)
_TOKEN: Final = re.compile(rb'("[^"\\]*+(?:\\.[^"\\]*+)*+)("\s*+(:)?)?|[\[\]{}]', re.DOTALL)
_BETWEEN: Final = re.compile(rb"(?:[\s,\0\x1e]|" + BOM + rb")*+")
_SCALAR: Final = re.compile(rb'"[^"\\\n]*+(?:\\.[^"\\\n]*+)*+"?|[^\s,\[\]{}"]+')
_CLOSERS: Final = {ord("}"): ord("{"), ord("]"): ord("[")}
OPEN_OBJECT, OPEN_ARRAY, CLOSE_ARRAY = b"{[]"

LOOK_AHEAD: Final = 1 << 20  # bytes of an answer before its list; facets can be long

DEEPEST_LIST: Final = 4  # levels of an answer above its list

# An object that names one of these before its list is a record that has a list.
RECORD_KEYS: Final = frozenset({"title", "doi", "DOI", "authors", "author"})

NOT_CLOSED: Final = "the row's brackets are never closed; the file may be cut off"
MISMATCH: Final = "the row's brackets do not match; correct it or export it again"
ARRAY_CUT: Final = "the array is never closed; the file may be cut off, export it again"


class Cut(NamedTuple):
    """One row: where it stands, and either what it parses to or why it does not."""

    offset: int
    data: bytes  # of a row over the limit only its beginning
    length: int
    value: Any = None
    problem: str = ""


@dataclass(frozen=True, slots=True)
class Rules:
    """What a cut goes by."""

    parse: Callable[[bytes], Any]  # raises ValueError with the reason
    lists: frozenset[tuple[str, ...]]  # where answers keep their rows
    row_limit: int


def cut(chunks: Iterator[bytes], rules: Rules) -> Iterator[Cut]:
    """The rows of a JSON text: of its arrays and wrapped lists, else its top-level values."""
    return _Cutter(chunks, rules).rows()


class _Cutter:
    """A buffer over the chunks: the row begins at `at`, scanning has come to `to`."""

    def __init__(self, chunks: Iterator[bytes], rules: Rules) -> None:
        self.chunks, self.rules = chunks, rules
        self.data = b""
        self.base = 0  # offset of data[0]
        self.at = self.to = 0
        self.kept = b""  # beginning of a row over the limit, the rest of it is dropped
        self.indent = b""  # what stands before a row on its line

    @property
    def offset(self) -> int:
        """Where `at` stands in the text."""
        return self.base + self.at

    def more(self) -> bool:
        """Take another chunk; bytes before `at` are forgotten, and a row over the limit."""
        if len(self.data) - self.at > self.rules.row_limit:
            if not self.kept and self.data.find(self.next_row, self.at) >= 0:
                return False  # it is no long row, but an open one that swallows others
            self.kept = self.kept or self.data[self.at : self.at + RAW_KEPT]
            self.at = self.to
        chunk = next(self.chunks, b"")
        self.base += self.at
        self.data = self.data[self.at :] + chunk
        self.to -= self.at
        self.at = 0
        return bool(chunk)

    @property
    def next_row(self) -> bytes:
        """How a row begins that stands on a line of its own."""
        return b"\n" + self.indent + b"{"

    def between(self) -> int:
        """Skip what stands between rows; the next byte, or -1 at the end."""
        while True:
            match = _BETWEEN.match(self.data, self.at)
            end = match.end() if match else self.at
            line = self.data.rfind(b"\n", self.at, end)
            if line >= 0:
                self.indent = self.data[line + 1 : end]
            self.at = self.to = end
            if end < len(self.data):
                return self.data[end]
            if not self.more():
                return -1

    def rows(self) -> Iterator[Cut]:
        """All rows, of every top-level value in turn."""
        while (byte := self.between()) >= 0:
            if byte == OPEN_ARRAY:
                self.at += 1
                yield from self.array()
            elif byte == OPEN_OBJECT and (depth := self.enter_list()):
                yield from self.array()
                self.leave(depth)
            else:
                yield self.row(byte)

    def array(self) -> Iterator[Cut]:
        """The elements of an array whose bracket was taken."""
        while (byte := self.between()) >= 0:
            if byte == CLOSE_ARRAY:
                self.at += 1
                return
            yield self.row(byte)
        yield Cut(self.offset, b"", 0, None, ARRAY_CUT)

    def enter_list(self) -> int:
        """Go behind the bracket of the list that an answer wraps; how deep it lies, or 0."""
        while len(self.data) - self.at < LOOK_AHEAD and self.more():
            pass
        path: list[str] = []
        key = ""
        for match in _TOKEN.finditer(self.data, self.at, self.at + LOOK_AHEAD):
            string, closed, colon = match.groups()
            if string is not None:
                key = string[1:].decode(errors="replace") if colon else key
                if not closed or (colon and key in RECORD_KEYS):
                    return 0
                continue
            byte = self.data[match.start()]
            shallow = len(path) <= DEEPEST_LIST
            if byte == OPEN_ARRAY and shallow and (*path[1:], key) in self.rules.lists:
                self.at = match.end()
                return len(path)
            if byte in _CLOSERS:
                path.pop()
                if not path:
                    return 0
            else:
                path.append("" if byte == OPEN_ARRAY and path else key)
        return 0

    def leave(self, depth: int) -> None:
        """Go behind an answer whose list was read."""
        self.to = self.at
        self.scan(bytearray(b"{" * depth))
        self.at, self.kept = self.to, b""

    def row(self, byte: int) -> Cut:
        """The value that begins here."""
        if byte not in (OPEN_OBJECT, OPEN_ARRAY):
            return self.scalar()
        offset, self.to, self.kept = self.offset, self.at + 1, b""
        problem = self.scan(bytearray((byte,)))
        if problem:
            return self.give_up(offset, problem)
        length = self.base + self.to - offset
        if self.kept or length > self.rules.row_limit:
            data = self.kept or self.data[self.at : self.at + RAW_KEPT]
            self.at, self.kept = self.to, b""
            return Cut(offset, data, length)
        return self.parsed(offset, self.data[self.at : self.to])

    def parsed(self, offset: int, data: bytes) -> Cut:
        """A closed row as it parses; rows that a broken one swallowed are given back."""
        try:
            value = self.rules.parse(data)
        except ValueError as error:
            swallowed = data.find(self.next_row)
            if swallowed > 0:
                data = data[:swallowed]
            self.at += len(data)
            return Cut(offset, data, len(data), None, str(error))
        self.at = self.to
        return Cut(offset, data, len(data), value)

    def scalar(self) -> Cut:
        """A value that is no object or array, or a stray byte."""
        offset = self.offset
        while True:
            match = _SCALAR.match(self.data, self.at)
            end = match.end() if match else self.at + 1
            if end < len(self.data) or end - self.at > RAW_KEPT or not self.more():
                break
        data = self.data[self.at : end]
        self.at = end
        return Cut(offset, data, len(data), None, f"{data[:40]!r} is not an object")

    def scan(self, stack: bytearray) -> str:
        """Move `to` behind the bracket that empties the stack of open ones; what went wrong."""
        while stack:
            match = _UP_TO_BRACKET.match(self.data, self.to)
            self.to = match.end() if match else self.to
            if self.to >= len(self.data):
                if not self.more():
                    return NOT_CLOSED
                continue
            byte = self.data[self.to]
            if byte in _CLOSERS:
                if stack.pop() != _CLOSERS[byte]:
                    return MISMATCH
            elif byte != ord('"'):
                stack.append(byte)
            elif not self.string():
                return NOT_CLOSED
            else:
                continue
            self.to += 1
        return ""

    def string(self) -> bool:
        """Move `to` behind a string that reaches over the end of the buffer."""
        self.to += 1
        while match := _IN_STRING.match(self.data, self.to):
            self.to = match.end()
            if match.group(1):
                return True
            if not self.more():
                break
        return False

    def give_up(self, offset: int, problem: str) -> Cut:
        """Leave a row that does not close; go on at the next line that begins like a row."""
        mark = self.next_row
        raw, self.kept = self.kept, b""
        while (found := self.data.find(mark, self.at)) < 0:
            end = max(self.at, len(self.data) - len(mark))
            raw = (raw + self.data[self.at : end])[:RAW_KEPT]
            self.at = self.to = end
            if not self.more():
                found = len(self.data)
                break
        raw += self.data[self.at : found]
        self.at = found
        return Cut(offset, raw[:RAW_KEPT], self.offset - offset, None, problem)
