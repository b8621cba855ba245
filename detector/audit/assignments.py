"""
Assignments: a file that says which record belongs to which work of somebody.

    clusters.csv, clusters.jsonl, works.jsonl  ->  record -> work

Tables have a line a record, in two columns or more under a header that names them; lines of
JSON are objects of a record and its work, or of a work and its records. Does not: look for
the records (`claims.py` does).
"""

from __future__ import annotations

import csv
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, Final

import orjson

from detector.errors import ClaimsError

RECORD: Final = ("record", "record_id", "id")
WORK: Final = ("work", "work_id", "cluster", "cluster_id")
RECORDS: Final = "records"
EXPECTED: Final = (
    "lines of two columns, record and work, or a header with one of "
    f"{', '.join(RECORD)} and one of {', '.join(WORK)}; or JSON Lines of such objects, "
    "or of a work with `records`"
)
_DELIMITERS: Final = "\t;,"
Assigned = tuple[int, str, str]  # line, record, work


def read_assignments(path: Path) -> dict[str, str]:
    """
    The work of each record that a file names.

    Raises:
        ClaimsError: the file cannot be read as such, or puts one record into two works.
    """
    try:
        text = path.read_text("utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise ClaimsError(str(path), f"cannot be read ({error})", EXPECTED) from error
    lines = text.splitlines()
    if not text.strip():
        raise ClaimsError(str(path), "is empty", EXPECTED)
    rows = _of_json(path, lines) if text.lstrip().startswith("{") else _of_table(path, lines)
    works: dict[str, str] = {}
    for line, record, work in rows:
        if record and work and works.setdefault(record, work) != work:
            fault = f"line {line} puts record {record!r} into {work!r}, and it is in "
            raise ClaimsError(str(path), f"{fault}{works[record]!r}", "one work for each record")
    return works


def _of_json(path: Path, lines: Sequence[str]) -> Iterator[Assigned]:
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            plain = orjson.loads(line)
        except ValueError as error:
            raise ClaimsError(str(path), f"line {number} is no JSON ({error})", EXPECTED) from error
        work = _first(plain, WORK)
        records = plain.get(RECORDS) if isinstance(plain, dict) else None
        named = records if isinstance(records, list) else [_first(plain, RECORD)]
        if work is None or named == [None]:
            raise ClaimsError(str(path), f"line {number} names no record or no work", EXPECTED)
        yield from ((number, str(record), str(work)) for record in named)


def _first(plain: Any, names: Sequence[str]) -> Any:
    given = (plain.get(name) for name in names) if isinstance(plain, dict) else ()
    return next((value for value in given if value is not None), None)


def _of_table(path: Path, lines: Sequence[str]) -> Iterator[Assigned]:
    delimiter = max(_DELIMITERS, key=lines[0].count)
    try:
        rows = list(csv.reader(lines, delimiter=delimiter))
    except csv.Error as error:
        raise ClaimsError(str(path), f"is no table ({error})", EXPECTED) from error
    header = [cell.strip().casefold() for cell in rows[0]]
    record = next((header.index(name) for name in RECORD if name in header), None)
    work = next((header.index(name) for name in WORK if name in header), None)
    begins = record is not None and work is not None
    if not begins and len(header) != 2:
        fault = f"has {len(header)} columns ({', '.join(rows[0])}), none named as expected"
        raise ClaimsError(str(path), fault, EXPECTED)
    left, right = (record, work) if record is not None and work is not None else (0, 1)
    for number, row in enumerate(rows[begins:], 1 + begins):
        if row and len(row) <= max(left, right):
            raise ClaimsError(str(path), f"line {number} has {len(row)} columns", EXPECTED)
        if row:
            yield number, row[left].strip(), row[right].strip()
