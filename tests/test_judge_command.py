"""`samework judge` and `review import`: obeyed at once, killed anywhere, by two at once."""

from __future__ import annotations

import csv
import io
import json
import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import openpyxl
import pytest

import samework as sw
from detector.judgements import taking_up
from detector.store.holdings import Holdings
from indexer.index.opening import open_engine
from indexer.ingesting.ingest import PENDING
from tests.command import here
from tests.engines import Place
from tests.one_shot import write
from tests.replaying import replayed, stored
from tests.test_review_command import EELS, ROWS

SAMEWORK = (sys.executable, "-m", "samework.cli")
A, B, KELP = "made.jsonl:1", "made.jsonl:2", "made.jsonl:5"
MANY: list[dict[str, Any]] = [
    {**EELS, "id": f"m{number}", "title": f"{title}", "authors": [f"Nye, {name}"], "year": 1990}
    for number, (title, name) in enumerate(
        (title, name)
        for title in ("Kelp counts by drone", "River ice breakup", "Dunes and their grasses")
        for name in ("Una", "Ada", "Bo", "Cy", "Di", "Eve", "Flo", "Gus")
    )
]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Where files of records lie."""
    write(tmp_path / "made.jsonl", ROWS)
    return tmp_path


@pytest.fixture
def index(place: Place, folder: Path) -> str:
    """An index in which two pairs wait."""
    where = place("cat")
    done = here("ingest", "made.jsonl", "--detect", "--index", where, cwd=folder)
    assert done.returncode == 0, done.stderr
    return where


def told(index: str, *arguments: str, folder: Path, status: int = 0, **env: str) -> dict[str, Any]:
    """What a command that takes judgements answers."""
    done = here(*arguments, "--index", index, "--json", cwd=folder, env=env)
    assert done.returncode == status, done.stderr
    return dict(json.loads(done.stdout))


def state_of(index: str) -> dict[str, Any]:
    """What must not depend on how it came about."""
    engine = open_engine(index, create=False)
    try:
        said = Holdings(engine).all_judgements()
        assert replayed(engine) == stored(engine)
        return {
            "works": stored(engine),
            "judged": {(one.pair, one.verdict, one.by, one.why) for one in said},
            "pending": engine.count(PENDING),
        }
    finally:
        engine.close()


def test_a_pair_is_judged_at_once_and_the_answer_names_what_became_of_works(
    index: str, folder: Path
) -> None:
    done = here(
        "judge", A, B, "--same", "--why", "same DOI", "--by", "ada", "--index", index, cwd=folder
    )

    assert done.returncode == 0, done.stderr
    assert f"ada judged that {A} and {B} are one" in done.stdout
    assert "“same DOI”" in done.stdout
    assert "the program had said review" in done.stdout
    assert "was merged into it" in done.stdout
    assert "samework undo r00" in done.stdout
    assert {A, B} not in [{card["left"], card["right"]} for card in _listed(index, folder)]


def _listed(index: str, folder: Path) -> list[dict[str, Any]]:
    done = here("review", "list", "--index", index, "--json", cwd=folder)
    return [json.loads(line) for line in done.stdout.splitlines()]


def test_version_is_a_judgement_behind_judge_and_the_version_elsewhere(
    index: str, folder: Path
) -> None:
    answer = told(index, "judge", A, B, "--version", folder=folder)

    assert [one["judgement"] for one in answer["judgements"]] == ["version"]
    assert here("judge", "-V").stdout.startswith("samework 0")
    assert here("--version", "judge").stdout.startswith("samework 0")


def test_a_dry_run_says_what_would_change(index: str, folder: Path) -> None:
    before = state_of(index)

    done = here("judge", A, B, "--same", "--dry-run", "--index", index, cwd=folder)

    assert "would be taken" in done.stdout
    assert "was merged into it" in done.stdout
    assert state_of(index) == before


@pytest.mark.parametrize(
    ("arguments", "status", "said"),
    [
        ((A, B), 2, "two names need one of --same"),
        ((A, B, "--same", "--different"), 2, "it has --same --different"),
        ((A, B, KELP, "--same"), 2, "3 names"),
        (("said.jsonl", "--same"), 2, "alone is a file of judgements"),
        (("nowhere.csv",), 1, "nowhere.csv"),
        ((A, A, "--same"), 1, "is named on both sides"),
        ((A, "nobody:1", "--same"), 1, "'nobody:1' is no record of"),
        ((A, "w00000000000000ff", "--same"), 1, "is no work of"),
        ((A, "1", "--same"), 1, "are one record"),
    ],
)
def test_a_pair_that_is_none_is_an_error_that_says_what_to_name(
    arguments: tuple[str, ...], status: int, said: str, folder: Path
) -> None:
    assert here("ingest", "made.jsonl", "--detect", "--index", "cat", cwd=folder).returncode == 0

    done = here("judge", *arguments, "--index", "cat", cwd=folder)

    assert done.returncode == status
    assert said in " ".join(done.stderr.replace("│", " ").split())


def test_many_pairs_come_from_standard_input_and_bad_ones_are_status_3(folder: Path) -> None:
    assert here("ingest", "made.jsonl", "--detect", "--index", "cat", cwd=folder).returncode == 0
    lines = f"left,right,judgement,why\n{A},{B},different,other canal\n{A},nobody:1,same,\n"

    done = here("judge", "-", "--index", "cat", cwd=folder, stdin=lines.encode())

    assert done.returncode == 3
    assert "1 judgement taken" in done.stdout
    assert "judgements that name no two records of the index: 1" in done.stderr
    assert "- row 3: 'nobody:1' is no record of" in done.stderr
    assert "“other canal”" in done.stdout


def test_who_judges_is_the_option_else_the_variable(folder: Path) -> None:
    assert here("ingest", "made.jsonl", "--detect", "--index", "cat", cwd=folder).returncode == 0

    by_option = told("cat", "judge", A, B, "--same", "--by", "ada", folder=folder, SAMEWORK_BY="bo")
    by_variable = told("cat", "judge", A, KELP, "--different", folder=folder, SAMEWORK_BY="bo")

    assert [one["judgements"][0]["by"] for one in (by_option, by_variable)] == ["ada", "bo"]


def test_ingest_says_which_command_takes_judgements(folder: Path) -> None:
    done = here("ingest", "made.jsonl", "--index", "cat", "--judgements", "s.csv", cwd=folder)

    assert done.returncode == 2
    said = " ".join(done.stderr.replace("│", " ").split())
    assert "samework judge s.csv --index cat" in said
    assert "review import s.csv" in said


@pytest.mark.parametrize("name", ["sheet.csv", "sheet.xlsx"])
def test_an_exported_sheet_is_filled_in_and_imported_once(
    name: str, index: str, folder: Path
) -> None:
    assert here("review", "export", name, "--index", index, cwd=folder).returncode == 0
    fill(folder / name, {"judgement": "different", "by": "bo", "comment": "read both"})

    first = told(index, "review", "import", name, "--by", "ada", folder=folder)
    after = state_of(index)
    again = told(index, "review", "import", name, "--by", "ada", folder=folder)

    assert (first["taken"], first["unchanged"]) == (2, 0)
    assert {(one["by"], one["why"]) for one in first["judgements"]} == {("bo", "read both")}
    assert (again["taken"], again["unchanged"], again["run"]) == (0, 2, "")
    assert state_of(index) == after
    assert _listed(index, folder) == []


def fill(file: Path, said: dict[str, str]) -> None:
    """Write the same into every row."""
    if file.suffix == ".xlsx":
        book = openpyxl.load_workbook(file)
        header, *rows = book.worksheets[0].iter_rows()
        for cells in rows:
            for heading, cell in zip(header, cells, strict=True):
                if heading.value in said:
                    cell.value = said[str(heading.value)]
        book.save(file)
        return
    read = list(csv.DictReader(io.StringIO(file.read_text("utf-8-sig"))))
    with file.open("w", encoding="utf-8-sig", newline="") as out:
        table = csv.DictWriter(out, read[0])
        table.writeheader()
        table.writerows({**row, **said} for row in read)


def test_the_pile_of_a_run_over_files_is_imported_into_an_index(folder: Path) -> None:
    """Its names are those of the rows, its records are found again as in a later run."""
    assert here("dedupe", "made.jsonl", "--out", "answer", cwd=folder).returncode == 0
    assert here("ingest", "made.jsonl", "--detect", "--index", "cat", cwd=folder).returncode == 0
    pile = folder / "answer/piles/to-check.csv"
    fill(pile, {"judgement": "same"})

    answer = told("cat", "review", "import", str(pile), folder=folder)

    assert answer["taken"] == 2
    assert answer["records_moved"] == 2
    assert {one["why"] for one in answer["judgements"]} == {""}


def test_people_who_disagree_are_counted_and_measured(folder: Path) -> None:
    assert here("ingest", "made.jsonl", "--detect", "--index", "cat", cwd=folder).returncode == 0
    told("cat", "judge", A, B, "--same", "--by", "ada", folder=folder)

    done = here("judge", A, B, "--different", "--by", "bo", "--index", "cat", cwd=folder)

    assert "judgements that contradict each other: 1" in done.stdout
    assert "ada (20" in done.stdout.split("contradict each other")[1]
    assert "that they are two works, which stands" in done.stdout
    told("cat", "judge", A, KELP, "--different", "--by", "bo", folder=folder)
    told("cat", "judge", A, KELP, "--different", "--by", "ada", folder=folder)
    stats = here("review", "stats", "--index", "cat", "--json", cwd=folder)
    (agreement,) = json.loads(stats.stdout)["judged"]["agreement"]
    assert agreement["judges"] == ["ada", "bo"]
    assert agreement["works"] == {"pairs": 2, "agreed": 1, "kappa": 0.0}
    shown = here("review", "stats", "--index", "cat", cwd=folder).stdout
    assert "ada and bo say the same of 1 of 2 pairs" in shown
    assert "Cohen's kappa 0.00" in shown


def test_the_library_judges_and_imports_as_the_commands_do(folder: Path) -> None:
    with sw.open(folder / "cat") as catalogue:
        catalogue.ingest(folder / "made.jsonl")
        (first, *_), works = catalogue.review().to_dicts(), len(catalogue.works())

        would = catalogue.judge([{**first, "judgement": "same"}], by="ada", dry_run=True)
        assert len(catalogue.works()) == works
        told = catalogue.judge(
            [{**first, "judgement": "same"}, first, {"left": A, "right": "x", "judgement": "no"}],
            by="ada",
        )
        assert len(catalogue.works()) == works - 1
        sheet = write(folder / "said.jsonl", [{"left": A, "right": KELP, "judgement": "no"}])
        imported = catalogue.import_judgements(sheet, by="bo")
        again = catalogue.import_judgements(sheet, by="bo")

    assert [event["event"] for event in would.events] == [event["event"] for event in told.events]
    assert (len(told.taken), told.complete) == (1, False)
    assert "judge() row 3: 'x' is no record of" in told.unknown[0]
    assert (len(imported.taken), imported.taken[0].by) == (1, "bo")
    assert (len(again.taken), len(again.unchanged)) == (0, 1)


def test_an_import_of_several_steps_is_taken_back_as_one_and_may_be_imported_again(
    index: str, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(taking_up, "AT_ONCE", 1)
    before = state_of(index)
    rows = [
        {"left": A, "right": B, "judgement": "same"},
        {"left": "made.jsonl:3", "right": "made.jsonl:4", "judgement": "same"},
        {"left": B, "right": KELP, "judgement": "same"},
    ]
    write(folder / "said.jsonl", rows)
    imported = told(index, "review", "import", "said.jsonl", folder=folder)
    after = state_of(index)

    done = here("undo", imported["run"], "--index", index, cwd=folder)

    assert done.returncode == 0, done.stderr
    assert state_of(index) == before
    again = told(index, "review", "import", "said.jsonl", folder=folder)
    assert (again["taken"], again["unchanged"]) == (3, 0)
    assert state_of(index) == after


# Killed in the middle


def begin(index: str, folder: Path, *arguments: str, **env: str) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [*SAMEWORK, *arguments, "--index", index],
        cwd=folder,
        env={**os.environ, "SAMEWORK_BY": "ada", **env},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
    )


@pytest.mark.parametrize("point", ["within-judgement", "after-forming"])
def test_killed_within_a_judgement_the_same_command_goes_on(
    point: str, place: Place, folder: Path
) -> None:
    """Where there are transactions it was never said; elsewhere its records wait in the queue."""
    for name in ("killed", "calm"):
        done = here("ingest", "made.jsonl", "--detect", "--index", place(name), cwd=folder)
        assert done.returncode == 0, done.stderr
    command = ("judge", A, B, "--same", "--why", "same DOI")
    killed = begin(place("killed"), folder, *command, SAMEWORK_DIE_AT=point)
    killed.communicate(timeout=100)
    assert killed.returncode == -signal.SIGKILL

    for name in ("killed", "calm"):
        done = here(*command, "--by", "ada", "--index", place(name), cwd=folder)
        assert done.returncode == 0, done.stderr

    assert state_of(place("killed")) == state_of(place("calm"))
    assert state_of(place("killed"))["pending"] == 0


def test_two_processes_judge_at_once_and_nothing_is_lost(place: Place, folder: Path) -> None:
    """Each waits for the other; both are kept, and the works are those of one after the other."""
    write(folder / "many.jsonl", MANY)
    where = place("cat")
    done = here("ingest", "many.jsonl", "--detect", "--index", where, cwd=folder)
    assert done.returncode == 0, done.stderr
    names = [f"many.jsonl:m{number}" for number in range(len(MANY))]
    pairs = list(zip(names[::2], names[1::2], strict=True)) + list(
        zip(names[1:-1:2], names[2::2], strict=True)
    )
    halves = {"ada": pairs[::2], "bo": pairs[1::2]}
    for by, half in halves.items():
        rows = [{"left": a, "right": b, "judgement": "same", "by": by} for a, b in half]
        write(folder / f"{by}.jsonl", rows)

    both = [begin(where, folder, "judge", f"{by}.jsonl") for by in halves]

    for process in both:
        _, error = process.communicate(timeout=100)
        assert process.returncode == 0, error.decode()
    state = state_of(where)
    assert len(state["judged"]) == len(pairs)
    assert {by for _, _, by, _ in state["judged"]} == {"ada", "bo"}
    assert [len(*groups) for groups in state["works"].values()] == [len(MANY)]
    assert state["pending"] == 0
