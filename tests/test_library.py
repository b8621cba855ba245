"""`import samework`: what a program gets, from files, dicts and tables."""

from __future__ import annotations

import csv
import gc
import inspect
import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, cast

import pytest

import samework as sw
from detector.errors import Closed, JudgementError, OutputError, UnknownRecord, UnknownValue
from indexer.errors import (
    BackendUnavailable,
    FeedUnavailable,
    MissingLibrary,
    NothingRead,
    UnusableInput,
    UnusableRow,
)
from tests.command import here
from tests.engines import Place
from tests.one_shot import lines

EXAMPLES = Path(__file__).resolve().parents[1] / "examples"
RIVERS = {"title": "Sediment memory of braided rivers", "authors": ["Okonjo, A."], "year": 2018}
EELS = {"title": "Counting eels in muddy water", "authors": ["Visser, M."], "year": 2017}
ROWS: list[dict[str, Any]] = [{"id": "a", **RIVERS}, {"id": "b", **RIVERS}, {"id": "c", **EELS}]

PUBLIC = {
    "OpenIndex.choose": "(self, work, field, record, *, why='', by=None, patience=600.0, "
    "told=<class 'str'>)",
    "OpenIndex.close": "(self)",
    "OpenIndex.ended": "(self)",
    "OpenIndex.events": "(self, since=0)",
    "OpenIndex.explain": "(self, a, b)",
    "OpenIndex.history": "(self, name)",
    "OpenIndex.ingest": "(self, records, *, detect=True, batch=8000, patience=600.0, "
    "progress=None, told=None)",
    "OpenIndex.match": "(self, records, *, new=None, progress=None, found=None)",
    "OpenIndex.query": "(self, question='', *, title='', author=(), year='', doi='', id='', "
    "url='', limit=5)",
    "OpenIndex.redirects": "(self)",
    "OpenIndex.work": "(self, name)",
    "OpenIndex.works": "(self)",
    "Run.close": "(self)",
    "Run.explain": "(self, a, b)",
    "Run.judge": "(self, rows)",
    "Run.write": "(self, folder, **writing)",
    "Table.to_arrow": "(self)",
    "Table.to_dicts": "(self)",
    "Table.to_pandas": "(self)",
    "Table.to_polars": "(self)",
    "audit": "(records, *, work_field='', against='', out=None, level='work', collapse=(), "
    "weights='', workers='auto', progress=None)",
    "compare": "(a, b, *, weights='')",
    "dedupe": "(records, *, out=None, since=None, level='work', weights='', unique_source=(), "
    "collapse=(), judgements=(), label=(), workers='auto', progress=None, **writing)",
    "open": "(index=None, *, weights='')",
}
PROPERTIES = {
    "OpenIndex": ["unusable"],
    "Run": [
        *(
            "notes",
            "pairs",
            "rejected",
            "review",
            "summary",
            "timings",
            "unusable",
            "works",
            "written",
        ),
    ],
}


@pytest.fixture(scope="module")
def made() -> Iterator[sw.Run]:
    with sw.dedupe(EXAMPLES) as run:
        yield run


def signature(path: str) -> str:
    thing: Any = sw
    for name in path.split("."):
        thing = getattr(thing, name)
    plain = inspect.signature(thing)
    bare = [one.replace(annotation=one.empty) for one in plain.parameters.values()]
    return str(plain.replace(parameters=bare, return_annotation=plain.empty))


def test_public_names_and_signatures_stay() -> None:
    """Who builds on the library relies on these: a change here is a change of version."""
    assert {path: signature(path) for path in PUBLIC} == PUBLIC
    for name, properties in PROPERTIES.items():
        members = inspect.getmembers(getattr(sw, name), lambda one: isinstance(one, property))
        assert [member for member, _ in members] == properties
    assert sorted(sw.__all__) == list(sw.__all__)
    assert {path.split(".")[0] for path in PUBLIC} <= set(sw.__all__)
    assert all(hasattr(sw, name) for name in sw.__all__)
    with pytest.raises(AttributeError, match="dedup"):
        sw.dedup  # noqa: B018


def test_every_public_function_has_a_docstring_with_an_example() -> None:
    plain = {"OpenIndex.close", "Run.close"} | {path for path in PUBLIC if "Table.to_" in path}
    for path in {*PUBLIC, "OpenIndex", "Run", "Table"} - plain:
        thing: Any = sw
        for name in path.split("."):
            thing = getattr(thing, name)
        assert "Example:" in (inspect.getdoc(thing) or ""), path


def test_importing_samework_loads_nothing_of_what_does_the_work() -> None:
    loaded = "[name for name in sys.modules if name in ('numpy', 'detector', 'indexer', 'typer')]"
    code = f"import sys, samework; print({loaded})"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


@pytest.mark.parametrize(
    "of",
    [
        pytest.param(lambda tmp: ROWS, id="list"),
        pytest.param(lambda tmp: iter(ROWS), id="iterator"),
        pytest.param(lambda tmp: _file(tmp), id="path"),
        pytest.param(lambda tmp: [str(_file(tmp))], id="paths"),
        pytest.param(lambda tmp: pytest.importorskip("polars").DataFrame(ROWS), id="polars"),
        pytest.param(lambda tmp: pytest.importorskip("pandas").DataFrame(ROWS), id="pandas"),
        pytest.param(lambda tmp: _arrow(), id="pyarrow"),
        pytest.param(lambda tmp: pytest.importorskip("duckdb").from_arrow(_arrow()), id="duckdb"),
    ],
)
def test_the_same_records_in_any_form_give_the_same_works(
    of: Callable[[Path], Any], tmp_path: Path
) -> None:
    with sw.dedupe(of(tmp_path)) as run:
        works = sorted(work["records"] for work in run.works)
        assert works == [["a", "b"], ["c"]]
        assert run.summary["rows"]["used"] == 3


def _file(tmp: Path) -> Path:
    file = tmp / "rows.jsonl"
    file.write_text("".join(f"{json.dumps(row)}\n" for row in ROWS))
    return file


def _arrow() -> Any:
    return pytest.importorskip("pyarrow").Table.from_pylist(ROWS)


def test_tables_have_the_rows_and_columns_of_the_json_lines(tmp_path: Path) -> None:
    with sw.dedupe(EXAMPLES, out=tmp_path / "out") as run:
        for name in ("works", "pairs", "review"):
            table = getattr(run, name)
            written = lines(tmp_path / f"out/{name}.jsonl")
            assert table.to_dicts() == written
            assert len(table) == len(written)
            assert all(list(row) == list(table.columns) for row in written)


def test_tables_go_to_polars_pandas_and_arrow(made: sw.Run) -> None:
    polars, pandas = pytest.importorskip("polars"), pytest.importorskip("pandas")
    for table in (made.works, made.pairs, made.review, made.unusable):
        frame = table.to_polars()
        assert tuple(frame.columns) == table.columns == tuple(table.to_pandas().columns)
        assert len(frame) == len(table) == len(table.to_pandas())
        if len(table):
            assert polars.DataFrame(table).equals(frame)
    titles = made.works.to_polars().unnest("canonical")["title"].to_list()
    assert titles == [work["canonical"].get("title") for work in made.works]
    assert isinstance(made.pairs.to_pandas(), pandas.DataFrame)


def test_a_table_outlives_the_name_of_its_run() -> None:
    assert len(sw.dedupe(ROWS).works.to_dicts()) == 2
    assert [len(work["records"]) for work in sw.dedupe(ROWS).works]


def test_a_run_that_is_let_go_leaves_no_files(tmp_path: Path, monkeypatch: Any) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    run = sw.dedupe(ROWS)
    assert list(tmp_path.iterdir())
    del run
    gc.collect()
    assert not list(tmp_path.iterdir())
    with pytest.raises(FeedUnavailable):
        sw.dedupe("nowhere.ris")
    assert not list(tmp_path.iterdir())


def test_rows_that_cannot_be_used_are_listed_with_place_and_reason() -> None:
    rows: Any = [*ROWS, {"colour": "blue"}, "no dict", {"title": ""}]
    with sw.dedupe(rows) as run:
        told = [(row["feed"], row["row"], row["reason"]) for row in run.unusable]
    assert [row[:2] for row in told] == [("records.jsonl", n) for n in (4, 5, 6)]
    assert "colour" in told[0][2]
    assert "expected an object, found a str" in told[1][2]


def test_values_that_are_no_json_are_read_as_text() -> None:
    import datetime

    odd = {"title": RIVERS["title"], "date": datetime.date(2018, 11, 5), "n": 2**70, 3: {1, 2}}
    rows: Any = [odd, {**RIVERS, "year": float("nan")}]
    with sw.dedupe(rows) as run:
        dates = [work["canonical"].get("date") for work in run.works]
        assert "2018-11-05" in dates
        assert not len(run.unusable)


@pytest.mark.parametrize(
    ("call", "error", "said"),
    [
        (lambda: sw.dedupe([]), UnusableInput, "there are no records in it; expected a path"),
        (lambda: sw.dedupe(cast(Any, 3)), UnusableInput, "a int is not a list of records"),
        (lambda: sw.dedupe({}), UnusableInput, "a dict is not a list of records"),
        (lambda: sw.dedupe(cast(Any, [3])), UnusableInput, "a list of int holds no records"),
        (lambda: sw.dedupe(cast(Any, ["a.ris", 3])), UnusableInput, "a int stands among paths"),
        (lambda: sw.dedupe("gone.ris"), FeedUnavailable, "no file or folder 'gone.ris'"),
        (lambda: sw.dedupe(ROWS, level="x"), UnknownValue, "expected work or version"),
        (
            lambda: sw.dedupe(ROWS, collapse=["x"]),
            UnknownValue,
            "no policy of what is one work; expected preprint",
        ),
        (lambda: sw.dedupe(ROWS, export=["x"]), UnknownValue, "csv, ris, bibtex"),
        (lambda: sw.dedupe(ROWS, keep="x"), UnknownValue, "merged or one"),
        (lambda: sw.compare({"x": 1}, RIVERS), UnusableRow, "no known shape"),
        (lambda: sw.compare(cast(Any, "a"), RIVERS), UnusableInput, "a str is not a record"),
    ],
)
def test_what_cannot_be_used_is_said_with_what_is_expected(
    call: Callable[[], object], error: type[Exception], said: str
) -> None:
    with pytest.raises(error, match=said) as caught:
        call()
    assert isinstance(caught.value, sw.SameworkError)


def test_an_empty_file_or_table_is_an_error(tmp_path: Path) -> None:
    file = tmp_path / "blank.csv"
    file.write_text("title,year\n")
    with pytest.raises(NothingRead, match="no rows were read"):
        sw.dedupe(file)
    with pytest.raises(NothingRead, match="no rows were read"):
        sw.dedupe(pytest.importorskip("polars").DataFrame(ROWS).head(0))


def test_a_missing_library_says_what_to_install(made: sw.Run, monkeypatch: Any) -> None:
    for name in ("pyarrow", "polars", "pandas"):
        monkeypatch.setitem(sys.modules, name, None)
    for call, install in (
        (lambda: made.works.to_arrow(), r"'samework\[tables\]'"),
        (lambda: made.works.to_polars(), "pip install polars"),
        (lambda: made.works.to_pandas(), "pip install pandas"),
    ):
        with pytest.raises(MissingLibrary, match=install):
            call()


def test_an_explanation_says_what_the_command_says(made: sw.Run) -> None:
    ids = ("960900110111723557", "W4226067207")
    said = here("explain", *ids, "--records", EXAMPLES / "seed.jsonl", cwd=EXAMPLES).stdout
    with sw.dedupe(EXAMPLES / "seed.jsonl") as run:
        why = run.explain(*ids)
    assert str(why).split("\n  one work")[0] == said.rstrip("\n").split("\n  one work")[0]
    assert (why.verdict, round(why.probability, 4)) == ("duplicate", 0.9979)
    with pytest.raises(UnknownRecord, match="'nobody' is no record"):
        made.explain("m1", "nobody")


def test_two_dicts_are_compared_without_a_collection() -> None:
    same, other = sw.compare(RIVERS, RIVERS), sw.compare(RIVERS, EELS)
    assert (same.verdict, other.verdict) == ("duplicate", "distinct")
    assert same.reasons
    assert sum(same.weights.values()) > 0 > sum(other.weights.values())
    assert str(same).startswith("duplicate  probability 0.9")
    assert same.to_dict()["left"] == "a"


def test_a_judgement_joins_and_parts_works() -> None:
    with sw.dedupe(ROWS) as run:
        run.judge([{"left": "a", "right": "b", "verdict": "different"}])
        assert sorted(work["records"] for work in run.works) == [["a"], ["b"], ["c"]]
        assert run.pairs.to_dicts()[0]["judged"] == "distinct"
        assert len(set(run.explain("a", "b").works)) == 2
        run.judge([{"left": "c", "right": "b", "judgement": "same"}])
        assert sorted(work["records"] for work in run.works) == [["a"], ["b", "c"]]
        assert run.summary["judged"] == 2
        assert run.judge(run.review) is run


def test_a_judgement_of_nobody_is_an_error() -> None:
    with sw.dedupe(ROWS) as run:
        with pytest.raises(JudgementError, match="right is 'z', which names no record"):
            run.judge([{"left": "a", "right": "z", "verdict": "same"}])
        with pytest.raises(JudgementError, match="'perhaps' is no judgement; expected one of"):
            run.judge([{"left": "a", "right": "b", "verdict": "perhaps"}])


def test_a_run_is_shown_in_a_notebook_with_its_text_escaped() -> None:
    hostile = [{**row, "title": "<script>alert(1)</script> of rivers"} for row in ROWS[:2]]
    with sw.dedupe(hostile) as run:
        shown = run._repr_html_() + run.works._repr_html_()
    assert "<b>2</b> records" in shown
    assert "<script" not in shown
    assert "&lt;script" in shown


def answer_of(folder: Path) -> dict[str, bytes]:
    """The files of an answer that a person sees, the seconds in the summary left out."""
    found = {}
    for file in sorted(folder.rglob("*")):
        name = file.relative_to(folder).as_posix()
        if file.is_file() and not name.startswith(("index/", ".samework-answer/")):
            found[name] = file.read_bytes()
    summary = json.loads(found["summary.json"])
    summary["seconds"] = {}
    found["summary.json"] = json.dumps(summary).encode()
    return found


OPTIONS: list[tuple[list[str], dict[str, Any]]] = [
    (
        ["--export", "csv", "--export", "ris", "--export", "bibtex"],
        {"export": ["csv", "ris", "bibtex"]},
    ),
    (["--keep", "one", "--export", "ris"], {"keep": "one", "export": ["ris"]}),
    (
        ["--no-rows", "--no-report", "--keeper", "newest"],
        {"rows": False, "report": False, "keeper": "newest"},
    ),
]


@pytest.mark.parametrize(("said", "meant"), OPTIONS)
def test_a_run_writes_what_the_command_writes(
    said: list[str], meant: dict[str, Any], tmp_path: Path
) -> None:
    """Byte for byte but for the seconds: written later, written at once, and by the command."""
    here("dedupe", EXAMPLES, "--out", tmp_path / "command", *said, cwd=tmp_path)
    with sw.dedupe(EXAMPLES) as run:
        run.write(tmp_path / "later", **meant)
    with sw.dedupe(EXAMPLES, out=tmp_path / "at-once", **meant) as run:
        assert "works.jsonl" in run.written
    expected = answer_of(tmp_path / "command")
    for name in ("later", "at-once"):
        written = answer_of(tmp_path / name)
        assert list(written) == list(expected)
        assert [file for file in written if written[file] != expected[file]] == []


def test_a_sheet_filled_in_is_obeyed_as_by_the_command(tmp_path: Path) -> None:
    """The works formed after the run are those that the command forms in it, byte for byte."""
    with sw.dedupe(EXAMPLES) as run:
        run.write(tmp_path / "first", report=False)
    sheet = tmp_path / "sheet.csv"
    with (tmp_path / "first/piles/to-check.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    with sheet.open("w", encoding="utf-8", newline="") as file:
        out = csv.DictWriter(file, rows[0])
        out.writeheader()
        out.writerows({**row, "judgement": "same"} for row in rows[:1])

    here("dedupe", EXAMPLES, "--out", tmp_path / "command", "--judgements", sheet, cwd=tmp_path)
    with sw.dedupe(EXAMPLES, judgements=[sheet]) as run:
        run.write(tmp_path / "library")
    expected, written = answer_of(tmp_path / "command"), answer_of(tmp_path / "library")
    assert "judgements.jsonl" in written
    assert [name for name in expected if written.get(name) != expected[name]] == []
    assert written.keys() == expected.keys()


def test_an_answer_folder_keeps_what_people_judged_in_it(tmp_path: Path) -> None:
    out = tmp_path / "answer"
    with sw.dedupe(ROWS) as run:
        run.judge([{"left": "a", "right": "b", "verdict": "different"}])
        run.write(out)
        assert len(lines(out / "judgements.jsonl")) == 1
    with sw.dedupe(ROWS) as run:
        assert len(run.works) == 2
        run.write(out)
        assert len(run.works) == 3
        assert len(lines(out / "works.jsonl")) == 3
        assert (out / "marked/records.jsonl").exists()
    (out / "works.jsonl").write_text("mine")
    with sw.dedupe(ROWS) as run, pytest.raises(OutputError, match="was changed since"):
        run.write(out)


def test_progress_is_told_stage_by_stage(tmp_path: Path) -> None:
    told: list[tuple[str, int, float]] = []
    with sw.dedupe(EXAMPLES, progress=lambda *step: told.append(step)) as run:
        run.write(tmp_path / "out")
    assert {stage for stage, _, _ in told} == {"reading", "comparing"}
    assert sum(more for stage, more, _ in told if stage == "reading") == run.summary["rows"]["read"]


@pytest.fixture
def catalogue(place: Place) -> Iterator[sw.OpenIndex]:
    """An index of three records, on each engine."""
    with sw.open(place("catalogue")) as index:
        index.ingest(ROWS)
        yield index


def test_an_index_takes_records_once_and_keeps_their_works(catalogue: sw.OpenIndex) -> None:
    again = catalogue.ingest(ROWS)
    assert (again.counts.read, again.counts.unchanged, again.compared) == (3, 3, True)
    works = [[one.split(":")[1] for one in work["records"]] for work in catalogue.works()]
    assert sorted(works) == [["a", "b"], ["c"]]
    assert len(catalogue.works()) == 2
    assert {"title", "origin"} <= set(catalogue.works().to_dicts()[0]["canonical"])
    assert catalogue.explain("a", "b").verdict == "duplicate"


def test_an_index_says_what_is_there_already(catalogue: sw.OpenIndex, tmp_path: Path) -> None:
    new: dict[str, Any] = {
        "title": "A grammar of made-up river names",
        "authors": ["Lindqvist, P."],
    }
    rows: Any = [RIVERS, new, new, "no dict"]
    matches = catalogue.match(rows)
    assert [row["verdict"] for row in matches] == ["duplicate", "new", "new"]
    assert [row["file"] for row in matches] == ["records.jsonl"] * 3
    assert matches.counts.to_dict()["records_to_screen"] == 1
    assert matches.counts.rejected.by_file == {"records.jsonl": 1}
    assert len(catalogue.works()) == 2
    catalogue.match([RIVERS, new, new], new=tmp_path / "new.jsonl")
    assert [row["title"] for row in lines(tmp_path / "new.jsonl")] == [new["title"]]
    told: list[str] = []
    catalogue.match(ROWS, found=lambda match: told.append(match.says))
    assert told == ["duplicate"] * 3


def test_an_index_is_asked_by_text_by_parts_and_by_a_record(catalogue: sw.OpenIndex) -> None:
    for answers in (
        catalogue.query("Okonjo 2018, Sediment memory of braided rivers"),
        catalogue.query(title="sediment memory of braided rivers", author=["Okonjo, A."]),
        catalogue.query(RIVERS, limit=1),
        catalogue.query(id="records.jsonl:a"),
    ):
        assert tuple(answers.to_dicts()[0]) == answers.columns
        assert "sediment memory" in answers.to_dicts()[0]["title"].lower()
    assert answers.asked.asked.title.text
    with pytest.raises(UnknownValue, match="expected a title, a citation"):
        catalogue.query()


def test_events_tell_what_became_of_works_since_a_number(catalogue: sw.OpenIndex) -> None:
    first = catalogue.events().to_dicts()
    assert [event["event"] for event in first] == ["created", "created"]
    assert tuple(first[0]) == catalogue.events().columns
    catalogue.ingest([{"id": "d", **RIVERS}])
    later = catalogue.events(since=first[-1]["number"])
    assert [(event["event"], len(event["came"])) for event in later] == [("joined", 1)]
    assert later.to_dicts()[0]["because"][0][2] == "duplicate"
    assert len(later) == 1


def test_an_index_sees_what_another_process_stored(catalogue: sw.OpenIndex) -> None:
    with sw.open(catalogue.location) as other:
        other.ingest([{"id": "c", "title": "Quite another work, on stones", "year": 1999}])
    assert catalogue.query("another work on stones").to_dicts()[0]["date"] == "1999"


def test_an_index_that_is_not_there_is_made_by_the_first_record_only(tmp_path: Path) -> None:
    with sw.open(tmp_path / "typo") as index, pytest.raises(BackendUnavailable, match="typo"):
        index.query("anything at all")
    assert not (tmp_path / "typo").exists()


def test_an_index_of_its_own_is_gone_when_it_is_closed(tmp_path: Path, monkeypatch: Any) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    with sw.open() as index:
        index.ingest(ROWS, detect=False)
        assert [row["verdict"] for row in index.match([EELS])] == ["duplicate"]
    assert not list(tmp_path.iterdir())


def test_rows_that_an_index_cannot_use_are_kept_with_their_reason(catalogue: sw.OpenIndex) -> None:
    said = catalogue.ingest([{"colour": "blue"}])
    assert said.rejected.by_file.total() == 1
    assert [(row["feed"], row["row"]) for row in catalogue.unusable] == [("records.jsonl", 1)]
    said = catalogue.ingest(pytest.importorskip("polars").DataFrame(ROWS).head(0))
    assert "no rows were read" in said.nothing


def test_what_is_closed_says_so(tmp_path: Path) -> None:
    run, index = sw.dedupe(ROWS), sw.open()
    works = run.works
    for thing in (run, index):
        thing.close()
        thing.close()
    for use in (works.to_dicts, lambda: index.query("rivers"), lambda: index.ingest(ROWS)):
        with pytest.raises(Closed, match="is closed; use it before"):
            use()
    assert run.rejected.by_file == {}


def test_an_answer_folder_of_a_run_is_left_without_traces_of_its_index(tmp_path: Path) -> None:
    with sw.dedupe(ROWS, out=tmp_path / "out") as run:
        assert len(run.works.to_dicts()) == 2
        run.write(tmp_path / "out", report=False)
        assert run.explain("a", "b").verdict == "duplicate"
    assert [file.name for file in (tmp_path / "out/index").iterdir()] == ["samework.sqlite"]


def test_how_an_abstract_begins_is_told_from_its_buckets() -> None:
    """One feed cut the abstract short: what is left shares no LSH bucket with the whole."""
    whole = (
        "Salt on roads reaches lakes under the ice. Prices decide how much of it towns of the "
        "north strew, and winters how much is washed into lakes that had none before."
    )
    author = {"authors": ["Fonseca, Inês"]}

    cut = sw.compare(
        {**author, "title": "Salt", "abstract": whole}, {**author, "abstract": whole[:70]}
    )
    same = sw.compare({**author, "abstract": whole}, {**author, "abstract": whole})

    opening = "fonseca|salt on roads reaches lakes under the ice prices d"
    assert cut.decision.found_by == ("abstract",)
    assert cut.shared["abstract"] == (opening,)
    assert same.shared["abstract"] == ("8 buckets", opening)
