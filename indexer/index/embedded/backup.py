"""
Backup: a copy of a database at one moment, while others read and write it.

    folder, target  ->  one file, verified, never over one that is there

By SQLite's own online backup. Does not: copy to OpenSearch or from it.
"""

from __future__ import annotations

import os
import sqlite3
from contextlib import closing
from pathlib import Path

from indexer.errors import BackendDamaged, BackendError, BackendUnavailable
from indexer.index.embedded.damage import damage_of
from indexer.index.embedded.database import FILE
from indexer.index.embedded.faults import connected, fault_of


def back_up(folder: Path, target: Path) -> Path:
    """
    Copy the database of a folder; the file that was made.

    A target that is a folder gets the file under its usual name: it is an index then.

    Raises:
        BackendUnavailable: there is no index.
        BackendError: the target is there already, or the copy cannot be made.
    """
    source = folder / FILE
    if not source.exists():
        raise BackendUnavailable(
            f"there is no index at {str(folder)!r}; expected a folder made by `samework ingest`"
        )
    target = target / FILE if target.is_dir() else target
    if target.exists():
        raise BackendError(f"{str(target)!r} is there already and is not replaced; name another")
    part = target.with_name(f"{target.name}.part-{os.getpid()}")
    try:
        _copied(source, part)
        if wrong := damage_of(part, contents=True):
            raise BackendDamaged(str(source), "; ".join(wrong))
        _placed(part, target)
    finally:
        for end in ("", "-journal", "-wal", "-shm"):
            Path(f"{part}{end}").unlink(missing_ok=True)
    return target


def _copied(source: Path, part: Path) -> None:
    part.touch(exist_ok=False)  # the system names the file that cannot be made
    with closing(connected(source)) as ours, closing(sqlite3.connect(part)) as theirs:
        ours.execute("SELECT count(*) FROM sqlite_master").fetchone()
        try:
            ours.backup(theirs)  # all pages in one step: one moment, whoever writes meanwhile
            theirs.execute("PRAGMA journal_mode = DELETE")  # one file, and nothing beside it
        except sqlite3.Error as error:
            code = getattr(error, "sqlite_errorcode", 0) & 0xFF
            of_source = code in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB)
            raise fault_of(error, source if of_source else part) from error


def _placed(part: Path, target: Path) -> None:
    """The copy under its name, unless that was taken meanwhile."""
    with part.open("rb+") as file:
        os.fsync(file.fileno())
    try:
        os.link(part, target)
    except FileExistsError:
        text = f"{str(target)!r} is there already and is not replaced; name another"
        raise BackendError(text) from None
    except OSError:  # a disk without links
        os.rename(part, target)
