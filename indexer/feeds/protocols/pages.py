"""
Pages: what every feed yields, whatever its protocol.

    network or dump  ->  Iterator[Page]  ->  harvest.py (store the page, then its checkpoint)

A page is the unit of work: whole or not at all. It carries the cursor that
follows it, so that whoever stores the page first and the cursor second can be
killed anywhere and go on without a gap. Stores nothing itself.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from hashlib import blake2b
from typing import Any, Protocol, runtime_checkable

from indexer.errors import FeedError
from indexer.records import Record, Rejected

Cursor = Mapping[str, Any]  # JSON-able; only the reader that made it reads it


@dataclass(frozen=True, slots=True)
class Window:
    """A span of the source's own dates, both ends included; "" is open."""

    since: str = ""  # ISO 8601 date or UTC time
    until: str = ""


@dataclass(frozen=True, slots=True)
class Page:
    """
    One answer, part of a file or slice of a dump, read whole.

    Every row the source sent is in exactly one of *records*, *deleted* and
    *rejected*. *last* is set only where the source itself said that the list is
    at its end; an iterator that stops without it was cut short.
    """

    cursor_after: Cursor
    records: tuple[Record, ...] = ()
    deleted: tuple[Record, ...] = ()  # tombstones: `deleted` set, the date in `updated`
    rejected: tuple[Rejected, ...] = ()
    damaged: Rejected | None = None  # the raw page, where its rows had to be recovered one by one
    complete_size: int | None = None  # rows of the whole list, as far as the source says
    read: int = 0  # rows of the list delivered so far, this page included
    at: str = ""  # the request or the file, without secrets, for people
    last: bool = False
    note: str = ""  # of the last page: what waits though nothing is wrong

    @property
    def rows(self) -> int:
        """How many rows this page brought."""
        return len(self.records) + len(self.deleted) + len(self.rejected)

    @property
    def missing(self) -> int:
        """How many rows the source promised and, at the end, never sent."""
        if not self.last or self.complete_size is None:
            return 0
        return max(0, self.complete_size - self.read)


def sorted_out(
    rows: Sequence[Record | Rejected],
) -> tuple[tuple[Record, ...], tuple[Record, ...], tuple[Rejected, ...]]:
    """The rows of a page as it holds them: records, tombstones, rejected rows."""
    records = [row for row in rows if isinstance(row, Record)]
    return (
        tuple(record for record in records if not record.deleted),
        tuple(record for record in records if record.deleted),
        tuple(row for row in rows if isinstance(row, Rejected)),
    )


class Circle:
    """Notices a list that comes round again: a request met before brings a page met before."""

    def __init__(self) -> None:
        self._requests = set[str]()
        self._pages = set[bytes]()

    def closes(self, request: str, rows: Iterable[bytes]) -> bool:
        """Note a page by the bytes of its rows; whether it and its request were met before."""
        page = blake2b(b"\n".join(rows), digest_size=16).digest()
        closed = request in self._requests and page in self._pages
        self._requests.add(request)
        self._pages.add(page)
        return closed


class IdlePages:
    """
    Notices a list that goes on for ever: ever new tokens, and never anything new.

    A page met before is no sign by itself, since lists shift while they are read.
    """

    def __init__(self, most: int) -> None:
        self.most = most
        self._in_a_row = 0

    def too_many(self, new_rows: int) -> bool:
        """Count a page; whether as many as may be have now brought nothing new."""
        self._in_a_row = 0 if new_rows else self._in_a_row + 1
        return self._in_a_row >= self.most

    def error(self, at: str) -> FeedError:
        """What to end the harvest with."""
        return FeedError(
            f"the last {self.most} pages of {at} brought nothing that the list had not brought "
            "before: it would never end; the next harvest begins it anew, idle_pages of the feed "
            "allows more"
        )


class Reader(Protocol):
    """
    One source, opened; a registry row makes it.

    The same cursor and window give the same pages again as long as the source
    has not changed. *cursor* None starts at *window*; otherwise the reading goes
    on where that cursor was made, be it inside a list or after a finished one.

    Raises:
        FeedUnavailable: the source does not answer; the last cursor stays good.
        FeedError: the source answers, but not with what its protocol promises.
    """

    def pages(self, cursor: Cursor | None, window: Window) -> Iterator[Page]:
        """Read on from *cursor*, page by page."""
        ...


@runtime_checkable
class Sweeper(Protocol):
    """A reader that can also list what the source holds now, to notice deletions."""

    def identifiers(self, window: Window) -> Iterator[str]:
        """Every source id the source lists; raises when the list is not whole."""
        ...
