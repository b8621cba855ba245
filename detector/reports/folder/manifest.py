"""
Manifests: which files of a folder samework wrote, and as what.

    folder  ->  Manifest {name: Stamp}  ->  manifest.json  ->  is this file still ours?

A name is a path below the folder, parts joined by "/". A file is ours while it is as
it was written; one that somebody changed since is theirs. Does not: write, replace or
remove what it names (`answer_folder.py` does).
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import partial
from importlib.metadata import version
from pathlib import Path, PurePosixPath
from typing import Any, Final

import orjson

from detector.errors import OutputError

HIDDEN: Final = ".samework-answer"  # in a folder of samework's; holds its manifest
MANIFEST: Final = "manifest.json"
SET_ASIDE: Final = ".kept-"  # in the name of a file that was kept beside ours, before its number
LAYOUT: Final = 1
_AT_ONCE: Final = 4  # files hashed at a time


@dataclass(frozen=True, slots=True)
class Stamp:
    """What a file was when it was written."""

    size: int
    blake2b: str  # of its content

    @classmethod
    def of(cls, path: Path) -> Stamp:
        """The stamp of a file as it is now."""
        return cls(path.stat().st_size, _hash_of(path))

    def fits(self, path: Path) -> bool:
        """Whether a file is, to the byte, what was written; a link or a folder never is."""
        if path.is_symlink() or not path.is_file() or path.stat().st_size != self.size:
            return False
        return _hash_of(path) == self.blake2b


@dataclass(frozen=True, slots=True)
class Manifest:
    """The files of one answer."""

    files: Mapping[str, Stamp] = field(default_factory=dict)

    @classmethod
    def of(cls, folder: Path) -> Manifest:
        """
        A manifest of every file below a folder.

        Files are hashed side by side, the largest first: hashing lets other threads run, and
        a run over a million records leaves five gigabytes.
        """
        names = list(names_below(folder))
        paths = {name: folder / name for name in names}
        largest = sorted(names, key=lambda name: paths[name].stat().st_size, reverse=True)
        with ThreadPoolExecutor(_AT_ONCE) as threads:
            stamps = dict(
                zip(largest, threads.map(Stamp.of, (paths[name] for name in largest)), strict=True)
            )
        return cls({name: stamps[name] for name in names})

    @classmethod
    def read(cls, path: Path) -> Manifest:
        """
        The manifest stored in a file; an empty one where there is none.

        Raises:
            OutputError: it is no manifest, or one that a later release wrote.
        """
        try:
            plain = orjson.loads(path.read_bytes())
        except FileNotFoundError:
            return cls()
        except (OSError, ValueError) as error:
            raise _unreadable(path, str(error)) from error
        try:
            if plain["layout"] != LAYOUT:
                raise _unreadable(path, f"it has layout {plain['layout']!r}, expected {LAYOUT}")
            return cls({_below(name): Stamp(**stamp) for name, stamp in plain["files"].items()})
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            raise _unreadable(path, f"{type(error).__name__}: {error}") from error

    def write(self, path: Path) -> None:
        """Store it."""
        files: dict[str, Any] = {
            name: {"size": stamp.size, "blake2b": stamp.blake2b}
            for name, stamp in sorted(self.files.items())
        }
        plain = {"layout": LAYOUT, "samework": version("samework"), "files": files}
        path.write_bytes(orjson.dumps(plain, option=orjson.OPT_INDENT_2))


def names_below(folder: Path) -> Iterator[str]:
    """The names of all files below a folder."""
    for where, _, names in os.walk(folder):
        for name in sorted(names):
            yield (Path(where) / name).relative_to(folder).as_posix()


def _below(name: str) -> str:
    """The name, where it stays below its folder: a manifest may come from anywhere."""
    path = PurePosixPath(name)
    if path.is_absolute() or ".." in path.parts or not path.parts or "\\" in name:
        raise ValueError(f"{name!r} is outside the folder")
    return path.as_posix()


def _unreadable(path: Path, fault: str) -> OutputError:
    return OutputError(str(path), f"cannot be read as a manifest ({fault}); name another --out")


def _hash_of(path: Path) -> str:
    with path.open("rb", buffering=0) as file:
        return hashlib.file_digest(file, partial(hashlib.blake2b, digest_size=32)).hexdigest()
