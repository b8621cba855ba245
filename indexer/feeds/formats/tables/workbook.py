"""
Workbooks: the sheets of an Excel file (.xlsx), each with a header of known columns.

    Stream  ->  cells, a row at a time  ->  Record (`table_record.py`)

openpyxl reads, row by row; of a formula it has the value that was computed last. Every
sheet with a known header counts, hidden sheets and rows as well. A sheet that looks like
a table and has no such header is one refused row, other sheets (a note, a legend) are
none. A row's position says its sheet and row (`position_of`); its `raw` is the row as CSV.

Does not: read .xls and .ods, which `formats/` names; compute formulas.
"""

from __future__ import annotations

import io
import warnings
import zipfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, redirect_stdout
from dataclasses import dataclass, replace
from tempfile import SpooledTemporaryFile, gettempdir
from typing import IO, Any, Final

from indexer.errors import InputTooLarge, UnusableRow
from indexer.faults import naming
from indexer.feeds.formats.tables.cell_text import text_of, unescaped
from indexer.feeds.formats.tables.headers import HEADER_WITHIN, Layout, heading
from indexer.feeds.formats.tables.table_rows import csv_bytes, over_limit, row_of
from indexer.feeds.reading.byte_account import WRAPPER
from indexer.feeds.reading.files import CHUNK, MB, ReadSettings, Stream, check_size
from indexer.feeds.reading.rows import RAW_KEPT, Head, Input, Row, Rows
from indexer.records import Rejected

Cells = tuple[str, ...]

ROW_BITS: Final = 21  # a sheet has at most 2**20 rows
IN_MEMORY: Final = 64 * MB  # of a file; more lies on disk while it is read
MOST_TEXT: Final = 1024 * MB  # of the texts that all sheets share: openpyxl holds them in memory
TABLE_FROM: Final = 3  # columns; fewer are a legend or a note

NO_HEADER: Final = (
    "no sheet has a header of known columns; its first line must name them as title, authors, "
    "year, doi …: rename the columns or save the list as CSV"
)
BINARY: Final = (
    "the file is a binary workbook (.xlsb), expected records; open it and save it as .xlsx or CSV"
)


def sniff(head: Head) -> bool:
    """Whether it is a zip archive with the parts of a workbook."""
    return head.data.startswith(b"PK\x03\x04") and b"xl/" in head.data


def position_of(sheet: int, row: int) -> int:
    """Sheet and row, both from 1, as the one number that a row's position is."""
    return sheet << ROW_BITS | row


def read(source: Input) -> Iterator[Row]:
    """Every row of every sheet below its header."""
    rows = Rows(source)
    with spooled(source.stream) as file:
        size = source.stream.position
        if source.stream.fault:  # the directory of a zip archive stands at its end
            rows.no_record(WRAPPER, size)
            return
        try:
            book = _opened(file, size, source.settings)
        except (InputTooLarge, UnusableRow) as error:
            yield rows.reject(0, str(error), size=size)
            return
        except Exception as error:  # whatever a damaged archive makes its readers raise
            yield rows.reject(0, _damaged(error), size=size)
            return
        sheets = [_Sheet(n, sheet) for n, sheet in enumerate(book.worksheets, start=1)]
        for sheet in sheets:
            yield from _sheet(rows, sheet)
        if rows.count or any(sheet.layout for sheet in sheets):
            rows.no_record(WRAPPER, size)
        else:
            yield rows.reject(0, NO_HEADER, size=size)


@contextmanager
def spooled(stream: Stream) -> Iterator[IO[bytes]]:
    """All bytes of a stream as a file in which one can go back."""
    with SpooledTemporaryFile(max_size=IN_MEMORY) as file:
        with naming(gettempdir()):
            while chunk := stream.read(CHUNK):
                file.write(chunk)
        file.seek(0)
        yield file


def _opened(file: IO[bytes], packed: int, settings: ReadSettings) -> Any:
    from openpyxl import load_workbook  # takes a while to load, and most files are none

    with zipfile.ZipFile(file) as archive:
        parts = archive.infolist()
    if any(part.filename == "xl/workbook.bin" for part in parts):
        raise UnusableRow(BINARY)
    check_size(sum(part.file_size for part in parts), packed, settings)
    texts = sum(part.file_size for part in parts if part.filename.endswith("sharedStrings.xml"))
    if texts > MOST_TEXT:
        raise InputTooLarge(
            f"the texts of the workbook have {texts:,} bytes, more than {MOST_TEXT:,}: "
            "save its sheets as CSV"
        )
    # Of styles and extensions that no record needs it warns, and prints.
    with warnings.catch_warnings(), redirect_stdout(io.StringIO()):
        warnings.simplefilter("ignore")
        return load_workbook(file, read_only=True, data_only=True, keep_links=False)


@dataclass
class _Sheet:
    """A sheet, and what its header says."""

    number: int
    sheet: Any
    layout: Layout | None = None
    header: Cells = ()  # as it stands in the sheet

    def rows(self) -> Iterator[tuple[int, Cells]]:
        """Number and cells of each row that is not blank."""
        self.sheet.reset_dimensions()  # as some programs write them they cut rows off
        numbered = enumerate(self.sheet.iter_rows(), start=1)
        while True:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                number, cells = next(numbered, (0, ()))
            if not number:
                return
            texts = tuple(_text(cell) for cell in cells)
            if any(map(str.strip, texts)):
                yield number, texts


def _text(cell: Any) -> str:
    value = cell.value
    if value is None:
        return ""
    return unescaped(value) if isinstance(value, str) else text_of(value, cell.number_format)


def _sheet(rows: Rows, sheet: _Sheet) -> Iterator[Row]:
    numbered = sheet.rows()
    number = 0
    begin: list[tuple[int, Cells]] = []
    try:
        for number, cells in numbered:
            begin.append((number, cells))
            if number >= HEADER_WITHIN:
                break
        sheet.layout = heading([cells for _, cells in begin])
        if sheet.layout is None:
            more = next(numbered, None)
            yield from _no_table(rows, sheet, begin if more is None else [*begin, more])
            return
        sheet.header = sheet.layout.header
        named = with_letters(sheet.header, len(sheet.header))
        sheet.layout = replace(sheet.layout, header=named)
        rows.head = csv_bytes(named) + b"\n"
        for number, cells in begin[sheet.layout.lines_before :]:
            yield from _row(rows, sheet, number, cells)
        for number, cells in numbered:
            yield from _row(rows, sheet, number, cells)
    except Exception as error:  # whatever a damaged archive makes its readers raise
        reason = f"sheet {sheet.sheet.title!r} behind its row {number}: {_damaged(error)}"
        yield rows.reject(position_of(sheet.number, number + 1), reason, size=0)


def _row(rows: Rows, sheet: _Sheet, number: int, cells: Cells) -> Iterator[Row]:
    layout = sheet.layout
    if layout is None or cells[: len(sheet.header)] == sheet.header:
        return  # a header that is repeated
    position, raw = position_of(sheet.number, number), csv_bytes(cells)
    if refused := over_limit(rows, position, raw):
        yield refused
        return
    if len(cells) > len(layout.header):  # notes beside the table
        layout = replace(layout, header=with_letters(layout.header, len(cells)))
    row = row_of(rows, cells, layout, position, raw, size=0)
    if isinstance(row, Rejected):
        row = replace(row, reason=f"sheet {sheet.sheet.title!r} row {number}: {row.reason}")
    yield row


def _no_table(rows: Rows, sheet: _Sheet, begin: Sequence[tuple[int, Cells]]) -> Iterator[Row]:
    """A sheet without a known header: refused where it looks like a table."""
    widest = max((sum(map(bool, cells)) for _, cells in begin), default=0)
    if len(begin) > 1 and widest > TABLE_FROM:
        names = ", ".join(repr(cell) for cell in begin[0][1] if cell)[:200]
        reason = (
            f"sheet {sheet.sheet.title!r} has no header of known columns (it begins with {names}); "
            "name them title, authors, year, doi …, or leave the sheet out"
        )
        raw = b"\n".join(csv_bytes(cells) for _, cells in begin)
        yield rows.reject(position_of(sheet.number, 1), reason, raw[:RAW_KEPT], size=0)


def with_letters(header: Cells, width: int) -> Cells:
    """A header in which columns without a name, or with one that is taken, have their letters."""
    from openpyxl.utils import get_column_letter  # takes a while to load, most files are none

    named: list[str] = []
    for number, given in enumerate((*header, *[""] * (width - len(header))), start=1):
        name = given.strip()
        letter = f"column {get_column_letter(number)}"
        named.append((f"{name} ({letter})" if name in named else name) or letter)
    return tuple(named)


def _damaged(error: Exception) -> str:
    said = str(error) or type(error).__name__
    return f"the workbook cannot be read ({said[:200]}); open it, and save it again or as CSV"
