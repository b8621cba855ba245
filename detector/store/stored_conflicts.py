"""
Stored conflicts: what would bridge two records that a person judged not the same.

    Conflict  ->  a document of its left record  ->  the queue of what a person should see

Kept true whenever works are formed: those of the records concerned are replaced. Does not: find
them (`detector/works/joining/tied.py` does).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import asdict
from typing import Any, Final

import orjson

from detector.works.joining.tied import Conflict
from indexer.index.contract import Collection

CONFLICT: Final = "conflict"


class StoredConflicts:
    """The conflicts of a collection."""

    collection: Collection

    def conflicts(self, record_ids: Iterable[str] | None = None) -> list[Conflict]:
        """All of them, or those whose first record is among these."""
        if record_ids is None:
            stored = [document for _, document in self.collection.documents(CONFLICT)]
        else:
            stored = list(self.collection.read(CONFLICT, sorted(set(record_ids))).values())
        return [conflict for document in stored for conflict in _conflicts(document.body)]

    def store_conflicts(self, conflicts: Iterable[Conflict], concerned: Iterable[str]) -> None:
        """Make these all conflicts of the records concerned."""
        by_record: dict[str, list[dict[str, Any]]] = {}
        for conflict in conflicts:
            by_record.setdefault(conflict.left, []).append(asdict(conflict))
        before = self.collection.read(CONFLICT, sorted(concerned))
        bodies = {name: orjson.dumps(about) for name, about in by_record.items()}
        self.collection.write(CONFLICT, bodies)
        self.collection.remove(CONFLICT, before.keys() - bodies.keys())

    def replace_conflicts(self, conflicts: Iterable[Conflict]) -> None:
        """Make these all conflicts of the collection."""
        self.store_conflicts(conflicts, [name for name, _ in self.collection.documents(CONFLICT)])


def _conflicts(stored: bytes) -> Iterator[Conflict]:
    for plain in orjson.loads(stored):
        yield Conflict(**{**plain, "bridge": tuple(plain["bridge"]), "path": tuple(plain["path"])})
