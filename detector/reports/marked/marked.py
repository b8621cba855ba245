"""
Marked: the input rows again, in their own format, each with what it is in its work.

    files, marks by file and position  ->  the same files with work_id, version_group, verdict

The files are read a second time and cut by their readers; a row's own bytes stay
and the marks are put into them, so nothing is lost that samework does not understand.
A format without a place for a mark becomes RIS, which every reference manager takes.
Rows that could not be used are left out: they lie in the dead letters.

Does not: decide what a row is (`standings.py` does). A new format is a row of WRITERS.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Final

from detector.reports.folder.output_file import whole_file
from detector.reports.marked import marked_lines, marked_records, marked_tables
from detector.reports.marked.marking import NO_MARK, Mark, Marking, Writer
from detector.reports.second_reading import read_again, twice
from indexer.feeds.formats import Format
from indexer.feeds.reading.files import names_of_files
from indexer.feeds.reading.rows import BLANKS, Input

Marks = Mapping[str, Mapping[int, Mark]]  # by file, and there by the position of a row
_NOT_A_NAME: Final = re.compile(r"[^\w.+-]+")
# EndNote's files and collections of MARC records: the roots whose rows a mark fits into.
_OWN_XML: Final = re.compile(rb"<(?:xml|records|(?:\w+:)?collection)[\s>]")
_MARC_ROWS: Final = re.compile(rb"<(?:\w+:)?(?:datafield|leader)[\s>]|<ref-type[\s>]")
_OTHER_ROWS: Final = re.compile(rb"<(?:OAI-PMH|mods|searchRetrieveResponse)[\s>]")


def write_marked(files: Iterable[str], folder: Path, marks: Marks) -> list[Path]:
    """Write each file again with its marks into a folder; return the files written."""
    files = twice(files)
    names = names_of_files(files)
    written: dict[str, Path] = {}
    for file in files:
        safe = marked_name(names[file])
        if safe in written:  # "a b.ris" beside "a-b.ris"
            safe = f"{safe}.{len(written)}{Path(safe).suffix}"
        target = _copy(file, safe, folder, Marking(marks.get(file, {})))
        if target is not None:
            written[safe] = target
    return list(written.values())


def rows_as_they_came(file: str, wanted: Collection[tuple[str, int]]) -> Iterator[bytes]:
    """The wanted rows of one file, in a form that its tools import."""
    marks = {position: NO_MARK for named, position in wanted if named == file}
    for _, chunk in _rewritten(file, Marking(marks)):
        yield chunk


def marked_name(name: str) -> str:
    """What the name of a marked file begins with; a suffix may follow."""
    return _NOT_A_NAME.sub("-", name).lstrip(".-") or "rows"


def _copy(file: str, safe: str, folder: Path, marking: Marking) -> Path | None:
    chunks = _rewritten(file, marking)
    suffix, first = next(chunks, (None, b""))
    if suffix is None:
        return None
    target = folder / f"{safe}{suffix}"
    with whole_file(target) as out:
        out.write(first)
        out.writelines(chunk for _, chunk in chunks)
    return target


def _rewritten(file: str, marking: Marking) -> Iterator[tuple[str, bytes]]:
    """(suffix to add to the name, bytes) of a file written again."""
    with read_again(file) as readable:
        if readable is None:  # the run has reported it
            return
        source, form = readable
        suffix, write = _writer(source, form)
        for chunk in write(source, form, marking):
            yield suffix, chunk


def _writer(source: Input, form: Format) -> tuple[str, Writer]:
    if form.name == "json":
        wrapped = not source.text.head.lstrip(BLANKS).startswith(b"[")
        lines = wrapped and source.name.endswith(
            ".json"
        )  # an answer comes out as one object a line
        return ("l" if lines else "", marked_tables.objects)
    if form.name == "xml":
        start = source.stream.peek(1 << 16)
        own = _OWN_XML.search(start) and _MARC_ROWS.search(start) and not _OTHER_ROWS.search(start)
        return ("", marked_records.xml) if own else (".ris", marked_records.as_ris)
    return WRITERS.get(form.name, (".ris", marked_records.as_ris))


WRITERS: Final[Mapping[str, tuple[str, Writer]]] = {
    "ris": ("", marked_lines.ris),
    "nbib": ("", marked_lines.nbib),
    "enw": ("", marked_lines.enw),
    "wos": ("", marked_lines.wos),
    "bibtex": ("", marked_lines.bibtex),
    "marc": ("", marked_records.marc),
    "delimited": ("", marked_tables.table),
    "xlsx": (".csv", marked_tables.workbook),
    "parquet": (".csv", marked_tables.workbook),
}
