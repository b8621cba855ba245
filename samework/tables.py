"""
Tables: rows that a library function gives, and the same as other libraries hold them.

    rows, their columns  ->  Table  ->  dicts, polars, pandas, Arrow, HTML

Rows are made each time they are asked for, so that a large answer need not be held.
Does not: know what a row says.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from html import escape
from importlib import import_module
from typing import TYPE_CHECKING, Any, Final

from indexer.errors import TABLES_EXTRA, MissingLibrary

if TYPE_CHECKING:  # optional, and slow to load
    import pandas
    import polars
    import pyarrow

__all__ = ["Table"]

SHOWN: Final = 10  # rows in a notebook
_LONGEST_CELL: Final = 120  # characters in a notebook
Row = dict[str, Any]


class Table:
    """
    Rows with named columns; the columns are those of the JSON Lines files.

    Example:
        >>> run.pairs.to_polars().filter(polars.col("verdict") == "review")
    """

    def __init__(
        self, columns: Sequence[str], rows: Callable[[], Iterable[Row]], count: Callable[[], int]
    ) -> None:
        self.columns = tuple(columns)
        self._rows = rows
        self._count = count

    def __iter__(self) -> Iterator[Row]:
        yield from self._rows()  # holds the table, and with it the run, while rows are asked for

    def __len__(self) -> int:
        return self._count()

    def to_dicts(self) -> list[Row]:
        """All rows as dicts, nested as in the JSON Lines files."""
        return list(self)

    def to_polars(self) -> polars.DataFrame:
        """
        A polars DataFrame; objects are structs, lists are lists.

        Raises:
            MissingLibrary: polars is not installed.
        """
        library = _library("polars", "to_polars()")
        frame: polars.DataFrame = library.from_arrow(self.to_arrow())
        return frame

    def to_pandas(self) -> pandas.DataFrame:
        """
        A pandas DataFrame; objects are dicts, lists are lists.

        Raises:
            MissingLibrary: pandas is not installed.
        """
        library = _library("pandas", "to_pandas()")
        frame: pandas.DataFrame = library.DataFrame(self.to_dicts(), columns=self.columns)
        return frame

    def to_arrow(self) -> pyarrow.Table:
        """
        A pyarrow Table; objects are structs, lists are lists.

        Raises:
            MissingLibrary: pyarrow is not installed.
        """
        library = _library("pyarrow", "to_arrow()")
        rows = self.to_dicts()
        columns = {name: library.array([row.get(name) for row in rows]) for name in self.columns}
        table: pyarrow.Table = library.table(columns)
        return table

    def __arrow_c_stream__(self, requested_schema: object | None = None) -> object:
        return self.to_arrow().__arrow_c_stream__(requested_schema)

    def __repr__(self) -> str:
        return f"<Table of {len(self):,} rows: {', '.join(self.columns)}>"

    def _repr_html_(self) -> str:
        head = "".join(f"<th>{escape(name)}</th>" for name in self.columns)
        rows = [
            "".join(f"<td>{escape(_shown(row.get(name)))}</td>" for name in self.columns)
            for row, _ in zip(self, range(SHOWN), strict=False)
        ]
        body = "".join(f"<tr>{cells}</tr>" for cells in rows)
        more = len(self) - len(rows)
        below = f"<p>and {more:,} more rows</p>" if more > 0 else ""
        return f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>{below}"


def _shown(value: object) -> str:
    text = "" if value is None else str(value)
    return f"{text[:_LONGEST_CELL]}…" if len(text) > _LONGEST_CELL else text


def _library(name: str, what: str) -> Any:
    try:
        return import_module(name)  # optional, and slow to load
    except ModuleNotFoundError as error:
        install = TABLES_EXTRA if name == "pyarrow" else name
        raise MissingLibrary(what, name, install) from error
