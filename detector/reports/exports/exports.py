"""
Exports: one entry a work, in the formats that other tools read.

    ExportEntry(work id, names, record)  ->  works.csv, .ris, .bib, .csl.json, .jsonl

The record is the merged one, or with `--keep one` that of the record which is kept;
in the format that its row came in, the row stands as it came. All formats are written
in one pass over the works. A new one is a function that gives an Encoder, and a row of
EXPORTS. Does not: choose or merge records (`canonical.py`, `keepers.py`), or mark input
files (`marked.py`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from functools import partial
from pathlib import Path
from typing import Any, Final, NamedTuple

import orjson

from detector.reports.exports.bibtex_entries import KeyMaker, bibtex
from detector.reports.exports.bylines import person_of
from detector.reports.exports.cells import BOM, csv_line
from detector.reports.exports.citation_keys import CitationKeys, Cited
from detector.reports.exports.csl_items import csl
from detector.reports.exports.ris_entries import ris
from detector.reports.exports.table_files import TABLES, WorkCells, work_row, works_table
from detector.reports.folder.output_file import whole_file
from detector.reports.screening import Screening
from detector.reports.second_reading import Again, keyed, rows_again
from detector.reports.standings import BATCH, StandingOf, rows_with_repeats
from detector.runs.one_shot import Deduplication
from detector.works.merging.canonical import alone

MERGED: Final = "merged"
ONE: Final = "one"
KEEPS: Final = (MERGED, ONE)

CSV_COLUMNS: Final = (
    *("title", "authors", "year", "date", "container", "volume", "issue", "pages"),
    *("article_number", "publisher", "type", "language", "doi", "identifiers", "issn", "isbn"),
    *("urls", "abstract", "alternate_titles", "editors", "publisher_place", "keywords", "notes"),
    *("groups", "database", "accession_number", "stage", "extra"),
)


PARENTS: Final = frozenset(f"bibtex:{name}" for name in ("crossref", "xdata", "xref", "related"))


class Around(NamedTuple):
    """The citation keys and screening labels of the whole run, which entries refer to."""

    keys: CitationKeys
    screening: Screening
    since: bool = False  # whether it goes on from an earlier answer


class ExportEntry(NamedTuple):
    """One work as it is exported."""

    work_id: str
    records: tuple[str, ...]  # names, as the input gives them
    record: Mapping[str, Any]  # in the keys of a canonical record
    cited: Cited = Cited()
    labels: Mapping[str, str] = {}  # by plain name
    groups: Sequence[Sequence[str]] = ()  # the same names by version
    row: Again | None = None  # the kept row as it came, where it came as RIS or BibTeX
    since: str = ""  # what it is to who knows the earlier answer, where there is one


def entry_of(line: Mapping[str, Any], around: Around) -> ExportEntry:
    """A line of works.jsonl as an entry."""
    work = line["work_id"]
    labels = around.screening.of(work, kept_row=False)
    groups, cited = line["version_groups"], around.keys.of(work)
    since = line.get("since", "")
    return ExportEntry(
        work, tuple(line["records"]), line["canonical"], cited, labels, groups, since=since
    )


def kept_entries(
    run: Deduplication, standing: StandingOf, around: Around, files: Sequence[str]
) -> Iterator[ExportEntry]:
    """Every work with the record that is kept of it, in the order of the kept rows."""
    names = run.names()
    works = {work.work_id: work for work in run.detection.works.works}
    kept = [
        place
        for place, again in rows_with_repeats(run.all_places)
        if not again and standing[place.record_id].kept == place.record_id
    ]
    as_they_came = _Beside(files, [(place.file, place.position) for place in kept])
    for start in range(0, len(kept), BATCH):
        batch = kept[start : start + BATCH]
        wanted = [place.record_id for place in batch]
        records, fields = run.detector.engine.get(wanted), run.detector.fields.of(wanted)
        for place in batch:
            record_id = place.record_id
            work_id = standing[record_id].work_id
            record = alone(records[record_id], fields[record_id])
            yield ExportEntry(
                work_id,
                tuple(names[each] for each in works[work_id].records),
                record,
                around.keys.of(work_id),
                around.screening.of(work_id, kept_row=True),
                [[names[each] for each in group] for group in works[work_id].version_groups],
                as_they_came.row(place.file, place.position),
                run.since_of(works[work_id]),
            )


class _Beside:
    """The rows as they came, read again in step with the places that are asked for in order."""

    def __init__(self, files: Sequence[str], places: Sequence[tuple[str, int]]) -> None:
        self._order = {place: at for at, place in enumerate(places)}
        self._rows = rows_again(files, self._order.keys())
        self._next = next(self._rows, None)

    def row(self, file: str, position: int) -> Again | None:
        """The row that stands there."""
        at = self._order[file, position]
        while self._next is not None and self._order[self._next.place] < at:
            self._next = next(self._rows, None)
        row = self._next
        return row if row is not None and row.place == (file, position) else None


@contextmanager
def exporting(files: Mapping[str, Path], around: Around) -> Iterator[Callable[[ExportEntry], None]]:
    """
    Open the files of several formats; yield a function that writes a work to all of them.

    Args:
        files: the file of each format; in place only when it is whole.
        around: what is known of the run.
    """
    encoders = [EXPORTS[name].begin(around) for name in files]
    with ExitStack() as stack:
        outs = [stack.enter_context(whole_file(file)) for file in files.values()]
        begun = list(zip(outs, encoders, strict=True))
        for out, encoder in begun:
            out.write(encoder.head)

        def export(entry: ExportEntry) -> None:
            for out, encoder in begun:
                out.write(encoder.encode(entry))

        yield export
        for out, encoder in begun:
            out.write(encoder.tail())


class Encoder(NamedTuple):
    """How one file of a format is written."""

    encode: Callable[[ExportEntry], bytes]
    head: bytes = b""
    tail: Callable[[], bytes] = bytes


def _jsonl(around: Around) -> Encoder:
    def encode(entry: ExportEntry) -> bytes:
        # Not "records": an object with such a list is read as one that wraps records.
        plain = {"id": entry.work_id, "merged_from": entry.records, **entry.record}
        plain.pop("origin", None)
        if entry.labels:
            plain["labels"] = entry.labels
        if around.since:
            plain["since"] = entry.since
        return orjson.dumps(plain, option=orjson.OPT_APPEND_NEWLINE)

    return Encoder(encode)


def _csv(around: Around) -> Encoder:
    labels = around.screening.names
    since = ["since"] if around.since else []
    taken = {"id", "records", *since, *CSV_COLUMNS}
    shown = [f"label_{name}" if name.casefold() in taken else name for name in labels.values()]

    def encode(entry: ExportEntry) -> bytes:
        values = (_joined(name, entry.record) for name in CSV_COLUMNS)
        said = (entry.labels.get(name, "") for name in labels)
        new = [entry.since] if around.since else []
        return csv_line([entry.work_id, " | ".join(entry.records), *new, *values, *said])

    return Encoder(encode, BOM + csv_line(["id", "records", *since, *CSV_COLUMNS, *shown]))


def _joined(name: str, record: Mapping[str, Any]) -> str:
    value = record.get(name, "")
    if name in ("authors", "editors"):
        return "; ".join(person_of(author).inverted for author in value)
    if name == "identifiers":
        return " | ".join(f"{scheme}:{name}" for scheme, name in value)
    if name == "extra":
        return orjson.dumps(value).decode() if value else ""
    if name == "keywords":
        return "; ".join(value)
    return value if isinstance(value, str) else " | ".join(map(str, value))


def _ris(around: Around) -> Encoder:
    def encode(entry: ExportEntry) -> bytes:
        if entry.row is not None and entry.row.form == "ris":
            return entry.row.raw
        return ris(entry.work_id, entry.record, _spelled(entry, around))

    return Encoder(encode)


def _bibtex(around: Around) -> Encoder:
    keys = KeyMaker(around.keys.taken())

    def encode(entry: ExportEntry) -> bytes:
        if entry.row is not None and entry.row.form == "bibtex":
            return entry.row.before + keyed(
                entry.row.raw, entry.cited.key or keys.free(entry.work_id)
            )
        key = entry.cited.key or keys.key(entry.record)
        record = {**entry.record, "extra": _renamed(entry.record.get("extra", ()), around.keys)}
        return bibtex(key, record, entry.cited.others, _spelled(entry, around))

    return Encoder(encode)


def _renamed(extra: Iterable[list[str]], keys: CitationKeys) -> list[list[str]]:
    """The extra fields; those that name other entries have the new keys of these."""
    return [
        [name, ",".join(keys.new_key(key.strip()) for key in value.split(","))]
        if name in PARENTS
        else [name, value]
        for name, value in extra
    ]


def _spelled(entry: ExportEntry, around: Around) -> dict[str, str]:
    """The labels of a work under the names that its files gave them."""
    return {around.screening.names[name]: value for name, value in entry.labels.items()}


def _csl(around: Around) -> Encoder:
    between = iter((b"\n",))

    def encode(entry: ExportEntry) -> bytes:
        item = csl(entry.work_id, entry.record)
        if entry.labels:
            item["custom"] = {**item.get("custom", {}), "labels": _spelled(entry, around)}
        return next(between, b",\n") + orjson.dumps(item)

    return Encoder(encode, b"[", lambda: b"\n]\n")


def _table(form: str, around: Around) -> Encoder:
    table = works_table(form)

    def encode(entry: ExportEntry) -> bytes:
        labels = _spelled(entry, around)
        cells = WorkCells(entry.work_id, entry.records, entry.groups, entry.record, labels)
        return table.add((work_row(cells),))

    return Encoder(encode, tail=table.end)


class Export(NamedTuple):
    """A format of export."""

    suffix: str
    begin: Callable[[Around], Encoder]


EXPORTS: Final[Mapping[str, Export]] = {
    "csv": Export(".csv", _csv),
    "ris": Export(".ris", _ris),
    "bibtex": Export(".bib", _bibtex),
    "csl": Export(".csl.json", _csl),
    "jsonl": Export(".records.jsonl", _jsonl),
    **{form: Export(suffix, partial(_table, form)) for form, suffix in TABLES.items()},
}
