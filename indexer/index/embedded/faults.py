"""
Faults of SQLite: each told as what happened to the file, what is safe and what to do.

    sqlite3.Error, path  ->  BackendFull, BackendDamaged, BackendReadOnly, BackendBusy, ...

A connection made by `connected` raises nothing else. Does not: mend anything
(`repair.py` does).
"""

from __future__ import annotations

import errno
import os
import sqlite3
import tempfile
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any, Concatenate, Final, ParamSpec, TypeVar

from indexer.errors import (
    BackendBusy,
    BackendDamaged,
    BackendError,
    BackendFull,
    BackendReadOnly,
)
from indexer.faults import FULL, told

BUSY_SECONDS: Final = 30.0  # another writer's transaction is over long before
SAFE: Final = "what was stored before is safe"
_CHANGED: Final = ("no such", "Could not decode", "unsupported file format", "table ")
# The second: SQLite says what is wrong in words of the file, which Python takes for text; the
# third: the last number given is beyond all numbers.
_RAISED: Final = (sqlite3.Error, UnicodeDecodeError, OverflowError)
ROWS_AHEAD: Final = 100  # read together where all rows of an answer are gone through
_PROBE: Final = bytes(64 * 1024)  # as much as SQLite writes beside the file to open it

_BUSY: Final = frozenset({sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED, sqlite3.SQLITE_PROTOCOL})
_DAMAGED: Final = frozenset({sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB})
_DISK: Final = frozenset({
    sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR, sqlite3.SQLITE_CANTOPEN,
    sqlite3.SQLITE_READONLY, sqlite3.SQLITE_PERM, sqlite3.SQLITE_NOLFS,
})  # fmt: skip


def fault_of(error: Exception, path: Path) -> Exception:
    """The error in our words; itself where it is none of the disk, the file or other writers."""
    if isinstance(error, UnicodeDecodeError | OverflowError):
        return BackendDamaged(str(path), f"a value in it is none of ours: {error}")
    code = getattr(error, "sqlite_errorcode", sqlite3.SQLITE_ERROR) & 0xFF
    where = str(path)
    if code in _BUSY:
        return BackendBusy(
            f"another process has been writing to {where!r} for over {BUSY_SECONDS:.0f} s "
            f"({error}); wait for it to finish, then run this again"
        )
    if code in _DAMAGED or _lacks_what_all_have(error):
        return BackendDamaged(where, str(error))
    if code in _DISK:
        return _of_the_disk(error, code, path)
    return error


def _of_the_disk(error: Exception, code: int, path: Path) -> BackendError:
    """SQLite says that it failed; the system says why when the same is asked of it."""
    fault = _asked_of_the_system(path)
    if fault is None and code == sqlite3.SQLITE_FULL:
        fault = OSError(errno.ENOSPC, str(error), str(path))
    if fault is None:
        fault = OSError(errno.EROFS if code == sqlite3.SQLITE_READONLY else errno.EIO, str(error))
    fault.filename = str(path)
    text = f"{told(fault)}, then run this again; {SAFE}"
    if fault.errno in FULL:
        return BackendFull(text)
    if fault.errno in (errno.EROFS, errno.EACCES, errno.EPERM):
        return BackendReadOnly(f"{text} (even to read it, SQLite writes beside the file)")
    return BackendError(text)


def _asked_of_the_system(path: Path) -> OSError | None:
    try:
        if path.exists():
            os.close(os.open(path, os.O_RDWR))
        with tempfile.TemporaryFile(dir=path.parent) as beside:
            beside.write(_PROBE)
            beside.flush()
            os.fsync(beside.fileno())
    except OSError as error:
        return error
    return None


def _lacks_what_all_have(error: Exception) -> bool:
    """A table or column that every index has is gone, or a text is none: pages were changed."""
    return isinstance(error, sqlite3.OperationalError) and str(error).startswith(_CHANGED)


P = ParamSpec("P")
T = TypeVar("T")


def _telling(method: Callable[Concatenate[Any, P], T]) -> Callable[Concatenate[Any, P], T]:
    """A method of a cursor that raises faults in our words."""

    def told_of(cursor: Any, /, *args: P.args, **kwargs: P.kwargs) -> T:
        try:
            return method(cursor, *args, **kwargs)
        except _RAISED as error:
            raise cursor.connection.fault(error) from error

    return told_of


class _Cursor(sqlite3.Cursor):
    """A cursor that raises faults in our words."""

    connection: _Connection
    execute = _telling(sqlite3.Cursor.execute)
    executemany = _telling(sqlite3.Cursor.executemany)
    fetchone = _telling(sqlite3.Cursor.fetchone)
    fetchmany = _telling(sqlite3.Cursor.fetchmany)
    fetchall = _telling(sqlite3.Cursor.fetchall)

    def __iter__(self) -> Iterator[Any]:  # type: ignore[override]
        # A call of ours for each row would take longer than SQLite takes for a short one.
        while rows := self.fetchmany(ROWS_AHEAD):
            yield from rows


class _Connection(sqlite3.Connection):
    """A connection whose cursors know the file."""

    path: Path

    def execute(self, sql: str, parameters: Any = ()) -> sqlite3.Cursor:
        cursor: sqlite3.Cursor = self.cursor(_Cursor).execute(sql, parameters)
        return cursor

    def executemany(self, sql: str, parameters: Iterable[Any]) -> sqlite3.Cursor:
        cursor: sqlite3.Cursor = self.cursor(_Cursor).executemany(sql, parameters)
        return cursor

    def fault(self, error: Exception) -> Exception:
        return fault_of(error, self.path)


def connected(path: Path) -> sqlite3.Connection:
    """
    A connection to a database file, made where it is not there.

    Raises:
        BackendError: of one of its kinds, as from everything that the connection is asked.
    """
    try:
        made = sqlite3.connect(
            path,
            timeout=BUSY_SECONDS,
            isolation_level=None,
            check_same_thread=False,
            factory=_Connection,
        )
    except sqlite3.Error as error:
        raise fault_of(error, path) from error
    made.path = path
    return made
