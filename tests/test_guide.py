"""The guide's commands run as they are written, on the examples and on real exports."""

from __future__ import annotations

import csv
import json
import os
import shlex
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.command import SAMEWORK, here
from tests.one_shot import Shared, lines

ROOT = Path(__file__).resolve().parents[1]
GUIDE = ROOT / "docs/guide.md"
CHECKING = "I want to check pairs in a spreadsheet"
# What stands for the guide's files when it is run on real exports.
REAL = {
    "made.ris": "ris/asysd_zotero_export.ris",
    "made.bib": "bibtex/bbt_mendeley.bib",
    "made.csv": "csv/asysd_zotero_export.csv",
    "made.jsonl": "ris/asysd_endnote_ris_export.txt",
}


def tasks() -> dict[str, list[str]]:
    """The commands of each section, in order."""
    found: dict[str, list[str]] = {}
    section = ""
    for line in GUIDE.read_text("utf-8").splitlines():
        if line.startswith("## "):
            section = line.removeprefix("## ")
        elif line.startswith("    $ "):
            found.setdefault(section, []).append(line.removeprefix("    $ "))
    return found


def run(command: str, folder: Path) -> subprocess.CompletedProcess[str]:
    """A line of the guide, in the folder that its reader works in; a shell's, by a shell."""
    program, *arguments = shlex.split(command)
    if program == "samework" and not set("|&;<>$*`") & set(command):
        return here(*arguments, cwd=folder)
    env = {k: v for k, v in os.environ.items() if not k.startswith(("SAMEWORK_", "OPENSEARCH_"))}
    env["PATH"] = f"{SAMEWORK.parent}{os.pathsep}{env['PATH']}"
    return subprocess.run(
        ["/bin/sh", "-c", command], cwd=folder, env=env, capture_output=True, text=True, check=False
    )


def judged(sheet: Path, word: str) -> tuple[str, str]:
    """Write a judgement into the first row, as a person would; the pair."""
    with sheet.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    rows[0]["judgement"] = word
    with sheet.open("w", encoding="utf-8-sig", newline="") as file:
        out = csv.DictWriter(file, rows[0])
        out.writeheader()
        out.writerows(rows)
    return rows[0]["left"], rows[0]["right"]


@pytest.mark.timeout(600)
def test_every_command_of_the_guide_runs_as_written(tmp_path: Path) -> None:
    """A guide that does not work is worse than none."""
    folder = tmp_path / "examples"
    shutil.copytree(ROOT / "examples", folder)

    for section, commands in tasks().items():
        for number, command in enumerate(commands):
            done = run(command, folder)
            assert done.returncode == 0, f"{section}: {command}\n{done.stdout}\n{done.stderr}"
            if (section, number) == (CHECKING, 0):
                pair = judged(folder / "answer/piles/to-check.csv", "same")

    works = lines(folder / "answer/works.jsonl")
    assert any(set(pair) <= set(work["records"]) for work in works)
    assert json.loads((folder / "answer/summary.json").read_text())["judged"] == 1


@pytest.mark.timeout(600)
def test_the_four_tasks_work_on_real_exports(shared_data: Shared, tmp_path: Path) -> None:
    """Zotero, Mendeley and EndNote exports in the place of the made files; 3 is a row refused."""
    for name, real in REAL.items():
        shutil.copy(shared_data("feeds") / real, tmp_path / name)

    for section in list(tasks())[:4]:
        for command in tasks()[section]:
            if command.startswith("samework explain"):
                continue  # its ids are those of the examples
            done = run(command, tmp_path)
            assert done.returncode in (0, 3), f"{section}: {command}\n{done.stderr}"

    summary = json.loads((tmp_path / "answer/summary.json").read_text())
    assert summary["works"] < summary["records"]
    assert sum(summary["sources"].values()) == summary["rows"]["used"]
    assert (tmp_path / "new.ris").stat().st_size > 0
