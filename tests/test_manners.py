"""Words of the commands: what was not read and why, progress in time, one name for one thing."""

from __future__ import annotations

import json
import subprocess
import time
from pathlib import Path

import pytest

from tests.command import SAMEWORK, here, samework
from tests.one_shot import lines, write

KELP = {"id": "1", "title": "Kelp counts by drone", "authors": ["Una Nye"], "year": "2024"}
ICE = {"id": "2", "title": "River ice breakup in a warming basin", "authors": ["Ingrid Moe"]}
DUNES = {"id": "3", "title": "Dunes on a made coast and their grasses", "authors": ["Pia Holm"]}


@pytest.mark.parametrize("command", [("dedupe",), ("ingest",), ("match", "--against", "old.jsonl")])
@pytest.mark.parametrize("content", ["title,authors,doi\n", "[]"])
def test_no_rows_at_all_are_status_3_with_the_reason(
    tmp_path: Path, command: tuple[str, ...], content: str
) -> None:
    """A failed export looks like that, and a script that goes on has lost a database."""
    write(tmp_path / "old.jsonl", [KELP])
    (tmp_path / "export").write_text(content)

    done = here(*command, "export", cwd=tmp_path)

    assert done.returncode == 3
    assert "no rows were read (export" in done.stderr
    assert not (tmp_path / "samework-out/works.jsonl").exists()


@pytest.mark.parametrize("command", [("dedupe",), ("ingest",), ("match", "--against", "old.jsonl")])
def test_what_could_not_be_used_is_told_with_file_row_and_reason(
    tmp_path: Path, command: tuple[str, ...]
) -> None:
    """The first few: a person sees at once what is the matter."""
    write(tmp_path / "old.jsonl", [KELP])
    bad = write(tmp_path / "bad.jsonl", [ICE, *({"id": str(n)} for n in range(5))])

    done = here(*command, bad.name, cwd=tmp_path)

    assert done.returncode == 3
    assert "5 rows could not be used" in done.stderr
    assert "bad.jsonl row 2: " in done.stderr
    assert "and 2 more" in done.stderr


def test_one_row_is_no_rows(tmp_path: Path) -> None:
    write(tmp_path / "a.jsonl", [KELP, {"id": "x"}])

    done = here("dedupe", "a.jsonl", cwd=tmp_path)

    assert "1 row could not be used" in done.stderr


def test_match_of_several_files_says_which_file_a_row_is_of(tmp_path: Path) -> None:
    write(tmp_path / "a.jsonl", [ICE])
    write(tmp_path / "b.jsonl", [DUNES])

    done = here("match", "a.jsonl", "b.jsonl", "--against", "a.jsonl", cwd=tmp_path)

    assert "a.jsonl row 1" in done.stdout
    assert "b.jsonl row 1" in done.stdout


def test_rows_that_are_new_and_repeat_each_other_are_to_be_screened_once(tmp_path: Path) -> None:
    """An updated search over two databases brings each new article twice."""
    old = write(tmp_path / "old.jsonl", [DUNES])
    again = {**ICE, "id": "9", "title": f"{ICE['title']}."}
    fresh = write(tmp_path / "new.jsonl", [DUNES, ICE, KELP, again])

    done = here(
        "match", fresh, "--against", old, "--new", "screen.jsonl", "--summary", "counts.json",
        "--json", cwd=tmp_path,
    )  # fmt: skip

    assert [row["id"] for row in lines(tmp_path / "screen.jsonl")] == ["2", "1"]
    told = [json.loads(line)["repeats"] for line in done.stdout.splitlines()]
    assert [one.get("id") for one in told] == [None, None, None, "2"]
    counts = json.loads((tmp_path / "counts.json").read_text())
    assert counts["records_identified"] == 4
    assert counts["records_there_already"] == counts["duplicates_among_the_new"] == 1
    assert counts["records_to_screen"] == 2


def test_match_does_not_write_over_what_it_reads(tmp_path: Path) -> None:
    old = write(tmp_path / "old.jsonl", [DUNES])
    before = old.read_bytes()

    done = here("match", old, "--against", old, "--new", "old.jsonl", cwd=tmp_path)

    assert done.returncode == 1
    assert old.read_bytes() == before


@pytest.mark.parametrize(
    ("flags", "said"),
    [
        (("--trust", "a.jsonl"), "it is for source-order"),
        (("--trust", "pubmde", "--keeper", "source-order"), "pubmde: no record is of such"),
    ],
)
def test_a_trust_that_has_no_effect_says_so(
    tmp_path: Path, flags: tuple[str, ...], said: str
) -> None:
    write(tmp_path / "a.jsonl", [KELP])

    assert said in here("dedupe", "a.jsonl", *flags, cwd=tmp_path).stderr


def test_records_are_counted_by_database(tmp_path: Path) -> None:
    """PRISMA 2020 wants an n for each; those that could not be used were identified too."""
    write(tmp_path / "a.jsonl", [KELP, {"id": "x"}])
    write(tmp_path / "b.jsonl", [ICE, {**DUNES, "source": "embase"}])

    done = here("dedupe", "a.jsonl", "b.jsonl", "--json", "-o", "out", cwd=tmp_path)

    summary = json.loads(done.stdout)
    prisma = summary["prisma"]
    assert prisma["records_identified_by_database"] == {"a.jsonl": 2, "b.jsonl": 1, "embase": 1}
    assert prisma["records_identified"] == 4
    assert summary["outputs"] == 2
    assert {"work_id"} <= lines(tmp_path / "out/works.jsonl")[0].keys()


def test_progress_is_told_within_two_seconds_where_nobody_watches(tmp_path: Path) -> None:
    """A log without a line is taken for a run that hangs; reading alone may take longer."""
    rows = [
        {"id": str(n), "title": f"{n:x} {n * 7919:x} {n * 104729:x}", "abstract": f"{n:x} " * 150}
        for n in range(12_000)
    ]
    write(tmp_path / "many.jsonl", rows)
    began = time.monotonic()
    process = subprocess.Popen(
        [str(SAMEWORK), "dedupe", "many.jsonl"], cwd=tmp_path, stderr=subprocess.PIPE, text=True,
        stdout=subprocess.DEVNULL,
    )  # fmt: skip
    assert process.stderr is not None
    try:
        line = process.stderr.readline()
        waited = time.monotonic() - began
    finally:
        process.kill()
        process.communicate()

    assert line.startswith("reading")
    assert waited < 10  # 2 on an idle machine


def test_quiet_shows_no_progress_and_says_what_is_missing(tmp_path: Path) -> None:
    write(tmp_path / "a.jsonl", [KELP, {"id": "x"}])

    done = here("dedupe", "a.jsonl", "-q", cwd=tmp_path)

    assert "1 row could not be used" in done.stderr
    assert "rate=" not in done.stderr


@pytest.mark.parametrize("arguments", [("-h",), ("dedupe", "-h"), ("dead-letters", "list", "-h")])
def test_help_has_a_short_name(arguments: tuple[str, ...]) -> None:
    assert here(*arguments).stdout.startswith("Usage: samework")


@pytest.mark.parametrize("arguments", [("-V",), ("match", "-V"), ("--version",)])
def test_version_has_a_short_name(arguments: tuple[str, ...]) -> None:
    assert samework(*arguments).stdout.startswith("samework 0")


@pytest.mark.parametrize(
    ("words", "known"),
    [
        ("samework dedupe --export ", "bibtex"),
        ("samework dedupe --keep ", "merged"),
        ("samework dedupe --keeper p", "published"),
        ("samework dedupe --level ", "version"),
        ("samework dedupe --collapse t", "thesis"),
    ],
)
def test_a_shell_completes_values(words: str, known: str) -> None:
    done = here(
        env={
            "_SAMEWORK_COMPLETE": "complete_bash",
            "COMP_WORDS": words,
            "COMP_CWORD": str(len(words.split(" ")) - 1),
        }
    )

    assert known in done.stdout.split()
