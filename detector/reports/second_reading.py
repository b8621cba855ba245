"""
Second reading: rows of the input files once more, as they came.

    files, (file, position) of rows  ->  the bytes of each, in the order of the files

For exports in the format that a row came in. Entries of RIS and BibTeX only: others
have no bytes that stand alone in a file of their format. Bytes are UTF-8 where the file
was in another encoding. Standard input cannot be read twice.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Final, NamedTuple, TypeVar

from indexer.feeds.formats import Format, format_of
from indexer.feeds.formats.bibtex import bibtex
from indexer.feeds.reading.encodings import Text
from indexer.feeds.reading.files import ReadSettings, files_under, names_of_files, opened
from indexer.feeds.reading.rows import Input
from indexer.records import Occurrence

STDIN: Final = "-"
T = TypeVar("T")
Place = tuple[str, int]  # file, position
_RIS: Final = re.compile(rb"^[ \t]*TY {1,2}-", re.MULTILINE)
RIS_END: Final = re.compile(rb"[ \t]*ER {0,2}-[^\r\n]*[\r\n]*\Z")
_KEY: Final = re.compile(rb"(@[^{(]*[{(]\s*)([^\s,{}()]*)")


class Again(NamedTuple):
    """One row as it came."""

    place: Place
    form: str  # name of its format
    raw: bytes
    before: bytes = b""  # what must stand before it: BibTeX's @string


def twice(files: Iterable[str]) -> list[str]:
    """The files that can be read a second time."""
    return [file for file in files_under(files) if file != STDIN]


@contextmanager
def read_again(file: str) -> Iterator[tuple[Input, Format] | None]:
    """A file with its format; None where it has none, which the run has reported."""
    settings = ReadSettings()
    with opened(file, settings) as stream:
        source = Input(file, names_of_files([file])[file], stream, Text(stream), settings)
        try:
            form = format_of(source)
        except Exception:
            yield None
            return
        yield source, form


def as_far_as_read(rows: Iterator[T]) -> Iterator[T]:
    """The rows up to where their reader fails; the run told the failure when it read them first."""
    try:
        yield from rows
    except Exception:
        return


def rows_again(files: Iterable[str], wanted: Collection[Place]) -> Iterator[Again]:
    """The wanted rows that are whole entries of RIS or BibTeX."""
    held = {file for file, _ in wanted}
    for file in twice(files):
        if file not in held:
            continue
        with read_again(file) as readable:
            if readable is None:
                continue
            source, form = readable
            if form.name == "ris":
                yield from _ris(source, form, wanted)
            elif form.name == "bibtex":
                yield from _bibtex(source, wanted)


def _ris(source: Input, form: Format, wanted: Collection[Place]) -> Iterator[Again]:
    for row in as_far_as_read(form.read(replace(source, raw_only=True))):
        place = (source.file, row.position)
        if place in wanted and isinstance(row, Occurrence) and _RIS.search(row.raw):
            yield Again(place, form.name, closed_ris(_as_utf8(row.raw, source)))


def closed_ris(raw: bytes) -> bytes:
    """An entry that ends with an ER line and a blank one, in its own line ends."""
    end = b"\r\n" if b"\r\n" in raw else b"\n"
    body = raw.rstrip()
    if not RIS_END.search(raw):
        body += end + b"ER  - "
    elif body.endswith(b"-"):
        body += b" "
    return body + end + end


def _bibtex(source: Input, wanted: Collection[Place]) -> Iterator[Again]:
    strings: dict[bytes, None] = {}  # met since the last row, each once
    given: set[bytes] = set()
    for block in as_far_as_read(bibtex.cut(source.text, source.settings.row_limit)):
        place = (source.file, source.text.origin(block.offset))
        if block.kind == b"string" and block.raw not in given:
            given.add(block.raw)
            strings[_as_utf8(block.raw.rstrip(), source)] = None
        elif place in wanted and block.whole:
            before = b"".join(string + b"\n" for string in strings)
            strings.clear()
            yield Again(place, "bibtex", _as_utf8(block.raw.strip(), source) + b"\n\n", before)


def keyed(raw: bytes, key: str) -> bytes:
    """A BibTeX entry under this key; the entry as it is where it has the key already."""
    return _KEY.sub(lambda match: match[1] + key.encode(), raw, count=1)


def _as_utf8(raw: bytes, source: Input) -> bytes:
    try:
        raw.decode()
    except UnicodeDecodeError:
        return source.text.decode(raw).encode("utf-8", "replace")
    return raw
