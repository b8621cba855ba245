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
from collections.abc import Iterator, Mapping
from functools import partial
from typing import Any, Final

import orjson

from indexer.feeds.encodings import Text
from indexer.feeds.json_cut import Cut, Rules, cut
from indexer.feeds.rows import BLANKS, Head, Input, Line, Rows, lines
from indexer.feeds.shapes import LISTS, SINGLES, shape_of
from indexer.records import Occurrence, Rejected

Row = Occurrence | Rejected

_BEGINS: Final = re.compile(rb'\{\s*(?:["}]|$)|\[\s*(?:[{\["\]]|null|-?\d|$)')
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
        value = rules.parse(data)
        problem = ""
    except ValueError as error:
        value, problem = None, str(error)
    if problem or (isinstance(value, dict) and shape_of(value) is None):
        pieces = list(cut(iter((data,)), rules))
        if not pieces[0].problem and len(pieces) > 1:
            for piece in pieces:
                yield _row(rows, piece, offset)
            return
    yield _row(rows, Cut(0, data, len(data), value, problem), offset)


def _row(rows: Rows, piece: Cut, base: int) -> Row:
    position = rows.source.text.origin(base + piece.offset)
    if piece.length > rows.source.settings.row_limit:
        return rows.reject_long(position, piece.length, piece.data)
    if piece.problem:
        return rows.reject(position, piece.problem, piece.data)
    value = _unwrapped(piece.value)
    if not isinstance(value, Mapping):
        found = type(value).__name__
        return rows.reject(position, f"expected an object, found a {found}", piece.data)
    shape = shape_of(value)
    if shape is None:
        keys = ", ".join(sorted(map(str, value))[:6]) or "none"
        return rows.reject(position, f"an object of no known shape; its keys: {keys}", piece.data)
    try:
        record = shape.record(value)
    except ValueError as error:
        return rows.reject(position, f"{shape.name}: {error}", piece.data)
    return rows.accept(record, position, piece.data, keys_repeat=shape.keys_repeat)


def _unwrapped(value: Any) -> Any:
    """The record inside an answer about one record; anything else as it is."""
    if not isinstance(value, Mapping) or shape_of(value) is not None:
        return value
    for path in SINGLES:
        inner: Any = value
        for name in path:
            inner = inner.get(name) if isinstance(inner, Mapping) else None
        if isinstance(inner, Mapping):
            return inner
    return value
