"""
Judged lines: judgements as programs hand them over, JSON Lines; or a sheet, told by its content.

    {"left": …, "right": …, "judgement": …[, "by", "at", "why", "kind"]}  ->  Sheet(JudgedRow, ...)

Also the judgements.jsonl of an answer folder, whose lines hold what both records said: so what
was judged in a run over files goes over into an index.
"""

from __future__ import annotations

from codecs import BOM_UTF8
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

import orjson

from detector.errors import JudgementError
from detector.judgements.judgement_memory import stored_row
from detector.judgements.judgement_sheet import (
    HANDED_IN,
    JUDGEMENT,
    LEFT,
    RIGHT,
    JudgedRow,
    Sheet,
    judged_row,
    reading,
    sheet_in,
)
from indexer.feeds.reading.files import ReadSettings, Stream, opened

_HEAD: Final = 4_096  # bytes by which JSON is told
_BLANK: Final = BOM_UTF8 + b" \t\r\n"


def read_judgements(path: Path) -> Sheet:
    """
    The judgements of a file, a sheet or JSON Lines; "-" is standard input.

    Raises:
        JudgementError: it cannot be read, or is neither.
    """
    with reading(path) as saved, opened(str(path), ReadSettings()) as stream:
        if stream.peek(_HEAD).lstrip(_BLANK).startswith(b"{"):
            return _lines(stream, path, saved)
        return sheet_in(stream, path, saved)


def _lines(stream: Stream, path: Path, saved: datetime) -> Sheet:
    sheet = Sheet(path)
    content = b"".join(iter(stream.read, b""))
    if stream.fault:
        raise ValueError(stream.fault)
    for number, line in enumerate(content.removeprefix(BOM_UTF8).split(b"\n"), 1):
        where = f"{path} line {number}"
        if not line.strip():
            continue
        try:
            plain = orjson.loads(line)
            if not isinstance(plain, dict):
                raise ValueError("it is no JSON object")
            if str(plain.get(JUDGEMENT) or "").strip():
                sheet.rows.append(_row(plain, where, saved))
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            sheet.faults.append(f"{where}: {_told(error)}")
    if sheet.faults and not sheet.rows:
        where, _, fault = sheet.faults[0].partition(": ")
        raise JudgementError(where, fault, _EXPECTED)
    return sheet


_EXPECTED: Final = 'lines as {"left": "a:1", "right": "b:2", "judgement": "same"}'


def _row(plain: Mapping[str, Any], where: str, saved: datetime) -> JudgedRow:
    if isinstance(plain.get(LEFT), dict):
        return stored_row(plain, where)
    cells = {name: "" if value is None else str(value).strip() for name, value in plain.items()}
    if missing := [side for side in (LEFT, RIGHT) if not cells.get(side)]:
        raise ValueError(f"it has no {missing[0]!r}; expected {_EXPECTED}")
    return judged_row(cells, where, saved)


def _told(error: Exception) -> str:
    return str(error) if type(error) is ValueError else f"{type(error).__name__}: {error}"


def rows_handed_in(rows: Iterable[Mapping[str, Any]]) -> Sheet:
    """Rows handed in as a sheet is read; one without a judgement is passed over."""
    sheet, now = Sheet(Path(HANDED_IN)), datetime.now(UTC)
    for number, given in enumerate(rows, 1):
        cells = {name: "" if value is None else str(value) for name, value in given.items()}
        word = cells.get(JUDGEMENT) or ("" if JUDGEMENT in cells else cells.get("verdict", ""))
        if not word or (word == "review" and JUDGEMENT not in cells):
            continue  # a row of the queue that nobody judged
        where = f"{HANDED_IN} row {number}"
        try:
            row = judged_row({**cells, JUDGEMENT: word}, where, now)
            sheet.rows.append(replace(row, dated=True))  # it is said now
        except ValueError as error:
            sheet.faults.append(f"{where}: {error}")
    return sheet
