"""
Judgement sheets: what a person wrote into the to-check pile, read back.

    to-check.csv with the column `judgement` filled in  ->  Sheet(JudgedRow, ...)

Takes the words of verdicts and those that people write instead (WORDS), and the file as
a spreadsheet program saves it: other delimiters and encodings, or a workbook. A row that
is not understood costs no other. Does not: know which records the rows mean
(`judged_records.py`) or store them (`judgement_memory.py`).
"""

from __future__ import annotations

import csv
import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from detector.decision.verdicts import Verdict
from detector.errors import JudgementError
from detector.evaluation.truth import Label, Truth, pair_of
from indexer.feeds.formats.tables.cell_text import text_of
from indexer.feeds.formats.tables.workbook import spooled
from indexer.feeds.reading.encodings import Text
from indexer.feeds.reading.files import ReadSettings, opened
from indexer.records import Author, Record

LEFT: Final = "left"
RIGHT: Final = "right"
JUDGEMENT: Final = "judgement"
KIND: Final = "kind"  # which versions the two are, if one work
SHOWN: Final = ("title", "authors", "year", "container", "volume", "issue", "pages", "doi")
HANDED_IN: Final = "judge()"  # where judgements come from that are in no file
CUT_OFF: Final = " …"  # ends a byline of which not all names are shown
_ONE_WORK: Final = ("same", "yes", "y", "x", "1", "true")  # says nothing of versions
WORDS: Final[Mapping[str, Verdict]] = {
    **{str(verdict): verdict for verdict in Verdict},
    **dict.fromkeys(_ONE_WORK, Verdict.DUPLICATE),
    **dict.fromkeys(("different", "no", "n", "0", "false"), Verdict.DISTINCT),
    **dict.fromkeys(("?", "unsure", "unclear"), Verdict.REVIEW),
}
_WORKBOOK: Final = b"PK\x03\x04"
_DELIMITERS: Final = ",;\t"
_ESCAPED: Final = re.compile(r"'[\s\"'`]*[=+\-@＝＋－＠]")
# Volume, issue and pages as people write them; what a spreadsheet made a date of is not.
_PLACE: Final = re.compile(r"[A-Za-z]{0,2}\d+[A-Za-z]?(?:[-\u2013][A-Za-z]{0,2}\d+[A-Za-z]?)?")


@dataclass(frozen=True, slots=True)
class Side:
    """One of the two records of a row."""

    name: str  # what the outputs of that run called it
    seen: Record | None = None  # what it said then, where the row tells


@dataclass(frozen=True, slots=True)
class JudgedRow:
    """What a person said of two records, by what these were called and said then."""

    left: Side
    right: Side
    verdict: Verdict
    at: str = ""  # ISO 8601, UTC: when the sheet was saved
    where: str = ""  # "checked.csv row 3"


@dataclass(slots=True)
class Sheet:
    """The judged rows of a sheet, and what is wrong with others."""

    path: Path
    rows: list[JudgedRow] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)


def read_sheet(path: Path) -> Sheet:
    """
    The judged rows of a sheet; rows without a judgement are passed over.

    Raises:
        JudgementError: it cannot be read, or a column is missing.
    """
    sheet = Sheet(path)
    at = datetime.now(UTC)
    try:
        at = datetime.fromtimestamp(path.stat().st_mtime, UTC)
        cells = list(_cells(path))
    except Exception as error:  # of the disk, of CSV or of a damaged workbook
        said = error.strerror if isinstance(error, OSError) else str(error)
        raise JudgementError(str(path), f"it cannot be read ({said})") from error
    header = [cell.strip().casefold() for cell in cells[0][1]] if cells else []
    missing = sorted({LEFT, RIGHT, JUDGEMENT} - set(header))
    if missing:
        raise JudgementError(str(path), f"column {missing[0]!r} is missing")
    for number, values in cells[1:]:
        row = dict(zip(header, (_inert(value.strip()) for value in values), strict=False))
        if not (word := row.get(JUDGEMENT, "").casefold()):
            continue
        where = f"{path} row {number}"
        if word not in WORDS:
            sheet.faults.append(f"{where}: {word!r} is no judgement; one of {', '.join(WORDS)}")
            continue
        two_versions = word in _ONE_WORK and row.get(KIND, "")
        verdict = Verdict.VERSION if two_versions else WORDS[word]
        sides = [Side(row.get(side, ""), _seen(row, side)) for side in (LEFT, RIGHT)]
        sheet.rows.append(JudgedRow(sides[0], sides[1], verdict, at.isoformat(), where))
    return sheet


def sheet_of(rows: Iterable[Mapping[str, Any]], names: Collection[str]) -> Sheet:
    """
    What a program hands in instead of a file: dicts with left, right and what a person said.

    That stands under `judgement`, else under `verdict`; a row that has no judgement, as
    those of review.jsonl, is passed over.

    Args:
        rows: the dicts.
        names: what records are called.

    Raises:
        JudgementError: a row names no record, or its word is no judgement.
    """
    sheet, at = Sheet(Path(HANDED_IN)), datetime.now(UTC).isoformat()
    for number, row in enumerate(rows, 1):
        where = f"{HANDED_IN} row {number}"
        for side in (LEFT, RIGHT):
            if row.get(side) not in names:
                fault = f"{side} is {row.get(side)!r}, which names no record of this run"
                raise JudgementError(where, fault, "a name as works.jsonl has it")
        said = row.get(JUDGEMENT) if JUDGEMENT in row else row.get("verdict")
        word = str(said or "").strip().casefold()
        if not word or (word == Verdict.REVIEW and JUDGEMENT not in row):
            continue
        if word not in WORDS:
            raise JudgementError(where, f"{said!r} is no judgement", f"one of {', '.join(WORDS)}")
        sides = [Side(str(row[side])) for side in (LEFT, RIGHT)]
        sheet.rows.append(JudgedRow(sides[0], sides[1], WORDS[word], at, where))
    return sheet


def is_sheet(path: Path) -> bool:
    """Whether a file is a sheet of judgements, by its header."""
    try:
        _, header = next(_cells(path))
    except Exception:  # whatever it is, it is no sheet
        return False
    return JUDGEMENT in {cell.strip().casefold() for cell in header}


def judged_pairs(
    path: Path, record_ids: Mapping[str, str], say: Callable[[str], object] = str
) -> Truth:
    """
    A sheet as labelled pairs by the names of the input; the unsure ones are left out.

    Args:
        path: the sheet.
        record_ids: the record that each name of the input means.
        say: is called with what of the sheet cannot be used.

    Raises:
        JudgementError: no row names two of the records.
    """
    sheet = read_sheet(path)
    faults = list(sheet.faults)
    pairs = {}
    for row in sheet.rows:
        unknown = [side.name for side in (row.left, row.right) if side.name not in record_ids]
        faults += [f"{row.where}: {name!r} is no record of these files" for name in unknown[:1]]
        if not unknown and row.verdict is not Verdict.REVIEW:
            pairs[pair_of(row.left.name, row.right.name)] = Label(str(row.verdict))
    if faults and not pairs:
        raise JudgementError(*faults[0].split(": ", 1))
    for fault in summed_up(faults, "rows of the sheet that were not used"):
        say(fault)
    return Truth(pairs=pairs)


def summed_up(faults: list[str], what: str, first: int = 3) -> Iterable[str]:
    """How many there are, and the first of them."""
    if faults:
        yield f"{what}: {len(faults)}"
        yield from (f"  {fault}" for fault in faults[:first])
        if len(faults) > first:
            yield f"  and {len(faults) - first} more"


def _cells(path: Path) -> Iterator[tuple[int, list[str]]]:
    """The rows of a table, each with its number as a spreadsheet program shows it."""
    with opened(str(path), ReadSettings()) as stream:
        if stream.peek(4) == _WORKBOOK:
            from openpyxl import load_workbook  # takes a while to load, and most are none

            with spooled(stream) as file:
                book = load_workbook(file, read_only=True, data_only=True)
                table = book.worksheets[0].iter_rows(values_only=True)
                for number, cells in enumerate(table, 1):
                    yield number, [text_of(value) for value in cells]
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


def _seen(row: Mapping[str, str], side: str) -> Record | None:
    """What the row shows of one record; None where it has no such columns."""
    shown = {name: row.get(f"{name}_{side}", "") for name in SHOWN}
    if not any(shown.values()):
        return None
    names = shown["authors"].removesuffix(CUT_OFF).split("; ")
    authors = [Author(name=name) for name in names if name]
    if shown["authors"].endswith(CUT_OFF):
        authors.append(Author(name="et al."))
    return Record(
        record_id="",
        title=shown["title"],
        authors=tuple(authors),
        year=shown["year"],
        container=shown["container"],
        identifiers=tuple(("doi", doi) for doi in shown["doi"].split()),
        volume=_place(shown["volume"]),
        issue=_place(shown["issue"]),
        pages=_place(shown["pages"]),
    )


def _place(cell: str) -> str:
    return cell if _PLACE.fullmatch(cell) else ""


def _inert(cell: str) -> str:
    """The cell without the apostrophe that kept a spreadsheet from reading a formula."""
    return cell[1:] if _ESCAPED.match(cell) else cell
