"""
Dates: what a date field says, to the precision it says it.

    "2012 Mar-Apr"  ->  PartialDate(2012, 3)

Does not: compare two dates, or guess a missing part: a year is not 1 January.
A new shape is one line in tests/cases/dates.csv.
"""

from __future__ import annotations

import re
from typing import Final

from indexer.records import PartialDate

_YEAR: Final = re.compile(r"(?<!\d)(1[4-9]\d\d|20\d\d)(?!\d)")


def date_of(text: str) -> PartialDate | None:
    """The date a field states, or None when it states none that can be true."""
    found = _YEAR.search(text)
    return PartialDate(int(found[1])) if found else None


def years_of(date: str, year: str) -> tuple[int, ...]:
    """Every year that a record's date and year fields state, sorted, each once."""
    found = (date_of(text) for text in (date, year))
    return tuple(sorted({one.year for one in found if one}))
