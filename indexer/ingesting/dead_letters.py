"""
Dead letters: what could not be used, raw, with where it was and why.

    Rejected  ->  DeadLetter in the collection  ->  list, show, replay, drop

A letter's id is made of where it was found, so a page read twice leaves one. Does
not: retry by itself (`samework dead-letters replay` does).
"""

from __future__ import annotations

import base64
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Final

import orjson

from indexer.feeds.reading.rows import RAW_KEPT
from indexer.index.contract import Collection
from indexer.records import Occurrence, Rejected, content_id

KIND: Final = "dead-letter"
RAW_IN_LETTER: Final = 256 * 1024  # bytes; what was too long for the index is as a letter too
NOT_STORED: Final = (
    "the index refused the record ({}); expected what its mapping takes: "
    "`samework doctor` says whether that has drifted, then `samework dead-letters replay`"
)
FIRST: Final = 3  # of the rows that could not be used, those that a run tells of


@dataclass(slots=True)
class Unusable:
    """What of one run could not be used: how many rows of each file, and the first of them."""

    by_file: Counter[str] = field(default_factory=Counter)
    first: list[Rejected] = field(default_factory=list)

    def __call__(self, rejected: Iterable[Rejected]) -> None:
        """Note rows."""
        for row in rejected:
            self.by_file[row.file] += 1
            if len(self.first) < FIRST:
                self.first.append(row)

    def told(self) -> Iterator[str]:
        """Lines for a person: how many, and the first with file, row and reason."""
        count = self.by_file.total()
        if count:
            yield f"{count:,} row{'s' * (count != 1)} could not be used"
        for row in self.first:
            yield f"  {row.file} row {row.row}: {row.reason}"
        if count > len(self.first):
            yield f"  and {count - len(self.first):,} more"


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
    """Store what was rejected; a letter that is there already counts another try."""
    fresh = {letter_id_of(row.file, row.position, row.raw): row for row in rejected}
    known = collection.read(KIND, list(fresh))
    bodies = {}
    for letter_id, row in fresh.items():
        tries, first_seen = 1, datetime.now(UTC).isoformat(timespec="seconds")
        if letter_id in known:
            before = DeadLetter.from_json(letter_id, known[letter_id].body)
            tries, first_seen = before.tries + 1, before.first_seen
        place = (row.file, row.position, row.row)
        letter = DeadLetter(
            letter_id, *place, row.reason, row.raw, tries, first_seen, head=row.head
        )
        bodies[letter_id] = letter.to_json()
    collection.write(KIND, bodies)
    return len(bodies)


def refused(row: Occurrence, said: str) -> Rejected:
    """A row whose record cannot be used after all, and why."""
    raw = row.raw or row.record.to_json()
    if len(raw) > RAW_IN_LETTER:
        said += f"; its first {RAW_KEPT:,} bytes of {len(raw):,} are kept: read its file again"
        raw = raw[:RAW_KEPT]
    return Rejected(row.file, row.position, row.row, said, raw, row.head)


def letters(collection: Collection) -> Iterator[DeadLetter]:
    """All dead letters, ascending by id."""
    for letter_id, document in collection.documents(KIND):
        yield DeadLetter.from_json(letter_id, document.body)


LETTER_COLUMNS: Final = ("id", "feed", "row", "position", "reason", "tries")


def letter_rows(collection: Collection, shown: Callable[[str], str] = str) -> list[dict[str, Any]]:
    """
    All dead letters as plain values without their bytes, by feed and row.

    `shown` gives what a feed or file is called.
    """
    rows = []
    for letter in letters(collection):
        place = (shown(letter.feed), letter.row, letter.position)
        values = (letter.letter_id, *place, letter.reason, letter.tries)
        rows.append(dict(zip(LETTER_COLUMNS, values, strict=True)))
    return sorted(rows, key=lambda row: (row["feed"], row["row"]))
