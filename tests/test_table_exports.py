"""Works and pairs as Parquet and Arrow: typed columns, read back by three libraries."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import orjson
import pytest

from detector.reports.exports import table_files
from detector.reports.parts.wanted import wanted_named
from indexer.errors import MissingLibrary
from tests.command import here
from tests.one_shot import answer, lines

pyarrow = pytest.importorskip("pyarrow", reason="the extra `tables` is not installed")
parquet = pytest.importorskip("pyarrow.parquet")
EXAMPLES = Path("examples")


@pytest.fixture(scope="module")
def out(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("tables")
    answer(folder, *sorted(EXAMPLES.glob("made.*")), exports=("parquet", "arrow"))
    return folder


def read(file: Path) -> Any:
    if file.suffix == ".parquet":
        return parquet.read_table(file)
    with pyarrow.ipc.open_file(file) as reader:
        return reader.read_all()


@pytest.mark.parametrize("form", ["parquet", "arrow"])
def test_a_row_of_works_says_what_its_line_says(out: Path, form: str) -> None:
    told = lines(out / "works.jsonl")

    rows = read(out / f"works.{form}").to_pylist()

    assert [row["work_id"] for row in rows] == [line["work_id"] for line in told]
    for row, line in zip(rows, told, strict=True):
        merged = line["canonical"]
        assert (row["records"], row["version_groups"]) == (line["records"], line["version_groups"])
        assert row["title"] == merged["title"]
        assert row["year"] == (int(merged["year"]) if "year" in merged else None)
        assert row["versions"] == merged["versions"]
        assert {one["field"] for one in row["origin"]} == set(merged["origin"])
        names = [author["name"] or author["family"] for author in row["authors"]]
        given = merged.get("authors", [])
        assert names == [one if isinstance(one, str) else one["family"] for one in given]
        pairs = [[one["scheme"], one["value"]] for one in row["identifiers"]]
        assert pairs == merged.get("identifiers", [])


@pytest.mark.parametrize("form", ["parquet", "arrow"])
def test_a_row_of_pairs_says_what_its_line_says(out: Path, form: str) -> None:
    told = lines(out / "pairs.jsonl")

    rows = read(out / f"pairs.{form}").to_pylist()

    assert len(rows) == len(told) > 0
    for row, line in zip(rows, told, strict=True):
        for name in ("left", "right", "verdict", "kind", "probability", "found_by", "reasons"):
            assert row[name] == line[name]
        for name in ("weights", "levels"):
            said = {one: value for one, value in row[name].items() if value is not None}
            assert said == line[name]


def test_the_columns_are_the_same_whatever_the_input(out: Path, tmp_path: Path) -> None:
    one = tmp_path / "one.jsonl"
    one.write_bytes(orjson.dumps({"id": "a", "title": "Sediment memory of braided rivers"}))

    answer(tmp_path / "small", one, exports=("parquet",))

    small = tmp_path / "small"
    assert read(small / "works.parquet").schema == read(out / "works.parquet").schema
    pairs = read(small / "pairs.parquet")
    assert (pairs.schema, pairs.num_rows) == (read(out / "pairs.parquet").schema, 0)


@pytest.mark.parametrize("form", ["parquet", "arrow"])
def test_polars_reads_both(out: Path, form: str) -> None:
    polars = pytest.importorskip("polars")
    scan = polars.read_parquet if form == "parquet" else polars.read_ipc

    works, pairs = scan(out / f"works.{form}"), scan(out / f"pairs.{form}")

    assert works.height == len(lines(out / "works.jsonl"))
    assert works.filter(polars.col("records").list.len() > 1).height > 0
    weighed = pairs.filter(polars.col("weights").struct.field("title").is_not_null())
    assert weighed.height > 0


def test_duckdb_asks_both_by_sql(out: Path) -> None:
    duckdb = pytest.importorskip("duckdb")
    asked = f"SELECT max(len(records)), count(*) FROM '{out / 'works.parquet'}'"
    told = lines(out / "works.jsonl")

    ((largest, count),) = duckdb.sql(asked).fetchall()

    assert (largest, count) == (max(len(line["records"]) for line in told), len(told))
    with duckdb.connect() as session:
        session.register("pairs", read(out / "pairs.arrow"))
        assert len(session.sql("SELECT DISTINCT weights.prior FROM pairs").fetchall()) == 1


def test_kept_records_are_a_table_too(tmp_path: Path) -> None:
    answer(tmp_path, EXAMPLES / "made.jsonl", exports=("parquet", "csv"), keep="one")

    rows = read(tmp_path / "kept.parquet").to_pylist()
    assert len(rows) == len(lines(tmp_path / "works.jsonl"))
    assert all(len(row["versions"]) == 1 for row in rows)
    assert not (tmp_path / "works.parquet").exists()


def test_rows_are_written_by_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is held is a batch, whatever the number of rows."""
    monkeypatch.setattr(table_files, "ROWS_AT_ONCE", 10)
    table = table_files.pairs_table("arrow")
    rows = [{"left": str(n), "right": "b", "probability": 0.5} for n in range(25)]

    chunks = [table.add([row]) for row in rows]
    whole = b"".join(chunks) + table.end()

    assert [at for at, chunk in enumerate(chunks) if chunk] == [9, 19]
    with pyarrow.ipc.open_file(pyarrow.BufferReader(whole)) as reader:
        assert reader.num_record_batches == 3
        assert reader.read_all()["left"].to_pylist() == [str(n) for n in range(25)]


def test_without_pyarrow_it_is_said_before_any_work(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(table_files, "find_spec", lambda _: None)

    with pytest.raises(MissingLibrary, match=r"pip install 'samework\[tables\]'"):
        wanted_named(export=["parquet"])
    ended = here("dedupe", "examples", "--out", tmp_path / "out", "--export", "arrow")
    assert ended.returncode == 1
    assert "needs pyarrow" in ended.stderr
    assert not (tmp_path / "out").exists()
