"""An audit: what is said of works that somebody else made of some records."""

from __future__ import annotations

import csv
import json
import re
from pathlib import Path
from typing import Any

import pytest

import samework as sw
from detector.audit.audit_files import FILES
from detector.errors import ClaimsError, UnknownValue
from indexer.errors import NothingRead
from tests.command import here

ROOT = Path(__file__).resolve().parents[1]
PAGE = ROOT / "docs/audit.md"
EELS: dict[str, Any] = {
    "title": "Counting eels in muddy water of upland rivers",
    "authors": ["Visser, Maaike", "Adeyemi, Tunde"],
    "journal": "Made Fisheries Research",
    "volume": "44",
    "pages": "77-90",
    "publication_date": "2017-02-01",
}
KILNS: dict[str, Any] = {
    "title": "Brick kilns and the smoke of three valleys",
    "authors": ["Okonjo, Amara", "Lindqvist, Per"],
    "journal": "Made Air Letters",
    "volume": "12",
    "pages": "301-318",
    "publication_date": "2009-11-01",
}


def records(folder: Path, *rows: dict[str, Any]) -> Path:
    file = folder / "records.jsonl"
    file.write_text("".join(f"{json.dumps(row)}\n" for row in rows), "utf-8")
    return file


def audited(*arguments: str | Path) -> tuple[list[dict[str, Any]], dict[str, Any]]:
    """The findings, and the counts."""
    done = here("audit", *arguments, "--json")
    assert done.returncode == 0, done.stderr
    *findings, summary = map(json.loads, done.stdout.splitlines())
    return findings, summary


def test_two_of_their_works_that_are_one_are_told_as_split_with_reasons(tmp_path: Path) -> None:
    file = records(
        tmp_path, {"id": "a", "w": "W1", **EELS}, {"id": "b", "w": "W2", **EELS},
        {"id": "c", "w": "W3", **KILNS},
    )  # fmt: skip

    (split,), summary = audited(file, "--work-field", "w")

    assert split["finding"] == "split"
    assert split["works"] == ["W1", "W2"]
    assert split["groups"] == [["a"], ["b"]]
    assert split["pairs"][0]["reasons"]
    assert split["probability"] > 0.9
    assert summary["split"]["listed"] == 1
    assert 0.9 < summary["split"]["expected_precision"] <= 1


def test_one_of_their_works_that_is_two_is_told_as_merged_with_what_differs(tmp_path: Path) -> None:
    file = records(
        tmp_path, {"id": "a", "w": "W1", **EELS}, {"id": "b", "w": "W1", **KILNS},
        {"id": "c", "w": "W1", **EELS},
    )  # fmt: skip

    (merged,), summary = audited(file, "--work-field", "w")

    assert merged["finding"] == "merged"
    assert merged["groups"] == [["a", "c"], ["b"]]
    assert merged["pairs"][0]["reasons"]
    assert summary["merged"]["expected_right"] > 0.9
    assert (summary["pairs_theirs"], summary["pairs_ours"], summary["pairs_both"]) == (3, 1, 1)


def test_a_work_that_we_cannot_tell_is_no_error(tmp_path: Path) -> None:
    """Two records with a title and nothing else: a person decides."""
    title = {"title": "Braided ropes of the northern islands and their makers"}
    file = records(
        tmp_path, {"id": "a", "w": "W1", **title},
        {"id": "b", "w": "W1", "authors": ["Park, Seo-yeon"], **title},
    )  # fmt: skip

    findings, summary = audited(file, "--work-field", "w")

    assert [one["finding"] for one in findings if one["finding"] in ("split", "merged")] == []
    assert summary["merged"]["listed"] == 0


def test_rows_of_one_id_are_the_records_of_a_work_and_the_id_is_no_evidence(tmp_path: Path) -> None:
    """An OpenAlex id on both would else say that they are one."""
    url = {"urls": ["https://openalex.org/W2741809807"]}
    file = records(
        tmp_path, {"id": "W2741809807", **url, **EELS}, {"id": "W2741809807", **url, **KILNS}
    )

    by_id, counts = audited(file, "--work-field", "id")
    by_scheme, _ = audited(file, "--against", "openalex")

    assert counts["records"] == 2
    assert [one["finding"] for one in by_id] == ["merged"]
    assert [one["works"] for one in by_scheme] == [["W2741809807"]]


def test_records_without_a_work_id_are_compared_and_counted(tmp_path: Path) -> None:
    file = records(
        tmp_path, {"id": "a", "w": "W1", **EELS}, {"id": "b", **EELS}, {"id": "c", "w": "", **KILNS}
    )

    findings, summary = audited(file, "--work-field", "w")

    assert findings == []
    assert (summary["records"], summary["records_without_work"]) == (3, 2)


def test_a_field_that_no_record_has_is_an_error_that_names_those_there_are(tmp_path: Path) -> None:
    done = here("audit", records(tmp_path, {"id": "a", "mine": "1", **EELS}), "--work-field", "w")

    assert done.returncode == 1
    assert "'w' is of no record of these files" in done.stderr
    assert "mine" in done.stderr


def test_where_the_ids_stand_must_be_said_and_be_something(tmp_path: Path) -> None:
    file = records(tmp_path, {"id": "a", **EELS})

    assert here("audit", file).returncode == 2
    strange = here("audit", file, "--against", "nowhere.csv")
    assert strange.returncode == 1
    assert "neither a file nor a scheme" in strange.stderr


def test_an_empty_file_ends_with_status_three(tmp_path: Path) -> None:
    file = tmp_path / "empty.jsonl"
    file.write_text("")

    done = here("audit", file, "--work-field", "id", "--out", tmp_path / "out")

    assert done.returncode == 3
    assert "empty" in done.stderr
    assert not (tmp_path / "out").exists()


def test_a_hostile_id_stays_text_in_the_sheet_and_on_the_terminal(tmp_path: Path) -> None:
    bad = '=HYPERLINK("http://x")\x1b[31m'
    file = records(tmp_path, {"id": "a", "w": bad, **EELS}, {"id": "b", "w": "W2", **EELS})

    done = here("audit", file, "--work-field", "w", "--out", tmp_path / "out")

    assert done.returncode == 0, done.stderr
    assert "\x1b" not in done.stdout
    with (tmp_path / "out/audit.csv").open(encoding="utf-8-sig", newline="") as sheet:
        (row,) = csv.DictReader(sheet)
    assert bad.partition("\x1b")[0] in row["works"]
    for cell in row.values():
        assert not cell.startswith(("=", "+", "-", "@"))


def test_an_audit_overwrites_only_what_an_audit_wrote(tmp_path: Path) -> None:
    file = records(tmp_path, {"id": "a", "w": "1", **EELS}, {"id": "b", "w": "2", **EELS})
    out = tmp_path / "out"
    out.mkdir()
    (out / "notes.txt").write_text("mine")

    for _ in range(2):
        assert here("audit", file, "--work-field", "w", "--out", out).returncode == 0
    assert (out / "notes.txt").read_text() == "mine"
    (out / "audit.csv").write_text("mine")
    refused = here("audit", file, "--work-field", "w", "--out", out)

    assert refused.returncode == 1
    assert (out / "audit.csv").read_text() == "mine"


@pytest.mark.timeout(300)
def test_a_work_of_five_thousand_records_is_audited_to_its_end(tmp_path: Path) -> None:
    """Each of another title: all of them are parted, and what was not compared is counted."""
    rows = [
        {"id": str(at), "w": "W1",
         "title": f"{word_of(at)} {word_of(at * 7 + 1)} of {word_of(at + 9)}",
         "authors": [f"{word_of(at * 3 + 2).title()}, A."], "publication_date": "2001-01-01"}
        for at in range(5_000)
    ]  # fmt: skip

    (merged,), summary = audited(records(tmp_path, *rows), "--work-field", "w")

    assert merged["finding"] == "merged"
    assert len(merged["pairs"]) == 20
    assert summary["pairs_not_compared"] > 10_000_000


def word_of(number: int) -> str:
    """A word that no other number has."""
    letters = "bcdfghjklm"
    return "".join(letters[int(digit)] + "aeiou"[int(digit) % 5] for digit in str(number + 10_000))


def test_the_example_of_the_page_is_what_the_command_prints(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = PAGE.read_text("utf-8")
    clusters = re.findall(r"```csv\n(.*?)```", text, re.DOTALL)[0]
    command, printed = text.partition("    $ samework ")[2].split("\n", 1)
    shown = printed.partition("\n`audit.jsonl`")[0]
    (tmp_path / "clusters.csv").write_text(clusters, "utf-8")
    (tmp_path / "examples").symlink_to(ROOT / "examples")

    done = here(*command.split(), cwd=tmp_path)

    assert done.returncode == 0, done.stderr
    told = [line.removeprefix("    ") for line in shown.rstrip().splitlines()]
    assert done.stdout.splitlines() == told


def test_the_library_says_what_the_command_says(tmp_path: Path) -> None:
    file = records(
        tmp_path, {"id": "a", "w": "W1", **EELS}, {"id": "b", "w": "W2", **EELS},
        {"id": "c", "w": "W2", **KILNS},
    )  # fmt: skip
    findings, summary = audited(file, "--work-field", "w", "--out", tmp_path / "by-command")

    said = sw.audit(file, work_field="w", out=tmp_path / "by-library")

    assert said.to_dicts() == findings
    assert set(said.columns) == set(findings[0])
    assert said.summary == summary
    assert [str(finding.error) for finding in said.findings] == ["split", "merged"]
    for name in FILES:
        ours, theirs = (tmp_path / by / name for by in ("by-library", "by-command"))
        assert ours.read_bytes() == theirs.read_bytes()


def test_values_in_memory_are_audited_against_a_dict() -> None:
    rows = [{"id": "a", **EELS}, {"id": "b", **EELS}, {"colour": "blue"}]

    said = sw.audit(rows, against={"a": "W1", "b": "W2", "z": "W3"})

    assert [row["works"] for row in said] == [["W1", "W2"]]
    assert said.unmet == ["z"]
    assert list(said.rejected.told())[1].startswith("  records.jsonl row 3: ")


@pytest.mark.parametrize(
    ("asked", "error", "expected"),
    [
        ({}, ClaimsError, "'' names no works; expected either a field"),
        ({"work_field": "w", "against": "doi"}, ClaimsError, "'w' stands beside other works"),
        ({"against": "nowhere.csv"}, ClaimsError, "neither a file nor a scheme"),
        ({"work_field": "w"}, NothingRead, "no record to audit"),
        ({"work_field": "w", "level": "x"}, UnknownValue, "'x' is no level"),
    ],
)
def test_an_audit_that_cannot_be_made_says_what_is_expected(
    asked: dict[str, str], error: type[sw.SameworkError], expected: str
) -> None:
    rows = [{"id": "a", **EELS}] if error is not NothingRead else [{"colour": "blue"}]

    with pytest.raises(error, match=re.escape(expected)):
        sw.audit(rows, **asked)  # type: ignore[arg-type]
