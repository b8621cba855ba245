"""
Cursor APIs: lists of JSON (or Atom) pages, each saying how to ask for the next.

    Api (how a source pages), cursor, window  ->  Iterator[Page]

What all of them share is here: resuming, circles, expired cursors, pages that do
not parse, counts at the end, and the overlap that live lists need. A source is a
class of a few lines in `sources/` that says what to ask and where the answer
keeps its rows.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any, Final, Protocol

import orjson

from indexer.errors import FeedError, FeedUnavailable, UnusableRow
from indexer.feeds.formats.objects.json_rows import parse
from indexer.feeds.protocols.pages import Circle, Cursor, IdlePages, Page, Window, sorted_out
from indexer.feeds.reading.encodings import BOM, Text
from indexer.feeds.reading.files import Stream
from indexer.feeds.reading.rows import says_something
from indexer.feeds.transport.http import BadStatus, HttpAnswer, HttpClient
from indexer.records import Record, Rejected, record_id_of

RESTARTS: Final = 2  # of a list whose cursor expired
Params = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Listing:
    """One page as a source understands it."""

    items: Sequence[Any]
    following: Params | None  # all parameters of the next request; None: the list is at its end
    total: int | None = None  # rows of the whole list, as stated


class Api(Protocol):
    """
    How one source pages through a list.

    `listing` and `record` raise ValueError with a sentence for what they cannot use.
    """

    @property
    def source(self) -> str:
        """The source of the records."""
        ...

    @property
    def expired(self) -> frozenset[int]:
        """Statuses that mean "this cursor is no longer known"."""
        ...

    @property
    def resumable(self) -> bool:
        """Whether a cursor names a place in the list, so that another run may go on from it."""
        ...

    @property
    def overlap(self) -> timedelta:
        """How far the next harvest reaches back behind the beginning of this one."""
        ...

    def first(self, window: Window) -> tuple[str, Params]:
        """The address and parameters of the first page of a window."""
        ...

    def listing(self, answer: HttpAnswer, asked: Params) -> Listing:
        """The rows of an answer and what to ask next."""
        ...

    def record(self, item: Any) -> Record:
        """The record of one row; a tombstone where the source says it is gone."""
        ...


@dataclass(frozen=True, slots=True)
class ListState:
    """Where a harvest stands; its fields are the cursor."""

    since: str = ""  # of the window under way; of the next one when `done`
    until: str = ""
    asked: Params | None = None  # of the next page; None: the first
    read: int = 0
    started: str = ""
    restarts: int = 0
    done: bool = False

    @property
    def cursor(self) -> Cursor:
        """The fields that say anything."""
        return {name: value for name, value in asdict(self).items() if value}


class CursorReader:
    """Reads the list of one source."""

    def __init__(self, client: HttpClient, api: Api) -> None:
        self.client = client
        self.api = api
        self._seen: set[int] = set()

    def pages(self, cursor: Cursor | None, window: Window) -> Iterator[Page]:
        """Read the window, or go on where *cursor* stands; see `pages.Reader`."""
        state = ListState(**(cursor or {}))
        if state.done or not cursor:
            state = ListState(window.since or state.since, window.until, started=_now())
        elif not self.api.resumable:
            state = replace(state, asked=None, read=0)
        self._seen.clear()
        circle, idle = Circle(), IdlePages(self.client.politeness.idle_pages)
        while not state.done:
            url, first = self.api.first(Window(state.since, state.until))
            asked = state.asked or first
            try:
                listing, at = self._listing(url, asked)
            except BadStatus as error:
                expired = error.status in self.api.expired and state.asked is not None
                if not expired or state.restarts >= RESTARTS:
                    raise
                state = replace(state, asked=None, read=0, restarts=state.restarts + 1)
                self._seen.clear()
                circle = Circle()
                continue
            closed = circle.closes(repr(sorted(asked.items())), map(raw_of, listing.items))
            # Some sources keep one cursor for a whole list: only the same page makes a circle.
            if closed and listing.items:
                raise FeedError(f"{at} sends a page that it sent before: the list would never end")
            known = len(self._seen)
            page, state = self._page(state, listing, at)
            yield page
            if idle.too_many(len(self._seen) - known) and not state.done:
                again = replace(state, asked=None, read=0)
                yield Page(again.cursor, at=at)
                raise idle.error(at)

    def _listing(self, url: str, asked: Params) -> tuple[Listing, str]:
        """A page that parses; asked for once more when it does not."""
        fault = ""
        for _ in range(2):
            answer = self.client.get(url, asked)
            try:
                return self.api.listing(answer, asked), answer.url
            except ValueError as error:
                fault = f"{answer.url} sent no usable page: {error}: {answer.body[:120]!r}"
        raise FeedUnavailable(self.client.redact(fault))

    def _page(self, state: ListState, listing: Listing, at: str) -> tuple[Page, ListState]:
        rows = [self._row(item, number, at) for number, item in enumerate(listing.items, 1)]
        known = len(self._seen)
        for row, item in zip(rows, listing.items, strict=True):
            name = row.record_id if isinstance(row, Record) else raw_of(item)
            self._seen.add(hash(name))
        read = state.read + len(self._seen) - known
        after = replace(state, asked=listing.following, read=read)
        if listing.following is None:
            after = self._finished(after, listing)
        page = Page(
            after.cursor,
            *sorted_out(rows),
            complete_size=listing.total,
            read=read,
            at=at,
            last=listing.following is None,
        )
        return page, after

    def _finished(self, state: ListState, listing: Listing) -> ListState:
        """The watermark; a list that stayed short is read again from its beginning."""
        if listing.total is not None and state.read < listing.total:
            return ListState(since=state.since, done=True)
        if state.until:
            return ListState(since=state.until, done=True)
        started = datetime.fromisoformat(state.started) - self.api.overlap
        return ListState(since=started.strftime("%Y-%m-%dT%H:%M:%SZ"), done=True)

    def _row(self, item: Any, number: int, at: str) -> Record | Rejected:
        source = self.api.source
        try:
            record = self.api.record(item)
        except ValueError as error:
            return Rejected(source, 0, number, f"{error} (in {at})", raw_of(item))
        if not record.source_id:
            reason = f"the row has no id of {source} (in {at})"
            return Rejected(source, 0, number, reason, raw_of(item))
        if not says_something(record):
            reason = f"no title, identifier, abstract or container to compare it by (in {at})"
            return Rejected(source, 0, number, reason, raw_of(item))
        return replace(record, source=source, record_id=record_id_of(source, record.source_id))


def raw_of(item: Any) -> bytes:
    """A row's bytes, for the dead letters and for telling pages apart."""
    if isinstance(item, bytes):
        return item
    try:
        return orjson.dumps(item)
    except TypeError:
        return repr(item).encode("utf-8", "replace")


def json_of(answer: HttpAnswer) -> Mapping[str, Any]:
    """
    The object that an answer holds, read patiently.

    Raises:
        ValueError: it is none: a web page, half a page, nothing.
    """
    body = answer.body.removeprefix(BOM)
    value = parse(body, Text(Stream(iter((body,)))))
    if not isinstance(value, Mapping):
        raise UnusableRow(f"expected an object, found {type(value).__name__}")
    return value


def items_of(plain: Mapping[str, Any], *path: str) -> list[Any]:
    """
    The list at the end of a path of keys.

    Raises:
        ValueError: there is none; an answer without its list is not an empty list.
    """
    here: Any = plain
    for name in path:
        here = here.get(name) if isinstance(here, Mapping) else None
    if not isinstance(here, list):
        raise UnusableRow(f"the answer has no list under {'.'.join(path)}")
    return here


def count_of(stated: Any) -> int | None:
    """A number of rows as a source states it; None where it is no number."""
    return stated if isinstance(stated, int) else None


def conditions(query: str, since: str, until: str, window: Window) -> list[str]:
    """A query, and what *since* and *until* say of a window's days, as far as there are any."""
    bounds = ((since, window.since[:10]), (until, window.until[:10]))
    return [part for part in (query, *(name + day for name, day in bounds if day)) if part]


def record_of(item: Any, shape: Callable[[Mapping[str, Any]], Record]) -> Record:
    """
    The record of a row of JSON.

    Raises:
        ValueError: it is no object, or the shape cannot use it.
    """
    if not isinstance(item, Mapping):
        raise UnusableRow("the row is no object")
    return shape(item)


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")
