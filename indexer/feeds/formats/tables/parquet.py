"""
Parquet and Arrow: tables of columns, as pandas, Polars, R and dumps of OpenAlex write them.

    Stream  ->  rows, a small batch at a time  ->  Record

pyarrow reads; it is the extra `parquet`, and a file met without it says so. A table with
names of columns that CSV exports have is read as one of them (`table_record.py`), a table
of nested objects as the JSON objects that they are (`shapes`). A row's position is its
number, from 1; its `raw` is the row as CSV.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import IO, Any, Final

import orjson

from indexer.errors import InputTooLarge
from indexer.feeds.formats.shapes import shape_of
from indexer.feeds.formats.shapes.values import authors
from indexer.feeds.formats.tables.cell_text import text_of
from indexer.feeds.formats.tables.headers import Layout, columns_of
from indexer.feeds.formats.tables.table_rows import csv_bytes, over_limit, row_of
from indexer.feeds.formats.tables.workbook import spooled
from indexer.feeds.reading.byte_account import WRAPPER
from indexer.feeds.reading.files import ReadSettings, check_size
from indexer.feeds.reading.rows import RAW_KEPT, Head, Input, Row, Rows

Plain = Mapping[str, Any]

PARQUET: Final = b"PAR1"
ARROW: Final = b"ARROW1"  # of Feather, too
BATCH: Final = 256  # rows: one long text may stand in each
PANDAS_INDEX: Final = "__index_level_"
PEOPLE: Final = ("authors", "full_authors", "editors")

NOT_INSTALLED: Final = (
    "Parquet and Arrow files need pyarrow, which is not installed: install samework with its "
    "extra (`pipx install 'samework[parquet]'`), or save the table as CSV"
)


def sniff(head: Head) -> bool:
    """Whether it begins as Parquet or Arrow files do."""
    return head.data.startswith((PARQUET, ARROW))


def read(source: Input) -> Iterator[Row]:
    """Every row of the table."""
    rows = Rows(source)
    magic = source.stream.peek(len(ARROW))
    with spooled(source.stream) as file:
        size = source.stream.position
        if source.stream.fault:  # what is where stands at the end of such a file
            rows.no_record(WRAPPER, size)
            return
        count = 0
        try:
            for count, plain in enumerate(_plain_rows(file, magic, size, source.settings), start=1):
                yield _row(rows, plain, count)
        except ImportError:
            yield rows.reject(0, NOT_INSTALLED, size=size)
        except InputTooLarge as error:
            yield rows.reject(0, str(error), size=size)
        except Exception as error:  # whatever a damaged file makes its reader raise
            said = " ".join(str(error).split())[:200] or type(error).__name__
            reason = f"the table cannot be read behind its row {count} ({said}); write it again"
            yield rows.reject(count + 1, reason, size=size)
        else:
            rows.no_record(WRAPPER, size)


def _plain_rows(
    file: IO[bytes], magic: bytes, size: int, settings: ReadSettings
) -> Iterator[dict[str, Any]]:
    import pyarrow  # of an extra, and it takes a while to load

    if magic.startswith(ARROW):
        with pyarrow.ipc.open_file(file) as table:
            for number in range(table.num_record_batches):
                batch = table.get_batch(number)
                batch.validate(full=True)
                for start in range(0, batch.num_rows, BATCH):
                    yield from batch.slice(start, BATCH).to_pylist()
        return
    import pyarrow.parquet  # as above

    with pyarrow.parquet.ParquetFile(file) as table:
        groups = (table.metadata.row_group(n) for n in range(table.metadata.num_row_groups))
        check_size(sum(group.total_byte_size for group in groups), size, settings)
        for batch in table.iter_batches(batch_size=BATCH):
            yield from batch.to_pylist()


def _row(rows: Rows, plain: dict[str, Any], number: int) -> Row:
    plain = {name: value for name, value in plain.items() if not name.startswith(PANDAS_INDEX)}
    names = tuple(map(str, plain))
    layout = Layout(",", names, columns_of(names), 0)
    people = {n for field in PEOPLE for n in layout.columns.get(field, ())}
    cells = [_cell(value, n in people) for n, value in enumerate(plain.values())]
    rows.head, raw = csv_bytes(names) + b"\n", csv_bytes(cells)
    if refused := over_limit(rows, number, raw):
        return refused
    nested = any(isinstance(value, Mapping | list) for value in plain.values())
    if nested or not layout.columns:
        said = {name: value for name, value in _json(plain).items() if value is not None}
        shape = shape_of(said)
        if shape is not None and shape.name != "own":
            make, repeat = shape.record, shape.keys_repeat
            return rows.made(lambda: make(said), number, raw, size=0, keys_repeat=repeat)
    if not layout.columns:
        shown = ", ".join(map(repr, names[:12]))
        reason = f"no known columns ({shown}); name them title, authors, year, doi …"
        return rows.reject(number, reason, raw[:RAW_KEPT], size=0)
    return row_of(rows, cells, layout, number, raw, size=0)


def _cell(value: Any, is_byline: bool) -> str:
    """A value as a cell of CSV has it; a list of objects of people as their names."""
    if is_byline and isinstance(value, Sequence) and not isinstance(value, str):
        return "; ".join(author.display for author in authors(list(value)))
    return text_of(value)


def _json(plain: Plain) -> Any:
    """A row as values of JSON; numbers of more than 64 bits are beyond orjson."""
    try:
        data = orjson.dumps(plain, default=text_of, option=orjson.OPT_NON_STR_KEYS)
    except TypeError:
        data = json.dumps(plain, default=text_of).encode()
    return orjson.loads(data)
