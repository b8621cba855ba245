"""
Flat objects: rows of a table that was saved as JSON, told by the names of its columns.

    {"Title": …, "Author full names": …, "Year": 2018}  ->  Record

pandas, R and converters write CSV exports so. The names are those of `headers.py`; an
object with trees, or of our own shape, is none of them.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any, Final

from indexer.feeds.formats.shapes import claims, own
from indexer.feeds.formats.shapes.values import is_nested, texts
from indexer.feeds.formats.tables.cell_text import text_of
from indexer.feeds.formats.tables.headers import Layout, columns_of
from indexer.feeds.formats.tables.table_record import record
from indexer.feeds.formats.tables.table_rows import ids_of_file
from indexer.feeds.reading.rows import Row, Rows
from indexer.records import Record, completed

BYLINES: Final = ("authors", "full_authors", "group_authors")


def layout_of(plain: Any) -> Layout | None:
    """The columns of an object that is a row of a table; None for any other."""
    if not isinstance(plain, dict) or plain.keys() <= own.EVERY_KEY:
        return None
    if any(map(is_nested, plain.values())):
        return None
    names = tuple(map(str, plain))
    columns = columns_of(names)
    if "title" not in columns:
        return None
    if own.recognise(plain):
        of_a_table = claims.of_others(plain, own.EVERY_KEY) and not columns.keys().isdisjoint(
            BYLINES
        )
        return Layout(",", names, columns, 0) if of_a_table else None
    return Layout(",", names, columns, 0)


def row(rows: Rows, plain: Mapping[str, Any], layout: Layout, position: int, raw: bytes) -> Row:
    """The object as a row of its table."""
    cells = [_cell(value) for value in plain.values()]
    make, in_file = partial(_record, cells, layout), ids_of_file(cells, layout)
    return rows.made(make, position, raw, ids_of_file=in_file)


def _cell(value: Any) -> str:
    return "; ".join(texts(value)) if isinstance(value, list) else text_of(value)


def _record(cells: list[str], layout: Layout) -> Record:
    """The record, its further columns named by the format that they came in."""
    made = record(cells, layout)
    extra = ((f"json:{name.partition(':')[2]}", said) for name, said in made.extra)
    return completed(made, extra=tuple(extra))
