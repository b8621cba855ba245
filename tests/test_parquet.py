"""Parquet and Arrow: tables of columns and of nested objects, and what is said without pyarrow."""

from __future__ import annotations

import builtins
import io
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.feeds.reading.files import ReadSettings
from indexer.records import Author
from tests.reading import occurrences, records_of, rejected, rows_of, titles

pyarrow = pytest.importorskip("pyarrow", reason="the extra `parquet` is not installed")
parquet = pytest.importorskip("pyarrow.parquet")


def parquet_bytes(rows: list[dict[str, Any]], **options: Any) -> bytes:
    out = io.BytesIO()
    parquet.write_table(pyarrow.Table.from_pylist(rows), out, **options)
    return out.getvalue()


def arrow_bytes(rows: list[dict[str, Any]]) -> bytes:
    table = pyarrow.Table.from_pylist(rows)
    out = io.BytesIO()
    with pyarrow.ipc.new_file(out, table.schema) as writer:
        writer.write_table(table)
    return out.getvalue()


FLAT: list[dict[str, Any]] = [
    {"title": "A", "year": 2021.0, "authors": "Okonjo, A; Stone, L", "included": True},
    {"title": None, "year": None, "authors": None, "included": False},
    {"title": "B", "year": None, "authors": "", "included": None},
]


@pytest.mark.parametrize("make", [parquet_bytes, arrow_bytes])
def test_a_table_is_read_as_a_csv_of_the_same_columns(make):
    rows = rows_of(make(FLAT), "made.parquet")

    assert titles(rows) == ["A", "B"]
    first = occurrences(rows)[0]
    assert (first.record.year, len(first.record.authors)) == ("2021", 2)
    assert first.record.extra == (("csv:included", "TRUE"),)
    assert (
        first.head + first.raw == b'title,year,authors,included\nA,2021,"Okonjo, A; Stone, L",TRUE'
    )
    assert [row.position for row in rows] == [1, 2, 3]
    assert "no title" in rejected(rows)[0].reason


def test_the_index_that_pandas_writes_is_no_column():
    (record,) = records_of(parquet_bytes([{"title": "A", "year": 1, "__index_level_0__": 7}]))

    assert record.extra == ()


def test_lists_of_names_and_of_objects_are_bylines():
    names = [{"title": "A", "year": 2020, "authors": ["Ada Example", "Bo Sample"]}]
    objects = [{"title": "A", "year": 2020, "authors": [{"family": "Example", "given": "Ada"}]}]

    assert [a.name for a in records_of(parquet_bytes(names))[0].authors] == [
        *("Ada Example", "Bo Sample"),
    ]
    assert records_of(parquet_bytes(objects))[0].authors == (Author(name="Example, Ada"),)


def test_nested_objects_of_a_source_are_read_as_its_json():
    item = {
        "id": "okonjo2018",
        "title": "Made rivers",
        "author": [{"family": "Okonjo", "given": "Amara"}],
        "issued": {"date-parts": [[2018, 4]]},
        "DOI": "10.5555/made.1",
    }
    (record,) = records_of(parquet_bytes([item]), "made.parquet")

    assert (record.source_id, record.date) == ("okonjo2018", "2018-04")
    assert record.authors == (Author(family="Okonjo", given="Amara"),)


def test_a_table_of_something_else_is_refused_with_its_columns():
    (refused,) = rejected(rows_of(parquet_bytes([{"item": "x", "price": 2}])))

    assert "'item', 'price'" in refused.reason


def test_a_damaged_file_is_one_refusal():
    data = parquet_bytes(FLAT)
    for spoiled in (data[:-30], data[:4] + b"x" * 30 + data[34:], b"PAR1"):
        rows = rows_of(spoiled)
        assert rejected(rows)
        assert any("cannot be read" in row.reason for row in rejected(rows))


def test_a_file_that_grows_beyond_the_limits_is_not_read():
    data = parquet_bytes(
        [{"title": "A" * 200, "year": n} for n in range(5000)], use_dictionary=False
    )
    settings = ReadSettings(ratio_limit=3, ratio_from=1000)

    assert "decompression bomb" in rejected(rows_of(data, settings=settings))[0].reason


def test_without_pyarrow_the_extra_is_named(monkeypatch: pytest.MonkeyPatch):
    data = parquet_bytes(FLAT)
    found = builtins.__import__

    def without(name: str, *args: Any, **kwargs: Any) -> Any:
        if name.startswith("pyarrow"):
            raise ImportError(name)
        return found(name, *args, **kwargs)

    monkeypatch.setattr(builtins, "__import__", without)
    (refused,) = rejected(rows_of(data))

    assert "samework[parquet]" in refused.reason


@pytest.mark.parametrize("make", [parquet_bytes, arrow_bytes])
@given(st.lists(st.tuples(st.integers(8, 10_000), st.integers(0, 255)), min_size=1, max_size=4))
def test_any_damaged_bytes_are_rows_or_reasons(make, damage):
    data = bytearray(make(FLAT))
    for at, byte in damage:
        data[8 + at % (len(data) - 8)] = byte
    rows = rows_of(bytes(data))

    assert not any("fault of samework" in row.reason for row in rejected(rows))
