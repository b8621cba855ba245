"""
Times: when a job is to run, as configured, and the next and the last such moment.

    at = "02:30" | every = "6h" | cron = "30 2 * * 1-5",  zone  ->  Times

Times of day are those of a stated zone. When clocks go forward over one, it comes as
much later; when they go back over one, it comes once, unless every hour is meant.
Steady intervals count real time from 1970-01-01T00:00Z, so every machine agrees on
them. Does not: run anything (schedule.py does).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo
from typing import Any, Final
from zoneinfo import ZoneInfo

from apscheduler.triggers.base import BaseTrigger
from apscheduler.triggers.cron import CronTrigger

from indexer.errors import SettingsError
from indexer.scheduling.cron import WEEKDAYS, Cron

EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
INSTANT: Final = timedelta(microseconds=1)
FARTHEST: Final = timedelta(days=9 * 366)  # 29 February skips 2100
UNITS: Final = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days", "w": "weeks"}
_SPAN: Final = re.compile(r"([1-9][0-9]{0,4})([smhdw])")
_CLOCK: Final = re.compile(r"([01][0-9]|2[0-3]):([0-5][0-9])")


class WallClock(CronTrigger):  # type: ignore[misc]  # APScheduler carries no types
    """APScheduler's cron trigger, made exact where clocks go forward or back."""

    def __init__(self, cron: Cron, zone: tzinfo) -> None:
        minutes, hours, days, months, weekdays = cron.lists()
        names = ",".join(WEEKDAYS[int(day)] for day in weekdays.split(",")) if weekdays else "*"
        super().__init__(
            minute=minutes, hour=hours, day=days, month=months, day_of_week=names, timezone=zone
        )
        self.every_hour = cron.every_hour

    def get_next_fire_time(self, previous: datetime | None, now: datetime) -> datetime | None:
        """The first moment behind `previous`, or from `now` on where there is none."""
        start = previous.astimezone(UTC) + INSTANT if previous else now.astimezone(UTC)
        while True:
            coming = super().get_next_fire_time(None, start.astimezone(self.timezone))
            if coming is None:
                return None
            # A wall time that the clocks leave out becomes the moment they then show.
            coming = coming.astimezone(UTC).astimezone(self.timezone)
            if self.every_hour or not coming.fold:
                return coming  # type: ignore[no-any-return]
            start = coming.astimezone(UTC) + INSTANT


class Steady(BaseTrigger):  # type: ignore[misc]  # APScheduler carries no types
    """Whole multiples of an interval since the epoch, whatever clocks on walls show."""

    def __init__(self, every: timedelta) -> None:
        self.every = every

    def get_next_fire_time(self, previous: datetime | None, now: datetime) -> datetime:
        """The first moment behind `previous`, or from `now` on where there is none."""
        start = previous.astimezone(UTC) + INSTANT if previous else now.astimezone(UTC)
        return EPOCH + -((EPOCH - start) // self.every) * self.every


@dataclass(frozen=True, slots=True)
class Times:
    """When a job is to run."""

    said: str  # as configured, with the zone: 'at 02:30 UTC'
    zone: tzinfo
    trigger: WallClock | Steady
    cron: Cron | None  # None for an interval
    every: timedelta | None = None

    def next(self, after: datetime) -> datetime:
        """The first moment behind `after`."""
        coming = self.trigger.get_next_fire_time(after, after)
        if coming is None:  # every time of a Cron comes; the calendar ends in 9999
            raise SettingsError(f"{self.said!r} never comes after {after.isoformat()}")
        return coming

    def latest(self, now: datetime) -> datetime | None:
        """The last moment at or before `now`."""
        back = timedelta(minutes=1)
        while back <= FARTHEST * 2:
            last = self.next(now - back - INSTANT)
            if last <= now:
                while (later := self.next(last)) <= now:
                    last = later
                return last
            back *= 2
        return None


def times_of(plain: Mapping[str, Any], zone: str, where: str) -> Times:
    """
    What `at`, `every` or `cron` of a job means; `where` names the job in messages.

    Raises:
        SettingsError: none or several of them, or a value that cannot be used.
    """
    given = [name for name in ("at", "every", "cron") if name in plain]
    if len(given) != 1:
        has = " and ".join(given) or "no time"
        raise SettingsError(f'{where} has {has}; give one of at = "02:30", every = "6h", cron = …')
    (kind,) = given
    value = plain[kind]
    if kind == "every":
        every = span_of(value, f"{where}: every")
        return Times(f"every {value}", UTC, Steady(every), None, every)
    clock = zone_of(zone)
    if kind == "at":
        match = _CLOCK.fullmatch(value) if isinstance(value, str) else None
        if match is None:
            raise SettingsError(f'{where}: at = {value!r}, expected a time of day as "02:30"')
        cron = Cron.parse(f"{int(match[2])} {int(match[1])} * * *", where)
    else:
        cron = Cron.parse(value, where)
    return Times(f"{kind} {value} {zone}", clock, WallClock(cron, clock), cron)


def span_of(value: Any, where: str) -> timedelta:
    """
    The length of time that "90s", "15m", "6h", "1d" or "2w" means.

    Raises:
        SettingsError: it means none.
    """
    match = _SPAN.fullmatch(value) if isinstance(value, str) else None
    if match is None:
        raise SettingsError(f'{where} = {value!r}, expected a number and s, m, h, d or w: "6h"')
    return timedelta(**{UNITS[match[2]]: int(match[1])})


def zone_of(name: Any) -> tzinfo:
    """
    The time zone of a name.

    Raises:
        SettingsError: there is none of that name.
    """
    if name == "UTC":  # known without a database of zones
        return UTC
    try:
        return ZoneInfo(name)
    except (TypeError, ValueError, OSError, LookupError):
        raise SettingsError(
            f'[schedule] zone = {name!r}, expected a time zone as "UTC" or "Europe/Bucharest"; '
            "if the name is right, install the system's package tzdata"
        ) from None
