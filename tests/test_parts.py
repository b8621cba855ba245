"""Parts of an answer: which are written is a choice, and of a large input not all are."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

import samework as sw
from detector.errors import UnknownValue
from detector.reports.parts import passing, told_pairs
from detector.reports.parts import wanted as parts
from detector.reports.parts.wanted import LARGE, Wanted, wanted_named
from tests.command import here

EVERY = ["report", "works", "pairs", "review", "summary", "marked", "piles"]


def names_in(folder: Path) -> set[str]:
    return {
        path.name for path in folder.iterdir() if path.name not in ("index", ".samework-answer")
    }


def test_the_command_writes_the_parts_that_are_named(tmp_path: Path) -> None:
    options = ("--write", "works,pairs", "--write", "review", "--json")

    ended = here("dedupe", "examples/made.jsonl", "--out", tmp_path, *options)

    assert ended.returncode == 0
    assert names_in(tmp_path) == {"works.jsonl", "pairs.jsonl", "review.jsonl", "summary.json"}
    assert "left_out" not in json.loads(ended.stdout)


@pytest.mark.parametrize("part", ["works", "pairs", "review", "report", "marked", "piles"])
def test_a_part_alone_is_that_of_the_whole_answer(part: str, tmp_path: Path) -> None:
    with sw.dedupe("examples/made.jsonl", out=tmp_path / "whole") as run:
        run.write(tmp_path / "part", write=[part])

    (name,) = names_in(tmp_path / "part") - {"summary.json"}
    alone, whole = tmp_path / "part" / name, tmp_path / "whole" / name
    if alone.is_dir():
        for file in alone.iterdir():
            assert file.read_bytes() == (whole / file.name).read_bytes()
    else:
        assert alone.read_bytes() == whole.read_bytes()


def test_a_name_that_is_none_is_an_error_that_names_all(tmp_path: Path) -> None:
    with pytest.raises(UnknownValue, match=r"'pares'.*works.*pairs.*marked"):
        wanted_named(write=["works", "pares"])

    ended = here("dedupe", "examples", "--out", tmp_path / "out", "--write", "works,pares")
    assert ended.returncode == 2
    assert "pares" in ended.stderr
    assert not (tmp_path / "out").exists()


def test_above_a_size_what_is_read_row_by_row_waits_to_be_asked_for() -> None:
    assert Wanted().parts(LARGE) == EVERY
    assert Wanted().parts(LARGE + 1) == ["report", "works", "pairs", "review", "summary"]
    assert Wanted(write=("marked", "works")).parts(LARGE + 1) == ["works", "summary", "marked"]
    assert Wanted(keep="one").parts(LARGE + 1)[-1] == "kept"
    assert Wanted(rows=False).parts() == ["report", "works", "pairs", "review", "summary"]


def test_what_is_left_out_is_said_with_how_to_get_it(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(parts, "LARGE", 3)

    ended = here("dedupe", "examples/made.jsonl", "--out", tmp_path)

    assert "marked/ and piles/ are not written of more than 3 rows" in ended.stderr
    assert "--write report,works,pairs,review,summary,marked,piles" in ended.stderr
    assert not (tmp_path / "piles").exists()
    summary = json.loads((tmp_path / "summary.json").read_text("utf-8"))
    assert summary["left_out"] == ["marked", "piles"]


@pytest.mark.spawns
def test_parts_that_workers_share_are_the_same_bytes(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """In shares of a few works and pairs each, their order and every byte stay."""
    monkeypatch.setattr(passing, "AT_ONCE", 4)
    monkeypatch.setattr(told_pairs, "AT_ONCE", 5)
    every = {}

    for workers in (1, 2):
        out = tmp_path / str(workers)
        sw.dedupe("examples", out=out, workers=workers, export=["csv"]).close()
        files = [file for name in names_in(out) for file in (out / name).rglob("*")]
        files += [out / name for name in names_in(out) - {"summary.json"} if (out / name).is_file()]
        every[workers] = {file.relative_to(out): file.read_bytes() for file in files}

    assert every[1] == every[2]
    assert len(every[1]) > 8
