"""
Stored epoch: what was learnt from a collection, stored in it.

    Epoch  ->  parts in one of two slots, then a mark that names the slot  ->  Epoch

Whoever reads finds one epoch or the other, never half of one, on engines without
transactions too. In parts, since an engine limits the size of a document (OpenSearch takes
100 MB) and an epoch has some ten bytes a record. Does not: learn (`indexer/keys/learning.py` does).
"""

from __future__ import annotations

from hashlib import blake2b
from typing import Any, ClassVar, Final

import orjson

from indexer.errors import BackendIncomplete
from indexer.index.contract import Collection
from indexer.keys import version as keys_version
from indexer.keys.epoch import Epoch

EPOCH: Final = "epoch"
MARK: Final = "epoch-mark"
CHANGED: Final = "changed"
PART: Final = 64 << 10  # bytes: SQLite copies a document whole to compare its neighbours' names
TRIES: Final = 5  # of a reader whom a writer overtakes


class StoredEpoch:
    """
    The epoch that the stored decisions of one collection were made under.

    The one last read is kept for all that read: its mark holds a digest of it.
    """

    _last: ClassVar[tuple[bytes, Epoch] | None] = None  # its mark, and the epoch

    def __init__(self, collection: Collection, part: int = PART) -> None:
        self.collection = collection
        self._part = part

    def epoch(self) -> Epoch | None:
        """The epoch; None before the first run with the keys of this release."""
        for _ in range(TRIES):
            mark = self._mark()
            if mark is None:
                return None
            last = StoredEpoch._last
            if last is not None and mark == last[0]:
                return last[1]  # megabytes that need not be read for every batch and question
            said = orjson.loads(mark)
            names = _names(said["slot"], said["parts"])
            stored = self.collection.read(EPOCH, names)
            if len(stored) == len(names):
                body = b"".join(stored[name].body for name in names)
                if blake2b(body).hexdigest() == said["digest"]:
                    epoch = Epoch.from_bytes(body)
                    StoredEpoch._last = mark, epoch
                    return epoch
        raise BackendIncomplete(
            "what was learnt from the collection cannot be read whole; expected the parts that "
            "its mark names: `samework doctor --repair` forms it anew, or put back a backup"
        )

    @classmethod
    def forget(cls) -> None:
        """Read the epoch again when it is asked for next, as another process would."""
        cls._last = None

    def store_epoch(self, epoch: Epoch) -> None:
        """Put this epoch in the place of the last."""
        body = epoch.to_bytes()
        before: dict[str, Any] = orjson.loads(self._mark() or b'{"slot":1,"parts":0}')
        slot = 1 - int(before["slot"])
        parts = [body[at : at + self._part] for at in range(0, len(body), self._part)]
        self.collection.write(EPOCH, dict(zip(_names(slot, len(parts)), parts, strict=True)))
        said = {"slot": slot, "parts": len(parts), "digest": blake2b(body).hexdigest()}
        self.collection.write(MARK, {keys_version(): orjson.dumps(said), CHANGED: b"0"})
        self.collection.remove(EPOCH, _names(int(before["slot"]), int(before["parts"])))

    def changed(self) -> int:
        """How many records were compared as they came since the epoch was learnt."""
        stored = self.collection.read(MARK, [CHANGED])
        return int(stored[CHANGED].body) if stored else 0

    def count_changed(self, more: int) -> None:
        """Note that this many more records were compared as they came."""
        self.collection.write(MARK, {CHANGED: str(self.changed() + more).encode()})

    def _mark(self) -> bytes | None:
        stored = self.collection.read(MARK, [keys_version()])
        return stored[keys_version()].body if stored else None


def _names(slot: int, parts: int) -> list[str]:
    return [f"{keys_version()}\x1f{slot}\x1f{at:04d}" for at in range(parts)]
