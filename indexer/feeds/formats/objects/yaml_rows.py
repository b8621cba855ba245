"""
YAML: CSL items as pandoc keeps them, CITATION.cff, and Hayagriva's bibliographies.

    Text  ->  one item's lines  ->  dict  ->  Record (`shapes/csl.py`, `yaml_items.py`)

Cut by lines where the items of the outermost list or mapping begin, so that one item in
bad order costs no other; a CITATION.cff is one text. PyYAML parses, as plain strings: no
tag makes an object, "2018-04" stays what it is and so does "no". What aliases would grow
to is counted before anything is made of it.

Does not: follow aliases into other items.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Any, Final, NamedTuple

import yaml

from indexer.errors import UnusableRow
from indexer.feeds.formats.objects import yaml_items
from indexer.feeds.formats.shapes import csl
from indexer.feeds.reading.byte_account import BLANK, WRAPPER
from indexer.feeds.reading.rows import (
    BLANKS,
    RAW_KEPT,
    Head,
    Input,
    Line,
    Row,
    Rows,
    lines,
    our_fault,
)
from indexer.records import Record

LOADER: Final[Any] = getattr(yaml, "CBaseLoader", yaml.BaseLoader)
MOST_NODES: Final = 100_000  # of one item, aliases counted as often as they stand
BEGINS: Final = "begins an item"
INSIDE: Final = "of an item"
COMMENT: Final = "comment"
METADATA: Final = "metadata of the document"

_CSL_KEYS: Final = (
    "id|type|title|author|editor|issued|container-title|DOI|URL|abstract|publisher|citation-key"
)
_LIST: Final = re.compile(
    r"(?:\A(?:[ \t]*(?:#[^\n]*)?\r?\n|---[^\n]*\n)*"
    r"|(?:\A|\n)references:[ \t]*(?:#[^\n]*)?\r?\n\s*+)"
    rf"[ \t]*- +(?:{_CSL_KEYS}):\s"
)
_CFF: Final = re.compile(r"(?:\A|\n)cff-version[ \t]*:")
_HAYAGRIVA: Final = re.compile(
    r"\A(?:[ \t]*(?:#[^\n]*)?\r?\n|---[^\n]*\n)*[^\s#:{}\[\]<>@,\"-][^\n:]{0,100}:[ \t]*\r?\n"
    r"[ \t]+(?:type|title|author|date|parent|editor|url|serial-number|page-range|publisher)[ \t]*:"
)
_ITEM: Final = re.compile(rf"[ \t]*- +(?:{_CSL_KEYS}):\s".encode())
_KEY: Final = re.compile(rb"[^\s#:%-][^:]*:\s")
_MARKER: Final = re.compile(rb"(?:---|\.\.\.|%YAML|references:)\s*(?:#.*)?")
_PIECE: Final = re.compile(rf"\s*(?:{_CSL_KEYS})\s*:".encode())
OUTSIDE: Final = "it looks like a piece of an item, but stands in none; indent it as its item is"


def sniff(head: Head) -> bool:
    """Whether it is a list of CSL items, a CITATION.cff, or Hayagriva's."""
    return _kind(head) is not None


class Kind(NamedTuple):
    """A way to keep references in YAML."""

    begins: re.Pattern[bytes] | None  # the first line of an item; None: the text is one item
    records: Callable[[Any], Iterator[Record]]  # of the value of an item


def _kind(head: Head) -> Kind | None:
    text = head.start.decode(errors="replace")
    if _CFF.search(text):
        return Kind(None, yaml_items.citations)
    if _LIST.search(text):
        return Kind(_ITEM, _csl)
    return Kind(_KEY, yaml_items.hayagriva) if _HAYAGRIVA.match(text) else None


def _csl(value: Any) -> Iterator[Record]:
    for item in value if isinstance(value, list) else [value]:
        if not isinstance(item, Mapping):
            raise UnusableRow(f"expected an item with keys and values, found {str(item)[:60]!r}")
        yield csl.record(yaml_items.with_date_parts(item))


@dataclass
class _Piece:
    """Lines that belong together: of one item, or between items."""

    what: str  # INSIDE for an item
    lines: list[Line] = field(default_factory=list)
    length: int = 0
    line: int = 0

    def take(self, number: int, line: Line, limit: int) -> None:
        """Add a line; over the limit only its length."""
        self.line = self.line or number
        if self.length <= limit:
            self.lines.append(line)
        self.length += line.length

    @property
    def raw(self) -> bytes:
        """The bytes as far as they are kept."""
        return b"".join(line.data for line in self.lines)


def read(source: Input) -> Iterator[Row]:
    """Every item of the file as a row."""
    rows = Rows(source)
    kind = _kind(Head(source.name, source.text.head))
    if kind is None:
        return
    for piece in _cut(source, rows, kind):
        if piece.what == INSIDE:
            yield from _item(rows, piece, kind)
        elif piece.what == METADATA and any(_PIECE.match(line.data) for line in piece.lines):
            reason = f"line {piece.line}: {OUTSIDE}"
            yield rows.reject(_position(rows, piece), reason, piece.raw, size=piece.length)
        else:
            rows.no_record(piece.what, piece.length)


def _cut(source: Input, rows: Rows, kind: Kind) -> Iterator[_Piece]:
    limit = source.settings.row_limit
    piece, end = _Piece(BLANK if kind.begins else INSIDE), 0
    indent = -1  # of the first item
    for number, line in enumerate(lines(source.text, limit), start=1):
        rows.no_record("byte-order mark", line.offset - end)
        end = line.offset + line.length
        what = _what(line.data, kind, indent, piece) if kind.begins else INSIDE
        if what in (BEGINS, BLANK, COMMENT, WRAPPER, METADATA) and what != piece.what:
            if piece.length:
                yield piece
            piece = _Piece(INSIDE if what == BEGINS else what)
        if what == BEGINS:
            indent = _indent(line.data)
        piece.take(number, line, limit)
    if piece.length:
        yield piece


def _what(data: bytes, kind: Kind, indent: int, piece: _Piece) -> str:
    """What a line is: it begins or continues an item, or by name what else."""
    bare = data.strip(BLANKS)
    inside = piece.what == INSIDE
    if not bare:
        return INSIDE if inside else BLANK
    if inside and (_indent(data) > indent or bare.startswith(b"#")):
        return INSIDE
    if bare.startswith(b"#"):
        return COMMENT
    if _MARKER.fullmatch(bare):
        return WRAPPER
    begins = kind.begins is not None and kind.begins.match(data)
    return BEGINS if begins and indent in (-1, _indent(data)) else METADATA


def _indent(data: bytes) -> int:
    return len(data) - len(data.lstrip(b" \t"))


def _item(rows: Rows, piece: _Piece, kind: Kind) -> Iterator[Row]:
    position = _position(rows, piece)
    if piece.length > rows.source.settings.row_limit:
        yield rows.reject_long(position, piece.length, piece.raw[:RAW_KEPT])
        return
    text = rows.source.text.decode(piece.raw)
    try:
        found = list(kind.records(loaded(text)))
    except UnusableRow as error:
        reason = f"line {piece.line}: {error}"
        yield rows.reject(position, reason, piece.raw, size=piece.length)
        return
    except Exception as error:  # costs this item only
        yield rows.reject(position, our_fault(error), piece.raw, size=piece.length)
        return
    for number, record in enumerate(found):
        yield rows.made(
            partial(_read_already, record),
            position + number,
            piece.raw,
            size=0 if number else piece.length,
            keys_repeat=True,
        )


def _read_already(record: Record) -> Record:
    return record


def _position(rows: Rows, piece: _Piece) -> int:
    return rows.source.text.origin(piece.lines[0].offset)


def loaded(text: str) -> Any:
    """
    The value of a YAML text, every scalar a string.

    Raises:
        UnusableRow: it is no YAML, or its aliases would grow beyond all bounds.
    """
    loader = LOADER(text)
    try:
        node = loader.get_single_node()
        if _size(node, {}) > MOST_NODES:
            raise UnusableRow("its aliases stand for more than a record can hold; write them out")
        return None if node is None else loader.construct_document(node)
    except yaml.YAMLError as error:
        said = " ".join(str(error).split())[:200]
        raise UnusableRow(f"it is not YAML ({said}); correct it") from None
    except (RecursionError, ValueError) as error:
        raise UnusableRow(f"it cannot be read ({error}); write it plainer") from None
    finally:
        loader.dispose()


def _size(node: Any, known: dict[int, int]) -> int:
    """How many nodes a node stands for, aliases as often as they stand; a loop has no end."""
    if id(node) in known:
        return known[id(node)]
    known[id(node)] = MOST_NODES + 1  # met again inside itself
    inner = node.value if node is not None and not isinstance(node.value, str) else ()
    total = 1
    for child in inner:
        parts = child if isinstance(child, tuple) else (child,)
        total += sum(_size(part, known) for part in parts)
    known[id(node)] = min(total, MOST_NODES + 1)
    return known[id(node)]
