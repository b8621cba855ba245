"""
Marked lines: rows of tagged formats and BibTeX again, marks as lines or fields of theirs.

    rows of RIS, PubMed's, EndNote's or Web of Science's tags, BibTeX  ->  bytes

A mark stands where each format has notes (N1, GN, %Z, NT) or a field of its own.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from detector.reports.exports.bibtex_entries import tex
from detector.reports.marked.marking import OLD, Mark, Marking, Written, raw_rows_that_stay
from detector.reports.second_reading import RIS_END, as_far_as_read
from indexer.feeds.formats import Format
from indexer.feeds.formats.bibtex import bibtex as reader
from indexer.feeds.reading.own_marks import MARK
from indexer.feeds.reading.rows import Input

_WOS_END: Final = re.compile(rb"^ER[ \t]*[\r\n]*\Z", re.MULTILINE)
_WOS_HEAD: Final = re.compile(rb"\A\s*FN [^\r\n]*\r?\n(?:VR [^\r\n]*\r?\n)?")
_WOS_TAIL: Final = b"EF\n"
_OLD_LINES: Final = {
    tag: re.compile(rb"^" + tag + rb"samework " + OLD + rb": [^\r\n]*(?:\r\n?|\n|\Z)", re.MULTILINE)
    for tag in (b"N1  - ", b"CC: ", b"GN  - ", b"%Z ", b"NT ")
}
_OLD_FIELDS: Final = re.compile(rb",\s*samework_" + OLD + rb"\s*=\s*\{(?:[^{}]|\{[^{}]*\})*\}")
_NO_NAME: Final = re.compile(r"[^\w-]+")


def ris(source: Input, form: Format, marking: Marking) -> Written:
    """RIS, and Cochrane's text."""
    for row, mark in raw_rows_that_stay(source, form, marking):
        tag = b"CC: " if row.raw.lstrip().startswith(b"Record #") else b"N1  - "
        raw, end = _unmarked(row.raw, tag)
        last = RIS_END.search(raw)
        body = raw[: last.start()] if last else raw
        if not body.endswith((b"\n", b"\r")):
            body += end
        yield body + _lines(mark, tag, end)
        yield (last[0].rstrip(b"\r\n") if last else b"ER  - ") + end + end


def nbib(source: Input, form: Format, marking: Marking) -> Written:
    """PubMed's tags: general notes."""
    yield from _at_the_end(source, form, marking, b"GN  - ")


def enw(source: Input, form: Format, marking: Marking) -> Written:
    """EndNote's tags: notes."""
    yield from _at_the_end(source, form, marking, b"%Z ")


def _at_the_end(source: Input, form: Format, marking: Marking, tag: bytes) -> Written:
    for row, mark in raw_rows_that_stay(source, form, marking):
        raw, end = _unmarked(row.raw, tag)
        yield raw.rstrip() + end + _lines(mark, tag, end) + end


def wos(source: Input, form: Format, marking: Marking) -> Written:
    """Web of Science's tags, with the lines that its files begin and end with."""
    head = _WOS_HEAD.match(source.text.head)
    begun = False
    for row, mark in raw_rows_that_stay(source, form, marking):
        if head and not begun:
            yield head[0].lstrip()
        begun = True
        raw, end = _unmarked(row.raw, b"NT ")
        last = _WOS_END.search(raw)
        body = (raw[: last.start()] if last else raw).rstrip(b"\r\n") + end
        yield body + _lines(mark, b"NT ", end) + b"ER" + end + end
    if head and begun:
        yield _WOS_TAIL


def bibtex(source: Input, form: Format, marking: Marking) -> Written:
    """BibTeX: fields of our own; macros, comments and preambles stay where they stand."""
    for block in as_far_as_read(reader.cut(source.text, source.settings.row_limit)):
        if block.kind in (*reader.NO_ROWS, b"string"):
            yield block.raw.rstrip() + b"\n\n"
            continue
        mark = marking.of(source.text.origin(block.offset))
        if mark is None:
            continue
        raw = block.raw.rstrip()
        body = raw[:-1].rstrip()
        if mark:
            body = _OLD_FIELDS.sub(b"", body).rstrip().rstrip(b",") + b","
        yield body + ",".join(_fields(mark)).encode() + b"\n" + raw[-1:] + b"\n\n"


def _fields(mark: Mark) -> Iterator[str]:
    for name, value in mark.items():
        yield f"\n  {MARK}_{_NO_NAME.sub('_', name)} = {{{tex(value)}}}"


def _unmarked(raw: bytes, tag: bytes) -> tuple[bytes, bytes]:
    """A row without the marks of an earlier run, and how its lines end."""
    return _OLD_LINES[tag].sub(b"", raw), b"\r\n" if b"\r\n" in raw else b"\n"


def _lines(mark: Mark, tag: bytes, end: bytes) -> bytes:
    said = (f"{MARK} {name}: {value}".encode() for name, value in mark.items())
    return b"".join(tag + line.replace(b"\n", b" ") + end for line in said)
