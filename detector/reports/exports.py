"""
Exports: one entry a work, in the formats that other tools read.

    Entry (work id, its records' names, a record)  ->  works.csv, .ris, .bib, .csl.json, .jsonl

The record is the merged one, or with `--keep one` that of the record which is kept.
All formats are written in one pass over the works. A new one is a function that gives
an Encoder, and a row of EXPORTS. Does not: choose or
merge records (`canonical.py`, `keepers.py`), or mark input files (`marked.py`).
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, BinaryIO, Final, NamedTuple

import orjson

from detector.dedupe import Deduplication
from detector.reports.bibtex_entries import Keys, bibtex
from detector.reports.bylines import person_of
from detector.reports.cells import BOM, csv_line
from detector.reports.csl_items import csl, csl_line
from detector.reports.ris_entries import ris
from detector.reports.standings import Standing, works_with_records
from detector.works.canonical import canonical
from detector.works.works import Work

MERGED: Final = "merged"
ONE: Final = "one"
KEEPS: Final = (MERGED, ONE)

CSV_COLUMNS: Final = (
    *("title", "authors", "year", "date", "container", "volume", "issue", "pages"),
    *("article_number", "publisher", "type", "language", "doi", "identifiers", "issn", "isbn"),
    *("urls", "abstract", "alternate_titles", "editors", "publisher_place", "keywords", "notes"),
    *("groups", "database", "accession_number", "stage", "extra"),
)


class Entry(NamedTuple):
    """One work as it is exported."""

    work_id: str
    records: tuple[str, ...]  # names, as the input gives them
    record: Mapping[str, Any]  # in the keys of a canonical record


def entry_of(line: Mapping[str, Any]) -> Entry:
    """A line of works.jsonl as an entry."""
    return Entry(line["work"], tuple(line["records"]), line["canonical"])


def kept_entries(found: Deduplication, standing: Mapping[str, Standing]) -> Iterator[Entry]:
    """Every work with the record that is kept of it."""
    names = found.names()
    for work, records, fields in works_with_records(found):
        kept = standing[work.records[0]].kept
        alone = Work(work.work_id, (kept,), ((kept,),))
        record = canonical(alone, records, fields)
        yield Entry(work.work_id, tuple(names[one] for one in work.records), record)


class Exporting:
    """Several formats written in one pass; each file is in place only when it is whole."""

    def __init__(self, chosen: Iterable[str], folder: Path, stem: str) -> None:
        self.files = [folder / f"{stem}{EXPORTS[name].suffix}" for name in chosen]
        self._encoders = [EXPORTS[name].begin() for name in chosen]
        self._outs: list[BinaryIO] = []

    def __enter__(self) -> Exporting:
        self._outs = [_part(file).open("wb") for file in self.files]
        for out, encoder in zip(self._outs, self._encoders, strict=True):
            out.write(encoder.head)
        return self

    def __call__(self, entry: Entry) -> None:
        """Write one work in all formats."""
        for out, encoder in zip(self._outs, self._encoders, strict=True):
            out.write(encoder.encode(entry))

    def __exit__(self, kind: object, error: object, trace: object) -> None:
        for out, encoder, file in zip(self._outs, self._encoders, self.files, strict=True):
            if kind is None:
                out.write(encoder.tail)
            out.close()
            if kind is None:
                os.replace(_part(file), file)
            else:
                _part(file).unlink(missing_ok=True)


def _part(file: Path) -> Path:
    return file.with_name(f"{file.name}.part")


class Encoder(NamedTuple):
    """How one file of a format is written."""

    encode: Callable[[Entry], bytes]
    head: bytes = b""
    tail: bytes = b""


def _jsonl() -> Encoder:
    def encode(one: Entry) -> bytes:
        plain = {"id": one.work_id, "records": one.records, **one.record}
        plain.pop("origin", None)
        return orjson.dumps(plain, option=orjson.OPT_APPEND_NEWLINE)

    return Encoder(encode)


def _csv() -> Encoder:
    def encode(one: Entry) -> bytes:
        values = (_joined(name, one.record) for name in CSV_COLUMNS)
        return csv_line([one.work_id, " | ".join(one.records), *values])

    return Encoder(encode, BOM + csv_line(["id", "records", *CSV_COLUMNS]))


def _joined(name: str, record: Mapping[str, Any]) -> str:
    value = record.get(name, "")
    if name in ("authors", "editors"):
        return "; ".join(person_of(author).inverted for author in value)
    if name == "identifiers":
        return " | ".join(f"{scheme}:{one}" for scheme, one in value)
    if name == "extra":
        return orjson.dumps(value).decode() if value else ""
    if name == "keywords":
        return "; ".join(value)
    return value if isinstance(value, str) else " | ".join(map(str, value))


def _ris() -> Encoder:
    return Encoder(lambda one: ris(one.work_id, one.record))


def _bibtex() -> Encoder:
    keys = Keys()
    return Encoder(lambda one: bibtex(keys.key(one.record), one.record))


def _csl() -> Encoder:
    between = iter((b"\n",))

    def encode(one: Entry) -> bytes:
        return next(between, b",\n") + csl_line(csl(one.work_id, one.record))

    return Encoder(encode, b"[", b"\n]\n")


class Export(NamedTuple):
    """A format of export."""

    suffix: str
    begin: Callable[[], Encoder]


EXPORTS: Final[Mapping[str, Export]] = {
    "csv": Export(".csv", _csv),
    "ris": Export(".ris", _ris),
    "bibtex": Export(".bib", _bibtex),
    "csl": Export(".csl.json", _csl),
    "jsonl": Export(".records.jsonl", _jsonl),
}
