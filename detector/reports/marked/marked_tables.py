"""
Marked tables: rows of CSV and objects of JSON again, marks as columns or keys.

    rows of CSV, of a workbook (as CSV), objects of JSON  ->  bytes

A cell of a label that was empty is filled with what a duplicate was labelled.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Iterator, Sequence
from typing import Final

import orjson

from detector.reports.exports.cells import cell_as_it_came, csv_bytes
from detector.reports.marked.marking import (
    Mark,
    Marking,
    Written,
    beside,
    raw_rows_that_stay,
    rows_that_stay,
)
from detector.reports.second_reading import as_far_as_read
from detector.works.merging.labels import plain
from indexer.feeds.formats import Format
from indexer.feeds.formats.tables import delimited
from indexer.feeds.formats.tables.headers import layout_of
from indexer.feeds.reading.rows import BLANKS, Head, Input

_ARRAY: Final = b"["


def table(source: Input, form: Format, marking: Marking) -> Written:
    """CSV and the like, with the delimiter it came with."""
    layout = layout_of(Head(source.name, source.text.head).text)
    if layout is None:
        return
    limit = source.settings.row_limit
    parsed = as_far_as_read(delimited.parse(source.text, layout, limit))
    rows = (
        (row.cells, mark)
        for row in parsed
        if not row.problem and (mark := marking.of(source.text.origin(row.offset))) is not None
    )
    marked = _marked_cells(layout.header, rows, marking)
    yield from csv_bytes(marked, layout.delimiter, cell_as_it_came)


def workbook(source: Input, form: Format, marking: Marking) -> Written:
    """The sheets of a workbook as one table, under the columns of all."""
    rows = [
        (_cells(row.head), _cells(row.raw), mark)
        for row, mark in rows_that_stay(source, form, marking)
    ]
    header = tuple(dict.fromkeys(name for names, _, _ in rows for name in names))
    in_line = ((_under(header, names, cells), mark) for names, cells, mark in rows)
    if rows:
        yield from csv_bytes(_marked_cells(header, in_line, marking), shown=cell_as_it_came)


def _cells(line: bytes) -> list[str]:
    return next(csv.reader(io.StringIO(line.decode(), newline="")), [])


def _under(header: Sequence[str], names: Sequence[str], cells: Sequence[str]) -> list[str]:
    """The cells of a row moved under the columns of a wider header."""
    said = dict(zip(names, cells, strict=False))
    return [said.get(name, "") for name in header]


def _marked_cells(
    header: Sequence[str], rows: Iterable[tuple[Sequence[str], Mark]], marking: Marking
) -> Iterator[list[str]]:
    """The header and the rows that stay; columns of an earlier mark are filled anew."""
    own = {plain(name): name for name in header}
    names = list(beside(dict.fromkeys(marking.names, ""), header))
    more = [name for name in names if plain(name) not in own]
    begun = False
    for given, mark in rows:
        if not begun:
            begun = True
            yield [*header, *more]
        said = {own.get(plain(name), name): text for name, text in beside(mark, header).items()}
        cells = [*given, *[""] * len(header)][: len(header)]
        marked = [said.get(name, old) for name, old in zip(header, cells, strict=True)]
        yield [*marked, *(said.get(name, "") for name in more)]


def objects(source: Input, form: Format, marking: Marking) -> Written:
    """JSON: an array where the file is one, else an object a line."""
    in_array = source.text.head.lstrip(BLANKS).startswith(_ARRAY)
    before = b"[\n"
    for row, mark in raw_rows_that_stay(source, form, marking):
        text = _marked_object(source.text.decode(row.raw).strip(), mark)
        written = text.encode("utf-8", "surrogatepass")
        yield before + written if in_array else written + b"\n"
        before = b",\n"
    if in_array and before != b"[\n":
        yield b"\n]\n"


def _marked_object(text: str, mark: Mark) -> str:
    if not mark and "\n" not in text:
        return text
    if "\n" in text or any(f'"{name}"' in text for name in mark):
        value = json.loads(text, strict=False)  # of most nothing is asked
        return json.dumps({**value, **beside(mark, value)}, ensure_ascii=True)
    inside = text[:-1].rstrip()
    comma = "" if inside.endswith("{") else ","
    return inside + comma + orjson.dumps(dict(mark)).decode()[1:]
