"""
Table files: works and pairs as typed columns, in Parquet and in Arrow's file format.

    rows as JSON has them  ->  batches of a fixed schema  ->  bytes of .parquet, .arrow

The columns are told in docs/guide.md and are the same whatever the input: an empty one is
there too. Written batch by batch, so that its memory does not grow. pyarrow is an optional
extra and loaded where a table is begun. Does not: choose rows.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from detector.comparisons import NAMES
from indexer.errors import TABLES_EXTRA, MissingLibrary

if TYPE_CHECKING:  # optional, and slow to load
    import pyarrow

TABLES: Final = {"parquet": ".parquet", "arrow": ".arrow"}
ROWS_AT_ONCE: Final = 8_192  # a row group of Parquet, a batch of Arrow

_TEXTS: Final = (
    *("title", "date", "container", "volume", "issue", "pages", "article_number", "publisher"),
    *("publisher_place", "abstract", "type", "language", "stage", "doi"),
)
_LISTS: Final = (
    *("alternate_titles", "keywords", "notes", "groups", "issn", "isbn", "urls", "database"),
    *("accession_number",),
)
_PEOPLE: Final = ("authors", "editors")
Row = Mapping[str, Any]


def require_pyarrow(form: str) -> None:
    """
    Make sure that a table can be written, before any work is done.

    Raises:
        MissingLibrary: pyarrow is not installed.
    """
    if find_spec("pyarrow") is None:
        raise MissingLibrary(f"--export {form}", "pyarrow", TABLES_EXTRA)


class TableBytes:
    """One file of a table, as the bytes that each row adds to it."""

    def __init__(self, form: str, schema: pyarrow.Schema) -> None:
        import pyarrow  # an optional extra
        from pyarrow import parquet

        self.closed = False
        self._written: list[bytes] = []
        self._at = 0
        self._rows: list[Row] = []
        self._schema = schema
        self._batch: Callable[..., Any] = pyarrow.RecordBatch.from_pylist
        sink = pyarrow.PythonFile(self, mode="w")
        self._writer: Any = (
            parquet.ParquetWriter(sink, schema, compression="zstd")
            if form == "parquet"
            else pyarrow.ipc.new_file(sink, schema)
        )

    def add(self, rows: Iterable[Row]) -> bytes:
        """Add rows; what is to be written of the file until now."""
        self._rows += rows
        if len(self._rows) >= ROWS_AT_ONCE:
            self._flush_rows()
        return self._taken()

    def end(self) -> bytes:
        """The rest of the file."""
        if self._rows:
            self._flush_rows()
        self._writer.close()
        return self._taken()

    def _flush_rows(self) -> None:
        self._writer.write_batch(self._batch(self._rows, schema=self._schema))
        self._rows = []

    def _taken(self) -> bytes:
        taken, self._written = b"".join(self._written), []
        return taken

    # What pyarrow asks of a file that it writes to.

    def write(self, data: bytes) -> int:
        """Take bytes."""
        self._written.append(bytes(data))
        self._at += len(data)
        return len(data)

    def tell(self) -> int:
        """How many bytes were taken."""
        return self._at

    def flush(self) -> None:
        """Nothing waits."""

    def close(self) -> None:
        """Nothing is held."""


def works_table(form: str) -> TableBytes:
    """A table of works, one row each: rows as `work_row` gives them."""
    import pyarrow as pa  # an optional extra

    text, texts = pa.string(), pa.list_(pa.string())
    person = pa.struct([(name, text) for name in ("name", "family", "given", "orcid")])
    version = [("year", pa.int32()), ("source", text), ("title", text), ("container", text)]
    version += [("urls", texts), ("doi", text), ("publication_date", text)]
    columns = [("work_id", text), ("records", texts), ("version_groups", pa.list_(texts))]
    columns += [(name, text) for name in _TEXTS] + [("year", pa.int32())]
    columns += [(name, pa.list_(person)) for name in _PEOPLE]
    columns += [(name, texts) for name in _LISTS]
    columns += [
        ("identifiers", _pairs_of(pa, "scheme", "value")),
        ("relations", _pairs_of(pa, "kind", "target")),
        ("extra", _pairs_of(pa, "name", "value")),
        ("labels", _pairs_of(pa, "label", "value")),
        ("origin", pa.list_(pa.struct([("field", text), ("records", texts)]))),
        ("versions", pa.list_(pa.struct(version))),
    ]
    return TableBytes(form, pa.schema(columns))


def pairs_table(form: str) -> TableBytes:
    """A table of pairs, one row each: rows are those of pairs.jsonl."""
    import pyarrow as pa  # an optional extra

    text, texts = pa.string(), pa.list_(pa.string())
    weights = pa.struct([(name, pa.float64()) for name in ("prior", *NAMES, "guard")])
    columns = [(name, text) for name in ("left", "right", "verdict", "kind", "judged")]
    columns += [("probability", pa.float64()), ("found_by", texts), ("reasons", texts)]
    columns += [("guards", texts), ("weights", weights)]
    columns += [("levels", pa.struct([(name, text) for name in NAMES]))]
    return TableBytes(form, pa.schema(columns))


class WorkCells(NamedTuple):
    """What a row of works is made of."""

    work_id: str
    records: Iterable[str]
    groups: Iterable[Iterable[str]]
    record: Row  # in the keys of a merged record
    labels: Mapping[str, str]


def work_row(cells: WorkCells) -> Row:
    """One work in the columns of the table; what no record says is null, or an empty list."""
    record = cells.record
    row: dict[str, Any] = {
        "work_id": cells.work_id,
        "records": list(cells.records),
        "version_groups": [list(group) for group in cells.groups],
        "labels": _named("label", "value", cells.labels.items()),
        "versions": record.get("versions", []),
        "relations": record.get("relations", []),
        "identifiers": _named("scheme", "value", record.get("identifiers", ())),
        "extra": _named("name", "value", record.get("extra", ())),
        "year": int(year) if (year := record.get("year", "")).isdecimal() else None,
    }
    for name in _TEXTS:
        row[name] = record.get(name)
    for name in _LISTS:
        row[name] = record.get(name, [])
    for name in _PEOPLE:
        people = record.get(name, ())
        row[name] = [{"name": one} if isinstance(one, str) else one for one in people]
    origin = record.get("origin", {}).items()
    row["origin"] = [
        {"field": field, "records": [source] if isinstance(source, str) else source}
        for field, source in origin
    ]
    return row


def _named(first: str, second: str, pairs: Iterable[Iterable[str]]) -> list[dict[str, str]]:
    return [{first: one, second: other} for one, other in pairs]


def _pairs_of(pa: Any, first: str, second: str) -> Any:
    """The type of a list of two texts each."""
    return pa.list_(pa.struct([(first, pa.string()), (second, pa.string())]))
