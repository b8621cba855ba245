"""Matching: what is there already, with reasons, and nothing stored."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import rispy

from tests.command import here
from tests.engines import Place
from tests.one_shot import write
from tests.seed import SEED

NEW = {"id": "n", "title": "River ice breakup in a warming basin", "authors": ["Ingrid Moe"]}
CHARTERS = "Medieval land charters of the northern coast"


@pytest.fixture
def library(tmp_path: Path) -> Path:
    """What one has: the seed's second record, and another."""
    other = {"id": "o", "title": CHARTERS, "authors": ["Ana Okafor", "Jan Brandt"], "year": "2001"}
    return write(tmp_path / "library.jsonl", [SEED[1], other])


@pytest.fixture
def incoming(tmp_path: Path) -> Path:
    """What comes: the seed's first record, and a new one."""
    return write(tmp_path / "incoming.jsonl", [SEED[0], NEW])


def test_each_row_is_told_with_what_it_is_the_same_as_and_why(
    library: Path, incoming: Path
) -> None:
    """The seed case as an acquisition gate asks it."""
    done = here("match", incoming, "--against", library, "--json")

    have, new = map(json.loads, done.stdout.splitlines())
    assert (have["verdict"], new["verdict"]) == ("duplicate", "new")
    (hit,) = have["matches"]
    assert hit["record"] == "openalex:id-3114794533438077014"
    assert any("arXiv" in reason for reason in hit["reasons"])
    assert "identifier" in hit["found_by"]
    assert done.returncode == 0


def test_people_read_one_line_a_row(library: Path, incoming: Path) -> None:
    done = here("match", incoming, "--against", library)

    assert done.stdout.startswith("have it ")
    assert "\nnew " in done.stdout
    assert "2 rows: 1 have it, 1 new" in done.stderr


def test_duplicates_make_the_exit_status_4_when_asked(library: Path, incoming: Path) -> None:
    """For scripts that must not take in what is there."""
    there = here("match", incoming, "--against", library, "--fail-on-duplicates")
    fresh = write(incoming.with_name("fresh.jsonl"), [NEW])
    none = here("match", fresh, "--against", library, "--fail-on-duplicates")

    assert (there.returncode, none.returncode) == (4, 0)


def test_an_index_is_asked_and_left_as_it_was(library: Path, incoming: Path, place: Place) -> None:
    """match stores nothing."""
    assert here("ingest", library, "--detect", "--index", place("cat")).returncode == 0
    before = here("doctor", "--index", place("cat")).stdout.splitlines()[-1]

    done = here("match", incoming, "--index", place("cat"), "--json")

    have = json.loads(done.stdout.splitlines()[0])
    assert have["verdict"] == "duplicate"
    assert have["matches"][0]["work_id"].startswith("w")
    assert here("doctor", "--index", place("cat")).stdout.splitlines()[-1] == before


def test_a_record_meets_itself(library: Path) -> None:
    """The same file again: everything is there, though the ids are the same."""
    done = here("match", library, "--against", library, "--json")

    assert {json.loads(row)["verdict"] for row in done.stdout.splitlines()} == {"duplicate"}


def test_files_whose_rows_have_equal_ids_are_not_taken_for_the_same(tmp_path: Path) -> None:
    """Two exports number their rows from 1, and both are called export.ris."""
    rows = ("Medieval land charters of the north", "River ice breakup in a warming basin")
    for name, title in zip(("a", "b"), rows, strict=True):
        (tmp_path / name).mkdir()
        text = f"TY  - JOUR\nID  - 1\nTI  - {title}\nER  - \n"
        (tmp_path / name / "export.ris").write_text(text)

    done = here("match", "a/export.ris", "--against", "b/export.ris", "--json", cwd=tmp_path)

    assert json.loads(done.stdout)["verdict"] == "new"


def test_the_new_rows_can_be_taken_away_as_they_came(library: Path, tmp_path: Path) -> None:
    """What is left to import, in the format that it came in."""
    incoming = tmp_path / "in.ris"
    incoming.write_text(
        f"TY  - JOUR\nTI  - {CHARTERS}\nAU  - Okafor, Ana\nAU  - Brandt, Jan\nPY  - 2001\n"
        "ER  - \n\n"
        "TY  - JOUR\nTI  - River ice breakup in a warming basin\nXX  - mine\nER  - \n"
    )

    here("match", incoming, "--against", library, "--new", "new.ris", cwd=tmp_path)

    assert "Medieval" not in (text := (tmp_path / "new.ris").read_text())
    assert len(rispy.loads(text)) == 1
    assert "XX  - mine" in text


def test_files_to_compare_with_that_cannot_be_read_make_the_exit_status_3(
    incoming: Path, tmp_path: Path
) -> None:
    (tmp_path / "library.ris").write_text("")
    run = here("match", str(incoming), "--against", str(tmp_path / "library.ris"))
    assert run.returncode == 3
    assert "what is told as new may be there already" in run.stderr
