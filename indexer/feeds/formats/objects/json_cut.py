"""
Cutting JSON: the rows of arrays, of answers that wrap one, and of objects end to end.

    chunks of bytes  ->  Cut (where a row stands, its bytes, what they parse to)

Only strings and brackets are looked at, so a row that no parser takes is one refused
row and the next is read as if nothing had happened. A streaming parser (ijson) stops for
good at the first such row, and tells neither where a row begins nor its bytes; it is
the tests' second opinion. A row whose brackets never close is given up at the next line
that begins as rows of this file begin. Every byte is in a row or is said to be skipped.

Does not: know what a row means, or read JSON Lines (`json_rows.py` does).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final, NamedTuple

from indexer.feeds.formats.objects.json_buffer import CLOSERS, MISMATCH, NOT_CLOSED, Buffer
from indexer.feeds.reading.byte_account import WRAPPER
from indexer.feeds.reading.rows import RAW_KEPT

_TOKEN: Final = re.compile(rb'("[^"\\]*+(?:\\.[^"\\]*+)*+)("\s*+(:)?)?|[\[\]{}]', re.DOTALL)
_KEY: Final = re.compile(rb'"([^"\\]*+(?:\\.[^"\\]*+)*+)"\s*+:\s*+(?=[^\s])', re.DOTALL)
_SCALAR: Final = re.compile(rb'"[^"\\\n]*+(?:\\.[^"\\\n]*+)*+"?|[^\s,\[\]{}"]+')
OPEN_OBJECT, OPEN_ARRAY, CLOSE_ARRAY, CLOSE_OBJECT, QUOTE = b'{[]}"'

LOOK_AHEAD: Final = 1 << 20  # bytes of an answer before its list; facets can be long

DEEPEST_LIST: Final = 4  # levels of an answer above its list
NEAR: Final = 1024  # bytes behind a bracket within which its first value begins

# An object that names one of these before a list of its own is a record that has a list.
RECORD_KEYS: Final = frozenset({"title", "doi", "DOI", "authors", "author"})

ARRAY_CUT: Final = "the array is never closed; the file may be cut off, export it again"
ANSWER_CUT: Final = "what is around the rows is never closed; the file may be cut off"
__all__ = ["ARRAY_CUT", "MISMATCH", "NOT_CLOSED", "Cut", "Rules", "cut"]


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
    # Where answers keep their rows by name, and the key that is none of them.
    maps: Mapping[tuple[str, ...], bytes] = field(default_factory=dict)
    skipped: Callable[[str, int], None] = lambda what, size: None  # told of what is no row


def cut(chunks: Iterator[bytes], rules: Rules) -> Iterator[Cut]:
    """The rows of a JSON text: of its arrays and wrapped lists, else its top-level values."""
    return _Cutter(Buffer(chunks, rules.row_limit, rules.skipped), rules).rows()


class _Cutter:
    """The rows of a buffer, one after the other."""

    def __init__(self, buffer: Buffer, rules: Rules) -> None:
        self.buffer, self.rules = buffer, rules
        self.ended = False  # within an array
        self.inner: dict[int, int | str] = {}  # of rows in a broken one: see `inner_rows`

    def rows(self) -> Iterator[Cut]:
        """All rows, of every top-level value in turn."""
        while (byte := self.buffer.between()) >= 0:
            path: list[str] = []
            if byte == OPEN_ARRAY:
                self.buffer.skip(self.buffer.at + 1)
                yield from self.array()
            elif byte == OPEN_OBJECT and (bracket := self.seek(path)):
                yield from self.answer(path, bracket)
            else:
                yield self.row(byte)

    def array(self) -> Iterator[Cut]:
        """The elements of an array whose bracket was taken; whole answers where they are such."""
        first, answers = True, False
        while (byte := self.buffer.between()) >= 0:
            path: list[str] = []
            if byte == CLOSE_ARRAY:
                self.buffer.skip(self.buffer.at + 1)
                return
            if byte == OPEN_OBJECT and (first or answers) and (bracket := self.seek(path)):
                answers = True
                yield from self.answer(path, bracket)
            else:
                yield self.row(byte)
            first = False
        if not self.ended:
            yield self.broken(ARRAY_CUT)

    def members(self, passed: bytes) -> Iterator[Cut]:
        """The values of an object whose bracket was taken, but for what one key holds."""
        buffer = self.buffer
        while (byte := buffer.between()) >= 0:
            if byte == CLOSE_OBJECT:
                buffer.skip(buffer.at + 1)
                return
            key = _KEY.match(buffer.data, buffer.at)
            while not key and byte == QUOTE and len(buffer.data) - buffer.at < RAW_KEPT:
                if not buffer.more():
                    break
                key = _KEY.match(buffer.data, buffer.at)
            if key:
                buffer.skip(key.end())
                byte = buffer.data[buffer.at]
            row = self.row(byte)
            if key and key[1] == passed:
                self.rules.skipped(WRAPPER, row.length)
            else:
                yield row
        yield self.broken(ARRAY_CUT)

    def broken(self, problem: str) -> Cut:
        """No row, but that something around rows is amiss where the file has come to."""
        self.ended = True
        return Cut(self.buffer.offset, b"", 0, None, problem)

    def answer(self, path: list[str], bracket: bytes) -> Iterator[Cut]:
        """The rows of an answer, of all its lists; its cursor stands within the first."""
        self.ended = False
        while bracket:
            if bracket == b"[":
                yield from self.array()
            else:
                yield from self.members(self.rules.maps[tuple(path[1:])])
                path.pop()
            if self.ended:
                return
            bracket = self.seek(path)
        if path:
            yield from self.leave(path)

    def leave(self, path: list[str]) -> Iterator[Cut]:
        """Go behind the rest of an answer, however long it is."""
        buffer = self.buffer
        stack = bytearray(
            OPEN_ARRAY if level and not name else OPEN_OBJECT for level, name in enumerate(path)
        )
        buffer.loose, buffer.to = True, buffer.at
        problem = buffer.scan(stack)
        buffer.skip(buffer.to)
        buffer.loose = False
        if problem:
            yield self.broken(ANSWER_CUT if problem == NOT_CLOSED else problem)

    def seek(self, path: list[str]) -> bytes:
        """
        Go behind the bracket of the next list or map of an answer; b"" where there is none.

        *path* names the objects that are open, none before an answer. It is kept up to date;
        the cursor does not move where nothing is found, but behind the end of an answer.
        """
        buffer = self.buffer
        while len(buffer.data) - buffer.at < LOOK_AHEAD and buffer.more():
            pass
        entering, key, open_names = not path, "", list(path)
        for match in _TOKEN.finditer(buffer.data, buffer.at, buffer.at + LOOK_AHEAD):
            string, closed, colon = match.groups()
            if string is not None:
                key = string[1:].decode(errors="replace") if colon else key
                is_record = entering and len(open_names) == 1 and colon and key in RECORD_KEYS
                if is_record or not closed:
                    return b""
                continue
            byte = match[0]
            if byte[0] in CLOSERS:
                open_names.pop()
                if not open_names:
                    if not entering:
                        buffer.skip(match.end())
                        path.clear()
                    return b""
            elif len(open_names) <= DEEPEST_LIST and self.is_list(
                byte, (*open_names[1:], key), match.end()
            ):
                path[:] = open_names if byte == b"[" else [*open_names, key]
                buffer.skip(match.end())
                return byte
            else:
                open_names.append("" if byte == b"[" and open_names else key)
        return b""

    def is_list(self, byte: bytes, path: tuple[str, ...], behind: int) -> bool:
        """Whether a bracket opens rows, by where it stands."""
        if path not in self.rules.lists and path not in self.rules.maps:
            return False
        begins = self.buffer.data[behind : behind + NEAR].lstrip()
        if byte == b"[":
            return path in self.rules.lists and not begins.startswith(b'"')  # no list of ids
        passed = self.rules.maps.get(path)
        return passed is not None and begins.startswith(b'"%s"' % passed)

    def row(self, byte: int) -> Cut:
        """The value that begins here."""
        if byte not in (OPEN_OBJECT, OPEN_ARRAY):
            return self.scalar()
        buffer = self.buffer
        offset, buffer.to, buffer.kept = buffer.offset, buffer.at + 1, b""
        problem = self.scanned(offset, byte)
        if problem:
            return self.give_up(offset, problem)
        length = buffer.base + buffer.to - offset
        if buffer.kept or length > self.rules.row_limit:
            data = buffer.kept or buffer.data[buffer.at : buffer.at + RAW_KEPT]
            buffer.at, buffer.kept = buffer.to, b""
            return Cut(offset, data, length)
        return self.parsed(offset, buffer.data[buffer.at : buffer.to])

    def scanned(self, offset: int, byte: int) -> str:
        """Scan a row to its end, or take what is known of it; what went wrong."""
        buffer = self.buffer
        known = self.inner.get(offset)
        if isinstance(known, int):
            buffer.to = known - buffer.base
            return ""
        problem = known or buffer.scan(bytearray((byte,)))
        if problem and not known and not buffer.kept and (buffer.ended or problem == MISMATCH):
            self.inner = buffer.inner_rows(problem)
        return problem

    def parsed(self, offset: int, data: bytes) -> Cut:
        """A closed row as it parses; rows that a broken one swallowed are given back."""
        buffer = self.buffer
        try:
            value = self.rules.parse(data)
        except ValueError as error:
            swallowed = data.find(buffer.next_row)
            if swallowed > 0:
                if offset not in self.inner:
                    self.inner = buffer.inner_rows("")
                data = data[:swallowed]
            buffer.at += len(data)
            return Cut(offset, data, len(data), None, str(error))
        buffer.at = buffer.to
        return Cut(offset, data, len(data), value)

    def scalar(self) -> Cut:
        """A value that is no object or array, or a stray byte."""
        buffer = self.buffer
        offset = buffer.offset
        while True:
            match = _SCALAR.match(buffer.data, buffer.at)
            size = (match.end() if match else buffer.at + 1) - buffer.at
            if buffer.at + size < len(buffer.data) or size > RAW_KEPT or not buffer.more():
                break
        data = buffer.data[buffer.at : buffer.at + size]
        buffer.at += len(data)
        return Cut(offset, data, len(data), None, f"{data[:40]!r} is not an object")

    def give_up(self, offset: int, problem: str) -> Cut:
        """Leave a row that does not close; go on at the next line that begins like a row."""
        buffer = self.buffer
        mark = buffer.next_row
        raw, buffer.kept = buffer.kept, b""
        while (begins := buffer.data.find(mark, buffer.at)) < 0:
            end = max(buffer.at, len(buffer.data) - len(mark))
            raw = (raw + buffer.data[buffer.at : end])[:RAW_KEPT]
            buffer.at = buffer.to = end
            if not buffer.more():
                begins = len(buffer.data)
                break
        raw += buffer.data[buffer.at : begins]
        buffer.at = begins
        return Cut(offset, raw[:RAW_KEPT], buffer.offset - offset, None, problem)
