"""Small disks for tests, and an index that a test may damage."""

from __future__ import annotations

import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

from tests.command import here
from tests.made_records import made_collection
from tests.one_shot import write

# every command that opens an index, with the arguments of one that exists
COMMANDS: dict[str, tuple[str, ...]] = {
    "ingest": ("ingest", "more.jsonl", "--index", "INDEX"),
    "ingest --detect": ("ingest", "more.jsonl", "--detect", "--index", "INDEX"),
    "match": ("match", "rows.jsonl", "--index", "INDEX"),
    "query": ("query", "braided rivers keep a memory", "--index", "INDEX"),
    "query --doi": ("query", "--doi", "10.5555/none", "--index", "INDEX"),
    "explain": ("explain", "made:1", "made:2", "--index", "INDEX"),
    "doctor": ("doctor", "--index", "INDEX"),
    "doctor --everything": ("doctor", "--everything", "--index", "INDEX"),
    "dead-letters list": ("dead-letters", "list", "--index", "INDEX"),
    "dead-letters show": ("dead-letters", "show", "x", "--index", "INDEX"),
    "dead-letters drop": ("dead-letters", "drop", "x", "--index", "INDEX"),
    "dead-letters replay": ("dead-letters", "replay", "--index", "INDEX"),
    "reindex": ("reindex", "--index", "INDEX"),
    "reindex --plan": ("reindex", "--plan", "--index", "INDEX"),
    "reindex --rollback": ("reindex", "--rollback", "--index", "INDEX"),
    "harvest": ("harvest", "--index", "INDEX"),
    "harvest --list": ("harvest", "--list", "--index", "INDEX"),
    "schedule --once": ("schedule", "--once", "settle", "--index", "INDEX"),
    "schedule --list": ("schedule", "--list", "--index", "INDEX"),
}

_SETTINGS = """
[feeds.inbox]
protocol = "folder"
endpoint = "inbox"

[[schedule.job]]
name = "settle"
run = "settle"
every = "1d"
"""


def rows_of(seed: int, works: int) -> list[dict[str, object]]:
    """Made records as a file's rows."""
    rows = [one.to_dict() for one in made_collection(seed, works)]
    for row in rows:
        row["id"] = row.pop("source_id")
        row.pop("record_id")
    return rows


def furnish(folder: Path, works: int = 60) -> None:
    """What the commands read: files of rows, a folder to harvest, settings."""
    write(folder / "rows.jsonl", rows_of(5, works))
    write(folder / "more.jsonl", rows_of(6, works))
    (folder / "inbox").mkdir()
    (folder / "samework.toml").write_text(_SETTINGS)


def judged_index(folder: Path, index: Path) -> Path:
    """A judged index of rows.jsonl; its file."""
    done = here("ingest", "rows.jsonl", "--detect", "--index", index, cwd=folder)
    assert done.returncode == 0, done.stderr
    return index / "samework.sqlite"


@contextmanager
def small_disk(at: Path, size: str) -> Iterator[Path]:
    """A disk of its own, mounted at a folder; the test is left out where that is not allowed."""
    at.mkdir()
    try:
        done = subprocess.run(
            ["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", str(at)],
            capture_output=True, text=True, timeout=30,
        )  # fmt: skip
    except OSError as error:
        pytest.skip(f"no disk can be mounted here: {error.strerror}")
    if done.returncode:
        said = done.stderr.strip().splitlines() or [f"mount ended with status {done.returncode}"]
        pytest.skip(f"no disk can be mounted here: {said[-1]}")
    try:
        yield at
    finally:
        subprocess.run(["umount", "-l", str(at)], check=True, timeout=30)


def fill(disk: Path) -> Path:
    """A file that takes all the room that is left."""
    filler = disk / "filler"
    with suppress(OSError), filler.open("wb", buffering=0) as out:
        while True:
            out.write(bytes(4096))
    return filler


def zeroed_header(file: Path) -> None:
    with file.open("r+b") as out:
        out.write(bytes(100))


def zeroed_first_page(file: Path) -> None:
    with file.open("r+b") as out:
        out.write(bytes(4096))


def overwritten_middle(file: Path) -> None:
    size = file.stat().st_size
    with file.open("r+b") as out:
        out.seek(size // 3 // 4096 * 4096)
        out.write(b"\xa5" * (size // 3))


def truncated(file: Path) -> None:
    with file.open("r+b") as out:
        out.truncate(file.stat().st_size // 2)


def changed_bytes(file: Path) -> None:
    """One byte in the midst of every page but the first: the tree stays whole, values do not."""
    with file.open("r+b") as out:
        for page in range(1, file.stat().st_size // 4096):
            out.seek(page * 4096 + 3000)
            out.write(b"\xff")


def no_database(file: Path) -> None:
    file.write_bytes(b"something else altogether\n" * 4096)


DAMAGES: dict[str, Callable[[Path], None]] = {
    one.__name__: one
    for one in (
        zeroed_header,
        zeroed_first_page,
        overwritten_middle,
        truncated,
        changed_bytes,
        no_database,
    )
}
