"""
JSON rows: JSON Lines, arrays, answers of APIs that wrap a list, objects end to end.

    Text  ->  one object's bytes and where they stand  ->  dict  ->  Shape  ->  Record

orjson parses one row at a time; where it refuses (lone surrogates, NaN, raw control
characters, an old encoding) the patient standard parser has a second go. Lines cut
themselves, everything else is cut by `json_cut.py`.

Does not: know what the objects mean (`shapes` does).
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import partial
from typing import Any, Final

import orjson

from indexer.errors import UnusableRow
from indexer.feeds.formats.objects import flat_objects
from indexer.feeds.formats.objects.json_cut import Cut, Rules, cut
from indexer.feeds.formats.shapes import LISTS, MAPS, SHAPES, SINGLES, Shape, shape_of
from indexer.feeds.reading.byte_account import BLANK, WRAPPER
from indexer.feeds.reading.encodings import Text
from indexer.feeds.reading.rows import BLANKS, Head, Input, Line, Row, Rows, lines, our_fault
from indexer.records import Record

_BEGINS: Final = re.compile(rb'\{\s*(?:["}]|$)|\[\s*(?:[{\["\]]|null|$)')
# "[1] Wang W. Rivers" is a list of references: behind numbers alone the text must end.
_NUMBERS: Final = re.compile(rb'\[\s*-?\d[\d.eE+\-,\s]*(?:\]\s*$|,\s*[{\["nft]|$)')
_OUTSIDE: Final = frozenset(path[0] for path in (*LISTS, *MAPS))
_LONE_SURROGATE: Final = re.compile("[\ud800-\udfff]")
FIRST_LINES: Final = 5  # one of them must be a whole object for a file to be JSON Lines
LONGEST_INTEGER: Final = 300  # digits; longer ones only cost time


def sniff(head: Head) -> bool:
    """Whether the file begins with an object or an array."""
    return bool(_BEGINS.match(head.start) or _NUMBERS.match(head.start))


def read(source: Input) -> Iterator[Row]:
    """Every object of the file as a row."""
    rows = Rows(source)
    parser, limit = partial(parse, text=source.text), source.settings.row_limit
    rules = Rules(parser, LISTS, limit, MAPS, rows.no_record)
    if not _is_lines(source.text.head):
        for piece in cut(source.text.chunks(), rules):
            yield _row(rows, piece, 0)
        return
    end = 0
    for line in lines(source.text, limit):
        if line.offset != end:  # a mark, where files were joined
            rows.no_record(BLANK, line.offset - end)
        end = line.offset + line.length
        if line.data.strip(BLANKS):
            yield from _line_rows(rows, line, rules)
        else:
            rows.no_record(BLANK, line.length)


def parse(data: bytes, text: Text) -> Any:
    """
    The JSON value of one row.

    Raises:
        ValueError: it is none; the message says where it stops being one.
    """
    try:
        return orjson.loads(data)
    except orjson.JSONDecodeError:
        return _parse_patiently(text.decode(data))


def _parse_patiently(text: str) -> Any:
    try:
        value = json.loads(text, strict=False, parse_int=_integer, parse_constant=lambda _: None)
        return _without_surrogates(value) if r"\u" in text else value
    except RecursionError:
        raise ValueError("the row is nested too deep to be a record; remove it") from None
    except json.JSONDecodeError as error:
        reason = f"the row is not JSON: {error.msg} at its character {error.pos}"
        raise ValueError(f"{reason}; correct it or export it again") from None


def _integer(digits: str) -> int | str:
    return int(digits) if len(digits) < LONGEST_INTEGER else digits


def _without_surrogates(value: Any) -> Any:
    if isinstance(value, str):
        return _LONE_SURROGATE.sub("\ufffd", value)
    if isinstance(value, list):
        return [_without_surrogates(item) for item in value]
    if isinstance(value, dict):
        return {_without_surrogates(k): _without_surrogates(v) for k, v in value.items()}
    return value


def _is_lines(head: bytes) -> bool:
    first, *others = head.strip(BLANKS).split(b"\n")[: FIRST_LINES + 1]
    if not others or not first.rstrip().endswith(b"}"):
        return False
    return any(map(_is_object, (first, *others)))


def _is_object(line: bytes) -> bool:
    try:
        return isinstance(orjson.loads(line), dict)
    except orjson.JSONDecodeError:
        return False


def _line_rows(rows: Rows, line: Line, rules: Rules) -> Iterator[Row]:
    """The row of a line; several where objects or a whole answer share it."""
    if line.too_long:
        yield _row(rows, Cut(line.offset, line.data, line.length), 0)
        return
    data = line.data.rstrip(BLANKS)
    offset = line.offset + len(data) - len(data := data.lstrip(BLANKS))
    if line.length != len(data):
        rows.no_record(BLANK, line.length - len(data))
    try:
        whole = Cut(0, data, len(data), rules.parse(data))
    except ValueError as error:
        whole = Cut(0, data, len(data), None, str(error))
    if whole.problem or (isinstance(whole.value, dict) and _may_wrap(whole.value)):
        between: Counter[str] = Counter()
        own = replace(rules, skipped=lambda what, size: between.update({what: size}))
        pieces = list(cut(iter((data,)), own))
        if pieces and (not whole.problem or not pieces[0].problem):
            for what, size in between.items():
                rows.no_record(what, size)
            for piece in pieces:
                yield _row(rows, piece, offset)
            return
        if not pieces:  # an answer that found nothing
            rows.no_record(WRAPPER, len(data))
            return
    yield _row(rows, whole, offset)


def _row(rows: Rows, piece: Cut, base: int) -> Row:
    position, size = rows.source.text.origin(base + piece.offset), piece.length
    if size > rows.source.settings.row_limit:
        return rows.reject_long(position, size, piece.data)
    if piece.problem:
        return rows.reject(position, piece.problem, piece.data, size=size)
    if rows.source.raw_only:
        return rows.made(Record, position, piece.data, size=size)
    try:
        value, shape = _unwrapped(piece.value)
        loose = shape is None or shape is SHAPES[-1]
        layout = flat_objects.layout_of(piece.value) if loose else None
    except Exception as error:
        return rows.reject(position, our_fault(error), piece.data, size=size)
    if layout:
        return flat_objects.row(rows, piece.value, layout, position, piece.data)
    if shape is None:
        return rows.reject(position, _not_a_record(value), piece.data, size=size)
    make = partial(_made, shape, value)
    return rows.made(make, position, piece.data, size=size, keys_repeat=shape.keys_repeat)


def _made(shape: Shape, value: Any) -> Record:
    try:
        return shape.record(value)
    except UnusableRow as error:
        raise UnusableRow(f"{shape.name}: {error}") from None


def _may_wrap(value: Mapping[str, Any]) -> bool:
    """Whether an object has a key that a list of rows stands under, and is itself no row."""
    return not _OUTSIDE.isdisjoint(value) and _shape_of(value) is None


def _shape_of(value: Any) -> Shape | None:
    return shape_of(value) if isinstance(value, dict) else None


def _unwrapped(value: Any) -> tuple[Any, Shape | None]:
    """A value and its shape; of an answer about one record the record inside."""
    if (shape := _shape_of(value)) is not None:
        return value, shape
    for path in SINGLES:
        inner = value
        for name in path:
            inner = inner.get(name) if isinstance(inner, dict) else None
        if (shape := _shape_of(inner)) is not None:
            return inner, shape
    return value, None


def _not_a_record(value: Any) -> str:
    if not isinstance(value, dict):
        return f"expected an object, found a {type(value).__name__}"
    keys = ", ".join(sorted(value)[:6]) or "none"
    return f"an object of no known shape; its keys: {keys}"
