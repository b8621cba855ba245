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
from dataclasses import dataclass, field, replace
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
    return _form(head) is not None


class YamlForm(NamedTuple):
    """A way to keep references in YAML."""

    begins: re.Pattern[bytes] | None  # the first line of an item; None: the text is one item
    records: Callable[[Any], Iterator[Record]]  # of the value of an item


def _form(head: Head) -> YamlForm | None:
    text = head.start.decode(errors="replace")
    if _CFF.search(text):
        return YamlForm(None, yaml_items.citations)
    if _LIST.search(text):
        return YamlForm(_ITEM, _csl)
    return YamlForm(_KEY, yaml_items.hayagriva) if _HAYAGRIVA.match(text) else None


def _csl(value: Any) -> Iterator[Record]:
    for item in value if isinstance(value, list) else [value]:
        if not isinstance(item, Mapping):
            raise UnusableRow(f"expected an item with keys and values, found {str(item)[:60]!r}")
        yield csl.record(yaml_items.with_date_parts(item))


@dataclass
class ItemLines:
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
    form = _form(Head(source.name, source.text.head))
    if form is None:
        return
    for held in _cut(source, rows, form):
        if held.what == INSIDE:
            yield from _item(rows, held, form)
        elif held.what == METADATA and any(_PIECE.match(line.data) for line in held.lines):
            reason = f"line {held.line}: {OUTSIDE}"
            yield rows.reject(_position(rows, held), reason, held.raw, size=held.length)
        else:
            rows.no_record(held.what, held.length)


def _cut(source: Input, rows: Rows, form: YamlForm) -> Iterator[ItemLines]:
    limit = source.settings.row_limit
    held, end = ItemLines(BLANK if form.begins else INSIDE), 0
    indent = -1  # of the first item
    for number, line in enumerate(lines(source.text, limit), start=1):
        rows.no_record("byte-order mark", line.offset - end)
        end = line.offset + line.length
        what = _what(line.data, form, indent, held) if form.begins else INSIDE
        if what in (BEGINS, BLANK, COMMENT, WRAPPER, METADATA) and what != held.what:
            if held.length:
                yield held
            held = ItemLines(INSIDE if what == BEGINS else what)
        if what == BEGINS:
            indent = _indent(line.data)
        held.take(number, line, limit)
    if held.length:
        yield held


def _what(data: bytes, form: YamlForm, indent: int, held: ItemLines) -> str:
    """What a line is: it begins or continues an item, or by name what else."""
    bare = data.strip(BLANKS)
    inside = held.what == INSIDE
    if not bare:
        return INSIDE if inside else BLANK
    if inside and (_indent(data) > indent or bare.startswith(b"#")):
        return INSIDE
    if bare.startswith(b"#"):
        return COMMENT
    if _MARKER.fullmatch(bare):
        return WRAPPER
    begins = form.begins is not None and form.begins.match(data)
    return BEGINS if begins and indent in (-1, _indent(data)) else METADATA


def _indent(data: bytes) -> int:
    return len(data) - len(data.lstrip(b" \t"))


def _item(rows: Rows, held: ItemLines, form: YamlForm) -> Iterator[Row]:
    position = _position(rows, held)
    if held.length > rows.source.settings.row_limit:
        yield rows.reject_long(position, held.length, held.raw[:RAW_KEPT])
        return
    text = rows.source.text.decode(held.raw)
    try:
        records = list(form.records(loaded(text)))
    except UnusableRow as error:
        reason = f"line {held.line}: {error}"
        yield rows.reject(position, reason, held.raw, size=held.length)
        return
    except Exception as error:  # costs this item only
        yield rows.reject(position, our_fault(error), held.raw, size=held.length)
        return
    for number, record in enumerate(records):
        size = 0 if number else held.length
        make = partial(replace, record)
        yield rows.made(make, position + number, held.raw, size=size, keys_repeat=True)


def _position(rows: Rows, held: ItemLines) -> int:
    return rows.source.text.origin(held.lines[0].offset)


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
