"""
An answer folder: it holds one whole answer at any moment, the new one or the one before.

    AnswerFolder(out)  ->  new/, written beside  ->  swap  ->  out/

A run writes into a folder of its own inside the hidden OUT/.samework-answer and its
files take the place of the last answer's at the end. A manifest there says which files
are ours; everything else in the folder is somebody's and stays. A run that was killed
leaves the last answer; one killed amid the swap is finished by the next.

Does not: know what an answer consists of (`answer.py` does).
"""

from __future__ import annotations

import os
import shutil
import sqlite3
import sys
from collections.abc import Iterable, Sequence
from contextlib import closing, suppress
from pathlib import Path
from typing import Final

from detector.errors import OutputError
from detector.judgements.judgement_memory import JUDGEMENTS_FILE
from detector.reports.folder.earlier_answer import READY, SHEET
from detector.reports.folder.manifest import (
    HIDDEN,
    MANIFEST,
    SET_ASIDE,
    Manifest,
    Stamp,
    names_below,
)
from indexer.running.crash_points import reached

INDEX: Final = "index/samework.sqlite"
GROWING: Final = frozenset({JUDGEMENTS_FILE})  # a new one holds what the old one held
_SIDECARS: Final = ("-wal", "-shm")
ANYTHING: Final = "*"  # ends a name of which only the beginning is known


class AnswerFolder:
    """A context in which one run, and no other, may put its answer into a folder."""

    def __init__(self, out: Path) -> None:
        self.out = out
        self.notes: list[str] = []  # what a person should know of what happened here
        self._hidden = out / HIDDEN
        self._next = self._hidden / "next"  # of a run that goes on, or was killed
        self._ready = self._hidden / READY  # whole; its being there is the decision to swap
        self._manifest = self._hidden / MANIFEST
        self._lock: int | None = None
        self._made = False
        self.before = Manifest()
        self._taken: dict[str, Stamp] = {}

    @property
    def new(self) -> Path:
        """Where the run writes."""
        return self._next / "files"

    def __enter__(self) -> AnswerFolder:
        if self.out.exists() and not self.out.is_dir():
            raise OutputError(str(self.out), "is a file, expected a folder")
        self._made = not self.out.exists()
        self._hidden.mkdir(parents=True, exist_ok=True)
        self._lock = _locked(self._hidden / "lock", self.out)
        try:
            self._enter()
        except BaseException:
            self._leave()
            raise
        return self

    def _enter(self) -> None:
        if self._ready.exists():
            self._finish()
            self.notes.append(f"{self.out}: the answer of an interrupted run was put in place")
        if self._next.exists():
            shutil.rmtree(self._next)
        self.before = Manifest.read(self._manifest)
        self.new.mkdir(parents=True)

    def __exit__(self, kind: object, error: object, trace: object) -> None:
        self._leave()

    def _leave(self) -> None:
        """Leave nothing of a run that did not end, not even an empty folder."""
        shutil.rmtree(self._next, ignore_errors=True)
        if not self._manifest.exists() and not self._ready.exists():
            shutil.rmtree(self._hidden, ignore_errors=True)
            if self._made:
                with suppress(OSError):  # somebody put something there
                    self.out.rmdir()
        if self._lock is not None:
            os.close(self._lock)

    def claim(self, names: Sequence[str], files: Iterable[str]) -> None:
        """
        Make sure that a run may write these names, and that it reads none of what it replaces.

        Args:
            names: what the run may write; one that ends in "*" stands for all that begin so.
            files: what it reads.

        Raises:
            OutputError: a file that is read would be replaced, or one that is not ours stands
                where the run would write.
        """
        standing = sorted({*self._standing(names), *self._standing(self.before.files)})
        self._refuse_inputs(standing, files)
        for name in standing:
            stamp = self.before.files.get(name)
            if name in GROWING or (name == SHEET and stamp):
                continue
            if stamp is None:
                raise OutputError(str(self.out / name), _NOT_OURS)
            if not self._unchanged(name):
                if not _meant(name, names):
                    self.notes.append(f"{self.out / name} was changed by somebody and stays")
                    continue
                raise OutputError(str(self.out / name), _CHANGED)

    def changed(self, name: str) -> bool:
        """Whether a file that we wrote is there, and another than we wrote."""
        there = name in self.before.files and (self.out / name).is_file()
        return there and not self._unchanged(name)

    def take(self, name: str) -> None:
        """Count a file that people changed as ours, as it is now: what they did there is taken."""
        self._taken[name] = Stamp.of(self.out / name)

    def _unchanged(self, name: str) -> bool:
        path, stamp = self.out / name, self._taken.get(name) or self.before.files.get(name)
        if stamp is not None and name == INDEX:
            _fold_in_log(path)
        return stamp is not None and stamp.fits(path)

    def _standing(self, names: Iterable[str]) -> list[str]:
        """The names that exist, and files or links that stand where their folders would."""
        standing: list[str] = []
        for name in names:
            parts = name.split("/")
            for depth in range(1, len(parts)):
                folder = self.out.joinpath(*parts[:depth])
                if folder.is_symlink() or (folder.exists() and not folder.is_dir()):
                    standing.append("/".join(parts[:depth]))
            if name.endswith(ANYTHING):
                folder, start = self.out.joinpath(*parts[:-1]), parts[-1].removesuffix(ANYTHING)
                there = os.listdir(folder) if folder.is_dir() else []
                standing += [
                    "/".join((*parts[:-1], entry)) for entry in there if entry.startswith(start)
                ]
            elif os.path.lexists(self.out / name):
                standing.append(name)
        return standing

    def _refuse_inputs(self, standing: Iterable[str], files: Iterable[str]) -> None:
        ours = {identity: name for name in standing if (identity := _identity(self.out / name))}
        for file in files:
            name = ours.get(_identity(Path(file)) or (0, 0))
            if name is not None:
                raise OutputError(file, _IS_READ.format(name=name, out=self.out))

    def swap(self) -> None:
        """
        Put what was written into the place of the last answer. Close its index before.

        A file that somebody changed or made there meanwhile is kept beside, and noted.
        """
        reached("within-answer")
        _fold_in_log(self.new / INDEX)
        Manifest.of(self.new).write(self._next / MANIFEST)
        for name in (MANIFEST, *(f"files/{name_below}" for name_below in names_below(self.new))):
            _to_disk(self._next / name)
        reached("after-answer")
        os.replace(self._next, self._ready)
        self._finish()

    def _finish(self) -> None:
        """Swap name by name; killed anywhere, it is called again and goes on."""
        self.before = Manifest.read(self._manifest)
        after = Manifest.read(self._ready / MANIFEST)
        files = self._ready / "files"
        for name in sorted(names_below(files)):
            target = self.out / name
            if (
                os.path.lexists(target)
                and not self._unchanged(name)
                and not _grown(files / name, target)
            ):
                self._set_aside(target)
            if name == INDEX:
                for sidecar in _SIDECARS:
                    Path(f"{target}{sidecar}").unlink(missing_ok=True)
            target.parent.mkdir(parents=True, exist_ok=True)
            os.replace(files / name, target)
            reached("within-swap")
        for name in self.before.files:
            if name not in after.files and name not in GROWING and os.path.lexists(self.out / name):
                self._remove(name)
        os.replace(self._ready / MANIFEST, self._manifest)
        shutil.rmtree(self._ready)

    def _remove(self, name: str) -> None:
        """Remove an old part that the new answer does not have, and folders that it empties."""
        path = self.out / name
        if name == SHEET and not self._unchanged(name):
            self._set_aside(path)
        elif self._unchanged(name):
            path.unlink()
            for parent in list(path.relative_to(self.out).parents)[:-1]:
                with suppress(OSError):  # it holds something that is not ours
                    (self.out / parent).rmdir()

    def _set_aside(self, path: Path) -> None:
        number = 1
        while os.path.lexists(
            aside := path.with_name(f"{path.stem}{SET_ASIDE}{number}{path.suffix}")
        ):
            number += 1
        os.replace(path, aside)
        self.notes.append(f"{path} was changed since samework wrote it; it is kept as {aside}")


_NOT_OURS: Final = (
    "is there and no manifest says that samework wrote it (releases without a manifest did not); "
    "nothing was changed: name another --out, or move it away"
)
_CHANGED: Final = (
    "was changed since samework wrote it, and this run would replace it; nothing was changed: "
    "name another --out, or move it away"
)
_IS_READ: Final = (
    "is read by this run, and as {name} of the answer in {out} would be replaced by it; nothing "
    "was changed: name another --out, or a copy of the file"
)


def _meant(name: str, names: Iterable[str]) -> bool:
    return any(
        name.startswith(claimed.removesuffix(ANYTHING))
        if claimed.endswith(ANYTHING)
        else name == claimed
        for claimed in names
    )


def _identity(path: Path) -> tuple[int, int] | None:
    """The device and inode of a file: the same for all spellings of its path."""
    try:
        status = path.stat()
    except OSError:
        return None
    return status.st_dev, status.st_ino


def _grown(new: Path, old: Path) -> bool:
    """Whether a growing file holds all that the one in its place holds."""
    return new.name in GROWING and new.read_bytes().startswith(old.read_bytes())


def _fold_in_log(index: Path) -> None:
    """Put SQLite's log into the database file, so that the file alone is the index."""
    if index.is_file() and any(Path(f"{index}{suffix}").exists() for suffix in _SIDECARS):
        with closing(sqlite3.connect(index)) as connection, suppress(sqlite3.DatabaseError):
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def _to_disk(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _locked(path: Path, out: Path) -> int:
    """Lock the file for this run; the system frees it when the process ends, however it ends."""
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o666)
    try:
        if sys.platform == "win32":
            import msvcrt  # on Windows only

            msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
        else:
            import fcntl  # not on Windows

            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except (BlockingIOError, PermissionError) as error:
        os.close(descriptor)
        advice = "wait for it to end, or name another --out"
        raise OutputError(str(out), f"is being written by another run; {advice}") from error
    except OSError:
        pass  # a file system without locks; the swap is safe without, two runs at once are not
    return descriptor
