"""
Files read: the rows of some files, and how far their reading is.

    paths  ->  FilesRead  ->  rows; share of bytes read, why no row was, what was no record

Does not: read a format (`formats` does).
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from typing import Final

from indexer.feeds.formats import read_files
from indexer.feeds.reading.byte_account import ByteAccount
from indexer.feeds.reading.files import ReadSettings, files_under
from indexer.feeds.reading.rows import Row

NAMED: Final = 3  # files


class FilesRead:
    """
    One reading of files; standard input has no size and counts for no share.

    `shown` gives what a file is called in rows and accounts; `named` are the paths given.
    """

    def __init__(self, files: Iterable[str], shown: Callable[[str], str] = str) -> None:
        self._shown = shown
        self._paths: dict[str, str] = {}  # by what a file is called, where that is not its path
        self._done = 0
        self.named = list(files)
        self._accounts: dict[str, ByteAccount] = {}
        self._total = sum(os.path.getsize(file) for file in files_under(self.named) if file != "-")

    @property
    def called(self) -> str:
        """What the files are called, for people; of many the first."""
        names = list(map(self._shown, self.named))
        more = f"and {len(names) - NAMED:,} more"
        return " ".join(names if len(names) <= NAMED else [*names[:NAMED], more])

    def rows(self, progress: Callable[[int, float], object] | None = None) -> Iterator[Row]:
        """Every row, told to the progress with the share of all that is read."""
        settings = ReadSettings(on_packed_bytes=self._add, on_file_read=self._account)
        for row in read_files(self.named, settings):
            shown = self._shown(row.file)
            if shown != row.file:
                self._paths[shown] = row.file
                row = replace(row, file=shown)
            yield row
            if progress:
                progress(1, self.share())

    def path_of(self, row: Row) -> str:
        """The file that a row was read from, whatever it is called."""
        return self._paths.get(row.file, row.file)

    def share(self) -> float:
        """Of all bytes, 0 where that is not known."""
        return min(1.0, self._done / self._total) if self._total else 0.0

    def nothing(self) -> str:
        """Why no row was read, file by file, for a run that read none."""
        told = [
            f"{self._shown(file)}: nothing but {', '.join(account.no_record)}"
            for file, account in self._accounts.items()
            if account.no_record
        ]
        why = "; ".join(told) or f"{', '.join(map(self._shown, self.named))}: empty"
        return f"no rows were read ({why}); expected records: export the search again"

    def no_record(self) -> dict[str, dict[str, int]]:
        """Bytes of each file that are no record, by what they are; files without any left out."""
        return {
            self._shown(file): dict(account.no_record.most_common())
            for file, account in self._accounts.items()
            if account.no_record
        }

    def _account(self, file: str, account: ByteAccount) -> None:
        self._accounts[file] = account

    def _add(self, more: int) -> None:
        self._done += more
