"""
Pages: what a pages field says, as first page, last page, article number or a length.

    "S27-9"  ->  Pages("s27", "s29")        "06-Oct"  ->  Pages("6", "10")

Does not: know volumes and issues (`places.py` does), or compare. Pages are lower-case
strings: "70s" and "S70" are one page, "s70"; "t-51" has lost its first page and its
last is cut, so it says nothing. A new shape is one line in tests/cases/places.csv.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Final

from indexer.records import PartialDate

MAX_LENGTH: Final = 200
_MONTHS: Final = "jan feb mar apr may jun jul aug sep oct nov dec"
MONTHS: Final = {name: number for number, name in enumerate(_MONTHS.split(), 1)}


@dataclass(frozen=True, slots=True)
class Pages:
    """The parts of a pages field; "" when the field does not have one."""

    first: str = ""
    last: str = ""
    article: str = ""  # the number of an electronic article: "e12724", "cd010478"
    total: str = ""  # how many pages there are: "215 p"
    other_first: str = ""  # the first page by another reading: "23-Jun" may be 6-23 or 23-6


_YEAR_DIGITS: Final = 4
_LONGEST_DAY: Final = len("23-Jun.")

_DASHES: Final = re.compile(r"[‐-―−﹣－~]|\?{3}|-{2,}")
_FLOAT: Final = re.compile(r"\d\.\d+e[+-]?\d+")  # a spreadsheet's ruin of a long number
_SPREADSHEET: Final = re.compile(r"(\d{1,2})-([a-z]{3})|([a-z]{3})-(\d{1,2})|([a-z]{3})-([a-z]{3})")
_TOTAL: Final = re.compile(
    r"(?:.*[ .,+])?(\d{1,4})(?: pp?| ?pages| seiten| стр)|(?:.*[ .])?[ivxlc]{1,8}, ?(\d{1,4})"
)
_LABEL: Final = re.compile(r"(?:(?:pages?|pags?|seiten?|pp|pg|p|стр)(?![a-z])|[sс]\.)[.: ]*")
_ARTICLE_LABEL: Final = re.compile(
    r"(?:article(?: number| no)?|art(?: no)?|artn|unsp|paper(?: no)?|unit|id)[.: ]+(?=[a-z]{0,3}\d)"
)
_ISSUE_BEFORE: Final = re.compile(r"\d{1,4} ?\([^)]{1,20}\)[:,. ]*|suppl[a-z]*\.? ?\d*[:,] ?")
_TAIL: Final = re.compile(
    r"[;(\[]|\b(?:discussion|quiz|passim|inside|table|back cover|no pag|abstr)"
)
_LETTER_SPACE: Final = re.compile(r"\b([a-hj-uwyz]) (?=\d)")
_THOUSANDS: Final = re.compile(r"(\d{1,3})[ ,](\d{3})")
_LETTERED_PAGE: Final = re.compile(r"(?<=\d)[ .]?(?=e\d{1,2}(?!\d))")

# One article's pages counted from 1, or a page with the part it stands in, on both ends.
_ARTICLE_TWICE: Final = re.compile(
    r"(\d{1,4}):(\d{1,3})-\1:(\d{1,3})|(\d{5,12})[-p](\d{1,3})-\4[-p](\d{1,3})"
)
_PART_TWICE: Final = re.compile(r"([a-z0-9]{1,8})-([a-z]?\d{1,5})-\1-([a-z]?\d{1,5})")

_ROMAN: Final = re.compile(r"[ivxlcdm]{1,8}")
_PAGE: Final = re.compile(r"([a-z]{0,4}|\d[a-z])-?((?:\d{1,4}\.){0,2})(\d{1,6})([a-z]?)")
_E_PAGE: Final = re.compile(r"([a-z]{0,2}\d{1,5})\.e(\d{1,2})")
_USUAL: Final = re.compile(r"([0-9]{1,6})-([0-9]{1,6})")
_HAS_DIGIT: Final = re.compile(r"\d")


@lru_cache(maxsize=1 << 15)
def pages_of(text: str) -> Pages:
    """The parts of a pages field as harvested."""
    if match := _USUAL.fullmatch(text):  # half of all; what follows takes 12 times as long
        first = match[1].lstrip("0") or "0"
        return Pages(first, _expanded(match[1].lstrip("0"), match[2].lstrip("0")))
    text = plain(text)
    if numbers := spreadsheet_range(text):
        return Pages(str(numbers[0]), str(numbers[1]), other_first=_shortened(*numbers))
    if _FLOAT.fullmatch(text) or not (_HAS_DIGIT.search(text) or _ROMAN.search(text)):
        return Pages()
    if match := _TOTAL.fullmatch(text):
        return Pages(total=match[1] or match[2])
    if match := _ARTICLE_LABEL.match(text):
        return Pages(article=text[match.end() :].split()[0].strip(".,"))
    return _twice(text) or _listed(text)


def plain(text: str) -> str:
    """A field in lower case with one kind of dash, single spaces and no closing punctuation."""
    text = text[:MAX_LENGTH]
    if not text.isascii():
        text = unicodedata.normalize("NFKC", text)
    return " ".join(_DASHES.sub("-", text.lower()).split()).strip(" .,:;)]('\"")


def spreadsheet_range(text: str) -> tuple[int, int] | None:
    """The numbers of "6-10" and "2-14", of which spreadsheets make "06-Oct" and "Feb-14"."""
    match = _SPREADSHEET.fullmatch(text)
    if not match:
        return None
    month = MONTHS.get(match[2] or match[3] or match[5])
    other = MONTHS.get(match[6]) if match[6] else int(match[1] or match[4])
    if month is None or other is None:
        return None
    # Day and month are swapped by the sheet's locale; pages ascend.
    return min(month, other), max(month, other)


def is_own_date(text: str, date: PartialDate | None, years: tuple[int, ...]) -> bool:
    """Whether a pages field holds the year of its record, or its day: "1998", "23-Jun"."""
    if len(text) == _YEAR_DIGITS and text.isdecimal():
        return int(text) in years
    if date is None or not date.month or not date.day or len(text) > _LONGEST_DAY:
        return False
    return spreadsheet_range(plain(text)) == tuple(sorted((date.month, date.day)))


def _shortened(least: int, most: int) -> str:
    """The first page if the range was written short: "23-6" is 23-26, and a date as 6-23 is."""
    return str(most) if most > 9 and least <= 9 and least > most % 10 else ""


def _twice(text: str) -> Pages | None:
    """'35:1-35:44' and '046001-1-046001-12' (pages of one article), 'iv-138-iv-152'."""
    if match := _ARTICLE_TWICE.fullmatch(text):
        return Pages(match[2] or match[5], match[3] or match[6], match[1] or match[4])
    if match := _PART_TWICE.fullmatch(text):
        return Pages(f"{match[1]}-{match[2]}", f"{match[1]}-{match[3]}")
    return None


def _listed(text: str) -> Pages:
    """The first range of arabic pages in a list of pages, else its first page."""
    text, plural = _unlabelled(text)
    if match := _THOUSANDS.fullmatch(text):
        text = match[1] + match[2]
    text = (
        _LETTERED_PAGE.sub(".", _LETTER_SPACE.sub(r"\1", text))
        .replace(" -", "-")
        .replace("- ", "-")
    )
    pages = [
        page for piece in re.split(r"[ ,+&/]", text)[:12] if (page := _piece(piece.strip(".")))
    ]
    if not pages:
        return Pages()
    arabic = [page for page in pages if _HAS_DIGIT.search(page.first + page.article)] or pages
    best = next((page for page in arabic if page.last), arabic[0])
    return _torn(best) if plural else best


def _unlabelled(text: str) -> tuple[str, bool]:
    """Without "pp.", a volume before and a discussion behind; whether the label was a plural."""
    if match := _ISSUE_BEFORE.match(text):
        text = text[match.end() :]
    plural = False
    if (match := _LABEL.match(text)) and match.end() < len(text):
        plural = match[0].startswith(("pages", "pp", "seiten"))
        text = text[match.end() :]
    if match := _TAIL.search(text):
        text = text[: match.start()]
    return text.rpartition(":")[2].strip(" .,:-"), plural


def _piece(text: str) -> Pages | None:
    """One page, one range or one article number."""
    first, dash, last = text.partition("-")
    if not dash:
        return _single(text)
    if "." in first and (match := _E_PAGE.fullmatch(first)):  # "672.e11-5"
        end = re.sub(r".*e", "", last)
        return Pages(first, f"{match[1]}.e{_expanded(match[2], end)}" if end.isdigit() else "")
    last = re.sub(r"(?:\.e\d|_).*", "", last)  # "1106-1127.e9", "686-692_2"
    if _ROMAN.fullmatch(first) and _ROMAN.fullmatch(last):
        return Pages(first, last)
    start = _PAGE.fullmatch(first)
    if not start:
        # "s-627" is S627; "t-51" and "suppl-29" have lost their beginning.
        whole = _PAGE.fullmatch(text) if len(first) == 1 and first != "t" else None
        return Pages(_page(whole)) if whole else None
    end_match = _PAGE.fullmatch(last)
    if not end_match:
        return Pages(_page(start)) if not re.search(r"\d{2}", last) or start[3] else None
    return Pages(_page(start), _last(start, end_match))


def _single(text: str) -> Pages | None:
    if _E_PAGE.fullmatch(text):
        return Pages(text)
    match = _PAGE.fullmatch(text)
    if match and match[1] != "e" and len(match[3]) < 6:
        return Pages(_page(match))
    if _ROMAN.fullmatch(text):
        return Pages(text)
    return Pages(article=text) if _HAS_DIGIT.search(text) and len(text) <= 40 else None


def _page(match: re.Match[str]) -> str:
    """One page's name: a letter behind the number goes in front, leading zeros go."""
    return f"{match[1] or match[4]}{match[2]}{match[3].lstrip('0') or '0'}"


def _last(start: re.Match[str], end: re.Match[str]) -> str:
    """The last page, with what an abbreviated one shares with the first: "139-54" is 139-154."""
    letters = start[1] or start[4]
    if end[1] and end[1] != letters:
        return ""  # "1585-u114", "167-e42"
    return f"{letters}{end[2] or start[2]}{_expanded(start[3].lstrip('0'), end[3].lstrip('0'))}"


def _expanded(first: str, last: str) -> str:
    if len(last) < len(first):
        whole = first[: len(first) - len(last)] + last
        return whole if int(whole) >= int(first) else last
    return last or "0"


def _torn(page: Pages) -> Pages:
    """'pages 382391' has lost its dash: two ascending halves."""
    text = page.first or page.article
    half = len(text) // 2
    if page.last or not text.isdigit() or len(text) not in (4, 6, 8):
        return page
    first, last = text[:half], text[half:]
    return replace(page, first=first, last=last, article="") if first <= last else page
