"""
Marked: the input rows again, in their own format, each with what it is in its work.

    files, (file, position) -> marks  ->  the same files with work_id, version_group, verdict

The files are read a second time and cut by their readers; a row's own bytes are kept
and the marks are put into them, so nothing is lost that samework does not understand.
Formats without a place for a mark (XML, PubMed's and Web of Science's tags) become
JSON Lines. Rows that could not be used are left out: they lie in the dead letters.

Does not: decide what a row is (`standings.py` does). A new format is a row of WRITERS.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import partial
from pathlib import Path
from typing import Any, Final

import orjson

from detector.reports.cells import csv_bytes
from indexer.feeds import bibtex, delimited
from indexer.feeds.encodings import Text
from indexer.feeds.files import ReadSettings, files_under, names_of_files, opened
from indexer.feeds.formats import Format, format_of
from indexer.feeds.headers import Layout, layout_of
from indexer.feeds.rows import Head, Input
from indexer.records import Occurrence

STDIN: Final = "-"
Mark = Mapping[str, str]  # column -> value; empty: the row as it came
Marks = Callable[[int], Mark | None]  # by the row's position; None: the row is left out
Written = Iterator[bytes]

_RIS_END: Final = re.compile(rb"[ \t]*ER {0,2}-[^\r\n]*[\r\n]*\Z")
_NOT_A_NAME: Final = re.compile(r"[^\w.+-]+")
NOTE: Final = "samework"  # begins what is added where a format has no columns


def write_marked(
    files: Iterable[str], folder: Path, marks: Mapping[tuple[str, int], Mark]
) -> list[Path]:
    """Each file again with its marks, into a folder; those written."""
    files = [file for file in files_under(files) if file != STDIN]
    names = names_of_files(files)
    written = []
    for file in files:
        target = _copy(file, names[file], folder, partial(_mark_of, marks, file))
        if target is not None:
            written.append(target)
    return written


def write_rows(files: Iterable[str], target: str, wanted: set[tuple[str, int]]) -> None:
    """The wanted rows of files as they came, one file after the other."""
    files = [file for file in files_under(files) if file != STDIN]
    with _Whole(Path(target)) as out:
        for file in files:
            unmarked: dict[tuple[str, int], Mark] = {place: {} for place in wanted}
            for _, chunk in _rewritten(file, partial(_mark_of, unmarked, file)):
                out.write(chunk)


def _mark_of(marks: Mapping[tuple[str, int], Mark], file: str, position: int) -> Mark | None:
    return marks.get((file, position))


def _copy(file: str, name: str, folder: Path, marks: Marks) -> Path | None:
    safe = _NOT_A_NAME.sub("-", name).lstrip(".-") or "rows"
    if safe.endswith(".json"):  # an array comes out as one object a line
        safe += "l"
    target = None
    part = folder / f"{safe}.part"
    folder.mkdir(parents=True, exist_ok=True)
    with part.open("wb") as out:
        for suffix, chunk in _rewritten(file, marks):
            target = folder / f"{safe}{suffix}"
            out.write(chunk)
    if target is None:
        part.unlink()
        return None
    os.replace(part, target)
    return target


class _Whole:
    """A file that is in its place only when the block ends well."""

    def __init__(self, path: Path) -> None:
        self.path, self.part = path, path.with_name(f"{path.name}.part")

    def __enter__(self) -> Any:
        self.out = self.part.open("wb")
        return self.out

    def __exit__(self, kind: object, error: object, trace: object) -> None:
        self.out.close()
        if kind is None:
            os.replace(self.part, self.path)
        else:
            self.part.unlink(missing_ok=True)


def _rewritten(file: str, marks: Marks) -> Iterator[tuple[str, bytes]]:
    """(suffix to add to the name, bytes) of a file written again."""
    settings = ReadSettings()
    with opened(file, settings) as stream:
        source = Input(file, names_of_files([file])[file], stream, Text(stream), settings)
        try:
            form = format_of(source)
        except Exception:  # the run has reported it
            return
        suffix, write = WRITERS.get(form.name, (".jsonl", _records))
        for chunk in write(source, form, marks):
            yield suffix, chunk


def _kept(source: Input, form: Format, marks: Marks) -> Iterator[tuple[Occurrence, Mark]]:
    """The rows that stay, with their marks."""
    for row in form.read(source):
        if isinstance(row, Occurrence):
            mark = marks(row.position)
            if mark is not None:
                yield row, mark


def _ris(source: Input, form: Format, marks: Marks) -> Written:
    for row, mark in _kept(source, form, marks):
        end = b"\r\n" if b"\r\n" in row.raw else b"\n"
        tag = "CC: " if row.raw.lstrip().startswith(b"Record #") else "N1  - "
        added = b"".join(f"{tag}{NOTE} {n}: {v}".encode() + end for n, v in mark.items())
        last = _RIS_END.search(row.raw)
        body = row.raw[: last.start()] if last else row.raw
        if not body.endswith((b"\n", b"\r")):
            body += end
        yield body + added + (last[0].rstrip(b"\r\n") if last else b"ER  - ") + end + end


def _bibtex(source: Input, form: Format, marks: Marks) -> Written:
    for block in bibtex.cut(source.text, source.settings.row_limit):
        if block.kind in (*bibtex.NO_ROWS, b"string"):
            yield block.raw.rstrip() + b"\n\n"
            continue
        mark = marks(source.text.origin(block.offset))
        if mark is None:
            continue
        raw = block.raw.rstrip()
        body = raw[:-1].rstrip()
        if mark and not body.endswith(b","):
            body += b","
        added = ",".join(f"\n  {NOTE}_{name} = {{{value}}}" for name, value in mark.items())
        yield body + added.encode() + b"\n" + raw[-1:] + b"\n\n"


def _json(source: Input, form: Format, marks: Marks) -> Written:
    for row, mark in _kept(source, form, marks):
        text = source.text.decode(row.raw).strip()
        if "\n" in text or any(f'"{name}"' in text for name in mark):
            value = json.loads(text, strict=False)
            text = json.dumps({**value, **mark}, ensure_ascii=True)
        elif mark:
            inside = text[:-1].rstrip()
            comma = "" if inside.endswith("{") else ","
            text = inside + comma + orjson.dumps(dict(mark)).decode()[1:]
        yield text.encode("utf-8", "surrogatepass") + b"\n"


def _delimited(source: Input, form: Format, marks: Marks) -> Written:
    layout = layout_of(Head(source.name, source.text.head).text)
    if layout is None:
        return
    yield from csv_bytes(_marked_cells(source, layout, marks), layout.delimiter)


def _marked_cells(source: Input, layout: Layout, marks: Marks) -> Iterator[list[str]]:
    """The header and the rows that stay; a mark's column that was there is filled anew."""
    header = list(layout.header)
    more: list[str] | None = None  # the columns that marks add
    for row in delimited.parse(source.text, layout, source.settings.row_limit):
        mark = None if row.problem else marks(source.text.origin(row.offset))
        if mark is None:
            continue
        if more is None:
            more = [name for name in mark if name not in header]
            yield [*header, *more]
        cells = [*row.cells, *[""] * len(header)][: len(header)]
        marked = [mark.get(name, old) for name, old in zip(header, cells, strict=True)]
        yield [*marked, *(mark[name] for name in more)]


def _records(source: Input, form: Format, marks: Marks) -> Written:
    """Records in our own shape, for formats that no mark fits into."""
    for row, mark in _kept(source, form, marks):
        plain = row.record.to_dict()
        plain.pop("record_id", None)
        own = plain.pop("source_id", "")
        yield orjson.dumps({"id": own, **plain, **mark}, option=orjson.OPT_APPEND_NEWLINE)


WRITERS: Final[Mapping[str, tuple[str, Callable[[Input, Format, Marks], Written]]]] = {
    "ris": ("", _ris),
    "bibtex": ("", _bibtex),
    "json": ("", _json),
    "delimited": ("", _delimited),
}
