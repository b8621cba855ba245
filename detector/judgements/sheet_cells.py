"""
Sheet cells: a text as a cell that spreadsheet programs leave as it is, and read back.

    "1-2"  ->  guarded()  ->  "'1-2"  ->  a spreadsheet, saved again  ->  unguarded()  ->  "1-2"
    a table as any program saved it  ->  rows_of()  ->  its rows, numbered as they are shown

A CSV file says nothing of types, so a program guesses: it makes a date of pages 1-2, the
number 12 of 0012, 1E+15 of a long number, and runs what begins with "=". An apostrophe in front
keeps it from guessing, and is taken away when the file is read. Does not: know any column.
"""

from __future__ import annotations

import csv
import io
import re
import warnings
from collections.abc import Iterator
from contextlib import redirect_stdout
from typing import Final

from indexer.feeds.formats.tables.cell_text import text_of, unescaped
from indexer.feeds.formats.tables.workbook import spooled
from indexer.feeds.reading.encodings import Text
from indexer.feeds.reading.files import ReadSettings, Stream, opened

_WORKBOOK: Final = b"PK\x03\x04"
_DELIMITERS: Final = ",;\t"
# What a spreadsheet takes for a formula, behind blanks and quotes too; the wide forms count
# in East Asian settings.
_FORMULA: Final = r"[\s\"'`]*[=+\-@＝＋－＠].*"
# A year or a volume, which comes back as it went; from twelve digits on Excel saves 1.23E+11.
_PLAIN_NUMBER: Final = r"(?:0|[1-9]\d{0,10})"
# Digits with what stands in dates, times, fractions and amounts: 0012, 1-2, 10/12, 1.5, 12:30.
_NUMERAL: Final = r"[.,]?\d[\d\s.,:/\-%]*"
# A word beside a number is a date in some language, 1e5 a number, "12 a" a time: 3-Mar, Dez 12.
_DATED: Final = (
    r"\d+[\s.\-/]*[^\W\d_]{1,10}\.?(?:[\s.\-/]*\d+)?"
    r"|[^\W\d_]{3,10}[\s.,\-/]*\d{1,4}(?:[\s.,\-/]+\d+)?"
)
_TRUTH: Final = r"(?i:true|false|wahr|falsch|vrai|faux|verdadero|falso|vero)"
_GUESSED: Final = re.compile(
    rf"'*(?!{_PLAIN_NUMBER}$)(?:{_NUMERAL}|{_DATED}|{_TRUTH})|{_FORMULA}", re.DOTALL
)


def guarded(text: str) -> str:
    """The text as a cell of a CSV file: an apostrophe before what would be taken for more."""
    return f"'{text}" if _GUESSED.fullmatch(text) else text


def unguarded(cell: str) -> str:
    """The cell without the apostrophe that `guarded` put in front."""
    return cell[1:] if cell[:1] == "'" and _GUESSED.fullmatch(cell[1:]) else cell


def rows_of(path: str) -> Iterator[tuple[int, list[str]]]:
    """The rows of a file, or of standard input for "-": see `rows_in`."""
    with opened(path, ReadSettings()) as stream:
        yield from rows_in(stream)


def rows_in(stream: Stream) -> Iterator[tuple[int, list[str]]]:
    """
    The rows of a table, each with its number as a spreadsheet program shows it.

    CSV with any of the usual delimiters and encodings, or the first sheet of a workbook.
    Line ends inside a cell count, as they do in an editor.

    Raises:
        ValueError: the packed file is damaged.
        Exception: whatever a damaged workbook makes its reader raise.
    """
    if stream.peek(4) == _WORKBOOK:
        from openpyxl import load_workbook  # takes a while to load, and most are none

        # of styles that no judgement needs it warns, and prints
        with spooled(stream) as file, warnings.catch_warnings(), redirect_stdout(io.StringIO()):
            warnings.simplefilter("ignore")
            book = load_workbook(file, read_only=True, data_only=True)
            for number, cells in enumerate(book.worksheets[0].iter_rows(), 1):
                shown = [text_of(cell.value, cell.number_format) for cell in cells]
                yield number, [unescaped(text) for text in shown]
        return
    text = Text(stream)
    lines = text.decode(b"".join(text.chunks())).splitlines(keepends=True)
    if stream.fault:
        raise ValueError(stream.fault)
    begin = 1 if lines and lines[0].casefold().startswith("sep=") else 0
    first = lines[begin] if len(lines) > begin else ""
    rows = csv.reader(lines[begin:], delimiter=max(_DELIMITERS, key=first.count))
    for row in rows:
        yield rows.line_num + begin, row
