"""The embedded engine: an `Index` and a `Collection` over one database file."""

from __future__ import annotations

from pathlib import Path

from indexer.backends.embedded.collection import EmbeddedCollection
from indexer.backends.embedded.database import Database
from indexer.backends.embedded.index import EmbeddedIndex


class EmbeddedEngine(EmbeddedIndex, EmbeddedCollection):
    """A folder on disk: one writer at a time and many readers, in other processes too."""

    def __init__(self, location: str, *, create: bool = True) -> None:
        self.location = location
        self._database = Database(Path(location), create=create)
        self._open = True

    def close(self) -> None:
        """Close the database; a second call does nothing."""
        if self._open:
            self._open = False
            self._database.close()
