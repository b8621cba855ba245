"""
Bytes read: how much of some files is read, and what of them was no record.

    paths  ->  BytesRead  ->  settings of reading; share read, why no row was

Does not: read anything.
"""

from __future__ import annotations

import os
from collections.abc import Iterable

from indexer.feeds.reading.byte_account import ByteAccount
from indexer.feeds.reading.files import ReadSettings, files_under


class BytesRead:
    """How many of the files' bytes are read; standard input has no size and is not counted."""

    def __init__(self, files: Iterable[str]) -> None:
        self._done = 0
        self._files = list(files)
        self._accounts: dict[str, ByteAccount] = {}
        self._total = sum(os.path.getsize(file) for file in files_under(self._files) if file != "-")

    def settings(self) -> ReadSettings:
        """Settings of reading that keep this count."""
        return ReadSettings(on_packed_bytes=self._add, on_file_read=self._account)

    def share(self) -> float:
        """Of all bytes, 0 where that is not known."""
        return min(1.0, self._done / self._total) if self._total else 0.0

    def nothing(self) -> str:
        """Why no row was read, file by file, for a run that read none."""
        told = [
            f"{file}: nothing but {', '.join(account.no_record)}"
            for file, account in self._accounts.items()
            if account.no_record
        ]
        why = "; ".join(told) or f"{', '.join(self._files)}: empty"
        return f"no rows were read ({why}); expected records: export the search again"

    def no_record(self) -> dict[str, dict[str, int]]:
        """Bytes of each file that are no record, by what they are; files without any left out."""
        return {
            file: dict(account.no_record.most_common())
            for file, account in self._accounts.items()
            if account.no_record
        }

    def _account(self, file: str, account: ByteAccount) -> None:
        self._accounts[file] = account

    def _add(self, more: int) -> None:
        self._done += more
