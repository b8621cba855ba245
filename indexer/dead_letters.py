"""
Dead letters: what could not be used, raw, with where it was and why.

    Rejected  ->  DeadLetter in the collection  ->  list, show, replay, drop

A letter's id is made of where it was found, so a page read twice leaves one. Does
not: retry by itself (`samework dead-letters replay` does).
"""

from __future__ import annotations

import base64
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

import orjson

from indexer.backends.base import Collection
from indexer.records import Rejected, content_id

KIND: Final = "dead-letter"


@dataclass(frozen=True, slots=True)
class DeadLetter:
    """One row or page that could not be used."""

    letter_id: str
    feed: str  # the file or feed it came from
    position: int  # byte offset in the decompressed file, or in the page
    row: int
    reason: str
    raw: bytes
    tries: int = 1
    first_seen: str = ""  # ISO 8601, UTC
    head: bytes = b""  # of a table: the header that its row is read by

    @property
    def readable(self) -> bytes:
        """What a reader takes: the row under its header."""
        return self.head + self.raw if self.raw else b""

    def to_json(self) -> bytes:
        """The letter as stored."""
        return orjson.dumps(
            {
                "feed": self.feed,
                "position": self.position,
                "row": self.row,
                "reason": self.reason,
                "raw": base64.b64encode(self.raw).decode(),
                "tries": self.tries,
                "first_seen": self.first_seen,
                "head": base64.b64encode(self.head).decode(),
            }
        )

    @classmethod
    def from_json(cls, letter_id: str, stored: bytes) -> DeadLetter:
        """The inverse of `to_json`."""
        plain = orjson.loads(stored)
        for name in ("raw", "head"):
            plain[name] = base64.b64decode(plain.get(name, ""))
        return cls(letter_id=letter_id, **plain)


def letter_id_of(feed: str, position: int, raw: bytes) -> str:
    """The same for the same bytes at the same place of the same feed."""
    return content_id((feed, str(position), raw.decode("latin-1")))


def file_rejected(collection: Collection, rejected: Iterable[Rejected]) -> int:
    """Keep what was rejected; a letter that is there already counts another try."""
    fresh = {letter_id_of(one.file, one.position, one.raw): one for one in rejected}
    known = collection.read(KIND, list(fresh))
    bodies = {}
    for letter_id, one in fresh.items():
        tries, first_seen = 1, datetime.now(UTC).isoformat(timespec="seconds")
        if letter_id in known:
            before = DeadLetter.from_json(letter_id, known[letter_id].body)
            tries, first_seen = before.tries + 1, before.first_seen
        place = (one.file, one.position, one.row)
        letter = DeadLetter(
            letter_id, *place, one.reason, one.raw, tries, first_seen, head=one.head
        )
        bodies[letter_id] = letter.to_json()
    collection.write(KIND, bodies)
    return len(bodies)


def letters(collection: Collection) -> Iterator[DeadLetter]:
    """All dead letters, ascending by id."""
    for letter_id, document in collection.documents(KIND):
        yield DeadLetter.from_json(letter_id, document.body)
