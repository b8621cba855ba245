"""Reading files under a progress bar: rows, and how much of the files is read."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from detector.commands.terminal import Stages
    from indexer.feeds.files import ReadSettings
    from indexer.ingest import Row


class BytesRead:
    """How many of the files' bytes are read; standard input has no size and is not counted."""

    def __init__(self, files: Iterable[str]) -> None:
        from indexer.feeds.files import files_under

        self._done = 0
        self._total = sum(os.path.getsize(file) for file in files_under(files) if file != "-")

    def settings(self) -> ReadSettings:
        """Settings of reading that keep this count."""
        from indexer.feeds.files import ReadSettings

        return ReadSettings(on_packed_bytes=self._add)

    def share(self) -> float:
        """Of all bytes, 0 where that is not known."""
        return min(1.0, self._done / self._total) if self._total else 0.0

    def _add(self, more: int) -> None:
        self._done += more


def counted(rows: Iterable[Row], stages: Stages, stage: str) -> Iterator[Row]:
    """The rows, each told to the progress."""
    for row in rows:
        yield row
        stages(stage, 1)
