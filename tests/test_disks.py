"""Full, read-only and failing disks, damaged files: each told by its name, none blamed on us."""

from __future__ import annotations

import errno
import resource
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from indexer.errors import (
    BackendBusy,
    BackendDamaged,
    BackendError,
    BackendFull,
    BackendReadOnly,
)
from indexer.index.embedded.faults import fault_of
from indexer.index.opensearch.client import ClusterClient
from indexer.index.opensearch.location import Location
from indexer.running.workers import Workers
from samework.cli import error_line
from tests.command import here
from tests.disks import COMMANDS, DAMAGES, fill, furnish, judged_index, small_disk


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with an index `ix` and what commands need; tests take copies."""
    folder = tmp_path_factory.mktemp("sound")
    furnish(folder)
    judged_index(folder, folder / "ix")
    return folder


def helps(done: subprocess.CompletedProcess[str], named: str) -> None:
    """The run ended well, or with an error that names the file and blames nobody."""
    assert done.returncode in (0, 1, 3), done.stderr
    assert "Traceback" not in done.stderr
    assert "fault of samework" not in done.stderr + done.stdout
    sane = any(one in done.stderr for one in ("no dead letter", "no earlier keys"))
    if done.returncode == 1 and not sane:
        assert named in done.stderr + done.stdout


@pytest.mark.parametrize("damage", DAMAGES)
def test_a_damaged_file_is_named_by_every_command(sound: Path, tmp_path: Path, damage: str) -> None:
    """Whatever is lost of it: no traceback, and the next command to run."""
    shutil.copytree(sound, tmp_path / "here")
    folder = tmp_path / "here"
    whole = (folder / "ix/samework.sqlite").read_bytes()
    said = ""
    for arguments in COMMANDS.values():
        (folder / "ix/samework.sqlite").write_bytes(whole)
        DAMAGES[damage](folder / "ix/samework.sqlite")
        done = here(*(one.replace("INDEX", "ix") for one in arguments), cwd=folder)
        said += done.stdout + done.stderr
        helps(done, "samework.sqlite")
    assert "doctor --repair --index ix" in said


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Path]:
    with small_disk(tmp_path / "disk", "6m") as at:
        yield at


@pytest.mark.parametrize("while_open", [False, True], ids=["closed", "left open"])
def test_a_full_disk_is_named_by_every_command(
    sound: Path, disk: Path, tmp_path: Path, while_open: bool
) -> None:
    """And what was stored before is there when there is room again."""
    shutil.copytree(sound, tmp_path / "here")
    shutil.copytree(sound / "ix", disk / "ix")
    folder = tmp_path / "here"
    if while_open:
        reader = sqlite3.connect(disk / "ix/samework.sqlite")
        reader.execute("SELECT count(*) FROM record").fetchone()
    filler = fill(disk)
    full = 0
    for arguments in COMMANDS.values():
        done = here(*(one.replace("INDEX", str(disk / "ix")) for one in arguments), cwd=folder)
        helps(done, str(disk / "ix"))
        full += "the disk is full" in done.stderr + done.stdout
    assert full >= 3
    if while_open:
        reader.close()
    filler.unlink()

    well = here("doctor", "--index", disk / "ix", cwd=folder)
    assert "FAULT" not in well.stdout, well.stdout
    again = here("ingest", "more.jsonl", "--detect", "--index", disk / "ix", cwd=folder)
    assert again.returncode == 0, again.stderr


@pytest.mark.parametrize("size", ["64k", "400k", "700k", "1m"])
def test_an_answer_that_does_not_fit_is_named_as_such(tmp_path: Path, size: str) -> None:
    """Wherever the room ends: in the index, in a spreadsheet, in the page."""
    furnish(tmp_path, 200)
    with small_disk(tmp_path / "disk", size) as disk:
        done = here("dedupe", "rows.jsonl", "--export", "ris", "-o", disk / "out", cwd=tmp_path)

        assert done.returncode == 1, done.stdout
        assert "the disk is full" in done.stderr
        assert str(disk / "out") in done.stderr
        helps(done, str(disk))


def test_a_read_only_disk_is_named_by_every_command(
    sound: Path, disk: Path, tmp_path: Path
) -> None:
    shutil.copytree(sound, tmp_path / "here")
    shutil.copytree(sound / "ix", disk / "ix")
    subprocess.run(["mount", "-o", "remount,ro", str(disk)], check=True)
    said = ""
    for arguments in COMMANDS.values():
        done = here(
            *(one.replace("INDEX", str(disk / "ix")) for one in arguments), cwd=tmp_path / "here"
        )
        helps(done, str(disk / "ix"))
        said += done.stderr + done.stdout
    assert "the disk is read-only" in said


def test_a_full_disk_under_standard_output_is_named(sound: Path, disk: Path) -> None:
    fill(disk)
    with (disk / "filler").open("r+b") as out:
        out.seek(0, 2)
        done = subprocess.run(
            [sys.executable, "-m", "samework.cli", "match", "rows.jsonl", "--index", "ix"],
            cwd=sound, stdout=out, stderr=subprocess.PIPE, text=True, timeout=60,
        )  # fmt: skip

    assert done.returncode == 1
    assert "'standard output': the disk is full" in done.stderr


def test_too_many_open_files_are_told_with_the_limit_to_raise(sound: Path, tmp_path: Path) -> None:
    shutil.copytree(sound, tmp_path / "here")

    done = subprocess.run(
        [sys.executable, "-m", "samework.cli", "reindex", "--index", "ix"],
        cwd=tmp_path / "here", capture_output=True, text=True, timeout=60,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_NOFILE, (7, 7)),
    )  # fmt: skip

    if done.returncode:  # the limit depends on what the interpreter itself holds
        helps(done, "open files")


@pytest.mark.parametrize(
    ("number", "said"),
    [
        (errno.ENOSPC, "the disk is full"),
        (errno.EDQUOT, "quota"),
        (errno.EIO, "the disk fails"),
        (errno.EROFS, "read-only"),
        (errno.EMFILE, "ulimit -n"),
        (errno.EACCES, "rights"),
        (errno.ENOMEM, "memory is short"),
    ],
)
def test_each_fault_of_the_machine_names_the_file_and_what_to_do(number: int, said: str) -> None:
    line = error_line(OSError(number, "as the system says it", "out/works.csv"))

    assert line.startswith("'out/works.csv': ")
    assert said in line
    assert "fault of samework" not in line


def test_want_of_memory_is_no_fault_of_ours() -> None:
    assert "fewer --workers" in error_line(MemoryError())


@pytest.mark.parametrize(
    ("code", "kind"),
    [
        (sqlite3.SQLITE_FULL, BackendFull),
        (sqlite3.SQLITE_IOERR_SHMSIZE, BackendError),
        (sqlite3.SQLITE_IOERR_READ, BackendError),
        (sqlite3.SQLITE_CORRUPT, BackendDamaged),
        (sqlite3.SQLITE_NOTADB, BackendDamaged),
        (sqlite3.SQLITE_READONLY, BackendReadOnly),
        (sqlite3.SQLITE_BUSY, BackendBusy),
        (sqlite3.SQLITE_LOCKED, BackendBusy),
    ],
)
def test_each_fault_of_sqlite_is_a_kind_of_ours(
    tmp_path: Path, code: int, kind: type[Exception]
) -> None:
    error = sqlite3.OperationalError("as SQLite says it")
    error.sqlite_errorcode = code

    found = fault_of(error, tmp_path / "samework.sqlite")

    assert isinstance(found, kind)
    assert "samework.sqlite" in str(found)


def no_room(share: int) -> int:
    raise OSError(errno.ENOSPC, "No space left on device", f"/disk/{share}")


def test_a_fault_of_the_machine_in_a_worker_names_its_file_too() -> None:
    workers = Workers(2)
    try:
        with pytest.raises(OSError, match="No space left") as caught:
            list(workers.each(no_room, [1, 2, 3]))
    finally:
        workers.close()

    assert "'/disk/1': the disk is full" in error_line(caught.value)


@pytest.mark.parametrize("status", [403, 429])
def test_the_flood_stage_of_a_cluster_is_told_at_once(
    monkeypatch: pytest.MonkeyPatch, status: int
) -> None:
    """Asked again and again for a minute, the answer stays the same."""
    reason = "index [papers-log] blocked by: [FORBIDDEN/12/index has read-only-allow-delete block];"
    answer = {"error": {"type": "cluster_block_exception", "reason": reason}}
    client = ClusterClient(Location.parse("http://127.0.0.1:9/papers", {}), patience=60.0)
    monkeypatch.setattr(client, "_try", lambda *_: (status, {}, answer, None))

    with pytest.raises(BackendFull, match="make room on the disks of its nodes"):
        client.ask("PUT", "/papers-log/_doc/1", {})
