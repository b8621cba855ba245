"""
OAI dates: days and UTC times as repositories write and want them.

    "2024-05-01", granularity  ->  "2024-05-01T00:00:00Z" or "2024-05-01"
"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta


def day_of(stamp: str) -> date | None:
    """The day of a date or time; None where it is none."""
    try:
        return date.fromisoformat(stamp[:10])
    except ValueError:
        return None


def in_granularity(stamp: str, days_only: bool, end: bool = False) -> str:
    """*stamp* as the repository wants it; a bare day begins at 00:00:00 or ends at 23:59:59."""
    if not stamp or days_only:
        return stamp[:10]
    if len(stamp) == 10:
        return stamp + ("T23:59:59Z" if end else "T00:00:00Z")
    return stamp


def earlier(stamp: str, span: timedelta) -> str:
    """The UTC time *span* before *stamp*, or before now where that is no time."""
    try:
        when = datetime.fromisoformat(stamp)
    except ValueError:
        when = datetime.now(UTC)
    if when.tzinfo is None:
        when = when.replace(tzinfo=UTC)
    return (when.astimezone(UTC) - span).strftime("%Y-%m-%dT%H:%M:%SZ")
