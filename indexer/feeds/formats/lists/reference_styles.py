"""
Reference styles: one reference of a bibliography in a style that says which part is which.

    王伟,李娜.辫状河沉积记忆研究[J].水利学报,2018,12(03):139-154.              GB/T 7714
    Okonjo, A., & Stone, L. (2018). Sediment memory. J. Made, 12(3), 139-154.    APA
    Okonjo A, Stone L. Sediment memory. J Made. 2018;12(3):139-154.              Vancouver
    Okonjo, A. and Stone, L. (2018) 'Sediment memory', J. Made, 12(3), pp. 139-154.   Harvard
    Okonjo, Amara. "Sediment memory." J. Made 12.3 (2018): 139-154.              MLA, Chicago
    A. Okonjo, "Sediment memory," J. Made, vol. 12, no. 3, pp. 139-154, 2018.    IEEE
      ->  the fields of a record

Does not: guess. A reference in which the title cannot be told gives nothing.
"""

from __future__ import annotations

import re
from typing import Any, Final

from indexer.feeds.formats.shapes.values import byline
from indexer.records import Author

LONGEST: Final = 2000  # characters of a reference that are read
_YEAR: Final = r"(?:1[5-9]|20)\d\d"
_DOI: Final = re.compile(
    r"(?:https?://(?:dx\.)?doi\.org/|\bdoi: ?)(10\.\d{4,9}/\S+)", re.IGNORECASE
)
_PMID: Final = re.compile(r"\bPMID: ?(\d{1,8})")
_PAGES: Final = r"(?P<pages>[A-Za-z]?\d\w*(?:\s?[-–+]\s?[A-Za-z]?\d+)?)"
_PLACE: Final = (
    r"(?P<volume>\d{1,4}[A-Za-z]?)?\s*(?:\((?P<issue>[^()]{1,20})\))?"
    rf"\s*[:：,]\s*(?:pp?\.\s*)?{_PAGES}"
)
_TITLE: Final = r"(?P<title>[^.?!]{5,400}(?:[.?!](?=\S)[^.?!]*)*)[.?!]\s+"
_APA_HEAD: Final = (
    rf"(?P<authors>[^()]{{3,600}}?)\s*\((?P<year>{_YEAR})[a-z]?(?:,[^()]{{1,30}})?\)\.\s+"
)
GB: Final = re.compile(
    r"(?P<authors>[^\[\]]{2,300}?)[.．]\s*(?P<title>[^\[\]]{2,400}?)\s*"
    r"\[(?P<kind>[A-Z](?:/OL)?)\]\s*"
    rf"[.．]?\s*(?:(?P<container>[^\[\]]{{2,200}}?)\s*[,，]\s*(?P<year>{_YEAR})"
    rf"(?:\s*[,，]?\s*{_PLACE})?.*)?"
)
APA: Final = re.compile(
    rf"{_APA_HEAD}{_TITLE}(?P<container>\S[^,]{{1,200}}(?:, [^\d,]{{2,60}}){{0,2}}),\s*"
    rf"{_PLACE}\s*\.?.*"
)
APA_BOOK: Final = re.compile(
    rf"{_APA_HEAD}{_TITLE}(?:(?P<publisher_place>[^:.,]{{2,60}}): )?"
    r"(?P<publisher>[^:.,\d]{2,100})\.?(?:\s+https?://\S+)?"
)
VANCOUVER: Final = re.compile(
    r"(?P<authors>[^.]{2,600}?[^\W\d_a-z]{1,4}|[^.]{2,600}?et al)\.\s+"
    rf"{_TITLE}(?P<container>[^;]{{2,150}}?)\.?\s+(?P<year>{_YEAR})[^;:.]{{0,20}};\s*"
    rf"{_PLACE}\s*\.?.*"
)
_QUOTED: Final = r"[\"“](?P<title>[^\"“”]{5,400}?)[.,]?[\"”]"
_MONTH: Final = r"(?:[A-Z][a-z]{2,8}\.? )?"
HARVARD: Final = re.compile(
    rf"(?P<authors>[^()]{{3,600}}?)\s*\((?P<year>{_YEAR})[a-z]?\)[.,]?\s*"
    r"['‘\"“](?P<title>[^\"“”]{5,400}?)[.,]?['’\"”],?\s+"
    rf"(?P<container>[^,]{{2,200}}),\s*{_PLACE}\s*\.?.*"
)
MLA: Final = re.compile(  # and Chicago
    rf"(?P<authors>[^\"“”]{{2,600}}?)\.?\s+{_QUOTED}\s+(?P<container>[^,\d]{{2,200}}?),?\s+"
    r"(?P<volume>\d{1,4})(?:(?:\.|,? no\. )(?P<issue>\d{1,4}))?\s*"
    rf"\({_MONTH}(?P<year>{_YEAR})\):\s*{_PAGES}\s*\.?.*"
)
IEEE: Final = re.compile(
    rf"(?P<authors>[^\"“”]{{2,600}}?),\s+{_QUOTED}\s+(?P<container>[^\"“”]{{2,200}}?),\s+"
    r"vol\.\s*(?P<volume>\d{1,4})(?:,\s*no\.\s*(?P<issue>\d{1,4}))?"
    rf"(?:,\s*(?:pp?|Art\. no)\.\s*{_PAGES})?,\s*{_MONTH}(?P<year>{_YEAR})\s*\.?.*"
)
IEEE_MEETING: Final = re.compile(
    rf"(?P<authors>[^\"“”]{{2,600}}?),\s+{_QUOTED}\s+in (?P<container>[^\"“”]{{2,200}}?),\s+"
    rf"{_MONTH}(?P<year>{_YEAR}),\s*pp?\.\s*{_PAGES}\s*\.?.*"
)
STYLES: Final = (GB, APA, VANCOUVER, HARVARD, MLA, IEEE, IEEE_MEETING, APA_BOOK)
KINDS: Final = {"J": "article", "D": "thesis", "M": "book", "C": "conference", "R": "report",
                "P": "patent", "S": "standard", "N": "newspaper article"}  # fmt: skip
_PUBLISHED: Final = frozenset({"book", "thesis", "report", "standard"})  # by a house, in no journal
_BETWEEN: Final = re.compile(r"(?<=\.),\s*(?:&|and\b)?\s*|\s*,?\s+(?:&|and)\s+")
_COMMAS: Final = re.compile(r"\s*[,，;]\s*(?:and\s+)?|\s+(?:and|&)\s+")
_INITIALS_FIRST: Final = re.compile(r"(?:[^\W\d_]\.[ -]?){1,3}[^\W\d_]{2}")


def fields_of(text: str) -> dict[str, Any] | None:
    """The fields of a record that a reference states; None where its style is not known."""
    text = " ".join(text.split())[:LONGEST]
    for style in STYLES:
        if match := style.fullmatch(text):
            parts = {name: (value or "").strip() for name, value in match.groupdict().items()}
            return _settled(parts, text, style)
    return None


def _settled(parts: dict[str, Any], text: str, style: re.Pattern[str]) -> dict[str, Any]:
    kind = KINDS.get(parts.pop("kind", "")[:1], "")
    if kind in _PUBLISHED and "container" in parts:
        place, house = _house(parts.pop("container"))
        parts |= {"publisher_place": place, "publisher": house}
    doi, pmid = _DOI.search(text), _PMID.search(text)
    return parts | {
        "title": parts["title"].rstrip(",."),
        "type": kind,
        "authors": _authors(parts["authors"], style),
        "date": parts.get("year", ""),
        "doi": doi[1].rstrip(".") if doi else "",
        "identifiers": (("pmid", pmid[1]),) if pmid else (),
    }


def _house(text: str) -> tuple[str, str]:
    """Place and publisher of "Oxford: Made Press"."""
    parts = re.split(r"\s*[:：]\s*", text, maxsplit=1)
    return (parts[0], parts[1]) if len(parts) == 2 else ("", text)


def _authors(text: str, style: re.Pattern[str]) -> tuple[Author, ...]:
    by_commas = style in (GB, VANCOUVER) or _INITIALS_FIRST.match(text)
    return byline((_COMMAS if by_commas else _BETWEEN).split(text))
