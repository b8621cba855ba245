"""
In memory: values of a Python program as files that the readers read.

    paths                     ->  the same paths
    dicts, JSON objects       ->  records.jsonl in a folder
    a table that speaks Arrow ->  table.arrow in a folder

A dict goes through the reader of JSON and a table through the reader of Arrow files, so
that rows get their ids, their reasons and their marks as rows of files do. Nothing of a
table is held in memory twice. Does not: read a row or look into one.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, Final, Protocol, TypeAlias, runtime_checkable

import orjson

from indexer.errors import UnusableInput, UnusableRow
from indexer.feeds.formats import read_bytes
from indexer.feeds.formats.tables.arrow_tables import write_arrow
from indexer.feeds.formats.tables.cell_text import text_of
from indexer.records import Occurrence, Record

DICTS: Final = "records.jsonl"
TABLE: Final = "table.arrow"
_AS_JSON: Final = orjson.OPT_NON_STR_KEYS | orjson.OPT_SERIALIZE_NUMPY | orjson.OPT_APPEND_NEWLINE
_EXPECTED: Final = (
    "expected a path, a list of paths, a list of dicts, or a table that has "
    "__arrow_c_stream__ (pandas 2.2, polars, DuckDB, pyarrow)"
)


@runtime_checkable
class ArrowTable(Protocol):
    """A table that gives itself as a stream of Arrow by the PyCapsule interface."""

    def __arrow_c_stream__(self, requested_schema: object | None = None) -> object:
        """Give the stream."""
        ...


PathLike = str | os.PathLike[str]
Records: TypeAlias = PathLike | Iterable[PathLike] | Iterable[Mapping[str, Any]] | ArrowTable


def files_of(records: Records, folder: Path) -> list[str]:
    """
    The files that hold these records; what is no file yet is written into the folder.

    Raises:
        UnusableInput: it is none of what can be read, or empty.
        MissingLibrary: it is a table and pyarrow is not installed.
    """
    if isinstance(records, str | os.PathLike):
        return [os.fspath(records)]
    if isinstance(records, ArrowTable):
        return [str(write_arrow(records, folder / TABLE))]
    if isinstance(records, Mapping) or not isinstance(records, Iterable):
        raise UnusableInput(f"a {type(records).__name__} is not a list of records; {_EXPECTED}")
    rows = iter(records)
    first = next(rows, None)
    if first is None:
        raise UnusableInput(f"there are no records in it; {_EXPECTED}")
    if isinstance(first, str | os.PathLike):
        return [_path(one) for one in (first, *rows)]
    with (folder / DICTS).open("wb") as out:
        out.writelines(map(_line, _rows(first, rows)))
    return [str(folder / DICTS)]


def record_of(row: Mapping[str, Any]) -> Record:
    """
    One dict as a record, by the readers.

    Raises:
        UnusableInput: it is no dict.
        UnusableRow: no record can be made of it; the message says why.
    """
    if not isinstance(row, Mapping):
        raise UnusableInput(f"a {type(row).__name__} is not a record; expected a dict")
    first = next(read_bytes(_line(row), DICTS), None)
    if isinstance(first, Occurrence):
        return first.record
    raise UnusableRow(first.reason if first else "the dict is empty")


def _path(given: object) -> str:
    if isinstance(given, str | os.PathLike):
        return os.fspath(given)
    raise UnusableInput(f"a {type(given).__name__} stands among paths; {_EXPECTED}")


def _rows(first: object, others: Iterator[object]) -> Iterator[object]:
    if not isinstance(first, Mapping):
        raise UnusableInput(f"a list of {type(first).__name__} holds no records; {_EXPECTED}")
    yield first
    yield from others


def _line(row: object) -> bytes:
    """A row as a line of JSON; numbers and texts that orjson refuses are left to Python's."""
    try:
        return orjson.dumps(row, default=text_of, option=_AS_JSON)
    except TypeError:
        return json.dumps(row, default=text_of, skipkeys=True).encode() + b"\n"
