"""
Places: where in its container a work stands, as comparable strings.

    volume, issue, pages, article number  ->  Places
    "152 (5 Supplement 1)", "", "S498"    ->  Places("152", "5 suppl 1", "s498")

Does not: compare two places (`detector.comparisons` does), or swap volume and issue
back where a record has them the wrong way round (the comparison does). What a feed
put into the wrong field (pages into the volume, an article number into the
issue) goes where it belongs when that place is free. A new shape is one line in
tests/cases/places.csv.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from indexer.fields.containers.pages import Pages, pages_of, plain, spreadsheet_range
from indexer.fields.text.roman_numerals import ROMAN
from indexer.records import maker_of


@dataclass(frozen=True, slots=True)
class Places:
    """A place in a container; every part is "" when the record does not say."""

    volume: str = ""
    issue: str = ""  # "5 suppl 2", "3-4", "mar"
    first_page: str = ""
    last_page: str = ""
    article_number: str = ""  # an electronic page: "e12724", "cd010478"
    total_pages: str = ""  # of "215 p": a length, no place
    other_first: str = ""  # the first page by another reading of a spreadsheet's date

    @property
    def start(self) -> str:
        """Where the work begins: its first page, or the article number where it has none."""
        return self.first_page or self.article_number

    @property
    def pages(self) -> str:
        """First and last page: "12-34", or the one of the two that is known."""
        return "-".join(page for page in (self.first_page, self.last_page) if page)


_PLACES: Final = maker_of(Places)


def places_of(volume: str, issue: str, pages: str, article_number: str = "") -> Places:
    """The place of a work, from its four fields as harvested."""
    of_volume = _volume(volume) if volume else _NOWHERE
    of_issue = _issue(issue) if issue else _NOWHERE
    paged = pages_of(pages) if pages else _NO_PAGES
    if of_volume.pages and paged == _NO_PAGES:
        paged = pages_of(of_volume.pages)
    article = _article(article_number) if article_number else ""
    return _PLACES(
        of_volume.volume,
        of_issue.issue or of_volume.issue,
        paged.first,
        paged.last,
        article or paged.article or of_issue.article,
        paged.total,
        paged.other_first,
    )


@dataclass(frozen=True, slots=True)
class _Read:
    """What one field of volume or issue says."""

    volume: str = ""
    issue: str = ""
    article: str = ""
    pages: str = ""


_NOWHERE: Final = _Read()
_NO_PAGES: Final = Pages()

_NOISE: Final = re.compile(r"\(?\bno pagination\)?|&na;|\[et al\.?\]\.?|\bpagination\b|[#*]")
_LABEL: Final = re.compile(
    r"(?:vol(?:ume)?s?|v|bd|band|tome|tom|t|jg|jahrg(?:ang)?|no|nr|iss|том|т)\b[. ]*(?=.)"
)
# "Theory. 117", "Part A. 242": the end of the journal's name before the volume.
_NAME: Final = re.compile(
    r"(?!sup|spec|pt)(?:[^\d(].{0,190}|\d{4}\))\. (?=\d{1,4}(?:[a-z]|-\d{1,4})?(?: ?\(|$))"
)
_YEAR: Final = re.compile(r"1[89]\d\d|20\d\d")
_WITH_PAGES: Final = re.compile(
    r"(\w{1,6} ?(?:\([^)]{1,12}\)?)?) ?(?::(?=\d{2,}[ -]?\d{2})|,(?= ?\d)) ?(?:pp?\.? ?)?"
    r"([\d -]{1,16})"
)
_LEADING: Final = re.compile(
    r"([a-z]{0,3})-?(\d{1,5})((?: ?- ?\d{1,5})?)(?:[ -]?([a-rt-z])(?![a-z0-9-]))?"
)


@lru_cache(maxsize=1 << 14)
def _volume(text: str) -> _Read:
    """A volume, and the issue or pages that a feed put behind it."""
    torn = text.count(")") > text.count("(")  # "1)" is the end of "60 (SUPPL. 1)"
    if text.startswith("(") and not torn:
        return _Read(issue=_designation(plain(_NOISE.sub(" ", text.lower()))))
    text = _NOISE.sub(" ", plain(text)).strip(" .,")
    if numbers := spreadsheet_range(text):
        return _Read(volume=f"{numbers[0]}-{numbers[1]}")
    labelled = _LABEL.match(text)
    if match := labelled or _NAME.match(text):
        text, torn = text[match.end() :], False
    pages = ""
    if match := _WITH_PAGES.fullmatch(text):
        text, pages = match[1], re.sub(r"(?<=\d) (?=\d)", "-", f"pp {match[2].strip()}")
    if (number := ROMAN.get(text, 0)) and (labelled or len(text) > 1 or text in "ivx"):
        return _Read(volume=str(number))
    match = _LEADING.match(text)
    if torn or not match:
        loose = not torn and text.startswith(("sup", "spec"))
        return _Read(issue=_designation(text)) if loose else _NOWHERE
    span = re.sub(r"\D+", "-", match[3])
    volume = f"{match[1]}{match[2].lstrip('0')}{span}{match[4] or ''}"
    issue = _designation(text[match.end() :])
    return _Read(volume, "" if _YEAR.fullmatch(issue) else issue, pages=pages)


_CLOCK: Final = re.compile(r"(\d{1,2}):00 ([ap])m")  # a spreadsheet's reading of "5 A"
_NUMBERED: Final = re.compile(r"(?:article|art|artn|paper|id)[. ]+(\w{1,20})")
_ARTICLE: Final = re.compile(
    r"(?!sup|pt|no|iss|spec|part)[a-z]{1,5}-?\d{3,10}|e\d{4,6}-\d\d[\d.]*|\d{5,18}"
    r"|\d{3}[a-z]{2}\d{1,3}|[a-z]{3,10}\.\d{4}[\d.-]*"
)
_IN_BRACKETS: Final = re.compile(r"(?<=\w) ?\([^)]*\)?")


@lru_cache(maxsize=1 << 14)
def _issue(text: str) -> _Read:
    """An issue, or the article number that a feed put in its place."""
    text = _NOISE.sub(" ", plain(text)).strip(" .,")
    if numbers := spreadsheet_range(text):
        return _Read(issue=f"{numbers[0]}-{numbers[1]}")
    if match := _CLOCK.fullmatch(text):
        return _Read(issue=match[1] + match[2])
    if match := _NUMBERED.fullmatch(text):
        return _Read(article=match[1])
    if _ARTICLE.fullmatch(text):
        return _Read(article=text)
    return _Read(issue=_designation(_IN_BRACKETS.sub(" ", text)))


def _article(text: str) -> str:
    read = pages_of(text)
    return read.article or read.first


_TOKEN: Final = re.compile(
    r"suppl(?:e(?:ment(?:um|ary|s)?)?|s)?|(?:(?<![a-z])s|part|pt|spec|vyp|iss)(?=\d)"
    r"|\d+(?:[-/]\d+)*|[a-z]+\d*"
)
_SMALL_ROMAN: Final = re.compile(r"[ivx]+")
_MONTH: Final = re.compile(
    r"(jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)"
    r"(?:uary|ruary|ch|il|e|y|ust|t(?:ember)?|ember|ober)?(?:\d{4})?"
)
_MEANINGS: Final = {
    **dict.fromkeys(("s", "sup", "supp"), "suppl"),
    **dict.fromkeys(("pt", "part", "parts", "teil", "vyp"), "pt"),
    **dict.fromkeys(("spec", "special", "sp", "si"), "spec"),
    **dict.fromkeys(
        ("meetingabstracts", "meeting", "abstracts", "abstract", "astracts"), "abstracts"
    ),
}
_FILLERS: Final = "no nr n num number iss issue issues vol heft h fasc nd rd th st of the e and"
_DROPPED: Final = frozenset(_FILLERS.split())


def _designation(text: str) -> str:
    """How an issue is called, in one spelling: "5 SUPPL. 2" and "5_suppl2" are "5 suppl 2"."""
    parts: list[str] = []
    words: list[str] = []
    months: list[str] = []
    for token in _TOKEN.findall(text):
        if month := _MONTH.fullmatch(token):
            months.append(month[1])
        elif not (said := _said(token, parts)):
            words.append(token)
        elif said not in parts[-1:] or said.isdigit():
            parts.append(said)
        if parts[-2:-1] == ["suppl"]:
            break  # what stands behind "5 suppl 2" is its name
    if months:
        return "-".join(months)
    while len(parts) > 1 and _YEAR.fullmatch(parts[-1]):
        parts.pop()
    return " ".join(parts or [word for word in words if word not in _DROPPED])


def _said(token: str, before: list[str]) -> str:
    """What one word of a designation says, "" for a word that may be dropped."""
    if token[0].isdigit():
        return "-".join(part.lstrip("0") or "0" for part in re.split(r"[-/]", token))
    if token.startswith("suppl"):
        return "suppl"
    if meaning := _MEANINGS.get(token):
        return meaning
    last = before[-1] if before else ""
    if _SMALL_ROMAN.fullmatch(token) and (number := ROMAN.get(token, 0)):
        # "11 II" is part 2 of issue 11; "Suppl IV" is supplement 4.
        return f"pt {number}" if last[:1].isdigit() else str(number)
    if len(token) == 1 and (last in ("suppl", "pt", "spec") or token not in _DROPPED):
        if last[:1].isdigit():
            before[-1] = last + token  # "11 B"
            return before[-1]
        return token
    return token if token[-1].isdigit() else ""
