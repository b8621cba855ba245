"""Leases of the embedded engine: held for as long as the holder lives, and no longer."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest

from indexer.errors import BackendBusy
from indexer.index.embedded import EmbeddedEngine


@pytest.fixture
def folder(tmp_path: Path) -> str:
    return str(tmp_path / "index")


def leave_behind(folder: str, holder: str) -> None:
    """A lease whose holder was killed: an hour of it is left."""
    engine = EmbeddedEngine(folder)
    now = time.time()
    engine._database.connection.execute(
        "INSERT INTO lease VALUES ('reindex', ?, ?, ?)", (holder, now, now + 3_600)
    )
    engine.close()


def test_lease_outlasts_its_seconds_while_its_holder_works(folder: str) -> None:
    """A job that takes longer than expected must not be joined by a second one."""
    first, second = EmbeddedEngine(folder), EmbeddedEngine(folder)
    with first.lease("reindex", 0.6):
        time.sleep(1.0)
        with pytest.raises(BackendBusy, match="reindex"), second.lease("reindex", 60):
            pass


def test_lease_of_a_killed_process_is_taken_over_at_once(folder: str) -> None:
    """Whoever starts again after a kill should not wait for an hour."""
    gone = subprocess.Popen([sys.executable, "-c", ""])
    gone.wait(timeout=60)
    leave_behind(folder, f"{socket.gethostname()}:{gone.pid}:0a1b2c3d")

    with EmbeddedEngine(folder).lease("reindex", 60):
        pass


def test_lease_of_an_earlier_process_with_our_number_is_taken_over(folder: str) -> None:
    """In a container every start has process number 1: the dead holder looks like ourselves."""
    leave_behind(folder, f"{socket.gethostname()}:{os.getpid()}:0a1b2c3d")

    with EmbeddedEngine(folder).lease("reindex", 60):
        pass


def test_lease_of_another_machine_is_respected(folder: str) -> None:
    """Nothing is known about its processes; only time tells."""
    leave_behind(folder, "elsewhere:1:0a1b2c3d")

    with (
        pytest.raises(BackendBusy, match="elsewhere"),
        EmbeddedEngine(folder).lease("reindex", 60),
    ):
        pass
