"""
Review sheets: pairs for a person, as a table that a spreadsheet leaves intact.

    SheetEntry, ...  ->  FILE.csv or FILE.xlsx  ->  a person  ->  judgement_sheet.py

Both records side by side, columns for what a person says, and last, hidden where the format
can hide, the ids of the pair. In a workbook every cell is text and the judgement is chosen from
a list; in CSV what a program would take for a number, a date or a formula begins with an
apostrophe (`sheet_cells.py`). Does not: choose the pairs or their order.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import Any, BinaryIO, Final

from detector.detecting.field_cache import FieldCache
from detector.detecting.pipeline import Detector
from detector.errors import OutputError, UnknownValue
from detector.judgements.judgement_sheet import (
    AT,
    BY,
    CHOICES,
    COMMENT,
    JUDGEMENT,
    KIND,
    LEFT,
    RIGHT,
)
from detector.judgements.pair_cells import PAIR, pair_cell
from detector.judgements.sheet_cells import guarded
from detector.reports.exports.cells import csv_bytes, one_line
from detector.reports.exports.side_by_side import SIDES, side_by_side
from detector.reports.folder.output_file import whole_file
from detector.review.cards import cards_of
from detector.review.queue import Doubt
from indexer.fields.packing import flat_of
from indexer.ingesting.ingest import batches

CSV: Final = ".csv"
WORKBOOK: Final = ".xlsx"
PROBABILITY: Final = "probability"
WHY: Final = "why"
SAYS: Final = (PROBABILITY, KIND, WHY)  # what the program thinks: not in a blind sheet
COLUMNS: Final = (
    *(JUDGEMENT, COMMENT, PROBABILITY, KIND, *SIDES, WHY, LEFT, RIGHT, BY, AT, PAIR),
)  # fmt: skip
MOST_ROWS: Final = 1_048_576  # of a workbook's table
LONGEST: Final = 32_000  # characters; Excel cuts cells off at 32,767
_AT_ONCE: Final = 2_000  # pairs
_WIDTHS: Final[Mapping[str, int]] = {JUDGEMENT: 12, COMMENT: 24, "title": 48, "authors": 32,
                                     "container": 28, "doi": 28, WHY: 60}  # fmt: skip
# What a workbook would read as an escape of its own, and what its XML cannot hold.
_ESCAPE: Final = re.compile(r"_(x[0-9A-Fa-f]{4}_)")
_ESCAPED: Final = r"_x005F_\1"
_NO_XML: Final = re.compile("[\ud800-\udfff\ufffe\uffff]")
_NO_CHARACTER: Final = "\ufffd"
_WIDTH: Final = 11  # of other columns, in characters


@dataclass(frozen=True, slots=True)
class SheetEntry:
    """A pair that a person should see, and what the program says of it."""

    left: str  # record id
    right: str
    probability: float | None = None
    kind: str = ""  # which versions the two are, if one work
    why: str = ""  # it is asked


def entries_of(detector: Detector, doubts: Iterable[Doubt]) -> Iterator[SheetEntry]:
    """Pairs of the queue as a sheet has them, with all that bears on each."""
    for batch in batches(doubts, _AT_ONCE):
        for card in cards_of(detector, batch):
            decision, grounds = card.doubt.decision, card.grounds
            said = (*card.dispute, *grounds.held_back, *grounds.against, *grounds.supports)
            yield SheetEntry(*card.doubt.pair, decision.probability, decision.kind, "; ".join(said))


def write_review_sheet(
    target: Path, entries: Iterable[SheetEntry], fields: FieldCache, *, blind: bool = False
) -> int:
    """
    Write pairs for a person, in the order given; the format follows the file's name.

    Args:
        target: a file that may be written (`claim_file`).
        entries: the pairs; one with a record that the collection lost is left out.
        fields: of the collection.
        blind: leave out what the program says of the pairs.

    Returns:
        How many rows were written.

    Raises:
        UnknownValue: the name ends neither in .csv nor in .xlsx.
        OutputError: there are more pairs than a workbook has rows.
    """
    write = _write_csv if sheet_format(target) == CSV else _write_workbook
    columns = [name for name in COLUMNS if not (blind and name in SAYS)]
    rows = _Counted(_cells(entries, fields), columns)
    with whole_file(target) as out:
        write(out, columns, rows)
    return rows.count


def sheet_format(target: Path) -> str:
    """
    The ending that names the format of a sheet.

    Raises:
        UnknownValue: it is no sheet's.
    """
    if (suffix := target.suffix.lower()) in (CSV, WORKBOOK):
        return suffix
    raise UnknownValue(str(target), "name of a sheet", [f"a file that ends in {CSV}", WORKBOOK])


class _Counted:
    """The rows of a sheet as they are asked for, and how many there were."""

    def __init__(self, cells: Iterable[Mapping[str, str]], columns: list[str]) -> None:
        self.count = 0
        self._cells, self._columns = cells, columns

    def __iter__(self) -> Iterator[list[str]]:
        for cells in self._cells:
            self.count += 1
            yield [cells.get(name, "") for name in self._columns]


def _cells(entries: Iterable[SheetEntry], cache: FieldCache) -> Iterator[dict[str, str]]:
    """The cells of each row by column; those of a person are empty."""
    for batch in batches(entries, _AT_ONCE):
        ids = {record_id for entry in batch for record_id in (entry.left, entry.right)}
        fields = cache.once(sorted(ids))
        for entry in batch:
            if entry.left not in fields or entry.right not in fields:
                continue
            sides = side_by_side(flat_of(fields[entry.left]), flat_of(fields[entry.right]))
            cells = {name: _shown(value) for name, value in zip(SIDES, sides, strict=True)}
            titles = [cells["title_left"], cells["title_right"]]
            cells |= {LEFT: entry.left, RIGHT: entry.right, KIND: entry.kind}
            cells |= {WHY: _shown(entry.why), PAIR: pair_cell(entry.left, entry.right, titles)}
            if entry.probability is not None:
                cells[PROBABILITY] = f"{entry.probability:.3f}"
            yield cells


def _shown(value: object) -> str:
    text = one_line(str(value))
    return text if len(text) <= LONGEST else f"{text[:LONGEST]} …"


def _write_csv(out: BinaryIO, columns: list[str], rows: Iterable[list[str]]) -> None:
    out.writelines(csv_bytes(chain((columns,), rows), shown=lambda cell: guarded(str(cell))))


def _write_workbook(out: BinaryIO, columns: list[str], rows: Iterable[list[str]]) -> None:
    # takes a while to load, and most sheets are read, not written
    from openpyxl import Workbook
    from openpyxl.utils import get_column_letter

    book = Workbook(write_only=True)
    table = book.create_sheet("pairs")
    table.freeze_panes = "B2"
    for number, name in enumerate(columns, 1):
        of_column = table.column_dimensions[get_column_letter(number)]
        of_column.width = _WIDTHS.get(name.removesuffix("_left").removesuffix("_right"), _WIDTH)
        of_column.hidden = name == PAIR
    table.data_validations.append(_choice())
    table.append(_text_cells(table, columns, bold=True))
    for number, row in enumerate(rows, 2):
        if number > MOST_ROWS:
            raise OutputError(
                "review", f"has more pairs than the {MOST_ROWS:,} rows of a workbook; write .csv"
            )
        table.append(_text_cells(table, row))
    book.save(out)


def _text_cells(table: Any, row: list[str], *, bold: bool = False) -> list[Any]:
    """Cells that stay text when somebody edits them, and are no formulas."""
    from openpyxl.cell import WriteOnlyCell  # loaded by now
    from openpyxl.styles import Font

    cells = []
    for text in row:
        made = WriteOnlyCell(table, _NO_XML.sub(_NO_CHARACTER, _ESCAPE.sub(_ESCAPED, text)))
        made.data_type, made.number_format = "s", "@"
        if bold:
            made.font = Font(bold=True)
        cells.append(made)
    return cells


def _choice() -> Any:
    """The list from which the judgement is chosen; it stands in the first column."""
    from openpyxl.worksheet.datavalidation import DataValidation  # loaded by now

    choice = DataValidation(
        type="list",
        formula1=f'"{",".join(CHOICES)}"',
        allow_blank=True,
        showErrorMessage=True,
        errorTitle="judgement",
        error=f"one of {', '.join(CHOICES)}; or leave it empty",
    )
    choice.add(f"A2:A{MOST_ROWS}")
    return choice
