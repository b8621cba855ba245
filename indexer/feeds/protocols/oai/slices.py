"""
Slices: where a harvest of a repository stands, and which days it asks for next.

    window, clock of the repository  ->  OaiState of the first slice  ->  of the next  ->  done

A long harvest may be cut into slices of days, so that an expired token costs one slice.
Asks nothing: `reader.py` does.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace
from datetime import timedelta
from typing import Final

from indexer.feeds.protocols.oai.dates import day_of, earlier, in_granularity
from indexer.feeds.protocols.oai.repository import Identity
from indexer.feeds.protocols.pages import Cursor, Window

OVERLAP: Final = timedelta(minutes=10)  # clocks of machines behind one address differ


@dataclass(frozen=True, slots=True)
class OaiState:
    """Where a harvest stands; its fields are the cursor."""

    since: str = ""  # of the window under way; of the next one when `done`
    until: str = ""
    slice_since: str = ""
    slice_until: str = ""
    token: str = ""
    listed: str = ""  # how the slice's list ended, when only its count is left to check
    size: int | None = None  # of this slice, as last stated
    pages: int = 0  # of this slice so far
    read: int = 0  # distinct rows of this slice so far
    before: int = 0  # rows read in the slices before
    expected: int = 0  # rows that the slices before held
    gap: str | None = None  # where the first slice began that stayed short
    started: str = ""  # the repository's clock when the harvest began
    restarts: int = 0
    done: bool = False

    @property
    def cursor(self) -> Cursor:
        """The fields that say anything."""
        plain = asdict(self)
        return {k: v for k, v in plain.items() if v or (k == "gap" and v is not None)}

    @property
    def whole(self) -> int | None:
        """Rows of the whole window, where they are known."""
        return None if self.size is None else self.expected + self.size

    def sliced(self, identity: Identity, start: str, days: int) -> OaiState:
        """The state at the slice of *days* that begins at *start*; 0 is one for the window."""
        first = day_of(start)
        if not days or first is None:
            return replace(self, slice_since=self.since, slice_until=self.until)
        last = first + timedelta(days=days - 1)
        final = day_of(self.until or self.started)
        until = self.until
        if final is None or last < final:
            until = in_granularity(last.isoformat(), identity.days_only, end=True)
        return replace(
            self, slice_since=in_granularity(start, identity.days_only), slice_until=until
        )

    def following(self, identity: Identity, days: int) -> OaiState:
        """The state at the next slice, or the watermark that the next harvest starts from."""
        size, gap = self.size or 0, self.gap
        if size > self.read and gap is None:
            gap = self.slice_since
        if self.slice_until != self.until and (last := day_of(self.slice_until)):
            after = OaiState(
                since=self.since,
                until=self.until,
                before=self.before + self.read,
                expected=self.expected + max(size, self.read),
                gap=gap,
                started=self.started,
            )
            return after.sliced(identity, (last + timedelta(days=1)).isoformat(), days)
        if gap is None:
            gap = self.until or in_granularity(earlier(self.started, OVERLAP), identity.days_only)
        return OaiState(since=gap, done=True)


def begun(identity: Identity, window: Window, watermark: str, days: int) -> OaiState:
    """The state at the beginning of a window, or where the harvest before left off."""
    state = OaiState(
        since=in_granularity(window.since or watermark, identity.days_only),
        until=in_granularity(window.until, identity.days_only, end=True),
        started=identity.now,
    )
    return state.sliced(identity, state.since or identity.earliest, days)
