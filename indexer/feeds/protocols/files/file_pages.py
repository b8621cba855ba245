"""
File pages: a file of any known format as pages of a few hundred rows.

    path, rows already read  ->  FilePage after FilePage

Shared by folders and downloads. A file that is cut short or damaged says so at
its end, in `fault`; the rows before are kept.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Final

from indexer.feeds.formats import read_stream
from indexer.feeds.protocols.pages import sorted_out
from indexer.feeds.reading.files import ReadSettings, opened
from indexer.records import Occurrence, Record, Rejected

ROWS: Final = 500


@dataclass(frozen=True, slots=True)
class FilePage:
    """Some rows of a file, in order."""

    records: tuple[Record, ...]
    deleted: tuple[Record, ...]
    rejected: tuple[Rejected, ...]
    rows: int  # of the file that were read so far, these included
    fault: str = ""  # why the file could not be read to its end; on its last page only
    ended: bool = False
    readable: bool = True  # not when the system refuses to hand the file out

    @property
    def brought(self) -> int:
        """How many rows this page has."""
        return len(self.records) + len(self.deleted) + len(self.rejected)


def file_pages(path: Path, name: str, skip: int = 0, size: int = ROWS) -> Iterator[FilePage]:
    """
    The rows of a file behind the first *skip*, the last page marked as ended.

    Args:
        name: what identities begin with where the rows have no source of their own.
    """
    settings = ReadSettings()
    unpacked = name.removesuffix(".gz").removesuffix(".zst")
    with opened(str(path), settings) as stream:
        rows = read_stream(stream, name, unpacked, settings)
        count = sum(1 for _ in islice(rows, skip))
        while True:
            chunk = list(islice(rows, size))
            count += len(chunk)
            ended = len(chunk) < size
            made = [row.record if isinstance(row, Occurrence) else row for row in chunk]
            yield FilePage(*sorted_out(made), count, stream.fault if ended else "", ended)
            if ended:
                return
