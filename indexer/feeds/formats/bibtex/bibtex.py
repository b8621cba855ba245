"""
BibTeX and biblatex: entries as citation managers and people write them.

    Text  ->  "@article{…}" (where it stands, its bytes)  ->  BibEntry  ->  Record

Cut where the braces of an entry balance, or where the next entry begins a line; an entry
that never closes is one refused row that names its line. `@string` macros are kept for
the entries behind them; `@comment`, `@preamble`, `@xdata` and the text between entries
are no rows, unless that text looks like a piece of an entry. Braces and quotes around a
field fall away, those inside it and TeX's accents are for `markup.py`.

Entries come in the order of the file, with what they inherit (`bibtex_parents.py`).
"""

from __future__ import annotations

import pickle
import re
from collections.abc import Iterator
from typing import Final, NamedTuple

from indexer.errors import UnusableRow
from indexer.feeds.formats.bibtex.bibtex_entry import BibEntry, macros_of, parse
from indexer.feeds.formats.bibtex.bibtex_parents import Parents
from indexer.feeds.formats.bibtex.bibtex_record import record
from indexer.feeds.formats.lines.line_entries import FOREIGN_START, holds_table
from indexer.feeds.reading.byte_account import BLANK
from indexer.feeds.reading.encodings import Text
from indexer.feeds.reading.rows import RAW_KEPT, Head, Input, Line, Row, Rows, lines, our_fault

_SNIFF: Final = re.compile(
    r"(?:\A|[\r\n])[ \t]*@[ \t]*[A-Za-z]+[ \t]*[{(][^\r\n{}@]*(?:[,=}]|\Z|\r|\n)"
)
_START: Final = re.compile(rb"@[ \t]*([A-Za-z]\w*)\s*([{(])")
_NEXT: Final = re.compile(rb"[ \t]*@[A-Za-z]\w*\s*[{(]")
_BRACE: Final = re.compile(rb"[ \t]*[{(]")
_BRACE_BELOW: Final = re.compile(rb"[ \t]*@[A-Za-z]\w*[ \t]*[\r\n]+\Z")
_BRACES: Final = re.compile(rb"(?<!\\)[{}]")
_BRACES_AND_PAREN: Final = re.compile(rb'(?<!\\)[{}")]')
# A field that says what a work is, or the head of an entry without its brace, outside any
# entry, in a line that is no comment. "encoding = …" at the top of a file is none.
_PIECE: Final = re.compile(
    rb"(?:\A|[\r\n])(?![ \t]*(?:%|@comment\b))[^\r\n]*?(?:@[ \t]*[A-Za-z]\w*[ \t]*,|"
    rb"\b(?:title|author|editor|year|date|journal|journaltitle|booktitle|publisher|volume|number|"
    rb'pages|doi|url|isbn|issn|abstract|keywords|note|eprint|month)[ \t]*=[ \t]*["{\w])',
    re.IGNORECASE,
)
NO_ROWS: Final = frozenset({b"comment", b"preamble", b"xdata"})
BETWEEN: Final = b""  # the kind of what stands between two blocks
TEXT_BETWEEN: Final = "text between entries"

NOT_CLOSED: Final = "its braces never close; correct it or export it again"
OUTSIDE: Final = (
    "it looks like a piece of an entry, but stands in none; a brace before it may close its "
    "entry too early: correct it"
)
ANOTHER: Final = "it looks like entries of another format; hand them in as a file of their own"


class Block(NamedTuple):
    """One "@…{…}" of the file, or the text before the next one."""

    offset: int
    raw: bytes
    length: int  # more than len(raw) where it was over the limit
    kind: bytes  # lower case
    whole: bool  # it was closed
    line: int  # that it begins on, from 1


class _Row(NamedTuple):
    """A row that is not yet a record: the parents of its entry may stand behind it."""

    position: int
    raw: bytes
    length: int
    entry: BibEntry | None
    problem: str = ""


def sniff(head: Head) -> bool:
    """Whether a line begins an entry."""
    return not head.start.startswith((b"{", b"[", b"<")) and bool(_SNIFF.search(head.text))


def read(source: Input) -> Iterator[Row]:
    """Every entry of the file as a row."""
    rows = Rows(source)
    macros: dict[str, str] = {}
    with Parents() as parents:
        for block in cut(source.text, source.settings.row_limit, rows):
            row = _row(source, block, macros)
            if row.entry is not None:
                parents.store(row.entry)
            if what := _no_record(row, block):
                rows.no_record(what, block.length)
            elif parents.awaited or (row.entry is not None and parents.lacks(row.entry)):
                parents.wait(pickle.dumps(row))
            else:
                yield _settled(rows, row, parents)
        for waiting in parents.waiting():
            yield _settled(rows, pickle.loads(waiting), parents)


def _row(source: Input, block: Block, macros: dict[str, str]) -> _Row:
    """A block with what it says; `macros` grows by those that it defines."""
    entry, problem = None, ""
    if block.length == len(block.raw):  # else it was over the limit
        try:
            entry = _entry(source.text, block, macros)
        except UnusableRow as error:
            problem = f"line {block.line}, {_named(block)}: {error}"
        except Exception as error:  # costs this row only
            problem = our_fault(error)
    position = source.text.origin(block.offset)
    return _Row(position, block.raw, block.length, entry, problem)


def _entry(text: Text, block: Block, macros: dict[str, str]) -> BibEntry | None:
    if block.kind == BETWEEN:
        if _PIECE.search(block.raw):
            raise UnusableRow(OUTSIDE)
        if any(map(FOREIGN_START.match, block.raw.splitlines())) or holds_table(block.raw):
            raise UnusableRow(ANOTHER)
        return None
    if block.kind in (b"comment", b"preamble"):
        return None
    if not block.whole:
        raise UnusableRow(NOT_CLOSED)
    if block.kind == b"string":
        macros.update(macros_of(text.decode(block.raw), macros))
        return None
    return parse(text.decode(block.raw), macros)


def _named(block: Block) -> str:
    """How a person finds the block: "@article{fifth"."""
    start = block.raw.split(b",")[0].split(b"=")[0][:60]
    return " ".join(start.decode(errors="replace").split()) or TEXT_BETWEEN


def _no_record(row: _Row, block: Block) -> str:
    """Name what a block is that makes no row (a comment, a macro …); "" where it makes one."""
    if row.problem or row.length > len(row.raw):
        return ""
    if block.kind == BETWEEN:
        return TEXT_BETWEEN if block.raw.strip() else BLANK
    if block.kind in NO_ROWS or block.kind == b"string":
        return block.kind.decode()
    is_set = row.entry is not None and row.entry.kind == "set" and "title" not in row.entry.plain()
    return "set of entries" if is_set else ""


def _settled(rows: Rows, row: _Row, parents: Parents) -> Row:
    entry = row.entry
    if row.problem:
        return rows.reject(row.position, row.problem, row.raw, size=row.length)
    if entry is None:
        return rows.reject_long(row.position, row.length, row.raw)
    return rows.made(
        lambda: record(parents.with_inherited(entry)), row.position, row.raw, keys_repeat=True
    )


def cut(text: Text, limit: int, rows: Rows | None = None) -> Iterator[Block]:
    """
    The blocks of a text and the text between them, in constant memory.

    Byte-order marks inside the file are in no block: they are told to *rows*.
    """
    block, end = _Open(0, BETWEEN, limit, 1), 0
    for number, line in _numbered(lines(text, limit)):
        if rows and line.offset > end:
            rows.no_record("byte-order mark", line.offset - end)
        end = line.offset + line.length
        if block.kind and _NEXT.match(line.data):
            yield block.closed(whole=False)
            block = _Open(line.offset, BETWEEN, limit, number)
        at = 0
        while at < len(line.data):
            start = _START.search(line.data, at) if block.kind == BETWEEN else None
            if start is not None:
                block.take(line.data[at : start.start()])
                if block.length:
                    yield block.closed(whole=True)
                block = _Open(line.offset + start.start(), start[1].lower(), limit, number)
                block.begin(start)
                at = start.end()
            stop = block.end_in(line.data, at)
            block.take(line.data[at:stop])
            at = stop
            if block.depth == 0:
                yield block.closed(whole=True)
                block = _Open(line.offset + at, BETWEEN, limit, number)
        block.length += line.length - len(line.data)
    if block.length:
        yield block.closed(whole=block.kind == BETWEEN)


def _numbered(physical: Iterator[Line]) -> Iterator[tuple[int, Line]]:
    """The lines with their numbers; "@article" alone on one is put to a brace below it."""
    above: tuple[int, Line] | None = None
    for number, line in enumerate(physical, start=1):
        if above is not None:
            first, head = above
            above = None
            if _BRACE.match(line.data) and line.offset == head.offset + head.length:
                joined = head.data + line.data
                yield first, Line(head.offset, joined, head.length + line.length)
                continue
            yield first, head
        if _BRACE_BELOW.match(line.data):
            above = number, line
        else:
            yield number, line
    if above is not None:
        yield above


class _Open:
    """A block that has begun and not ended."""

    def __init__(self, offset: int, kind: bytes, limit: int, line: int) -> None:
        self.offset, self.kind, self.limit, self.line = offset, kind, limit, line
        self.in_parentheses = False
        self.depth = 1  # 0 once it is closed
        self.in_quotes = False
        self.parts: list[bytes] = []
        self.length = 0

    def begin(self, start: re.Match[bytes]) -> None:
        """Take the sign, the kind and the brace that an entry begins with."""
        self.in_parentheses = start[2] == b"("
        self.take(start[0])

    def take(self, data: bytes) -> None:
        """Add bytes to the block as long as it is under the limit."""
        if self.length <= self.limit:
            self.parts.append(data)
        self.length += len(data)

    def end_in(self, data: bytes, at: int) -> int:
        """Where the block ends in these bytes; their end when it goes on."""
        if self.kind == BETWEEN:
            return len(data)
        marks = _BRACES_AND_PAREN if self.in_parentheses else _BRACES
        for match in marks.finditer(data, at):
            mark = match[0]
            if mark == b"{":
                self.depth += 1
            elif mark == b"}" and (self.depth > 1 or not self.in_parentheses):
                self.depth -= 1
            elif mark == b'"' and self.depth == 1:
                self.in_quotes = not self.in_quotes
            elif mark == b")" and self.depth == 1 and not self.in_quotes:
                self.depth = 0
            if self.depth == 0:
                return match.end()
        return len(data)

    def closed(self, *, whole: bool) -> Block:
        """The block as far as it came."""
        raw = b"".join(self.parts)
        kept = raw[:RAW_KEPT] if self.length > self.limit else raw
        return Block(self.offset, kept, self.length, self.kind, whole, self.line)
