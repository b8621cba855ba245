"""
Opened: an index that is open, whatever it is asked for.

    where  ->  Opened  ->  a detector over it, until it is closed

Does not: ask anything (`living.py` and `samework/index.py` do).
"""

from __future__ import annotations

import os
import shutil
import tempfile
import weakref
from pathlib import Path
from typing import TYPE_CHECKING, Self

from detector.decision.weights import Weights
from detector.detecting.pipeline import Detector
from detector.errors import Closed
from indexer.index.opening import open_engine

if TYPE_CHECKING:  # every format, whose readers a question in words does not need
    from indexer.feeds.formats.files_read import FilesRead
    from indexer.feeds.formats.in_memory import Records


class Opened:
    """An index that is open; one without a name is removed when it is closed."""

    def __init__(self, location: str | None, weights: Weights) -> None:
        self._own = Path(tempfile.mkdtemp(prefix="samework-"))
        self.location = location or str(self._own / "index")
        self._lasting = location is not None
        self._weights = weights
        self._open: list[Detector] = []
        self._end = weakref.finalize(self, _ended, self._open, self._own)

    def close(self) -> None:
        """Close the index; one of its own is removed."""
        self._end()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self.close()

    def __repr__(self) -> str:
        return f"<{type(self).__name__} at {self.location}>"

    def _check(self) -> None:
        if not self._end.alive:
            raise Closed(f"the index at {self.location}")

    def _folder(self) -> tempfile.TemporaryDirectory[str]:
        self._check()
        return tempfile.TemporaryDirectory(dir=self._own)

    def _files(self, records: Records, folder: Path) -> FilesRead:
        from indexer.feeds.formats.files_read import FilesRead  # every format: 0.2 s
        from indexer.feeds.formats.in_memory import files_of

        own = str(folder) + os.sep
        return FilesRead(files_of(records, folder), lambda file: file.removeprefix(own))

    def _detector(self, *, create: bool = False) -> Detector:
        """A detector; of a lasting index a new one, since other processes may change it."""
        self._check()
        if not self._open:
            engine = open_engine(self.location, create=create or not self._lasting)
            self._open.append(Detector(engine, self._weights))
        elif self._lasting:
            self._open[0] = Detector(self._open[0].engine, self._weights)
        return self._open[0]


def _ended(detectors: list[Detector], own: Path) -> None:
    for detector in detectors:
        detector.engine.close()
    detectors.clear()
    shutil.rmtree(own, ignore_errors=True)
