"""
BibTeX and biblatex: entries as citation managers and people write them.

    Text  ->  "@article{…}" (where it stands, its bytes)  ->  fields  ->  Record

Cut where the braces of an entry balance, or where the next entry begins a line; an entry
that never closes is one refused row. bibtexparser parses, one entry at a time. `@string`
macros are kept for the entries behind them, `@comment` and `@preamble` are no rows.
Braces and quotes around a field fall away, those inside it and TeX's accents are for
`text.py`.

Does not: follow `crossref` to other entries (they may stand anywhere behind).
"""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator, Mapping
from typing import Final, NamedTuple

from bibtexparser.entrypoint import parse_string
from bibtexparser.middlewares import RemoveEnclosingMiddleware
from bibtexparser.middlewares.names import split_multiple_persons_names
from bibtexparser.model import DuplicateFieldKeyBlock, Entry, ParsingFailedBlock

from indexer.feeds.encodings import Text
from indexer.feeds.rows import RAW_KEPT, Head, Input, Rows, lines
from indexer.feeds.shapes.values import serials
from indexer.records import Author, Occurrence, Record, Rejected

Row = Occurrence | Rejected

# What does not parse becomes a rejection; the library would print it as well.
logging.getLogger("bibtexparser").setLevel(logging.CRITICAL)

_SNIFF: Final = re.compile(
    r"(?:\A|[\r\n])[ \t]*@[ \t]*[A-Za-z]+[ \t]*[{(][^\r\n{}@]*(?:[,=}]|\Z|\r|\n)"
)
_START: Final = re.compile(rb"@[ \t]*([A-Za-z]\w*)[ \t]*([{(])")
_NEXT: Final = re.compile(rb"[ \t]*@[A-Za-z]\w*[ \t]*[{(]")
_BRACES: Final = re.compile(rb"(?<!\\)[{}]")
_BRACES_AND_PAREN: Final = re.compile(rb'(?<!\\)[{}")]')
_BLANKS: Final = re.compile(r"\s+")
# One part of "jan # {~} # 2020"; braces nest at most twice there.
_PART: Final = re.compile(r'"([^"]*)"|\{((?:[^{}]|\{[^{}]*\})*)\}|([^\s#"{}]+)|\s*#\s*')
NO_ROWS: Final = frozenset({b"comment", b"preamble"})

NOT_CLOSED: Final = "the entry's braces never close; correct it or export it again"


class Block(NamedTuple):
    """One "@…{…}" of the file."""

    offset: int
    raw: bytes
    length: int  # more than len(raw) where it was over the limit
    kind: bytes  # lower case
    whole: bool  # it was closed


def sniff(head: Head) -> bool:
    """Whether a line begins an entry."""
    return not head.start.startswith((b"{", b"[", b"<")) and bool(_SNIFF.search(head.text))


def read(source: Input) -> Iterator[Row]:
    """Every entry of the file as a row."""
    rows = Rows(source)
    text, limit = source.text, source.settings.row_limit
    strings: dict[str, str] = {}
    for block in cut(text, limit):
        position = text.origin(block.offset)
        if block.kind in NO_ROWS:
            continue
        if block.length > limit:
            yield rows.reject_long(position, block.length, block.raw)
        elif block.kind == b"string":
            strings.update(_strings(text.decode(block.raw), strings))
        else:
            yield _row(rows, block, text, strings)


def cut(text: Text, limit: int) -> Iterator[Block]:
    """The blocks of a text, in constant memory."""
    block: _Open | None = None
    for line in lines(text, limit):
        at = 0
        if block and _NEXT.match(line.data):
            yield block.closed(whole=False)
            block = None
        while at < len(line.data):
            if block is None:
                start = _START.search(line.data, at)
                if start is None:
                    break
                block = _Open(
                    line.offset + start.start(), start[1].lower(), start[2] == b"(", limit
                )
                block.take(line.data[start.start() : start.end()])
                at = start.end()
            end = block.end_in(line.data, at)
            block.take(line.data[at:end], line.length - len(line.data))
            at = end
            if block.depth == 0:
                yield block.closed(whole=True)
                block = None
    if block:
        yield block.closed(whole=False)


class _Open:
    """A block that has begun and not ended."""

    def __init__(self, offset: int, kind: bytes, in_parentheses: bool, limit: int) -> None:
        self.offset, self.kind, self.limit = offset, kind, limit
        self.in_parentheses = in_parentheses
        self.depth = 1  # 0 once it is closed
        self.in_quotes = False
        self.parts: list[bytes] = []
        self.length = 0

    def take(self, data: bytes, dropped: int = 0) -> None:
        """Add bytes to the block as long as it is under the limit."""
        if self.length <= self.limit:
            self.parts.append(data)
        self.length += len(data) + dropped

    def end_in(self, data: bytes, at: int) -> int:
        """Where the block ends in these bytes; their end when it goes on."""
        marks = _BRACES_AND_PAREN if self.in_parentheses else _BRACES
        for match in marks.finditer(data, at):
            mark = match[0]
            if mark == b"{":
                self.depth += 1
            elif mark == b"}" and (self.depth > 1 or not self.in_parentheses):
                self.depth -= 1
            elif mark == b'"' and self.depth == 1:
                self.in_quotes = not self.in_quotes
            elif mark == b")" and self.depth == 1 and not self.in_quotes:
                self.depth = 0
            if self.depth == 0:
                return match.end()
        return len(data)

    def closed(self, *, whole: bool) -> Block:
        """The block as far as it came."""
        raw = b"".join(self.parts)
        kept = raw[:RAW_KEPT] if self.length > self.limit else raw
        return Block(self.offset, kept, self.length, self.kind, whole)


def _row(rows: Rows, block: Block, text: Text, strings: Mapping[str, str]) -> Row:
    position = text.origin(block.offset)
    if not block.whole:
        return rows.reject(position, NOT_CLOSED, block.raw)
    library = parse_string(text.decode(block.raw))
    for entry in library.entries:
        return rows.accept(record(entry, strings), position, block.raw, keys_repeat=True)
    for failed in library.failed_blocks:
        if isinstance(failed, DuplicateFieldKeyBlock) and isinstance(
            failed.ignore_error_block, Entry
        ):
            entry = RemoveEnclosingMiddleware().transform_entry(failed.ignore_error_block, library)
            return rows.accept(record(entry, strings), position, block.raw, keys_repeat=True)
    return rows.reject(position, _reason(library.failed_blocks), block.raw)


def _reason(failed: list[ParsingFailedBlock]) -> str:
    found = getattr(failed[0].error, "abort_reason", failed[0].error) if failed else "no entry"
    return f"the entry does not parse ({found}); correct it or export it again"


def _strings(text: str, known: Mapping[str, str]) -> dict[str, str]:
    found = parse_string(text).strings
    return {s.key.lower(): _expanded(str(s.value), s.enclosing, known) for s in found}


def _expanded(value: str, enclosing: str | None, strings: Mapping[str, str]) -> str:
    """A field's value with macros put in and parts joined, on one line."""
    if enclosing == "no-enclosing":
        value = "".join(
            strings.get(bare.lower(), bare) if bare else quoted or braced
            for quoted, braced, bare in _PART.findall(value)
        )
    return _BLANKS.sub(" ", value).strip()


def record(entry: Entry, strings: Mapping[str, str]) -> Record:
    """An entry as a record; its key stands for it inside its file."""
    fields: dict[str, str] = {}
    for field in entry.fields:
        value = _expanded(str(field.value), field.enclosing, strings)
        if value:
            fields.setdefault(field.key.lower(), value)

    def one(*names: str) -> str:
        return next((fields[name] for name in names if name in fields), "")

    kind = entry.entry_type.lower()
    issn, isbn = serials([fields[name] for name in ("issn", "isbn") if name in fields])
    return Record(
        record_id="",
        source_id=entry.key,
        title=_with_subtitle(one("title"), one("subtitle")),
        alternate_titles=tuple(fields[n] for n in ("origtitle", "titletranslation") if n in fields),
        authors=_byline(one("author") or (one("editor") if kind in WHOLE_BOOKS else "")),
        date=one("date") or _date(one("year"), one("month")),
        year=one("year"),
        container=one("journal", "journaltitle", "booktitle", "maintitle", "series"),
        publisher=one("publisher", "school", "institution", "organization"),
        volume=one("volume"),
        issue=one("number", "issue"),
        pages=one("pages"),
        article_number=one("eid", "art_number", "articleno", "article-number"),
        abstract=one("abstract"),
        type=kind,
        language=one("language", "langid"),
        stage=one("pubstate"),
        doi=one("doi"),
        identifiers=tuple(_identifiers(entry.key, fields)),
        issn=issn,
        isbn=isbn,
        urls=tuple(dict.fromkeys(fields[name] for name in URLS if name in fields)),
    )


URLS: Final = ("url", "urls", "ee", "link", "bdsk-url-1", "bdsk-url-2", "howpublished")
WHOLE_BOOKS: Final = frozenset({"book", "proceedings", "collection", "mvbook", "reference"})
EPRINTS: Final = {"": "", "arxiv": "arxiv", "pubmed": "pmid", "hdl": "handle", "pmc": "pmcid"}


def _byline(names: str) -> tuple[Author, ...]:
    split = split_multiple_persons_names(names)
    return tuple(Author(name="et al." if name == "others" else name) for name in split)


def _with_subtitle(title: str, subtitle: str) -> str:
    return f"{title}: {subtitle}" if title and subtitle else title or subtitle


def _date(year: str, month: str) -> str:
    if not month or not year.isdigit():
        return year
    return f"{year}-{int(month):02d}" if month.isdecimal() else f"{year} {month}"


def _identifiers(key: str, fields: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    if eprint := fields.get("eprint", ""):
        archive = fields.get("archiveprefix", fields.get("eprinttype", "")).lower()
        yield EPRINTS.get(archive, ""), eprint
    for name, scheme in (
        ("arxivid", "arxiv"),
        ("pmid", "pmid"),
        ("pmcid", "pmcid"),
        ("hdl", "handle"),
    ):
        if name in fields:
            yield scheme, fields[name]
    if key.startswith("DBLP:"):
        yield "dblp", key.removeprefix("DBLP:")
