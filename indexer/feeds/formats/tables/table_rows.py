"""
Table rows: rows of cells made into occurrences or rejections, of CSV, workbooks and Parquet alike.

    cells, Layout  ->  Record (`table_record.py`)  ->  Occurrence or Rejected
"""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence

from indexer.feeds.formats.tables.headers import Layout
from indexer.feeds.formats.tables.table_record import OPENALEX, record
from indexer.feeds.reading.rows import RAW_KEPT, Row, Rows
from indexer.records import Rejected


def row_of(
    rows: Rows, cells: Sequence[str], layout: Layout, position: int, raw: bytes, size: int
) -> Row:
    """Make a record of a row of cells, or say why it is rejected; *size* as `Rows` has it."""
    in_file = ids_of_file(cells, layout)
    return rows.made(lambda: record(cells, layout), position, raw, size=size, ids_of_file=in_file)


def over_limit(rows: Rows, position: int, raw: bytes) -> Rejected | None:
    """The refusal of a row whose CSV is longer than the limit of a row."""
    limit = rows.source.settings.row_limit
    if len(raw) <= limit:
        return None
    reason = f"the row has {len(raw):,} bytes, more than {limit:,}: shorten its cells"
    return rows.reject(position, reason, raw[:RAW_KEPT], size=0)


def csv_bytes(cells: Sequence[str]) -> bytes:
    """A row of cells as a line of CSV, without its end."""
    out = io.StringIO()
    csv.writer(out, lineterminator="").writerow(cells)
    return out.getvalue().encode("utf-8", "replace")


def ids_of_file(cells: Sequence[str], layout: Layout) -> bool:
    """Whether the row's id counts in its file only; OpenAlex's and our own count everywhere."""
    return layout.ids_of_file and not layout.first("id", cells).startswith(OPENALEX)
