"""Labels of screening: none is lost with a duplicate, and none is chosen where they conflict."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Any

import pytest

from detector.works.merging.labels import carried, labels_of, settled
from indexer.records import Record
from tests.one_shot import answer, lines, write
from tests.test_marked_formats import FORMATS, TITLE

WALKING, MUSIC = "Walking after made strokes", "Music therapy after made strokes"


def row(number: str, title: str, *extra: tuple[str, str], **more: Any) -> dict[str, Any]:
    return {
        "id": number,
        "title": title,
        "authors": ["Sill, Bo"],
        "year": "2011",
        "doi": f"10.5555/{title[:5]}",
        "extra": [list(pair) for pair in extra],
        **more,
    }


ROWS = [
    row("1", MUSIC, ("csv:included", "1"), ("csv:reviewer note", "ask Jo")),
    row("2", MUSIC, ("csv:reviewer note", "long"), abstract="A long abstract. " * 9),
    row("3", WALKING, ("csv:Included", "0"), abstract="An abstract on walking. " * 9),
    row("4", WALKING, ("csv:included", "1")),
    row("5", "Otters and urchins in made bays"),
]


def table(file: Path) -> list[dict[str, str]]:
    with file.open(encoding="utf-8-sig", newline="") as rows:
        return list(csv.DictReader(rows))


@pytest.mark.parametrize(
    ("name", "decides"),
    [
        *(("csv:included", True), ("csv:label_included", True), ("xlsx:Screening status", True)),
        *(("csv:asreview_label", True), ("csv:Full text decision", True), ("csv:Status", True)),
        *(("csv:Exclusion reason", False), ("csv:Notes", False), ("csv:Tags", False)),
    ],
)
def test_a_label_is_told_by_the_words_of_its_column(name: str, decides: bool) -> None:
    """Reviewers name columns as they like."""
    (label,) = labels_of(Record("a", extra=((name, "1"),)))

    assert label.decides is decides


@pytest.mark.parametrize(
    "pair",
    [
        *(("csv:Shelf", "1"), ("csv:Publication Status", "Final"), ("ris:C1", "included")),
        *(("csv:included", ""), ("csv:included", "-1"), ("csv:included", "NA")),
    ],
)
def test_other_columns_and_empty_ones_are_no_labels(pair: tuple[str, str]) -> None:
    assert not list(labels_of(Record("a", extra=(pair,))))


def test_a_column_that_is_named_holds_labels() -> None:
    assert list(labels_of(Record("a", extra=(("csv:Runde 1", "ja"),)), ["Runde 1"]))


def test_labels_in_notes_of_screening_tools_are_read() -> None:
    """Rayyan writes who said what, ASReview one word."""
    rayyan = 'RAYYAN-INCLUSION: {"Ann"=>"Included", "Bo"=>"Excluded"} | RAYYAN-LABELS: trial'
    record = Record("a", notes=(rayyan, "ASReview_relevant"))

    assert [(one.name, one.value, one.decides) for one in labels_of(record)] == [
        ("RAYYAN-INCLUSION Ann", "Included", True),
        ("RAYYAN-INCLUSION Bo", "Excluded", True),
        ("RAYYAN-LABELS", "trial", False),
        ("ASReview", "relevant", True),
    ]


def test_two_words_for_one_decision_are_no_conflict() -> None:
    kept, dropped = (
        list(labels_of(Record("a", extra=(("csv:included", value),)))) for value in ("yes", "1")
    )

    work = settled([kept, dropped])

    assert not work["included"].conflict
    assert carried(kept, work) == {}


@pytest.mark.parametrize("export", ["csv", "ris", "bibtex", "csl", "jsonl"])
def test_every_export_carries_the_labels_of_a_work(tmp_path: Path, export: str) -> None:
    """The screening tool learns from them."""
    answer(tmp_path / "out", write(tmp_path / "in.jsonl", ROWS), exports=(export,), report=False)

    (file,) = [one for one in (tmp_path / "out").iterdir() if one.name.startswith("works.")
               and one.name != "works.jsonl"]  # fmt: skip
    text = file.read_text("utf-8-sig")
    assert "included" in text
    assert "long | ask Jo" in text or "ask Jo | long" in text


def test_the_kept_row_carries_what_its_duplicates_were_labelled(tmp_path: Path) -> None:
    """A label of a dropped row was lost without a word."""
    file = write(tmp_path / "in.jsonl", ROWS)

    summary = answer(tmp_path / "out", file, keep="one", exports=("csv",), report=False)

    kept = {one["id"]: one for one in lines(tmp_path / "out/kept/in.jsonl")}
    assert kept["2"]["included"] == "1"
    assert kept["2"]["reviewer note"] == "long | ask Jo"
    exported = {one["title"]: one for one in table(tmp_path / "out/kept.csv")}
    assert (exported[MUSIC]["included"], exported[WALKING]["included"]) == ("1", "0")
    assert exported["Otters and urchins in made bays"]["included"] == ""
    assert summary["labels"] == {
        "columns": ["included", "reviewer note"],
        "rows": 4,
        "carried_to_kept_rows": 1,
        "conflicts": 1,
    }


def test_labels_that_conflict_are_listed_and_not_chosen(tmp_path: Path) -> None:
    """Only a person can say who is right."""
    file = write(tmp_path / "in.jsonl", ROWS)

    answer(tmp_path / "out", file, keep="one", exports=("csv",), report=False)

    conflicts = table(tmp_path / "out/piles/label-conflicts.csv")
    assert [(one["id"], one["value"]) for one in conflicts] == [("3", "0"), ("4", "1")]
    kept = {one["id"]: one for one in lines(tmp_path / "out/kept/in.jsonl")}
    assert "included" not in kept["3"]
    answer(tmp_path / "out", file, exports=("csv",), report=False)
    merged = {one["title"]: one for one in table(tmp_path / "out/works.csv")}
    assert merged[WALKING]["included"] == "0 | 1"


def test_files_without_labels_have_no_word_of_them(tmp_path: Path) -> None:
    file = write(tmp_path / "in.jsonl", ROWS[4:])

    summary = answer(tmp_path / "out", file, exports=("jsonl",), report=False)

    assert "labels" not in summary
    assert not (tmp_path / "out/piles/label-conflicts.csv").exists()
    assert "labels" not in json.loads((tmp_path / "out/works.records.jsonl").read_text())


@pytest.mark.parametrize("name", ["in.ris", "in.bib", "in.nbib", "in.ciw", "in.enw"])
def test_labels_that_were_carried_are_carried_on(tmp_path: Path, name: str) -> None:
    """The kept list of one search goes into the next."""
    labelled = row("9", TITLE, ("csv:included", "1"), authors=["Okonjo, Amara"], year="2018")
    write(tmp_path / "labels.jsonl", [{**labelled, "doi": ""}])
    data, _ = FORMATS[name]
    (tmp_path / name).write_bytes(data)
    files = [tmp_path / name, tmp_path / "labels.jsonl"]
    answer(tmp_path / "one", *files, keep="one", report=False)
    kept = tmp_path / "one/kept" / name
    assert kept.read_bytes().count(b"included") == 1

    summary = answer(tmp_path / "two", kept, keep="one", exports=("csv",), report=False)

    assert summary["labels"]["rows"] == 1
    assert (tmp_path / "two/kept" / name).read_bytes().count(b"included") == 1
    assert [one["included"] for one in table(tmp_path / "two/kept.csv") if one["included"]] == ["1"]
