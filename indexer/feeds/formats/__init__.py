"""
Formats: the one registry of file formats, and the reading of files of any of them.

    paths  ->  files  ->  Format, told by content  ->  Occurrence or Rejected, a row at a time

A new format is one module with two functions and one row in FORMATS:

    sniff(head: Head) -> bool                        is it mine?
    read(source: Input) -> Iterator[Occurrence | Rejected]

A reader takes its bytes from `source.text` (or `source.stream`), makes one
`Rows(source)`, and yields `rows.made(make, position, raw)` or
`rows.reject(position, reason, raw)` for every row; what it takes that is no row it
names by `rows.no_record(what, size)`. Bytes that it leaves out of this account are
rejected here, and so is what follows where it fails. It need not look out for
truncated or unreadable files: the stream ends early and the rest is rejected here. A
new shape of JSON objects is no format but a row in `shapes.SHAPES`.

Does not: store, repair or compare; repeated rows are the caller's to notice.
"""

from __future__ import annotations

import io
import os
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from indexer.errors import UnknownFormat
from indexer.faults import told
from indexer.feeds.formats.bibtex import bibtex
from indexer.feeds.formats.lines import enw, nbib, ovid, pubmed_text, ris, sciencedirect, wos
from indexer.feeds.formats.lines.labelled_exports import (
    EMBASE,
    KISS,
    NOTEEXPRESS,
    REFWORKS,
    SCIFINDER,
)
from indexer.feeds.formats.lists import identifier_lists, reference_lists
from indexer.feeds.formats.markup import marc_rows, mnemonic_marc, xml_rows
from indexer.feeds.formats.objects import json_rows, yaml_rows
from indexer.feeds.formats.tables import delimited, parquet, workbook
from indexer.feeds.reading.encodings import Text
from indexer.feeds.reading.files import (
    ReadSettings,
    Stream,
    files_under,
    names_of_files,
    opened,
    unpacked,
)
from indexer.feeds.reading.rows import RAW_KEPT, Head, Input, Row, our_fault
from indexer.records import Rejected


@dataclass(frozen=True, slots=True)
class Format:
    """A file format: how it is told and how its rows are read."""

    name: str  # "ris"; what reports call it
    sniff: Callable[[Head], bool]
    read: Callable[[Input], Iterator[Row]]


# The first row whose `sniff` says yes reads the file: sharp signs before loose ones.
FORMATS: Final[tuple[Format, ...]] = (
    Format("xlsx", workbook.sniff, workbook.read),
    Format("parquet", parquet.sniff, parquet.read),
    Format("ovid", ovid.sniff, ovid.read),
    Format("json", json_rows.sniff, json_rows.read),
    Format("xml", xml_rows.sniff, xml_rows.read),
    Format("nbib", nbib.sniff, nbib.read),
    Format("marc", marc_rows.sniff, marc_rows.read),
    Format("marc-mnemonic", mnemonic_marc.sniff, mnemonic_marc.read),
    Format("enw", enw.sniff, enw.read),
    Format("ris", ris.sniff, ris.read),
    Format("refworks", REFWORKS.sniff, REFWORKS.read),
    Format("wos", wos.sniff, wos.read),
    Format("noteexpress", NOTEEXPRESS.sniff, NOTEEXPRESS.read),
    Format("scifinder", SCIFINDER.sniff, SCIFINDER.read),
    Format("embase-text", EMBASE.sniff, EMBASE.read),
    Format("pubmed-text", pubmed_text.sniff, pubmed_text.read),
    Format("kiss", KISS.sniff, KISS.read),
    Format("yaml", yaml_rows.sniff, yaml_rows.read),
    Format("bibtex", bibtex.sniff, bibtex.read),
    Format("identifier-list", identifier_lists.sniff, identifier_lists.read),
    Format("delimited", delimited.sniff, delimited.read),
    Format("sciencedirect", sciencedirect.sniff, sciencedirect.read),
    Format("reference-list", reference_lists.sniff, reference_lists.read),
)

UNREAD: Final = "the rest of the file was not read"
UNTOLD: Final = (
    "{bytes:,} bytes of the file were read as {form} and belong to no row; a fault of samework, "
    "not of the file: please report it with the file"
)

# A zip archive whose first part says what it is.
_OPEN_DOCUMENT: Final = re.compile(
    rb"PK\x03\x04.{26}mimetypeapplication/vnd\.oasis\.opendocument\.sp", re.DOTALL
)
SAVE_AS: Final = "open it and save it as .xlsx or CSV"
# What people hand in that is no list of records: first bytes, name, what to do.
STRANGERS: Final = (
    (b"PK\x03\x04", "a zip archive or an office document", "unpack it, or save it as CSV"),
    (b"BZh", "bzip2", "unpack it first"),
    (b"\xfd7zXZ\x00", "xz", "unpack it first"),
    (b"7z\xbc\xaf\x27\x1c", "a 7z archive", "unpack it first"),
    (b"%PDF", "a PDF", "hand in the records that describe it"),
    (
        *(b"\xd0\xcf\x11\xe0", "an old Excel workbook (.xls) or one with a password"),
        SAVE_AS,
    ),
    (b"SQLite format 3", "an SQLite database", "export its records"),
)

_AS_MARC: Final = "export it as MARC 21, or convert it (with Catmandu, for example)"
# Formats of libraries that are told and not read.
CATALOGUES: Final = (
    (re.compile(rb"[\x1e\s]*\d{3}[A-Z@](?:/\d\d)? ?(?:[\x1f$]|\xc6\x92)"), "PICA"),
    (re.compile(rb"\s*\d{5}[a-z]M[12]\.\d"), "MAB2"),
)


def read_files(
    paths: Iterable[str | os.PathLike[str]], settings: ReadSettings | None = None
) -> Iterator[Row]:
    """
    Every row of every file, in order; nothing that is wrong with a file stops the others.

    Raises:
        FeedUnavailable: a path does not exist; raised before anything is read.
    """
    files = files_under(paths)
    return _read_all(files, settings or ReadSettings())


def _read_all(files: list[str], settings: ReadSettings) -> Iterator[Row]:
    names = names_of_files(files)
    for file in files:
        try:
            with opened(file, settings) as stream:
                yield from read_stream(stream, file, names[file], settings)
        except OSError as error:
            yield Rejected(file, 0, 1, f"the file cannot be read ({error.strerror or error})")


def read_bytes(data: bytes, file: str, settings: ReadSettings | None = None) -> Iterator[Row]:
    """The rows of a file whose bytes are at hand."""
    settings = settings or ReadSettings()
    name = names_of_files([file])[file]
    yield from read_stream(unpacked(io.BytesIO(data), settings), file, name, settings)


def read_stream(stream: Stream, file: str, name: str, settings: ReadSettings) -> Iterator[Row]:
    """The rows of one opened file; what could not be read of it is one rejection at the end."""
    source = Input(file, name, stream, Text(stream), settings)
    count = 0
    try:
        form = format_of(source)
    except UnknownFormat as error:
        # An empty pipe is a day without records; an empty file is a failed export.
        if stream.peek(1) or stream.fault or file != "-":
            yield Rejected(file, 0, 1, stream.fault or str(error), stream.peek(RAW_KEPT))
        return
    try:
        for row in form.read(source):
            count += 1
            yield row
    except Exception as error:  # a file must never stop the others
        count += 1
        said = told(error) if isinstance(error, OSError) else our_fault(error)
        yield Rejected(file, stream.position, count, f"{UNREAD}: {said}")
        return
    if stream.fault:
        count += 1
        yield Rejected(file, stream.position, count, stream.fault)
    elif source.unaccounted:
        reason = UNTOLD.format(bytes=source.unaccounted, form=form.name)
        yield Rejected(file, stream.position, count + 1, reason)
    if settings.on_file_read:
        settings.on_file_read(file, source.account)


def format_of(source: Input) -> Format:
    """
    The format that the beginning of a file tells.

    Raises:
        UnknownFormat: none does; the message says what was found instead.
    """
    head = Head(source.name, source.text.head)
    for form in FORMATS:
        if form.sniff(head):
            return form
    raise UnknownFormat(_strange(source.stream.peek(RAW_KEPT)))


def _strange(head: bytes) -> str:
    if not head.strip():
        return "the file is empty, expected records; export it again"
    if _OPEN_DOCUMENT.match(head):
        return f"the file is an OpenDocument spreadsheet (.ods), expected records; {SAVE_AS}"
    for magic, what, advice in STRANGERS:
        if head.startswith(magic):
            return f"the file is {what}, expected records; {advice}"
    for begins, what in CATALOGUES:
        if begins.match(head):
            return f"the file is {what}, which is not read; {_AS_MARC}"
    if reference_lists.seems(head):
        return reference_lists.IN_NO_STYLE
    known = ", ".join(form.name for form in FORMATS)
    return f"the file begins with {head[:40]!r}, which is none of: {known}"
