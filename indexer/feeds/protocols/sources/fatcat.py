"""
Fatcat: its changelog, entry by entry, and its search by offset.

    /changelog?limit=…  ->  the newest index      (how far there is to go)
    /changelog/{index}  ->  edits.releases        (what changed)
    /release/{ident}    ->  the release, a redirect or a deletion

The changelog is complete and in order; bulk dumps hold active releases only
(`folders.py` reads those).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any, Final

from indexer.errors import FeedError, UnusableRow
from indexer.feeds.formats.shapes import fatcat
from indexer.feeds.formats.shapes.values import branch, objects, text
from indexer.feeds.protocols.cursor_api import Listing, Params, count_of, items_of, json_of
from indexer.feeds.protocols.pages import Cursor, Page, Window, sorted_out
from indexer.feeds.reading.rows import says_something
from indexer.feeds.reading.tombstones import tombstone
from indexer.feeds.transport.http import BadStatus, HttpAnswer, HttpClient
from indexer.records import Record, Rejected, record_id_of

GONE: Final = frozenset({404, 410})
DEEPEST: Final = 10_000  # offset of its search engine
EXPAND: Final = "container,contribs,abstracts,files"


@dataclass(frozen=True, slots=True)
class FatcatChangelog:
    """
    Every change of a release since an index of the changelog.

    The cursor is the index read last. Without one the feed begins at the newest
    entry: load a dump taken after that, then go on from here.
    """

    client: HttpClient
    endpoint: str
    source: str = fatcat.SOURCE

    def pages(self, cursor: Cursor | None, window: Window) -> Iterator[Page]:
        """One page an entry; the window is the changelog's own order, dates are not used."""
        newest = self._newest()
        if not cursor:
            yield Page({"index": newest}, at=f"{self.endpoint}/changelog", last=True)
            return
        start = int(cursor["index"])
        for index in range(start + 1, newest + 1):
            yield Page(
                {"index": index},
                *sorted_out(list(self._entry(index))),
                at=f"{self.endpoint}/changelog/{index}",
                last=index == newest,
            )
        if start >= newest:
            yield Page({"index": start}, at=f"{self.endpoint}/changelog", last=True)

    def _newest(self) -> int:
        answer = self.client.get(f"{self.endpoint}/changelog", {"limit": "1"})
        try:
            entries = objects(_list_of(answer))
            return int(text(entries[0].get("index")))
        except (ValueError, IndexError) as error:
            raise FeedError(f"{answer.url} lists no changelog entries: {error}") from None

    def _entry(self, index: int) -> Iterator[Record | Rejected]:
        answer = self.client.get(f"{self.endpoint}/changelog/{index}")
        try:
            entry = json_of(answer)
        except ValueError as error:
            raise FeedError(f"{answer.url} is no changelog entry: {error}") from None
        at = text(entry.get("timestamp"))
        for edit in objects(branch(entry, "editgroup", "edits").get("releases")):
            yield self._release(text(edit.get("ident")), at)

    def _release(self, ident: str, changed: str) -> Record | Rejected:
        try:
            answer = self.client.get(f"{self.endpoint}/release/{ident}", {"expand": EXPAND})
        except BadStatus as error:
            if error.status in GONE:
                return tombstone(self.source, ident, changed)
            raise
        try:
            plain = json_of(answer)
            record = fatcat.record(plain)
            if not says_something(record):
                raise UnusableRow("the release says nothing to compare it by")
        except ValueError as error:
            return Rejected(self.source, 0, 0, f"{error} (in {answer.url})", answer.body)
        return replace(
            record,
            source=self.source,
            source_id=ident,
            record_id=record_id_of(self.source, ident),
            updated=changed,
        )


@dataclass(frozen=True, slots=True)
class FatcatSearch:
    """Releases of a query to the search index; at most DEEPEST of them."""

    endpoint: str
    query: str = "*"
    size: int = 100
    source: str = fatcat.SOURCE
    expired: frozenset[int] = frozenset()
    resumable: bool = True
    overlap: timedelta = timedelta(days=1)

    def first(self, window: Window) -> tuple[str, Params]:
        """The first page; a window is a span of release dates."""
        query = self.query
        if window.since or window.until:
            span = f"[{window.since[:10] or '*'} TO {window.until[:10] or '*'}]"
            query = f"({query}) AND release_date:{span}"
        return self.endpoint, {
            "q": query, "size": str(self.size), "from": "0", "sort": "ident:asc",
            "track_total_hits": "true",
        }  # fmt: skip

    def listing(self, answer: HttpAnswer, asked: Params) -> Listing:
        """Hits until as many came as there are."""
        plain = json_of(answer)
        hits = items_of(plain, "hits", "hits")
        total = branch(plain, "hits").get("total")
        known = count_of(total.get("value") if isinstance(total, Mapping) else total)
        start = int(asked["from"]) + len(hits)
        more = bool(hits) and start < DEEPEST and (known is None or start < known)
        return Listing(hits, {**asked, "from": str(start)} if more else None, known)

    def record(self, item: Any) -> Record:
        """A hit."""
        release = branch(item, "_source") if isinstance(item, Mapping) else {}
        if not fatcat.recognise(release):
            raise UnusableRow("the hit is no release")
        return fatcat.record(release)


def _list_of(answer: HttpAnswer) -> list[Any]:
    # The changelog is a bare array; wrapped, it goes through the same patient parser.
    wrapped = replace(answer, body=b'{"list":' + answer.body + b"}")
    return items_of(json_of(wrapped), "list")
