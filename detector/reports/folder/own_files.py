"""
Own files: what samework wrote into folders that somebody names as input.

    folders, files  ->  the same without the files that manifests in them name

`samework dedupe . --out answer` is run again, and `answer` lies in the folder: its files
are no records of the user's. Whoever names such a file itself gets it read.
"""

from __future__ import annotations

import glob
import os
from collections.abc import Iterable
from pathlib import Path

from detector.errors import OutputError
from detector.reports.folder.manifest import HIDDEN, MANIFEST, SET_ASIDE, Manifest
from indexer.feeds.reading.files import files_under


def without_own(paths: Iterable[str], notes: list[str]) -> list[str]:
    """
    The paths to read; a folder in which samework wrote is given as its other files.

    Raises:
        OutputError: nothing is left of a folder.
    """
    left_over: list[str] = []
    for path in paths:
        answers = _answers(path) if path != "-" and os.path.isdir(path) else []
        if not answers:
            left_over.append(path)
            continue
        own = {file for answer in answers for file in _own(answer)}
        files = files_under([path])
        left = [file for file in files if os.path.realpath(file) not in own]
        if len(left) < len(files):
            where = ", ".join(sorted(map(str, answers)))
            count = len(files) - len(left)
            notes.append(f"{count} files that samework wrote into {where} are not read")
        if not left:
            raise OutputError(path, "holds only what samework wrote; name the files to read")
        left_over += left
    return left_over


def _answers(path: str) -> list[Path]:
    """The folders at or below a path that samework wrote into."""
    return [
        Path(folder)
        for folder, folders, _ in os.walk(path)
        if HIDDEN in folders and (Path(folder) / HIDDEN / MANIFEST).exists()
    ]


def _own(answer: Path) -> set[str]:
    own: list[Path] = []
    for name in Manifest.read(answer / HIDDEN / MANIFEST).files:
        file = answer / name
        own += [file, *file.parent.glob(f"{glob.escape(file.stem)}{SET_ASIDE}[0-9]*")]
    return {os.path.realpath(path) for path in own}
