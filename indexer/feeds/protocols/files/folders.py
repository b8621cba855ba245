"""
Folders: dumps laid down on disk, and folders that somebody drops files into.

    a folder  ->  its files in order, those not read yet  ->  Iterator[Page]

The cursor holds what was read of which file, so that a later harvest reads only
new and changed files; a file that is still being written waits for the next one.
What is particular to a dump (which files, in which order, how it proves that it
is whole, how it says that records merged) is a `DumpLayout` in `sources/`.
"""

from __future__ import annotations

import re
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final, Protocol

from indexer.errors import FeedError, FeedUnavailable
from indexer.feeds.protocols.files.file_pages import FilePage, file_pages
from indexer.feeds.protocols.pages import Cursor, Page, Window
from indexer.records import Record, Rejected, record_id_of

SETTLED: Final = 5.0  # seconds without a change after which a file counts as written
_NUMBER: Final = re.compile(r"(\d+)")


@dataclass(frozen=True, slots=True)
class DumpFile:
    """One file of a dump."""

    name: str  # relative to the folder; part of the cursor
    path: Path
    rows: int | None = None  # as the dump's own list says
    size: int | None = None  # bytes, likewise
    merges: bool = False  # a table of merged ids, not of records


class DumpLayout(Protocol):
    """How a dump is laid out."""

    def files(self, folder: Path) -> list[DumpFile]:
        """The dump's files in the order in which they apply; raises FeedError if one lacks."""
        ...

    def state(self, folder: Path) -> str:
        """Something that changes when the dump is replaced while it is being read."""
        ...

    def merged(self, file: DumpFile) -> Iterator[Record]:
        """The tombstones of a table of merged ids."""
        ...


class AnyFiles:
    """A watched folder: every file, in the order of names, numbers counted as numbers."""

    def files(self, folder: Path) -> list[DumpFile]:
        """All files below *folder* but hidden ones and parts of downloads."""
        files = [path for path in folder.rglob("*") if path.is_file() and _visible(path, folder)]
        names = {path.relative_to(folder).as_posix(): path for path in files}
        return [DumpFile(name, names[name]) for name in sorted(names, key=natural)]

    def state(self, folder: Path) -> str:
        """Nothing: files come and go in a watched folder, each is read by itself."""
        return ""

    def merged(self, file: DumpFile) -> Iterator[Record]:
        """No tables of merges."""
        return iter(())


class FolderReader:
    """Reads the files of one folder."""

    def __init__(
        self,
        source: str,
        folder: Path,
        layout: DumpLayout | None = None,
        settled: float = SETTLED,
        whole: bool = False,
    ) -> None:
        """
        Args:
            source: of records whose format names none; "" is the file's name.
            whole: the folder holds all there is, so that what it lacks is gone.
        """
        self.source = source
        self.folder = folder
        self.layout: DumpLayout = layout or AnyFiles()
        self.settled = settled
        self.whole = whole

    def pages(self, cursor: Cursor | None, window: Window) -> Iterator[Page]:
        """Every row of every new or changed file; the window is not used."""
        if not self.folder.is_dir():
            raise FeedUnavailable(f"there is no folder {str(self.folder)!r}; mount or create it")
        begun = dict((cursor or {}).get("begun", {}))
        before = self.layout.state(self.folder)
        files = self.layout.files(self.folder)
        known: dict[str, str] = dict((cursor or {}).get("done", {}))
        done = {file.name: known[file.name] for file in files if file.name in known}
        read = expected = 0
        young: list[str] = []
        for file in files:
            stamp = _stamp(file.path)
            if not stamp or done.get(file.name) == stamp:
                continue
            if not self._is_settled(file.path):
                young.append(file.name)
                continue
            same = (begun.get("file"), begun.get("stamp")) == (file.name, stamp)
            skip = begun["rows"] if same else 0
            for part in self._parts(file, skip):
                if part.ended and part.readable and _stamp(file.path) == stamp:
                    done[file.name] = stamp
                partly = {"file": file.name, "stamp": stamp, "rows": part.rows}
                state = _cursor(done, {} if part.ended else partly)
                read += part.brought
                yield self._page(part, state, file.name, read)
            expected += (file.rows if file.rows is not None else part.rows) - skip
        if self.layout.state(self.folder) != before:
            raise FeedError(
                f"{self.folder} was replaced while it was read; harvest it again to have it whole"
            )
        yield Page(
            _cursor(done, {}),
            complete_size=expected,
            read=read,
            at=str(self.folder),
            last=True,
            note=self._waiting(young),
        )

    def identifiers(self, window: Window) -> Iterator[str]:
        """Every source id of a whole dump: a record that it lacks was withdrawn."""
        if not self.whole:
            raise FeedError(
                f"{self.folder} is not known to hold all there is; set whole = true for the feed "
                "if it does, or leave --sweep out"
            )
        for file in self.layout.files(self.folder):
            for part in self._parts(file, 0):
                if part.fault:
                    raise FeedError(f"{file.name} is not whole: {part.fault}")
                yield from (record.source_id for record in part.records)

    def _parts(self, file: DumpFile, skip: int) -> Iterator[FilePage]:
        if file.merges:
            gone = tuple(self.layout.merged(file))
            yield FilePage((), gone, (), len(gone), ended=True)
            return
        if file.size is not None and file.path.stat().st_size != file.size:
            raise FeedError(
                f"{file.path} has {file.path.stat().st_size} bytes, the dump's list says "
                f"{file.size}; fetch it again"
            )
        try:
            yield from file_pages(file.path, file.name, skip)
        except OSError as error:
            reason = f"the file cannot be read ({error.strerror or error}); it is tried again"
            wrong = Rejected(self.source or file.name, 0, 0, f"{file.name}: {reason}")
            yield FilePage((), (), (wrong,), skip + 1, ended=True, readable=False)

    def _page(self, part: FilePage, state: Cursor, name: str, read: int) -> Page:
        return Page(
            state,
            tuple(self._named(record, name) for record in part.records),
            tuple(self._named(record, name) for record in part.deleted),
            part.rejected,
            read=read,
            at=f"{self.folder}/{name}",
        )

    def _named(self, record: Record, name: str) -> Record:
        """The feed's name for the source, where the rows have none but the file's."""
        if not self.source or record.source != name.removesuffix(".gz").removesuffix(".zst"):
            return record
        own_id = record.record_id.removeprefix(f"{record.source}:")
        return replace(record, source=self.source, record_id=record_id_of(self.source, own_id))

    def _waiting(self, young: list[str]) -> str:
        """What to say of files that changed a moment ago."""
        if not young:
            return ""
        others = f" and {len(young) - 1} more" if len(young) > 1 else ""
        return (
            f"{young[0]}{others} changed less than {self.settled:g} s ago and may still be "
            "written: left for the next harvest (`settled` of the feed says how long a file rests)"
        )

    def _is_settled(self, path: Path) -> bool:
        return time.time() - path.stat().st_mtime >= self.settled


def natural(name: str) -> list[tuple[int, int | str]]:
    """A sort key that puts 2.json.gz before 10.json.gz."""
    return [(0, int(part)) if part.isdigit() else (1, part) for part in _NUMBER.split(name) if part]


def _visible(path: Path, folder: Path) -> bool:
    parts = path.relative_to(folder).parts
    return not any(part.startswith(".") for part in parts) and path.suffix != ".part"


def _stamp(path: Path) -> str:
    """What changes with a file; "" when it is gone since the folder was listed."""
    try:
        status = path.stat()
    except FileNotFoundError:
        return ""
    return f"{status.st_size}:{status.st_mtime_ns}"


def _cursor(done: Mapping[str, str], begun: Mapping[str, object]) -> Cursor:
    return {"done": dict(done)} | ({"begun": dict(begun)} if begun else {})
