"""The tiers of tests: what the quick one leaves out is counted, what it runs is held to it."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from indexer.running.workers import Workers
from tests.disks import judged_index, small_disk
from tests.tiers.guard import held
from tests.tiers.reach import reached

ROOT = Path(__file__).resolve().parents[1]
CONFTEST = 'pytest_plugins = ["tests.tiers.selection"]\n'
TESTS = """
import subprocess, sys
import pytest

def helper():
    subprocess.run([sys.executable, "-c", ""])

@pytest.fixture
def started():
    helper()

def test_alone(): pass
def test_seen(): helper()
def test_seen_in_a_fixture(started): pass
def test_unseen(): getattr(subprocess, "run")(["true"])
@pytest.mark.spawns
def test_said(): getattr(subprocess, "run")(["true"])
"""
SETTINGS = "[pytest]\nmarkers =\n  spawns: x\n  disk: x\n  opensearch: x\n  soak: x\n"


def run(folder: Path, *options: str) -> str:
    """The output of pytest over TESTS, which know of tiers and nothing else."""
    (folder / "tests").mkdir()
    (folder / "conftest.py").write_text(CONFTEST)
    (folder / "pytest.ini").write_text(SETTINGS)
    (folder / "tests/test_made.py").write_text(TESTS)
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", "-v", *options],
        cwd=folder, env={**os.environ, "PYTHONPATH": str(ROOT)}, capture_output=True, text=True,
    )  # fmt: skip
    return done.stdout + done.stderr


def test_quick_leaves_out_what_starts_processes_and_counts_it(tmp_path: Path) -> None:
    said = run(tmp_path, "--quick")

    assert "1 failed, 1 passed, 3 deselected" in said
    assert "left out, 3 in all: spawns, they start processes (`make test` runs them): 3" in said
    assert "test_alone PASSED" in said


def test_quick_fails_what_starts_a_process_unseen(tmp_path: Path) -> None:
    """The way to go on is said: run the command in this process, or mark the test."""
    said = run(tmp_path, "--quick")

    assert "test_unseen is of the quick tier and started a process" in said
    assert "mark the test `spawns`" in said


def test_all_are_run_without_it(tmp_path: Path) -> None:
    said = run(tmp_path)

    assert "5 passed" in said
    assert "left out" not in said


def connect_elsewhere() -> None:
    with socket.socket() as client:
        client.connect(("192.0.2.1", 9))


@pytest.mark.parametrize(
    "start",
    [
        lambda: subprocess.run([sys.executable, "-c", ""]),
        lambda: list(Workers(2).each(abs, [1, 2])),
        os.fork,
        lambda: os.system("true"),
        connect_elsewhere,
    ],
    ids=["subprocess", "workers", "fork", "system", "network"],
)
def test_a_held_test_fails_where_it_leaves_this_process(start: Any) -> None:
    with held("test_made"), pytest.raises(pytest.fail.Exception, match="test_made is of the quick"):
        start()


def test_a_held_test_may_talk_to_a_server_of_its_own() -> None:
    with held("test_made"), socket.create_server(("127.0.0.1", 0)) as server:
        socket.create_connection(server.getsockname()).close()


def test_what_a_test_calls_is_found_through_its_helpers() -> None:
    def by_a_helper(folder: Path) -> None:
        judged_index(folder, folder)
        with small_disk(folder, "1m"):
            pass

    calls = reached(iter([by_a_helper]))

    assert subprocess.run in calls
    assert small_disk.__wrapped__ in calls  # type: ignore[attr-defined]


def test_what_a_test_does_not_call_is_not() -> None:
    """Nor is a module taken for all that it holds: `subprocess.CompletedProcess` starts nothing."""

    def alone() -> object:
        return subprocess.CompletedProcess([], 0)

    assert subprocess.run not in reached(iter([alone]))
