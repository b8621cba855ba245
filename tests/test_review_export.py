"""`samework review export`: the queue as a sheet."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from detector.judgements.sheet_cells import rows_of, unguarded
from tests.command import here
from tests.one_shot import write
from tests.test_review_command import ROWS, listed


@pytest.fixture(scope="module")
def catalogue(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with an index `cat`, in which two pairs wait."""
    folder = tmp_path_factory.mktemp("review")
    write(folder / "made.jsonl", ROWS)
    assert here("ingest", "made.jsonl", "--detect", "--index", "cat", cwd=folder).returncode == 0
    return folder


def table(file: Path) -> list[dict[str, str]]:
    """The rows of a sheet by column."""
    (_, header), *rows = rows_of(str(file))
    return [dict(zip(header, map(unguarded, row), strict=True)) for _, row in rows]


@pytest.mark.parametrize("name", ["sheet.csv", "sheet.xlsx"])
def test_the_sheet_has_the_queue_in_its_order_with_reasons(
    name: str, catalogue: Path, tmp_path: Path
) -> None:
    done = here("review", "export", tmp_path / name, "--index", "cat", cwd=catalogue)

    assert done.returncode == 0, done.stderr
    assert "2 pairs written" in done.stdout
    rows, cards = table(tmp_path / name), listed(catalogue)
    assert [(row["left"], row["right"]) for row in rows] == [
        (card["left"], card["right"]) for card in cards
    ]
    assert [row["title_left"] for row in rows] == [c["fields"]["title"]["left"] for c in cards]
    for row, card in zip(rows, cards, strict=True):
        assert card["why"]["held_back"][0] in row["why"]
        assert float(row["probability"]) == pytest.approx(card["probability"], abs=0.001)
        assert row["judgement"] == row["by"] == row["at"] == ""


def test_a_limit_says_that_more_wait(catalogue: Path, tmp_path: Path) -> None:
    done = here(
        "review", "export", tmp_path / "s.csv", "--index", "cat", "--limit", "1", "--json",
        cwd=catalogue,
    )  # fmt: skip

    assert json.loads(done.stdout) == {
        "written": str(tmp_path / "s.csv"), "pairs": 1, "more_wait": True
    }  # fmt: skip
    assert len(table(tmp_path / "s.csv")) == 1


def test_blind_leaves_out_what_the_program_thinks(catalogue: Path, tmp_path: Path) -> None:
    done = here("review", "export", tmp_path / "s.csv", "--index", "cat", "--blind", cwd=catalogue)

    assert done.returncode == 0
    for row in table(tmp_path / "s.csv"):
        assert {"probability", "kind", "why"}.isdisjoint(row)


def test_a_file_that_is_there_is_not_written_over(catalogue: Path, tmp_path: Path) -> None:
    (tmp_path / "s.csv").write_text("mine")

    done = here("review", "export", tmp_path / "s.csv", "--index", "cat", cwd=catalogue)

    assert done.returncode == 1
    assert "is there already" in done.stderr
    assert (tmp_path / "s.csv").read_text() == "mine"


def test_a_name_that_is_no_sheet_is_refused_before_any_work(
    catalogue: Path, tmp_path: Path
) -> None:
    done = here("review", "export", tmp_path / "s.ods", "--index", "cat", cwd=catalogue)

    assert done.returncode == 1
    assert "s.ods" in done.stderr
    assert list(tmp_path.iterdir()) == []
