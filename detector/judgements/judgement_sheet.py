"""
Judgement sheets: what a person wrote into the to-check pile, read back.

    to-check.csv with the column `judgement` filled in  ->  Sheet(JudgedRow, ...)

Takes the words of verdicts and those that people write instead (WORDS), and the file as
a spreadsheet program saves it (`sheet_cells.py`). The sheets of `samework review export` name
the two records once more in their last column, which no program alters. A row that is not
understood costs no other. Does not: know which records the rows mean (`judged_records.py`) or
store them (`judgement_memory.py`).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from detector.decision.verdicts import Verdict
from detector.errors import JudgementError
from detector.evaluation.truth import Label, Truth, pair_of
from detector.judgements.pair_cells import PAIR, pair_in
from detector.judgements.sheet_cells import rows_in, rows_of, unguarded
from indexer.feeds.reading.files import Stream
from indexer.records import Author, Record

LEFT: Final = "left"
RIGHT: Final = "right"
JUDGEMENT: Final = "judgement"
KIND: Final = "kind"  # which versions the two are, if one work
BY: Final = "by"
AT: Final = "at"
COMMENT: Final = "comment"  # why a person judged so; `why` is the program's where it gave reasons
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
# Of these the words that people are offered.
CHOICES: Final = ("same", "version", "duplicate", "related", "different", "unsure")
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
    at: str = ""  # ISO 8601, UTC: when it was judged, else when the sheet was saved
    where: str = ""  # "checked.csv row 3"
    by: str = ""  # where the row tells
    why: str = ""
    one_work: bool = False  # said "same" where nothing tells whether they are two versions
    said: str = ""  # what the program had said, where the row tells
    dated: bool = False  # the row tells when


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
    with reading(path) as saved:
        return _sheet(path, rows_of(str(path)), saved)


def sheet_in(stream: Stream, path: Path, saved: datetime) -> Sheet:
    """The same of a stream that is open already, saved at that time."""
    return _sheet(path, rows_in(stream), saved)


@contextmanager
def reading(path: Path) -> Iterator[datetime]:
    """
    A block that reads a sheet; it is given when that was saved.

    Raises:
        JudgementError: whatever went wrong in the block.
    """
    saved = datetime.now(UTC)
    try:
        if str(path) != "-":
            saved = min(saved, datetime.fromtimestamp(path.stat().st_mtime, UTC))
        yield saved
    except JudgementError:
        raise
    except Exception as error:  # of the disk, of CSV or of a damaged workbook
        said = error.strerror if isinstance(error, OSError) else str(error)
        raise JudgementError(str(path), f"it cannot be read ({said})") from error


def _sheet(path: Path, cells: Iterator[tuple[int, list[str]]], saved: datetime) -> Sheet:
    sheet = Sheet(path)
    _, header = next(cells, (1, []))
    names = [cell.strip().casefold() for cell in header]
    needed = {JUDGEMENT} if PAIR in names else {LEFT, RIGHT, JUDGEMENT}
    if missing := sorted(needed - set(names)):
        raise JudgementError(str(path), f"column {missing[0]!r} is missing")
    for number, values in cells:
        row = dict(zip(names, (unguarded(value.strip()) for value in values), strict=False))
        if row.get(JUDGEMENT, ""):
            where = f"{path} row {number}"
            try:
                sheet.rows.append(judged_row(row, where, saved))
            except ValueError as error:
                sheet.faults.append(f"{where}: {error}")
    return sheet


def judged_row(row: Mapping[str, str], where: str, saved: datetime) -> JudgedRow:
    """
    What a row with a judgement says.

    Args:
        row: cells by the names of their columns.
        where: what a person is told that the row is called.
        saved: when the sheet was saved; stands for when it was judged, where no cell tells.

    Raises:
        ValueError: a cell is not what it should be; the message says what was expected.
    """
    word = row[JUDGEMENT].casefold()
    if word not in WORDS:
        raise ValueError(f"{word!r} is no judgement; one of {', '.join(WORDS)}")
    one_work = word in _ONE_WORK
    verdict = Verdict.VERSION if one_work and row.get(KIND, "") else WORDS[word]
    at = judged_at(row.get(AT, ""), saved)
    # beside a probability `why` holds the reasons of the program
    why = row.get(COMMENT, "" if "probability" in row else row.get("why", ""))
    if cell := row.get(PAIR, ""):
        titles = [row.get(f"title_{side}", "") for side in (LEFT, RIGHT)]
        sides = [Side(record_id) for record_id in pair_in(cell, titles)]
    else:
        sides = [Side(row.get(side, ""), _seen(row, side)) for side in (LEFT, RIGHT)]
    by, dated = row.get(BY, ""), bool(row.get(AT))
    untold = one_work and KIND not in row
    told = JudgedRow(sides[0], sides[1], verdict, at, where, by, why, untold)
    return replace(told, dated=dated, said=row.get("said", ""))


def judged_at(cell: str, saved: datetime) -> str:
    """
    When a row was judged, in UTC: what the cell says, else when the sheet was saved.

    Raises:
        ValueError: it is no date of ISO 8601, or one that is still to come: a judgement
            of next year would stand over all that are made until then.
    """
    if not cell:
        return saved.isoformat()
    try:
        at = datetime.fromisoformat(cell)
    except ValueError:
        raise ValueError(
            f"{AT} is {cell!r}; expected a date as 2026-05-31 or 2026-05-31 14:05, or an empty cell"
        ) from None
    at = at.replace(tzinfo=at.tzinfo or UTC).astimezone(UTC)
    if at > datetime.now(UTC):
        raise ValueError(f"{AT} is {cell!r}, which is still to come; expected when it was judged")
    return at.isoformat()


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
        _, header = next(rows_of(str(path)))
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
