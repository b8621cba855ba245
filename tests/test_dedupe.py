"""The one-shot run: files in, works, pairs, pairs to review and a summary out."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from tests.one_shot import answer, lines, write
from tests.seed import SEED

BERTS = "Distilling the Knowledge of Romanian BERTs Using Multiple Teachers"
BYLINE = ["Andrei-Marius Avram", "Darius Catrina", "Mihai Dascalu"]


def run(out: Path, *files: Path) -> dict[str, Any]:
    """The summary of a run over files, with the four files for programs."""
    return answer(out, *files, rows=False, report=False)


def test_the_seed_case_is_one_work_named_as_its_input_names_it(tmp_path: Path) -> None:
    """Nobody could use a work whose records are called otherwise than in the file."""
    run(tmp_path / "out", write(tmp_path / "seed.jsonl", SEED))

    (work,) = lines(tmp_path / "out/works.jsonl")
    (pair,) = lines(tmp_path / "out/pairs.jsonl")
    assert set(work["records"]) == {str(record["id"]) for record in SEED}
    assert {pair["left"], pair["right"]} == set(work["records"])
    assert pair["verdict"] == "duplicate"
    assert set(work["canonical"]["origin"]["urls"]) == set(work["records"])
    assert len(work["canonical"]["versions"]) == 2


def test_ids_that_two_files_share_are_told_apart_by_the_file(tmp_path: Path) -> None:
    """Both files number their rows from 1; "1" alone would name two records."""
    row = {"id": "1", "title": BERTS, "authors": BYLINE, "year": "2022"}
    other = {"id": "1", "title": "River ice breakup in a warming basin", "authors": ["Ingrid Moe"]}
    first, second = write(tmp_path / "a.jsonl", [row]), write(tmp_path / "b.jsonl", [other])

    run(tmp_path / "out", first, second)

    named = {name for work in lines(tmp_path / "out/works.jsonl") for name in work["records"]}
    assert named == {"a.jsonl:1", "b.jsonl:1"}


def test_every_row_is_counted_once(tmp_path: Path) -> None:
    """The counts close: read = used + rejected + withdrawn, used = records + repeated."""
    row = {"id": "1", "title": BERTS, "authors": BYLINE, "year": "2022"}
    file = write(tmp_path / "a.jsonl", [row, row, {"id": "2", "title": "River ice breakup"}])
    with file.open("a") as more:
        more.write('{"id": "3", "title": \n')

    summary = run(tmp_path / "out", file)

    rows = summary["rows"]
    assert rows == {"read": 4, "rejected": 1, "used": 3, "repeated": 1, "withdrawn": 0}
    assert summary["records"] == rows["used"] - rows["repeated"] == 2
    prisma = summary["prisma"]
    assert prisma["records_identified"] == 4
    removed = prisma["records_unusable"] + prisma["duplicate_records_removed"]
    assert prisma["records_to_screen"] == prisma["records_identified"] - removed


def test_the_same_run_twice_writes_the_same_files(tmp_path: Path) -> None:
    """A run killed anywhere is repeated by the same command; the answer must not depend on it."""
    file = write(tmp_path / "seed.jsonl", [*SEED, {"id": "x", "title": "River ice breakup"}])
    answers = []
    for _ in range(2):
        summary = run(tmp_path / "out", file)
        summary["seconds"] = {}
        files = {one.name: one.read_bytes() for one in (tmp_path / "out").glob("*.jsonl")}
        answers.append((summary, files))

    assert answers[0] == answers[1]


def test_case_147_of_the_labelled_cases_is_a_duplicate_by_its_arxiv_id(
    shared_data: Callable[[str], Path], tmp_path: Path
) -> None:
    """The case that began the project, among the 1,177 records it was harvested with."""
    run(tmp_path, shared_data("cases/records.jsonl.gz"))

    left, right = "5:id-3114794533438077014", "5:id-960900110111723557"
    (pair,) = (
        one
        for one in lines(tmp_path / "pairs.jsonl")
        if {one["left"], one["right"]} == {left, right}
    )
    assert pair["verdict"] == "duplicate"
    assert any("arXiv" in reason for reason in pair["reasons"])


def test_rows_of_deleted_records_are_counted_and_left_out(tmp_path: Path) -> None:
    """A saved harvest has deletions, before and behind what they delete."""
    rows: list[dict[str, Any]] = [
        {"id": "1", "source": "made", "title": "Gone", "deleted": True},
        {"id": "2", "source": "made", "title": "River ice breakup"},
        {"id": "3", "source": "made", "title": "Medieval land charters"},
        {"id": "3", "source": "made", "title": "Gone", "deleted": True},
    ]

    summary = answer(tmp_path / "out", write(tmp_path / "a.jsonl", rows), exports=("ris",))

    told = summary["rows"]
    assert (told["read"], told["used"], told["withdrawn"], summary["works"]) == (4, 1, 3, 1)
    assert summary["prisma"]["duplicate_records_removed"] == 0
    assert sum(summary["prisma"]["records_identified_by_database"].values()) == 4
    assert [one["id"] for one in lines(tmp_path / "out/marked/a.jsonl")] == ["2"]
