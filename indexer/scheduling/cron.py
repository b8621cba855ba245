"""
Cron: the five fields of a crontab line, checked, as sets of numbers.

    "30 2 * * mon-fri"  ->  Cron  ->  lists for a trigger, a crontab, a systemd timer

Weekdays count as cron counts them: 0 and 7 are Sunday. A day of the month together
with a weekday is refused: cron means either, systemd means both. By hand, since APScheduler
reads weekdays otherwise (0 is Monday, 7 an error) and a systemd timer wants the numbers
written out. Does not: know dates or zones (times.py does).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any, Final

from indexer.errors import SettingsError

WEEKDAYS: Final = ("sun", "mon", "tue", "wed", "thu", "fri", "sat")
MONTHS: Final = (
    *("jan", "feb", "mar", "apr", "may", "jun"),
    *("jul", "aug", "sep", "oct", "nov", "dec"),
)
LONGEST: Final = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)  # days of each month
_PART: Final = re.compile(r"(?:(\*)|(\w+)(?:-(\w+))?)(?:/([1-9][0-9]?))?")


@dataclass(frozen=True, slots=True)
class CronField:
    """One of the five: its bounds and the names its numbers may have."""

    name: str
    low: int
    high: int
    names: tuple[str, ...] = ()
    first: int = 0  # the number of the first name

    @property
    def size(self) -> int:
        """How many values there are: Sunday has two numbers."""
        return 7 if self.names is WEEKDAYS else self.high - self.low + 1


FIELDS: Final = (
    CronField("minute", 0, 59),
    CronField("hour", 0, 23),
    CronField("day of the month", 1, 31),
    CronField("month", 1, 12, MONTHS, 1),
    CronField("weekday", 0, 7, WEEKDAYS, 0),
)


@dataclass(frozen=True, slots=True)
class Cron:
    """A checked crontab time."""

    text: str  # as given, with single spaces
    values: tuple[tuple[int, ...], ...]  # ascending; () where a field says any

    @property
    def every_hour(self) -> bool:
        """Whether the hours are a rhythm ("*", "*/2") and not times of day."""
        return self.text.split(" ")[1].startswith("*")

    def lists(self) -> tuple[str, ...]:
        """The fields as comma lists; "*" for any, "" for any weekday."""
        *dates, weekdays = (",".join(map(str, numbers)) for numbers in self.values)
        return (*(numbers or "*" for numbers in dates), weekdays)

    @classmethod
    def parse(cls, text: Any, where: str) -> Cron:
        """
        Read five fields; `where` names the job in messages.

        Raises:
            SettingsError: it is no crontab time, or one that never comes.
        """
        parts = text.lower().split() if isinstance(text, str) else []
        if len(parts) != len(FIELDS):
            raise SettingsError(
                f"{where}: cron = {text!r}, expected five fields: minute, hour, day of the "
                'month, month, weekday, as in "30 2 * * 1-5"'
            )
        try:
            values = tuple(map(_numbers, FIELDS, parts))
        except ValueError as error:
            raise SettingsError(f"{where}: cron = {text!r}: {error}") from None
        _, _, days, months, weekdays = values
        if days and weekdays:
            raise SettingsError(
                f"{where}: cron = {text!r} gives a day of the month and a weekday, which cron "
                "and systemd read differently; make two jobs of it, or leave one as *"
            )
        if days and all(min(days) > LONGEST[month - 1] for month in months or range(1, 13)):
            raise SettingsError(f"{where}: cron = {text!r} never comes: no such day in that month")
        return cls(" ".join(parts), values)


def _numbers(field: CronField, text: str) -> tuple[int, ...]:
    if text == "*":
        return ()
    numbers: set[int] = set()
    for part in text.split(","):
        match = _PART.fullmatch(part)
        if match is None:
            raise ValueError(f"{field.name} {part!r} is not a number, a range or a step")
        star, low, high, step = match.groups()
        if star:
            first, last = field.low, field.low + field.size - 1
        else:
            first = _number(field, low)
            last = (7 if high == "sun" else _number(field, high)) if high else first
        if step and not (star or high):
            raise ValueError(f"{field.name} {part!r} has a step without a range; write */{step}")
        if first > last:
            raise ValueError(f"{field.name} {part!r} runs backwards; write two ranges")
        numbers.update(range(first, last + 1, int(step or 1)))
    if field.names is WEEKDAYS and 7 in numbers:
        numbers = numbers - {7} | {0}
    return tuple(sorted(numbers)) if len(numbers) < field.size else ()


def _number(field: CronField, text: str) -> int:
    if text in field.names:
        return field.names.index(text) + field.first
    if not re.fullmatch("[0-9]{1,2}", text) or not field.low <= int(text) <= field.high:
        raise ValueError(f"{field.name} {text!r} is not between {field.low} and {field.high}")
    return int(text)
