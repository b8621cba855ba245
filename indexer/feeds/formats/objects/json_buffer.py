"""
A buffer over the chunks of a JSON text, and the one scan that finds where a value ends.

    chunks of bytes  ->  Buffer: a row begins at `at`, scanning has come to `to`

Only strings and brackets are looked at. A row over the limit is dropped while it is
scanned but for its beginning, so that no row costs more memory than the limit.

Does not: know rows, lists or answers (`json_cut.py` does).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Final

from indexer.feeds.reading.byte_account import BLANK, WRAPPER
from indexer.feeds.reading.encodings import BOM
from indexer.feeds.reading.rows import RAW_KEPT

# Up to the next bracket, or the quote of a string that does not end in the buffer.
_UP_TO_BRACKET: Final = re.compile(rb'(?:[^"{}\[\]]++|"[^"\\]*+(?:\\.[^"\\]*+)*+")*+', re.DOTALL)
_IN_STRING: Final = re.compile(rb'[^"\\]*+(?:\\.[^"\\]*+)*+("?)', re.DOTALL)
_BETWEEN: Final = re.compile(rb"(?:[\s,\0\x1e]|" + BOM + rb")*+")
_BRACKET: Final = re.compile(rb'"[^"\\]*+(?:\\.[^"\\]*+)*+"?+|([{}\[\]])', re.DOTALL)
CLOSERS: Final = {ord("}"): ord("{"), ord("]"): ord("[")}

NOT_CLOSED: Final = "the row's brackets are never closed; the file may be cut off"
MISMATCH: Final = "the row's brackets do not match; correct it or export it again"


class Buffer:
    """The bytes from `at` on that were read so far; what is left behind is forgotten."""

    def __init__(
        self, chunks: Iterator[bytes], row_limit: int, skipped: Callable[[str, int], None]
    ) -> None:
        self.chunks, self.row_limit, self.skipped = chunks, row_limit, skipped
        self.data = b""
        self.base = 0  # offset of data[0]
        self.at = self.to = 0
        self.kept = b""  # beginning of a row over the limit, the rest of it is dropped
        self.indent = b""  # what stands before a row on its line
        self.loose = False  # what is scanned is no row, and may be of any length
        self.ended = False  # there is no further chunk

    @property
    def offset(self) -> int:
        """Where `at` stands in the text."""
        return self.base + self.at

    @property
    def next_row(self) -> bytes:
        """How a row begins that stands on a line of its own."""
        return b"\n" + self.indent + b"{"

    def more(self) -> bool:
        """Take another chunk; bytes before `at` are forgotten, and a row over the limit."""
        if self.loose:
            self.skip(self.to)
        elif len(self.data) - self.at > self.row_limit:
            if not self.kept and self.data.find(self.next_row, self.at) >= 0:
                return False  # it is no long row, but an open one that swallows others
            self.kept = self.kept or self.data[self.at : self.at + RAW_KEPT]
            self.at = self.to
        chunk = next(self.chunks, b"")
        self.ended = not chunk
        self.base += self.at
        self.data = self.data[self.at :] + chunk
        self.to -= self.at
        self.at = 0
        return bool(chunk)

    def skip(self, end: int, what: str = WRAPPER) -> None:
        """Go on at *end*; what lies before it is no row, and is said to be that."""
        if end > self.at:
            self.skipped(what, end - self.at)
        self.at = end
        self.to = max(self.to, end)

    def between(self) -> int:
        """Skip what stands between rows; the next byte, or -1 at the end."""
        while True:
            match = _BETWEEN.match(self.data, self.at)
            end = match.end() if match else self.at
            line = self.data.rfind(b"\n", self.at, end)
            if line >= 0:
                self.indent = self.data[line + 1 : end]
            if end > self.at:
                commas = self.data.count(b",", self.at, end)
                for what, size in ((WRAPPER, commas), (BLANK, end - self.at - commas)):
                    self.skipped(what, size)
            self.at = self.to = end
            if end < len(self.data) and not self._half_a_mark(end):
                return self.data[end]
            if not self.more():
                return self.data[self.at] if self.at < len(self.data) else -1

    def _half_a_mark(self, end: int) -> bool:
        """Whether the buffer may end within a byte-order mark."""
        return len(self.data) - end < len(BOM) and BOM.startswith(self.data[end:])

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
            if byte in CLOSERS:
                if stack.pop() != CLOSERS[byte]:
                    return MISMATCH
            elif byte != ord('"'):
                stack.append(byte)
            elif not self._string():
                return NOT_CLOSED
            else:
                continue
            self.to += 1
        return ""

    def inner_rows(self, problem: str) -> dict[int, int | str]:
        """
        What a scan of each line that begins a row within a broken one would come to.

        By the offset of the line's bracket: the offset behind the bracket that closes it, or
        *problem*, which ended the scan of the whole. Known by one look at the scanned bytes,
        so that a thousand rows that never close are not each scanned to the end of the file.
        """
        mark, ends, stack = self.next_row, dict[int, int | str](), list[int]()
        for match in _BRACKET.finditer(self.data, self.at, self.to):
            if match[1] in (b"{", b"["):
                stack.append(match.start())
            elif match[1] and stack:
                begun = stack.pop()
                ends[self.base + begun] = self.base + match.end()
        if problem:
            ends.update((self.base + begun, problem) for begun in stack)
        return {
            begun: end
            for begun, end in ends.items()
            if self.data.endswith(mark, 0, begun - self.base + 1)
        }

    def _string(self) -> bool:
        """Move `to` behind a string that reaches over the end of the buffer."""
        self.to += 1
        while match := _IN_STRING.match(self.data, self.to):
            self.to = match.end()
            if match.group(1):
                return True
            if not self.more():
                break
        return False
