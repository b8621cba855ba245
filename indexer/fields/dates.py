"""
Dates: what a date field says, to the precision it says it.

    "2012 Mar-Apr"  ->  PartialDate(2012, 3)

Does not: compare two dates, or guess a missing part. Feeds that know the year alone
write it as 1 January, so that day is read as its year; a range gives its beginning;
a numeric date whose day and month could be each other gives its year. A month in
another language is one entry of MONTHS and one line in tests/cases/dates.csv.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import Final

from indexer.records import PartialDate

FIRST_YEAR: Final = 1450  # of print; what stands below in a date field is another calendar
LAST_YEAR: Final = 2099
BUDDHIST_YEARS: Final = range(2350, 2643)  # of the Thai calendar: 1807 to 2099
BUDDHIST_OFFSET: Final = 543
MAX_LENGTH: Final = 200

# How months begin, accents dropped: en de fr es it pt nl pl ro cs sv tr, then Russian, Greek.
_MONTH_STARTS: Final = (
    "jan gen ene led sty ian oca янв ιαν",
    "feb fev fév uno lut sub фев φεβ",
    "mar maa mär mrt bre мар μαρ",
    "apr abr avr dub kwi nis апр απρ",
    "may mai mei mag maj kve май мая μαι",
    "jun juin giu cer cze iun haz июн ιουν",
    "jul juil lug cec lip iul tem июл ιουλ",
    "aug ago aou srp sie agu авг αυγ",
    "sep set zar wrz eyl сен σεπ",
    "oct okt ott out rij paz eki окт οκτ",
    "nov lis kas noi ноя νοε",
    "dec dez dic pro gru ara дек δεκ",
)
MONTHS: Final = {
    start: number for number, starts in enumerate(_MONTH_STARTS, 1) for start in starts.split()
}

_PLAIN_YEAR: Final = re.compile(r"(\d{4})(0[1-9]|1[0-2])?")
_ISO: Final = re.compile(
    r"(?<!\d)(\d{4})[-/.](\d{1,2})(?![\d])(?:[-/.](\d{1,2})(?!\d))?|(?<!\d)(\d{4})(\d\d)(\d\d)(?!\d)"
)
_CHINESE: Final = re.compile(
    r"(\d{4})\s?[年년]\s?(?:(\d{1,2})\s?[月월]\s?(?:(\d{1,2})\s?[日일])?)?"
)
_NUMERIC: Final = re.compile(r"(?<!\d)(\d{1,2})([-/.])(\d{1,2})\2(\d{4})(?!\d)")
_MONTH_YEAR: Final = re.compile(r"(?<![\d/.-])(\d{1,2})[-/.](\d{4})(?![\d])")
_WORD: Final = re.compile(r"[^\W\d_]{3,}")
_DAY: Final = re.compile(r"(?<![\d:.+-])(\d{1,2})(?:st|nd|rd|th|er|º|\.|,)?(?![\d:])")
_YEAR: Final = re.compile(
    r"(?<![\d+])(\d{4})(?![\du-])|(?<![\d+])(\d{4})(?=-(?!-))|(?<=')(\d\d)(?!\d)"
)
_HIJRI: Final = re.compile(r"(?<!\d)(1[34]\d\d)\s?(?:a\.?\s?h\.?|h\.?|هـ|ه)(?!\w)", re.I)


@lru_cache(maxsize=1 << 15)
def date_of(text: str) -> PartialDate | None:
    """The date a field states, or None when it states none that can be true."""
    if match := _PLAIN_YEAR.fullmatch(text):
        return _checked(int(match[1]), int(match[2] or 0))
    text = _plain(text)
    if match := _ISO.search(text):
        year, month, day = match[1] or match[4], match[2] or match[5], match[3] or match[6]
        return _first_january_is_a_year(_checked(int(year), int(month), int(day or 0)))
    if match := _CHINESE.search(text):
        return _checked(int(match[1]), int(match[2] or 0), int(match[3] or 0))
    if match := _NUMERIC.search(text):
        return _numeric(match)
    if match := _HIJRI.search(text):
        return _checked(_gregorian(int(match[1])))
    return _in_words(text)


def years_of(date: str, year: str) -> tuple[int, ...]:
    """Every year that a record's date and year fields state, sorted, each once."""
    return (
        _years(date) if date == year or not year else tuple(sorted({*_years(date), *_years(year)}))
    )


@lru_cache(maxsize=1 << 15)
def _years(text: str) -> tuple[int, ...]:
    date = date_of(text)
    if date is None:
        return ()
    # Both ends of "1998 Dec-1999 Jan"; a time zone ("+0200") is no year.
    stated = {_year(match) for match in _YEAR.finditer(_plain(text))}
    return tuple(sorted({date.year, *(year for year in stated if year)}))


def _plain(text: str) -> str:
    """The text with compatibility digits and accents folded away, in lower case."""
    text = text[:MAX_LENGTH]
    if not text.isascii():
        text = unicodedata.normalize("NFKC", text).replace("’", "'")
        text = re.sub(r"[‐-―−]", "-", text)
    return text.lower()


def _checked(year: int, month: int = 0, day: int = 0) -> PartialDate | None:
    """The date without the parts that no calendar has; None without a year that can be."""
    if year in BUDDHIST_YEARS:
        year -= BUDDHIST_OFFSET
    if not FIRST_YEAR <= year <= LAST_YEAR:
        return None
    if not 1 <= month <= 12:
        return PartialDate(year)
    leap = year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)
    length = 30 if month in (4, 6, 9, 11) else 31 if month != 2 else 28 + leap
    return PartialDate(year, month, day if 1 <= day <= length else None)


def _first_january_is_a_year(date: PartialDate | None) -> PartialDate | None:
    return PartialDate(date.year) if date and (date.month, date.day) == (1, 1) else date


def _numeric(match: re.Match[str]) -> PartialDate | None:
    """'31.12.2012', '12/31/2012', and '03/04/2012', of which only the year is sure."""
    first, second, year = int(match[1]), int(match[3]), int(match[4])
    if match[2] == "." or first > 12:
        date = _checked(year, second, first)
    elif second > 12 or first == second:
        date = _checked(year, first, second)
    else:
        date = _checked(year)
    return _first_january_is_a_year(date)


def _gregorian(hijri: int) -> int:
    """The Gregorian year in which most of a Hijri year lies (lunar years of 354.37 days)."""
    return round(hijri * 0.970229 + 621.58)


def _in_words(text: str) -> PartialDate | None:
    """'2012 Mar-Apr', '1 January 2012', '(1995b).', 'Wed, 13 Apr 2022 10:00:00 GMT'."""
    match = next((match for match in _YEAR.finditer(text) if _year(match)), None)
    if match is None:
        return None
    year = _year(match)
    if numbered := _MONTH_YEAR.search(text):
        return _checked(int(numbered[2]), int(numbered[1]))
    month, end = _month(text)
    if not month:
        return _checked(year)
    # The day stands just before its month or just after it, and is not the year's.
    near = (day for day in _DAY.finditer(text) if end - 24 <= day.start() <= end + 5)
    day = next((int(match[1]) for match in near if 1 <= int(match[1]) <= 31), 0)
    return _checked(year, month, day)


def _month(text: str) -> tuple[int, int]:
    """The first month named in a text and where its name ends."""
    for word in _WORD.finditer(text):
        name = "".join(
            c for c in unicodedata.normalize("NFD", word[0]) if not "\u0300" <= c <= "\u036f"
        )
        for length in (4, 3):
            if number := MONTHS.get(name[:length]):
                return number, word.end()
    return 0, 0


def _year(match: re.Match[str]) -> int:
    """The year of a match of _YEAR, 0 when it cannot be one; "'92" is 1992."""
    if match[3]:
        return 1900 + int(match[3]) if int(match[3]) > 29 else 2000 + int(match[3])
    date = _checked(int(match[1] or match[2]))
    return date.year if date else 0
