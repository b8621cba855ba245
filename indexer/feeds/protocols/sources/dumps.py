"""
Dumps: how OpenAlex's snapshot and the other bulk files are laid out on disk.

    folder  ->  files in the order in which they apply  ->  folders.FolderReader
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import orjson

from indexer.errors import FeedError
from indexer.feeds.formats.shapes.values import branch, objects, text
from indexer.feeds.protocols.cursor_api import count_of
from indexer.feeds.protocols.files.folders import AnyFiles, DumpFile
from indexer.feeds.reading.files import ReadSettings, opened
from indexer.feeds.reading.tombstones import tombstone
from indexer.records import Record

SOURCE: Final = "openalex"


class OpenAlexSnapshot:
    """
    data/works/manifest, data/works/updated_date=…/part_….gz, data/merged_ids/works/….csv.gz

    The manifest says how many bytes and works each part has; if it differs after
    the reading, the parts may belong to two snapshots. Parts apply in the order of
    their update dates, merges last.
    """

    def files(self, folder: Path) -> list[DumpFile]:
        """The parts that the manifest lists, then the tables of merged works."""
        root = _data(folder)
        parts = [self._part(root, entry) for entry in _entries(root / "works" / "manifest")]
        parts.sort(key=lambda part: part.name)
        tables = sorted((root / "merged_ids" / "works").glob("*.csv*"))
        return parts + [
            DumpFile(f"merged_ids/works/{path.name}", path, merges=True) for path in tables
        ]

    def state(self, folder: Path) -> str:
        """The manifest as it stands."""
        return (_data(folder) / "works" / "manifest").read_text("utf-8")

    def merged(self, file: DumpFile) -> Iterator[Record]:
        """A tombstone for every work that went into another."""
        with opened(str(file.path), ReadSettings()) as stream:
            plain = b"".join(iter(stream.read, b""))
        if stream.fault:
            raise FeedError(f"{file.path} is damaged: {stream.fault}")
        for row in csv.DictReader(io.StringIO(plain.decode("utf-8"))):
            if row.get("id") and row.get("merge_into_id"):
                merged_into = row["merge_into_id"]
                yield tombstone(SOURCE, row["id"], row.get("merge_date") or "", merged_into)

    def _part(self, root: Path, entry: dict[str, Any]) -> DumpFile:
        url, meta = text(entry.get("url")), branch(entry, "meta")
        name = url.rpartition("/works/")[2]
        path = root / "works" / name
        if not name or ".." in Path(name).parts or not path.is_file():
            raise FeedError(f"the manifest lists {url!r}, but {path} is not there; fetch it")
        rows, size = count_of(meta.get("record_count")), count_of(meta.get("content_length"))
        return DumpFile(f"works/{name}", path, rows, size)


class NumberedFiles(AnyFiles):
    """Crossref's public data, fatcat's and Unpaywall's dumps, PubMed's baseline: by number."""

    def __init__(self, *endings: str) -> None:
        self.endings = endings

    def files(self, folder: Path) -> list[DumpFile]:
        """The files with one of the endings."""
        return [file for file in super().files(folder) if file.name.endswith(self.endings)]


def _data(folder: Path) -> Path:
    """The folder that holds works/, whether *folder* is the bucket's copy or its data/."""
    return folder / "data" if (folder / "data" / "works").is_dir() else folder


def _entries(manifest: Path) -> list[dict[str, Any]]:
    try:
        plain = orjson.loads(manifest.read_bytes())
    except (OSError, orjson.JSONDecodeError) as error:
        raise FeedError(f"{manifest} cannot be read: {error}; fetch the snapshot again") from None
    return [dict(entry) for entry in objects(plain.get("entries"))]
