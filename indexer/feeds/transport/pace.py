"""
Pace: how often a host is asked, and when it is left alone.

    a request about to go out  ->  wait its turn  ->  or refuse, the host being ill
    an answer's headers        ->  the rate to keep from now on

One `Hosts` is shared by all feeds of a process, so two feeds of one host share
its rate. Limits that a host states in its headers only ever slow us down.
"""

from __future__ import annotations

import email.utils
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from threading import Event, Lock
from typing import Final

from indexer.errors import FeedUnavailable

LOW_WATER: Final = 1  # requests left in the host's account at which we wait for its reset
LONGEST_RESET: Final = 300.0  # seconds; a reset further off is not waited for here
EPOCH_FLOOR: Final = 1_000_000_000  # a larger "reset" is a time of day, not a number of seconds


@dataclass(slots=True)
class Host:
    """What is known of one host; guarded by `Hosts`' lock."""

    next_at: float = 0.0  # time.monotonic() of the next request allowed
    interval: float = 0.0  # seconds between requests that the host itself asked for
    failures: int = 0  # requests in a row that got no usable answer, tries used up
    closed_until: float = 0.0  # time.monotonic() until which it is left alone


@dataclass(slots=True)
class Hosts:
    """The hosts that this process talks to, safe to share between threads."""

    stop: Event = field(default_factory=Event)  # set it, and every wait ends at once
    _hosts: dict[str, Host] = field(default_factory=dict)
    _lock: Lock = field(default_factory=Lock)

    def wait_turn(self, name: str, rate: float) -> None:
        """
        Wait until *name* may be asked again; at most *rate* requests a second, 0 is no limit.

        Raises:
            FeedUnavailable: the host failed too often of late, or the run is being stopped.
        """
        with self._lock:
            host = self._hosts.setdefault(name, Host())
            now = time.monotonic()
            if host.closed_until > now:
                raise FeedUnavailable(
                    f"{name} failed {host.failures} requests in a row and is left alone for "
                    f"{host.closed_until - now:.0f} s more; run the harvest again after that"
                )
            start = max(now, host.next_at)
            host.next_at = start + max(1 / rate if rate else 0.0, host.interval)
        self.sleep(start - now)

    def sleep(self, seconds: float) -> None:
        """Wait *seconds*, unless the run is being stopped."""
        if self.stop.wait(max(0.0, seconds)):
            raise FeedUnavailable("stopped while waiting; the harvest goes on where it was")

    def succeeded(self, name: str) -> None:
        """Note a usable answer."""
        with self._lock:
            self._hosts.setdefault(name, Host()).failures = 0

    def failed(self, name: str, most: int, pause: float) -> None:
        """Note a request whose tries are used up; *most* of them in a row close the host."""
        with self._lock:
            host = self._hosts.setdefault(name, Host())
            host.failures += 1
            if host.failures >= most:
                host.closed_until = time.monotonic() + pause

    def heed(self, name: str, headers: Mapping[str, str]) -> None:
        """Slow down as far as the answer's own headers ask."""
        interval, pause = stated_limits(headers)
        with self._lock:
            host = self._hosts.setdefault(name, Host())
            if interval is not None:
                host.interval = interval
            if pause is not None:
                host.next_at = max(host.next_at, time.monotonic() + min(pause, LONGEST_RESET))


def stated_limits(headers: Mapping[str, str]) -> tuple[float | None, float | None]:
    """
    (seconds between requests, seconds to pause now) as an answer's headers state them.

    Crossref states a rate (X-Rate-Limit-Limit a X-Rate-Limit-Interval), others
    an account: X-RateLimit-Remaining until X-RateLimit-Reset, or the same
    without the X. Header names are compared in lower case.
    """
    low = _lower_names(headers)
    interval = None
    limit = _number(low.get("x-rate-limit-limit", ""))
    span = _number(low.get("x-rate-limit-interval", "").rstrip("s"))
    if limit and span:
        interval = span / limit
    pause = None
    remaining = _number(low.get("x-ratelimit-remaining", low.get("ratelimit-remaining", "")))
    if remaining is not None and remaining < LOW_WATER:
        reset = _number(low.get("x-ratelimit-reset", low.get("ratelimit-reset", "")))
        if reset is not None:
            pause = reset - time.time() if reset > EPOCH_FLOOR else reset
    return interval, pause


def retry_after(headers: Mapping[str, str], now: datetime | None = None) -> float | None:
    """
    Seconds that an answer asks to wait, from Retry-After in either form; None if it does not say.

    A date in the past is no wait. CORE says X-RateLimit-Retry-After.
    """
    low = _lower_names(headers)
    value = (low.get("retry-after") or low.get("x-ratelimit-retry-after") or "").strip()
    if not value:
        return None
    seconds = _number(value)
    if seconds is not None:
        return max(0.0, seconds)
    when = _time(value)
    if when is None:
        return None
    if when.tzinfo is None:
        when = when.replace(tzinfo=UTC)
    return max(0.0, (when - (now or datetime.now(UTC))).total_seconds())


def _lower_names(headers: Mapping[str, str]) -> dict[str, str]:
    return {name.lower(): value for name, value in headers.items()}


def _time(value: str) -> datetime | None:
    for read in (email.utils.parsedate_to_datetime, datetime.fromisoformat):
        try:
            return read(value)
        except ValueError:
            continue
    return None


def _number(value: str) -> float | None:
    try:
        number = float(value.strip())
    except ValueError:
        return None
    return number if number == number and abs(number) != float("inf") else None
