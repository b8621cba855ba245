"""
OAI-PMH 2.0, the harvest: a repository's records, to the last one or saying how many lack.

    Repository, cursor, window  ->  Iterator[Page]

Reads slice by slice (`slices.py`). A list is believed to be at its end only when the
repository says so; when it says nothing, or its own count disagrees, ListIdentifiers
tells which records lack, and those are asked for one by one. Deleted headers are
tombstones; repositories that keep none are swept with `identifiers`. What is sent and
answered is in `repository.py`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Final

from indexer.errors import FeedError, FeedUnavailable
from indexer.feeds.formats.markup.oai_records import record_of
from indexer.feeds.formats.markup.pieces import Piece
from indexer.feeds.formats.markup.xml import attribute, text
from indexer.feeds.protocols.oai.repository import End, Identity, OaiError, Part, Repository
from indexer.feeds.protocols.oai.slices import OaiState, begun
from indexer.feeds.protocols.pages import Cursor, IdlePages, Page, Window, sorted_out
from indexer.records import Record, Rejected

RESTARTS: Final = 2  # of one slice whose token expired
RAW_PAGE: Final = 4 << 20  # bytes kept of a page that had to be read piecemeal
FETCHED_SINGLY: Final = 500  # records a list left out that are still asked for one by one


@dataclass(frozen=True, slots=True)
class OaiSettings:
    """What is asked of a repository."""

    source: str  # the feed's name: the source of its records
    prefix: str = "oai_dc"
    set: str = ""
    slice_days: int = 0  # 0: one list for the whole window
    source_id: Callable[[str], str] = str  # OAI identifier -> the source's own id


class OaiReader:
    """Harvests one repository in one metadata format, one set of it or all."""

    def __init__(self, repository: Repository, settings: OaiSettings) -> None:
        self.repository = repository
        self.settings = settings
        self._seen: set[int] = set()  # OAI identifiers of the slice under way, hashed

    def pages(self, cursor: Cursor | None, window: Window) -> Iterator[Page]:
        """Read the window, or go on where *cursor* stands; see `pages.Reader`."""
        identity = self.repository.identify()
        state = OaiState(**(cursor or {}))
        if state.done or not cursor:
            state = begun(identity, window, state.since, self.settings.slice_days)
        while not state.done:
            for page, after in self._slice(state, identity):
                state = after
                yield page

    def identifiers(self, window: Window) -> Iterator[str]:
        """The source id of every record that the repository lists as alive."""
        for identifier, alive in self._headers(window.since, window.until):
            if alive:
                yield self.settings.source_id(identifier)

    @property
    def _idle_pages(self) -> int:
        return self.repository.client.politeness.idle_pages

    def _slice(self, state: OaiState, identity: Identity) -> Iterator[tuple[Page, OaiState]]:
        """The pages of one slice, each with the state that follows it."""
        self._seen.clear()
        from_start = not state.token
        if state.listed:
            yield from self._settle(state, identity, End(state.listed), from_start=False)
            return
        if from_start:
            state = replace(state, read=0, pages=0, size=None)
        arguments = self._arguments(state.slice_since, state.slice_until)
        end = End.STATED
        idle = IdlePages(self._idle_pages)
        try:
            for part in self.repository.walk("ListRecords", arguments, state.token):
                known = state.read
                page, state = self._page(state, part)
                yield page, state
                end = part.end
                if idle.too_many(state.read - known) and end is End.OPEN:
                    again = replace(state, token="", listed="")
                    yield Page(again.cursor, at=part.url, read=again.before), again
                    raise idle.error(part.url)
        except OaiError as error:
            if error.code == "badResumptionToken" and state.restarts < RESTARTS:
                again = replace(state, token="", restarts=state.restarts + 1)
                yield Page(again.cursor, at=str(error), read=again.before), again
                return
            if error.code != "noRecordsMatch":
                raise
            end = End.DOUBTFUL if state.token else End.STATED
            state = state if state.token else replace(state, size=0)
        yield from self._settle(state, identity, end, from_start)

    def _settle(
        self, state: OaiState, identity: Identity, end: End, from_start: bool
    ) -> Iterator[tuple[Page, OaiState]]:
        """Close a slice: believe its end, or find out what lacks and fetch it."""
        records: list[Record | Rejected] = []
        # Some repositories state the number of their pages instead of that of their records.
        agreed = state.size in (state.read, state.pages or None)
        agreed = agreed or (end is End.STATED and state.size is None)
        if not agreed:
            missing, size = self._missing(state, from_start)
            for identifier in missing:
                element = self.repository.record(identifier, self.settings.prefix)
                if element is not None:
                    row = self._row(Piece(b"", 0, element), 1, identifier)
                    if isinstance(row, Record):
                        records.append(row)
            state = replace(state, read=state.read + len(records), size=size)
        else:
            state = replace(state, size=state.read)
        after = state.following(identity, self.settings.slice_days)
        page = Page(
            after.cursor,
            *sorted_out(records),
            complete_size=state.whole,
            read=state.before + state.read,
            at=self.repository.endpoint,
            last=after.done,
        )
        yield page, after

    def _missing(self, state: OaiState, from_start: bool) -> tuple[list[str], int]:
        """
        The identifiers of a slice that its list left out, and how many the slice holds.

        Nothing is named where too many lack, or where the slice was begun by an
        earlier run whose identifiers are not known here.
        """
        listed = {name for name, _ in self._headers(state.slice_since, state.slice_until)}
        size = max(len(listed), state.read)
        missing = [name for name in listed if hash(name) not in self._seen]
        if not from_start or len(missing) > FETCHED_SINGLY:
            return [], size
        return sorted(missing), max(state.read + len(missing), len(listed))

    def _page(self, state: OaiState, part: Part) -> tuple[Page, OaiState]:
        rows = [self._row(piece, number, part.url) for number, piece in enumerate(part.rows, 1)]
        known = len(self._seen)
        self._seen.update(hash(_identifier(piece)) for piece in part.rows)
        damaged = None
        if part.damaged:
            raw = Piece(part.damaged[:RAW_PAGE], 0)
            damaged = self._rejected(raw, 0, part.url, f"page read piecemeal: {part.reason}")
        after = replace(
            state,
            token=part.token,
            listed=part.end.value,
            pages=state.pages + 1,
            read=state.read + len(self._seen) - known,
            size=part.complete_size if part.complete_size is not None else state.size,
        )
        if part.end is End.CUT:
            raise FeedUnavailable(
                f"{part.url} sent a page that is cut off after {len(rows)} records, and "
                f"again when asked once more; the harvest goes on from this page next time"
            )
        page = Page(
            after.cursor,
            *sorted_out(rows),
            damaged,
            complete_size=after.whole,
            read=after.before + after.read,
            at=part.url,
        )
        return page, after

    def _row(self, piece: Piece, number: int, url: str) -> Record | Rejected:
        if piece.element is None:
            return self._rejected(piece, number, url, piece.reason)
        try:
            return record_of(piece.element, self.settings.source, self.settings.source_id)
        except ValueError as error:
            return self._rejected(piece, number, url, str(error))

    def _rejected(self, piece: Piece, number: int, url: str, reason: str) -> Rejected:
        said = f"{reason} (in {url})"
        return Rejected(self.settings.source, piece.position, number, said, piece.raw)

    def _headers(self, since: str, until: str) -> Iterator[tuple[str, bool]]:
        count, pages, size, end = 0, 0, None, End.STATED
        listed, idle = set[int](), IdlePages(self._idle_pages)
        try:
            for part in self.repository.walk("ListIdentifiers", self._arguments(since, until)):
                size = part.complete_size if part.complete_size is not None else size
                count, pages, end = count + len(part.rows), pages + 1, part.end
                known = len(listed)
                listed.update(hash(piece.raw) for piece in part.rows)
                if idle.too_many(len(listed) - known) and end is End.OPEN:
                    raise idle.error(part.url)
                for piece in part.rows:
                    if piece.element is None:
                        raise FeedError(f"{part.url} lists a header that cannot be read")
                    gone = attribute(piece.element, "status") == "deleted"
                    yield text(piece.element, "identifier"), not gone
        except OaiError as error:
            if error.code != "noRecordsMatch":
                raise
        if end is End.CUT or (end is End.DOUBTFUL and size not in (count, pages)):
            raise FeedError(f"{self.repository.endpoint} does not list its identifiers to the end")

    def _arguments(self, since: str, until: str) -> dict[str, str]:
        asked = {"metadataPrefix": self.settings.prefix, "from": since, "until": until}
        asked["set"] = self.settings.set
        return {name: value for name, value in asked.items() if value}


def _identifier(piece: Piece) -> str:
    """The row's OAI identifier; its bytes where it has none."""
    return text(piece.element, "header", "identifier") or piece.raw.decode("utf-8", "replace")
