"""
Cells: values as a spreadsheet may show them, one line each and never a formula.

    text  ->  cell;  rows of cells  ->  CSV (UTF-8 with a mark, which Excel wants)

Does not: know what the columns mean.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import islice
from typing import Final

ROWS_AT_ONCE: Final = 500
BOM: Final = b"\xef\xbb\xbf"
# What a spreadsheet takes for a formula, behind blanks and quotes too; the wide forms count
# in East Asian settings.
_FORMULA: Final = re.compile(r"[\s\"'`]*[=+\-@＝＋－＠\t\r]")
_NUMBER: Final = re.compile(r"[+-]?\d+(?:[.,]\d+)*")
_BREAKS: Final = re.compile(r"[\s\x00-\x1f\x7f\u2028\u2029]+")


def one_line(text: str) -> str:
    """The text with line ends and control characters as single blanks."""
    if text.isprintable() and "  " not in text:
        return text
    return _BREAKS.sub(" ", text).strip()


def cell(value: object) -> str:
    """A value as an inert cell: an apostrophe stands before what would begin a formula."""
    text = value if type(value) is str else str(value)
    if not text.isprintable() or "  " in text:
        text = one_line(text)
    if not text or text[0].isalnum():  # most: what the pattern begins with is neither
        return text
    if _FORMULA.match(text) and not _NUMBER.fullmatch(text):
        return f"'{text}"
    return text


def cell_as_it_came(value: object) -> str:
    """The same of a user's own cell: its line ends and blanks stay."""
    text = str(value).replace("\0", "")
    return f"'{text}" if _FORMULA.match(text) and not _NUMBER.fullmatch(text) else text


def csv_bytes(
    rows: Iterable[Sequence[object]],
    delimiter: str = ",",
    shown: Callable[[object], str] = cell,
) -> Iterator[bytes]:
    """The rows as CSV in blocks, every cell inert."""
    yield BOM
    rows = iter(rows)
    while block := csv_block(islice(rows, ROWS_AT_ONCE), delimiter, shown):
        yield block


def csv_line(
    row: Sequence[object], delimiter: str = ",", shown: Callable[[object], str] = cell
) -> bytes:
    """One row as CSV, every cell inert."""
    return csv_block((row,), delimiter, shown)


def csv_block(
    rows: Iterable[Sequence[object]],
    delimiter: str = ",",
    shown: Callable[[object], str] = cell,
) -> bytes:
    """Rows as CSV without the mark that a file begins with, every cell inert."""
    out = io.StringIO()
    writer = csv.writer(out, delimiter=delimiter, lineterminator="\r\n")
    writer.writerows([*map(shown, row)] for row in rows)
    return out.getvalue().encode("utf-8", "replace")
