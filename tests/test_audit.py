"""An audit: what is said of works that somebody else made of some records."""

from __future__ import annotations

import csv
import json
import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from detector.audit.agreement import agreement_of
from detector.audit.assignments import read_assignments
from detector.audit.claims import without
from detector.audit.findings import Error
from detector.audit.inside import MOST_COMPARED, Looked, held_apart
from detector.audit.merged import parted
from detector.audit.splits import Split, splits_of
from detector.decision.decided import DecisionColumns
from detector.decision.verdicts import Decision, Verdict
from detector.errors import ClaimsError
from indexer.records import Record
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


def test_only_the_id_of_the_work_is_taken_off_a_record() -> None:
    record = Record(
        title="Eels", doi="10.5555/eels", source="openalex", source_id="W2741809807",
        identifiers=(("openalex", "W2741809807"), ("pmid", "123456")),
        urls=("https://openalex.org/W2741809807", "https://doi.org/10.5555/eels"),
    )  # fmt: skip

    bare = without(record, "https://openalex.org/W2741809807")

    assert bare.source_id == ""
    assert bare.identifiers == (("pmid", "123456"),)
    assert bare.urls == ("https://doi.org/10.5555/eels",)
    assert bare.doi == record.doi
    assert without(record, "10.5555/EELS").doi == ""


def test_records_without_a_work_id_are_compared_and_counted(tmp_path: Path) -> None:
    file = records(
        tmp_path, {"id": "a", "w": "W1", **EELS}, {"id": "b", **EELS}, {"id": "c", "w": "", **KILNS}
    )

    findings, summary = audited(file, "--work-field", "w")

    assert findings == []
    assert (summary["records"], summary["records_without_work"]) == (3, 2)


def split_by(*ties: tuple[str, str, float]) -> Split:
    """What these ties make of a, b and c in works A, B and C, and of n and o that name none."""
    said = [Decision(left, right, Verdict.DUPLICATE, probability=p) for left, right, p in ties]
    columns = DecisionColumns.of(said, ["a", "b", "c", "n", "o"])
    rows = np.arange(len(said))
    (split,) = splits_of(
        columns, rows, dict.fromkeys("abcno", 0), {"a": "A", "b": "B", "c": "C"}
    )  # fmt: skip
    return split


def test_two_works_are_told_by_the_pair_between_them_where_there_is_one() -> None:
    split = split_by(
        ("a", "n", 0.99), ("b", "n", 0.99), ("a", "b", 0.9), ("b", "c", 0.9), ("n", "o", 0.99)
    )

    assert [(tie.left, tie.right) for tie in split.needed] == [("a", "b"), ("b", "c")]
    assert split.probability == pytest.approx(0.81)


def test_works_are_tied_over_records_that_name_none_where_nothing_else_ties_them() -> None:
    split = split_by(("a", "b", 0.9), ("b", "n", 0.8), ("c", "n", 0.8), ("c", "o", 0.99))

    assert {(tie.left, tie.right) for tie in split.needed} == {("a", "b"), ("b", "n"), ("c", "n")}
    assert split.probability == pytest.approx(0.9 * 0.8 * 0.8)


@pytest.mark.parametrize(
    "text",
    [
        "record,cluster\na,1\nb,2\n",
        "a\t1\nb\t2\n",
        "cluster_id;title;id\n1;x;a\n2;y;b\n",
        '{"record": "a", "work": 1}\n{"id": "b", "cluster": "2"}\n',
        '{"work_id": "1", "records": ["a"]}\n\n{"work_id": "2", "records": ["b"]}\n',
    ],
)
def test_works_of_a_file_are_read_in_any_of_its_forms(text: str, tmp_path: Path) -> None:
    file = tmp_path / "clusters"
    file.write_text(text, "utf-8")

    assert read_assignments(file) == {"a": "1", "b": "2"}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "is empty"),
        ("a,b,c\n1,2,3\n", "3 columns"),
        ("record,work\na,1\na,2\n", "line 3 puts record 'a' into '2', and it is in '1'"),
        ("record,work\na\n", "line 2 has 1 columns"),
        ('{"record": "a"}\n', "line 1 names no record or no work"),
        ('{"record": "a", \n', "line 1 is no JSON"),
    ],
)
def test_a_file_of_works_that_cannot_be_used_says_what_and_where(
    text: str, said: str, tmp_path: Path
) -> None:
    file = tmp_path / "clusters.csv"
    file.write_text(text, "utf-8")

    with pytest.raises(ClaimsError, match=re.escape(said)) as refused:
        read_assignments(file)
    assert "expected" in str(refused.value)


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


def test_a_work_of_five_thousand_records_costs_a_bounded_number_of_pairs() -> None:
    groups = [[f"{number:04}"] for number in range(5_000)]

    work = held_apart("W1", groups)

    assert len(work.pairs) < 2 * MOST_COMPARED
    assert {name for pair in work.pairs for name in pair} == {group[0] for group in groups}
    assert len(work.pairs) + work.left_out == 5_000 * 4_999 // 2


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


def looked(left: str, right: str, verdict: Verdict, probability: float) -> Looked:
    return Looked(left, right, verdict, probability, 0, ())


@pytest.mark.parametrize(
    ("verdict", "probability", "error"),
    [
        (Verdict.DISTINCT, 0.1, Error.MERGED),
        (Verdict.RELATED, 0.6, Error.MERGED),
        (Verdict.REVIEW, 0.6, Error.REVIEW),
        (Verdict.DUPLICATE, 0.99, Error.REVIEW),  # a join that the whole work did not bear
        (Verdict.DISTINCT, 0.55, Error.NO_EVIDENCE),
    ],
)
def test_only_what_speaks_against_one_work_is_called_an_error(
    verdict: Verdict, probability: float, error: Error
) -> None:
    work = held_apart("W1", [["a"], ["b"]])

    assert parted(work, [looked("a", "b", verdict, probability)], 0.5).error is error


def test_parts_that_we_cannot_tell_apart_stay_together_in_what_we_propose() -> None:
    work = held_apart("W1", [["a"], ["b"], ["c"]])
    said = [
        looked("a", "b", Verdict.REVIEW, 0.6),
        looked("a", "c", Verdict.DISTINCT, 0.2),
        looked("b", "c", Verdict.DISTINCT, 0.1),
    ]

    parting = parted(work, said, 0.5)

    assert parting.groups == [["a", "b"], ["c"]]
    assert parting.likeliest == 0.2


def test_agreement_counts_pairs_and_works_of_both() -> None:
    theirs = {"a": "1", "b": "1", "c": "1", "d": "2", "e": "3", "f": "3"}
    ours = {"a": 0, "b": 0, "c": 1, "d": 1, "e": 2, "f": 2}

    said = agreement_of(theirs, ours)

    assert (said.works_theirs, said.works_ours, said.works_equal) == (3, 3, 1)
    assert (said.pairs_theirs, said.pairs_ours, said.pairs_both) == (4, 3, 2)
    assert said.b_cubed_precision == pytest.approx((2 / 3 * 2 + 1 / 3 + 1 + 1 + 1) / 6)
