"""
Exports: one entry a work, in the formats that other tools read.

    Entry (work id, its records' names, a record)  ->  works.csv, .ris, .bib, .csl.json, .jsonl

The record is the merged one, or with `--keep one` that of the record which is kept.
A new format is one function over entries and one row of EXPORTS. Does not: choose or
merge records (`canonical.py`, `keepers.py`), or mark input files (`marked.py`).
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, Final, NamedTuple

import orjson

from detector.canonical import canonical
from detector.dedupe import Deduplication
from detector.reports.bylines import person_of
from detector.reports.cells import csv_bytes
from detector.reports.reference_formats import Keys, bibtex, csl, csl_line, ris
from detector.reports.standings import Standing, works_with_records
from detector.works import Work

MERGED: Final = "merged"
ONE: Final = "one"
KEEPS: Final = (MERGED, ONE)

CSV_COLUMNS: Final = (
    *("title", "authors", "year", "date", "container", "volume", "issue", "pages"),
    *("article_number", "publisher", "type", "language", "doi", "identifiers", "issn", "isbn"),
    *("urls", "abstract"),
)


class Entry(NamedTuple):
    """One work as it is exported."""

    work_id: str
    records: tuple[str, ...]  # names, as the input gives them
    record: Mapping[str, Any]  # in the keys of a canonical record


def entries(
    found: Deduplication, standing: Mapping[str, Standing] | None = None
) -> Iterator[Entry]:
    """Every work with its merged record; given standings, with the record that is kept."""
    names = found.names()
    for work, records, fields in works_with_records(found):
        merged = work
        if standing is not None:
            kept = standing[work.records[0]].kept
            merged = Work(work.work_id, (kept,), ((kept,),))
        record = canonical(merged, records, fields)
        yield Entry(work.work_id, tuple(names[one] for one in work.records), record)


def write_exports(
    chosen: Iterable[str], all_entries: Callable[[], Iterable[Entry]], folder: Path, stem: str
) -> list[Path]:
    """The chosen formats, each file in place only when it is whole; those written."""
    written = []
    for name in chosen:
        export = EXPORTS[name]
        target = folder / f"{stem}{export.suffix}"
        part = target.with_name(f"{target.name}.part")
        with part.open("wb") as out:
            for chunk in export.write(all_entries()):
                out.write(chunk)
        os.replace(part, target)
        written.append(target)
    return written


def _jsonl(found: Iterable[Entry]) -> Iterator[bytes]:
    for one in found:
        plain = {"id": one.work_id, "records": one.records, **one.record}
        plain.pop("origin", None)
        yield orjson.dumps(plain, option=orjson.OPT_APPEND_NEWLINE)


def _csv(found: Iterable[Entry]) -> Iterator[bytes]:
    return csv_bytes(_csv_rows(found))


def _csv_rows(found: Iterable[Entry]) -> Iterator[list[object]]:
    yield ["id", "records", *CSV_COLUMNS]
    for one in found:
        yield [
            one.work_id,
            " | ".join(one.records),
            *(_joined(name, one.record) for name in CSV_COLUMNS),
        ]


def _joined(name: str, record: Mapping[str, Any]) -> str:
    value = record.get(name, "")
    if name == "authors":
        return "; ".join(person_of(author).inverted for author in value)
    if name == "identifiers":
        return " | ".join(f"{scheme}:{one}" for scheme, one in value)
    return value if isinstance(value, str) else " | ".join(map(str, value))


def _ris(found: Iterable[Entry]) -> Iterator[bytes]:
    return (ris(one.work_id, one.record) for one in found)


def _bibtex(found: Iterable[Entry]) -> Iterator[bytes]:
    keys = Keys()
    return (bibtex(keys.key(one.record), one.record) for one in found)


def _csl(found: Iterable[Entry]) -> Iterator[bytes]:
    yield b"["
    for number, one in enumerate(found):
        yield (b",\n" if number else b"\n") + csl_line(csl(one.work_id, one.record))
    yield b"\n]\n"


class Export(NamedTuple):
    """A format of export."""

    suffix: str
    write: Callable[[Iterable[Entry]], Iterator[bytes]]


EXPORTS: Final[Mapping[str, Export]] = {
    "csv": Export(".csv", _csv),
    "ris": Export(".ris", _ris),
    "bibtex": Export(".bib", _bibtex),
    "csl": Export(".csl.json", _csl),
    "jsonl": Export(".records.jsonl", _jsonl),
}
