"""
Downloads: sources that publish changes as a series of files on a server.

    the source's list of files  ->  those behind the cursor, in order  ->  Iterator[Page]

Each file is fetched whole into a spool folder, checked, read, and removed once its
last page was handed on. The cursor is the last file that was read to its end and
the rows read of the next. How a source lists its files is in `sources/changes.py`.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final, Protocol

from indexer.errors import FeedUnavailable
from indexer.feeds.protocols.files.file_pages import FilePage, file_pages
from indexer.feeds.protocols.pages import Cursor, Page, Window
from indexer.feeds.reading.tombstones import tombstone
from indexer.feeds.transport.http import HttpClient

_MD5: Final = re.compile(r"\b([0-9a-f]{32})\b")


@dataclass(frozen=True, slots=True)
class RemoteFile:
    """One file of a series."""

    name: str  # unique in the series; later files apply later
    url: str
    rows: int | None = None  # as the list says
    md5_url: str = ""  # a small file that holds its checksum
    deletes: bool = False  # its rows name what is gone, whatever else they say


class Series(Protocol):
    """How a source lists its files of changes."""

    @property
    def source(self) -> str:
        """The source of the records."""
        ...

    def files(self, client: HttpClient, after: str, window: Window) -> list[RemoteFile]:
        """The files behind the one named *after* ("": from the beginning), oldest first."""
        ...


class DownloadReader:
    """Reads a series of files."""

    def __init__(self, client: HttpClient, series: Series, spool: Path) -> None:
        self.client = client
        self.series = series
        self.spool = spool

    def pages(self, cursor: Cursor | None, window: Window) -> Iterator[Page]:
        """Every row of every file behind the cursor; see `pages.Reader`."""
        after = str((cursor or {}).get("after", ""))
        begun = dict((cursor or {}).get("begun", {}))
        self.spool.mkdir(parents=True, exist_ok=True)
        read = expected = 0
        for file in self.series.files(self.client, after, window):
            skip = begun.get("rows", 0) if begun.get("file") == file.name else 0
            path = self._fetched(file)
            for part in file_pages(path, file.name, skip):
                if part.fault:
                    path.unlink(missing_ok=True)
                    raise FeedUnavailable(f"{file.name} is damaged: {part.fault}")
                if part.ended:
                    after = file.name
                read += part.brought
                yield self._page(part, file, _cursor(after, file, part), read)
            expected += (file.rows if file.rows is not None else part.rows) - skip
            path.unlink(missing_ok=True)
        final = {"after": after} if after else {}
        yield Page(final, complete_size=expected, read=read, at=self.series.source, last=True)

    def _fetched(self, file: RemoteFile) -> Path:
        path = self.spool / file.name.replace("/", "_")
        for _ in range(2):
            if not path.exists():
                self.client.download(file.url, path)
            if not file.md5_url or _md5(path) == self._stated_md5(file.md5_url):
                return path
            path.unlink()
        raise FeedUnavailable(f"{file.name} came twice with another checksum than is stated")

    def _stated_md5(self, url: str) -> str:
        match = _MD5.search(self.client.get(url).body.decode("ascii", "replace"))
        return match[1] if match else ""

    def _page(self, part: FilePage, file: RemoteFile, state: Cursor, read: int) -> Page:
        records, deleted = part.records, part.deleted
        if file.deletes:
            gone = (*records, *deleted)
            records = ()
            deleted = tuple(tombstone(r.source, r.source_id, r.updated) for r in gone)
        source = self.series.source
        rejected = tuple(
            replace(row, file=source, reason=f"{row.reason} (in {row.file})")
            for row in part.rejected
        )
        return Page(state, records, deleted, rejected, read=read, at=file.name)


def _cursor(after: str, file: RemoteFile, part: FilePage) -> Cursor:
    begun: Mapping[str, object] = {} if part.ended else {"file": file.name, "rows": part.rows}
    return ({"after": after} if after else {}) | ({"begun": begun} if begun else {})


def _md5(path: Path) -> str:
    with open(path, "rb") as file:
        return hashlib.file_digest(file, lambda: hashlib.md5(usedforsecurity=False)).hexdigest()
