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
import re
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from typing import Final, NamedTuple

from indexer.feeds.encodings import Text
from indexer.feeds.headers import Columns, Layout, cells_of, layout_of
from indexer.feeds.rows import MISSING, RAW_KEPT, Head, Input, Line, Rows, lines
from indexer.feeds.shapes.values import joined_pages, serials
from indexer.records import Author, Occurrence, Record, Rejected

Row = Occurrence | Rejected

MOST_LINES: Final = 5_000  # of one row: abstracts have some, a lost quote has all
OPENALEX: Final = "https://openalex.org/W"

QUOTE_LOST: Final = (
    "a quote is opened and not closed, so its values cannot be told apart; correct it"
)

_SCOPUS_ID: Final = re.compile(r" ?\(\d{6,12}\)")
_PMID: Final = re.compile(r"\bPMID:\s*(\d+)")
_PMCID: Final = re.compile(r"\b(PMC\d+)\b")
_ARXIV: Final = re.compile(r"\barXiv:\s*(\S+)", re.IGNORECASE)
# PubMed's "Behav Ther. 2022 Mar;53(2):334-347. doi: …"
_CITATION: Final = re.compile(r"; ?([^\s(:;]{1,20})?(?:\(([^()]{1,40})\))?: ?([\w-]{1,20})")


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
    for row in parse(text, layout, limit):
        position = text.origin(row.offset)
        cut_off = source.stream.fault and len(row.cells) < len(layout.header)
        if row.length > limit:
            yield rows.reject_long(position, row.length, row.raw)
        elif row.problem or cut_off:
            yield rows.reject(position, row.problem or "the row is cut off", row.raw)
        else:
            found = record(row.cells, layout.columns)
            own = not layout.ids_of_file or found.source == "openalex"
            yield rows.accept(found, position, row.raw, ids_of_file=not own)


def parse(text: Text, layout: Layout, limit: int) -> Iterator[Parsed]:
    """The rows below the header, blank ones and repeated headers left out."""
    csv.field_size_limit(limit)  # of the whole process: the csv module has no other
    feed = _Feed(text, limit, skip=layout.lines_before)
    while not feed.at_end():
        parsed = _next_row(feed, layout)
        if parsed.problem or parsed.length > limit:
            yield parsed
        elif any(cell.strip() for cell in parsed.cells) and tuple(parsed.cells) != layout.header:
            yield _checked(parsed, layout)


class _Feed:
    """The physical lines of a file, one row's at a time, with a way back."""

    def __init__(self, text: Text, limit: int, skip: int) -> None:
        self.text, self.limit = text, limit
        self.lines = lines(text, limit)
        self.back: deque[Line] = deque()
        self.taken: list[Line] = []
        self.size = 0
        for _ in range(skip):
            next(self.lines, None)

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
        found = len(row.cells)
        problem = (
            f"the row has {found} values, expected {width}; quote values that hold a delimiter"
        )
        return row._replace(problem=problem)
    return row


def record(cells: Sequence[str], columns: Columns) -> Record:
    """A row as a record, identity still open."""

    def every(field: str) -> list[str]:
        found = (cells[index].strip() for index in columns.get(field, ()) if index < len(cells))
        return list(dict.fromkeys(value for value in found if value not in MISSING))

    def one(field: str) -> str:
        return next(iter(every(field)), "")

    issn, isbn = serials([*every("issn"), *every("isbn")])
    volume, issue, pages = _place(one("citation"))
    row_id, source = one("id"), one("source")
    if row_id.startswith(OPENALEX):
        row_id, source = row_id.removeprefix("https://openalex.org/"), "openalex"
    return Record(
        record_id="",
        source=source,
        source_id=row_id,
        title=one("title"),
        alternate_titles=tuple(every("alternate_titles")),
        authors=_byline(one("full_authors") or one("authors") or one("editors")),
        date=_date(one("date"), one("year"), one("month")),
        year=one("year"),
        container=one("container"),
        publisher=one("publisher"),
        volume=one("volume") or volume,
        issue=one("issue") or issue,
        pages=one("pages") or joined_pages(one("first_page"), one("last_page")) or pages,
        article_number=one("article_number"),
        abstract=one("abstract"),
        type=one("type"),
        language=one("language"),
        stage=one("stage"),
        doi=one("doi"),
        identifiers=tuple(_identifiers(every, row_id if source == "openalex" else "")),
        issn=issn,
        isbn=isbn,
        urls=tuple(every("urls")),
    )


def _byline(names: str) -> tuple[Author, ...]:
    """The names of a cell; several only where a mark that no name holds is between them."""
    names = _SCOPUS_ID.sub("", names)
    mark = next((mark for mark in (";", "|", "\n") if mark in names), None)
    parts = names.split(mark) if mark else [names]
    return tuple(Author(name=name) for part in parts if (name := part.strip()))


def _date(date: str, year: str, month: str) -> str:
    """The fullest date; "OCT" alone is completed by the year beside it."""
    if date and year and not re.search(r"\d{4}", date):
        return f"{year} {date}"
    return date or (f"{year} {month}".strip() if year else "")


def _place(citation: str) -> tuple[str, str, str]:
    """Volume, issue and pages of PubMed's citation column."""
    match = _CITATION.search(citation)
    return (match[1] or "", match[2] or "", match[3]) if match else ("", "", "")


def _identifiers(every: Callable[[str], list[str]], openalex_id: str) -> Iterator[tuple[str, str]]:
    if openalex_id:
        yield "openalex", openalex_id
    for scheme in ("pmid", "pmcid", "arxiv"):
        yield from ((scheme, value) for value in every(scheme))
    yield from (("", value) for value in every("accession"))
    for note in every("extra"):
        for scheme, pattern in (("pmid", _PMID), ("pmcid", _PMCID), ("arxiv", _ARXIV)):
            yield from ((scheme, value) for value in pattern.findall(note))
