"""
Identifier lists: files that hold DOIs, PMIDs or other identifiers and nothing else.

    10.5555/jmh.2018.139          ->  a record with that DOI
    31234567, 31234568            ->  two records with a PMID each

One a line, or several with commas, semicolons or blanks between them; a number alone is a
PMID. Does not: look anything up.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import partial
from typing import Final

from indexer.errors import UnusableRow
from indexer.feeds.formats.lines.line_entries import every_line
from indexer.feeds.reading.rows import BLANKS, Head, Input, Line, Row, Rows
from indexer.fields.identifiers.identifiers import WORK_SCHEMES, find, normalise
from indexer.records import Record

BETWEEN: Final = "between identifiers"
HEADER: Final = "header"
COMMENT: Final = ("#", "//")
COMMENT_BYTES: Final = tuple(mark.encode() for mark in COMMENT)
ODD: Final = 2  # lines of identifiers, at least, to one of something else
_LABEL: Final = r"(?:(?:doi|pmid|pmcid|pmc|arxiv|isbn)\s*[:=]\s*)"
_ANEW: Final = rf"\s|\Z|{_LABEL}|https?:|10\.\d|\d{{5}}|PMC"
# A DOI may hold commas and semicolons, so they part only before a blank or what begins anew.
# A run of them is tried once, from its first.
_PARTS: Final = re.compile(
    rf"{_LABEL}?[^\s,;\"'][^\s\"']*?(?=[\s\"']|(?<![,;])[,;]++(?:{_ANEW})|\Z)", re.IGNORECASE
)
_WORDS: Final = re.compile(
    r"[\s\"']*(?:dois?|pmids?|pmcids?|pubmed[ _]?ids?|identifiers?)[\s\"':]*", re.IGNORECASE
)
_PMID: Final = re.compile(r"[1-9]\d{0,7}")
_TELLING: Final = re.compile(r"\d{5,8}")  # of a bare number that is likely a PMID
_BOOK: Final = re.compile(r"[\d-]{9,16}[\dXx]")
_TOKEN_LENGTH: Final = 300
SHARP: Final = ("doi", "arxiv", "openalex", "scopus", "eric")  # told without their name
_ADDRESS: Final = re.compile(r"doi\s*[:=]\s*|https?://(?:dx\.)?doi\.org/", re.IGNORECASE)
NO_IDENTIFIER: Final = (
    "{value!r} is no identifier that is known, expected a DOI, PMID, PMCID, arXiv id or ISBN; "
    "correct or remove it"
)


def sniff(head: Head) -> bool:
    """Whether the first lines hold identifiers, and hardly anything else."""
    sure = other = 0
    for line in head.text.splitlines()[:20][: -1 if len(head.data) > 60_000 else None]:
        bare = line.strip(" \t\0\ufeff")
        if not bare or bare.startswith(COMMENT) or (not sure and _WORDS.fullmatch(line)):
            continue
        parts = [match[0] for match in _PARTS.finditer(line)]
        if parts and all(map(_is_sure, parts)):
            sure += 1
        elif not sure:
            return False
        else:
            other += 1
    return sure > ODD * other


def _is_sure(part: str) -> bool:
    if len(part) > _TOKEN_LENGTH or (part.isdigit() and not _TELLING.fullmatch(part)):
        return bool(_BOOK.fullmatch(part)) and normalise("isbn", part) is not None
    return identifier_of(part) is not None


def read(source: Input) -> Iterator[Row]:
    """Every identifier of the file as a row."""
    rows = Rows(source)
    first = True
    for line in every_line(rows):
        if line.too_long:
            yield rows.reject_long(source.text.origin(line.offset), line.length, line.data)
            continue
        if first and _WORDS.fullmatch(line.data.decode(errors="replace")):
            rows.no_record(HEADER, line.length)
            continue
        first = first and not line.data.strip(BLANKS)
        if line.data.lstrip(BLANKS).startswith(COMMENT_BYTES):
            rows.no_record("comment", line.length)
            continue
        text = line.data.decode("latin-1")  # a character a byte: only places are asked for
        parts = list(_PARTS.finditer(text))
        if parts and not any(identifier_of(source.text.decode(_bytes(line, p))) for p in parts):
            said = NO_IDENTIFIER.format(value=source.text.decode(line.data).strip()[:80])
            yield rows.reject(source.text.origin(line.offset), said, line.data)
            continue
        end = 0
        for match in parts:
            rows.no_record(BETWEEN, match.start() - end)
            end = match.end()
            raw = _bytes(line, match)
            position = source.text.origin(line.offset + match.start())
            yield rows.made(partial(_record, source.text.decode(raw)), position, raw)
        rows.no_record(BETWEEN, line.length - end)


def _bytes(line: Line, part: re.Match[str]) -> bytes:
    return line.data[part.start() : part.end()]


def _record(part: str) -> Record:
    identifier = identifier_of(part)
    if identifier is None:
        raise UnusableRow(NO_IDENTIFIER.format(value=part[:80]))
    scheme, value = identifier
    if scheme == "doi":
        return Record(record_id="", doi=value)
    return Record(record_id="", identifiers=(identifier,))


def identifier_of(part: str) -> tuple[str, str] | None:
    """The identifier that a part of a list is: (scheme, value as given), or None."""
    part = part.strip(" \t\0\ufeff")
    label, _, rest = part.partition(":")
    if _PMID.fullmatch(part):
        return "pmid", part
    if label.lower() in ("pmid", "pmcid", "isbn") and normalise(label.lower(), rest.strip()):
        return label.lower(), rest.strip()
    if _BOOK.fullmatch(part) and normalise("isbn", part):
        return "isbn", part
    for scheme in SHARP:
        if (identifier := normalise(scheme, part)) and _is_whole(part, identifier.value):
            return scheme, _ADDRESS.sub("", part) if scheme == "doi" else identifier.value
    schemes = WORK_SCHEMES - {"url"}
    named = [identifier for identifier in find(part) if identifier.scheme in schemes]
    if named and _is_whole(part, named[0].value):
        return named[0].scheme, named[0].value
    return None


def _is_whole(part: str, value: str) -> bool:
    """Whether the identifier is all of the part but for its label or address."""
    bare = re.sub(r"^(?:https?://\S+?/(?=10\.|\d|PMC|pmc|abs/)|[A-Za-z]{3,6}[:=]\s*)", "", part)
    return len(value) + 12 >= len(bare)
