"""The embedded engine: everything that `contract.Engine` promises, over one database file."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from pathlib import Path

from indexer.index.contract import Check
from indexer.index.embedded.build import EmbeddedBuild, roll_back
from indexer.index.embedded.collection import EmbeddedCollection
from indexer.index.embedded.database import Database
from indexer.index.embedded.index import EmbeddedIndex
from indexer.index.embedded.visible import DRAWN
from indexer.keys import version as keys_version
from indexer.keys.signatures import take_drawn


class EmbeddedEngine(EmbeddedIndex, EmbeddedCollection):
    """A folder on disk: one writer at a time and many readers, in other processes too."""

    whole_from = 0.3  # 0.4 ms of CPU a record as a whole, 1 to 3 where it is asked for

    def __init__(self, location: str, *, create: bool = True) -> None:
        self.location = location
        self._database = Database(Path(location), create=create)
        take_drawn(self._database.meta(DRAWN))
        self._open = True

    @property
    def connection(self) -> sqlite3.Connection:
        """The connection that writes, for what stores rows as they were."""
        return self._database.connection

    def drift(self) -> tuple[str, ...]:
        """What this release makes otherwise than it was made here."""
        made_with, wanted = self._database.made_with(), keys_version()
        return () if made_with == wanted else (f"keys: {made_with} -> {wanted}",)

    def unfinished_build(self) -> EmbeddedBuild | None:
        """The build that this release began and nobody has put in use."""
        return EmbeddedBuild.unfinished(self._database, self)

    def begin_build(self) -> EmbeddedBuild:
        """The unfinished build of new keys, or a new one."""
        return EmbeddedBuild.begin(self._database, self)

    def roll_back(self) -> str:
        """Go back to the keys that the last swap replaced."""
        return roll_back(self._database)

    def checks(self) -> Iterator[Check]:
        """Nothing: the file and its disk are looked at by whoever knows the folder."""
        return iter(())

    def close(self) -> None:
        """Close the database; a second call does nothing."""
        if self._open:
            self._open = False
            self._database.close()
