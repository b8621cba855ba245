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
from collections.abc import Iterator
from functools import partial
from typing import Any, Final

import orjson

from indexer.feeds.encodings import Text
from indexer.feeds.json_cut import Cut, Rules, cut
from indexer.feeds.rows import BLANKS, Head, Input, Line, Rows, lines
from indexer.feeds.shapes import LISTS, SINGLES, Shape, shape_of
from indexer.records import Occurrence, Rejected

Row = Occurrence | Rejected

# "[1]Wang" begins a list of references.
_BEGINS: Final = re.compile(
    rb'\{\s*(?:["}]|$)|\[\s*(?:[{\["\]]|null|(?!\d+\]\s*[^\s,\[{\]])-?\d|$)'
)
_LONE_SURROGATE: Final = re.compile("[\ud800-\udfff]")
FIRST_LINES: Final = 5  # one of them must be a whole object for a file to be JSON Lines
LONGEST_INTEGER: Final = 300  # digits; longer ones only cost time


def sniff(head: Head) -> bool:
    """Whether the file begins with an object or an array."""
    return _BEGINS.match(head.start) is not None


def read(source: Input) -> Iterator[Row]:
    """Every object of the file as a row."""
    rows = Rows(source)
    rules = Rules(partial(parse, text=source.text), LISTS, source.settings.row_limit)
    if not _is_lines(source.text.head):
        for piece in cut(source.text.chunks(), rules):
            yield _row(rows, piece, 0)
        return
    for line in lines(source.text, source.settings.row_limit):
        if line.data.strip(BLANKS):
            yield from _line_rows(rows, line, rules)


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
    try:
        whole = Cut(0, data, len(data), rules.parse(data))
        shape = _shape_of(whole.value)
    except ValueError as error:
        whole, shape = Cut(0, data, len(data), None, str(error)), None
    if shape is None and (whole.problem or isinstance(whole.value, dict)):
        pieces = list(cut(iter((data,)), rules))
        if not whole.problem or not pieces[0].problem:
            for piece in pieces:
                yield _row(rows, piece, offset)
            return
    yield _row(rows, whole, offset, shape)


def _row(rows: Rows, piece: Cut, base: int, shape: Shape | None = None) -> Row:
    position = rows.source.text.origin(base + piece.offset)
    if piece.length > rows.source.settings.row_limit:
        return rows.reject_long(position, piece.length, piece.data)
    if piece.problem:
        return rows.reject(position, piece.problem, piece.data)
    value = piece.value
    if shape is None:
        value, shape = _unwrapped(value)
    if shape is None:
        return rows.reject(position, _not_a_record(value), piece.data)
    try:
        record = shape.record(value)
    except ValueError as error:
        return rows.reject(position, f"{shape.name}: {error}", piece.data)
    return rows.accept(record, position, piece.data, keys_repeat=shape.keys_repeat)


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
