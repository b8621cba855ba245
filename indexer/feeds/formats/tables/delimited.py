"""
Delimited text: CSV and TSV exports with a header row.

    Text  ->  rows of cells (where they stand, their bytes)  ->  Record

The delimiter is the one that makes the header known (`headers.py`); lines before the
header (a title, "sep=;") belong to no row. Python's csv parses, strictly first: a quote
that is opened and never closed would swallow the rows behind it, so where strict parsing
fails, reading goes on at the next line that is a whole row by itself.

Does not: guess columns without a header.
"""

from __future__ import annotations

import csv
from collections import deque
from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple

from indexer.feeds.formats.tables.headers import Layout, cells_of, layout_of
from indexer.feeds.formats.tables.table_rows import row_of
from indexer.feeds.reading.byte_account import BLANK
from indexer.feeds.reading.encodings import Text
from indexer.feeds.reading.rows import RAW_KEPT, Head, Input, Line, Row, Rows, lines

MOST_LINES: Final = 5_000  # of one row: abstracts have some, a lost quote has all

QUOTE_LOST: Final = (
    "a quote is opened and not closed, so its values cannot be told apart; correct it"
)


class Parsed(NamedTuple):
    """One row of cells, or why there is none."""

    offset: int
    raw: bytes
    length: int
    cells: Sequence[str] = ()
    problem: str = ""


def sniff(head: Head) -> bool:
    """Whether one of the first lines is a header of known columns."""
    return layout_of(head.text) is not None


def read(source: Input) -> Iterator[Row]:
    """Every row below the header."""
    text, limit = source.text, source.settings.row_limit
    layout = layout_of(Head(source.name, text.head).text)
    if layout is None:
        return
    rows = Rows(source, b"".join(text.head.splitlines(keepends=True)[: layout.lines_before]))
    for row in parse(text, layout, limit, rows):
        position = text.origin(row.offset)
        cut_off = source.stream.fault and len(row.cells) < len(layout.header)
        if row.length > limit:
            yield rows.reject_long(position, row.length, row.raw)
        elif row.problem or cut_off:
            problem = row.problem or "the row is cut off"
            yield rows.reject(position, problem, row.raw, size=row.length)
        else:
            yield row_of(rows, row.cells, layout, position, row.raw, row.length)


def parse(text: Text, layout: Layout, limit: int, rows: Rows | None = None) -> Iterator[Parsed]:
    """The rows below the header; blank ones and repeated headers are told to *rows* only."""
    csv.field_size_limit(limit)  # of the whole process: the csv module has no other
    feed = _Feed(text, limit)
    for _ in range(layout.lines_before):
        if not feed.at_end():
            next(feed)
            _told(rows, "header", feed)
    while not feed.at_end():
        parsed = _next_row(feed, layout)
        if parsed.problem or parsed.length > limit:
            yield parsed
        elif not any(cell.strip() for cell in parsed.cells):
            _told(rows, BLANK, feed)
        elif tuple(parsed.cells) == layout.header:
            _told(rows, "header", feed)
        else:
            yield _checked(parsed, layout)
    if rows:
        rows.no_record("byte-order mark", feed.marks)


def _told(rows: Rows | None, what: str, feed: _Feed) -> None:
    if rows:
        rows.no_record(what, sum(line.length for line in feed.taken))


class _Feed:
    """The physical lines of a file, one row's at a time, with a way back."""

    def __init__(self, text: Text, limit: int) -> None:
        self.text, self.limit = text, limit
        self.lines = self._lines()
        self.back: deque[Line] = deque()
        self.taken: list[Line] = []
        self.size = 0
        self.marks = 0  # bytes of byte-order marks that begin lines, of files joined end to end

    def _lines(self) -> Iterator[Line]:
        end = 0
        for line in lines(self.text, self.limit):
            self.marks += line.offset - end
            end = line.offset + line.length
            yield line

    def at_end(self) -> bool:
        """Begin a row; whether there is none left."""
        self.taken, self.size = [], 0
        if not self.back:
            self.back.extend(line for line in (next(self.lines, None),) if line)
        return not self.back

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        if len(self.taken) >= MOST_LINES or self.size > self.limit:
            raise StopIteration
        line = self.back.popleft() if self.back else next(self.lines)
        self.taken.append(line)
        self.size += line.length
        return as_text(line, self.text)

    def give_back(self, keep: int) -> None:
        """Take only so many lines for this row; the others are read again."""
        self.back.extendleft(reversed(self.taken[keep:]))
        del self.taken[keep:]

    def parsed(self, cells: Sequence[str] = (), problem: str = "") -> Parsed:
        """What became of the lines taken."""
        raw = b"".join(line.data for line in self.taken)
        length = sum(line.length for line in self.taken)
        if length > self.limit:
            return Parsed(self.taken[0].offset, raw[:RAW_KEPT], length)
        return Parsed(self.taken[0].offset, raw.rstrip(b"\r\n"), length, cells, problem)


def as_text(line: Line, text: Text) -> str:
    """A line for the csv module, which takes a lone CR inside a cell for a line end."""
    return text.decode(line.data.rstrip(b"\r\n")).replace("\r", " ") + "\n"


def _next_row(feed: _Feed, layout: Layout) -> Parsed:
    try:
        cells = next(csv.reader(feed, delimiter=layout.delimiter, strict=True))
    except (csv.Error, StopIteration):
        return _mended_row(feed, layout)
    return feed.parsed(cells)


def _mended_row(feed: _Feed, layout: Layout) -> Parsed:
    """A row that is not strictly CSV: up to the next line that is a whole row by itself."""
    if feed.taken[0].too_long:
        feed.give_back(1)
        return feed.parsed()
    width = len(layout.header)
    texts = [as_text(line, feed.text) for line in feed.taken]
    whole = (n for n in range(1, len(texts)) if _width(texts[n], layout) == width > 1)
    keep = next(whole, 1 if len(texts) >= MOST_LINES else len(texts))
    feed.give_back(keep)
    cells = _loose_cells(texts[:keep], layout)
    return feed.parsed(cells) if len(cells) == width else feed.parsed(problem=QUOTE_LOST)


def _width(line: str, layout: Layout) -> int:
    return len(cells_of(line, layout.delimiter) or ())


def _loose_cells(texts: Sequence[str], layout: Layout) -> Sequence[str]:
    """The cells of lines with a stray quote: forgiven, else taken as text."""
    try:
        cells = next(csv.reader(texts, delimiter=layout.delimiter), [])
    except csv.Error:
        cells = []
    if len(cells) == len(layout.header):
        return cells
    return "".join(texts).rstrip("\n").split(layout.delimiter)


def _checked(row: Parsed, layout: Layout) -> Parsed:
    width = len(layout.header)
    if any(cell.strip() for cell in row.cells[width:]):
        count = len(row.cells)
        problem = (
            f"the row has {count} values, expected {width}; quote values that hold a delimiter"
        )
        return row._replace(problem=problem)
    return row
