"""
One file: chosen rows of several files in one, as they came where that is possible.

    files, (file, position) of rows, a path  ->  the file

Rows of one file or format stand as they came. Where formats are mixed, or tables have two
headers, the file is of the format that its name tells (.ris, .bib, .csv, .jsonl,
.csl.json; RIS where it tells none): rows of RIS and BibTeX stand in their own as they
came, others are converted.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from pathlib import Path
from typing import BinaryIO, Final

from detector.reports.exports.citation_keys import CitationKeys
from detector.reports.exports.exports import EXPORTS, Around, Encoder, ExportEntry
from detector.reports.exports.table_files import TABLES
from detector.reports.folder.output_file import whole_file
from detector.reports.marked.marked import rows_as_they_came
from detector.reports.screening import Screening
from detector.reports.second_reading import (
    Place,
    as_far_as_read,
    read_again,
    rows_again,
    twice,
)
from detector.runs.row_places import RowPlaces
from detector.works.merging.canonical import alone
from indexer.fields import fields_of
from indexer.records import Occurrence

# Formats whose files need no beginning and no end: one behind the other is a file.
ALONE: Final = frozenset({"ris", "nbib", "enw", "bibtex", "marc"})


def write_rows(files: Iterable[str], target: Path, wanted: Collection[Place]) -> None:
    """The wanted rows of files in one file, one file after the other."""
    held = {file for file, _ in wanted}
    files = [file for file in twice(files) if file in held]
    forms = set()
    for file in files:
        with read_again(file) as readable:
            forms.add(readable[1].name if readable else "")
    with whole_file(target) as out:
        if len(files) < 2 or (len(forms) < 2 and forms <= ALONE):
            for file in files:
                out.writelines(rows_as_they_came(file, wanted))
        else:
            _converted(files, target.name, wanted, out)


def _converted(files: Iterable[str], name: str, wanted: Collection[Place], out: BinaryIO) -> None:
    by_suffix = (
        form
        for form, export in EXPORTS.items()
        if form not in TABLES and name.endswith(export.suffix)
    )
    form = next(by_suffix, "jsonl" if name.endswith(".jsonl") else "ris")
    encoder = EXPORTS[form].begin(Around(CitationKeys(RowPlaces(), {}), Screening(RowPlaces(), {})))
    out.write(encoder.head)
    for file in files:
        out.writelines(_of_file(file, wanted, encoder))
    out.write(encoder.tail())


def _of_file(file: str, wanted: Collection[Place], encoder: Encoder) -> Iterator[bytes]:
    again = {row.place: row for row in rows_again([file], wanted)}
    with read_again(file) as readable:
        if readable is None:
            return
        source, form = readable
        for row in as_far_as_read(form.read(source)):
            place = (file, row.position)
            if isinstance(row, Occurrence) and place in wanted:
                record = row.record
                name, merged = row.given_id or record.record_id, alone(record, fields_of(record))
                yield encoder.encode(ExportEntry(name, (name,), merged, row=again.get(place)))
