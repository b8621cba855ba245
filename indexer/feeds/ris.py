"""
RIS: the exchange format of citation managers, and Cochrane's text export beside it.

    TY, AU, TI, …, ER lines  ->  tags  ->  Record

Met in the wild and read: no ER, no TY, numbering or providers' headers between entries,
one blank or a typographic hyphen in the separator, wrapped lines, any line ends, R's NA.
A `%`-tagged file is EndNote's own format and not read here; `PMID- ` files neither.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import partial
from typing import Final

from indexer.feeds.rows import Head, Input
from indexer.feeds.shapes.values import joined_pages, serials
from indexer.feeds.tagged import Dialect, Row, Tags, read_entries
from indexer.records import Author, Record

_HYPHEN: Final = "(?:-|\u2010|\u2011|\u2013|\u00ad)"
LISTS: Final = frozenset({"AU", "A1", "A2", "A3", "A4", "ED", "KW", "UR", "L1", "L2", "N1"})
STRICT: Final = Dialect(
    tag=re.compile(rf"[ \t]*(?:\d+\.[ \t]*(?=TY))?([A-Z][A-Z0-9])  {_HYPHEN}"),
    first="TY",
    last="ER",
    lists=LISTS,
    any_first=True,
)
# "TI - x": one blank. Only where TY itself is written so: "IL - 6" stands in abstracts.
LOOSE: Final = Dialect(
    tag=re.compile(rf"[ \t]*([A-Z][A-Z0-9]) {{1,2}}{_HYPHEN}(?=\s|\Z)"),
    first="TY",
    last="ER",
    lists=LISTS,
)
# Cochrane's tags by their RIS names; PM and XR hold PubMed's and Embase's numbers.
RENAMED: Final = {
    "SO": "T2",
    "YR": "PY",
    "NO": "IS",
    "PG": "SP",
    "KY": "KW",
    "DOI": "DO",
    "US": "UR",
    "PM": "U1",
    "XR": "U2",
}
COCHRANE: Final = Dialect(
    tag=re.compile(r"(Record|ID|AU|TI|SO|YR|VL|NO|PG|PB|PT|KY|CC|DOI|AB|US|PM|XR|SN|LA)(?: #|: ?)"),
    first="Record",
    last="\0",  # only the next entry's number ends an entry
    lists=LISTS,
    renamed=RENAMED,
)
_LINE: Final = "(?:\\A|[\r\n])\ufeff?"
_TYPED: Final = re.compile(rf"{_LINE}[ \t]*(?:\d+\.[ \t]*)?TY  {_HYPHEN}")
_LOOSELY_TYPED: Final = re.compile(rf"{_LINE}[ \t]*TY {_HYPHEN} +[A-Z]+[ \t]*[\r\n]")
_TAGGED: Final = re.compile(rf"{_LINE}[ \t]*[A-Z][A-Z0-9]  {_HYPHEN} ")
_ENDED: Final = re.compile(rf"{_LINE}[ \t]*ER  {_HYPHEN}")
_MEDLINE: Final = re.compile(rf"{_LINE}PMID- ")
_COCHRANE: Final = re.compile(rf"{_LINE}Record #\d+ of \d+\s+(?:ID|AU|TI): ")

BOOKS: Final = frozenset({"BOOK", "EBOOK", "EDBOOK"})
CHAPTERS: Final = frozenset({"CHAP", "ECHAP"})
_YEAR: Final = re.compile(r"\d{4}")
_DOI_NOTE: Final = re.compile(r"\s*doi\s*[:=]?\s*(10\.\S+)", re.IGNORECASE)
_PMID: Final = re.compile(
    r"PMID:? ?(\d{1,9})|(?<!\d)(\d{1,9}) ?\[PMID\]|PUBMED (\d{1,9})", re.IGNORECASE
)
_PMCID: Final = re.compile(r"\bPMC\d+\b")
PUBMED: Final = re.compile(r"pubmed|medline|\bNLM\b", re.IGNORECASE)
NUMBER_TAGS: Final = ("AN", "C1", "C2", "C3", "C4", "C5", "C6", "C8", "M1", "M2", "U1", "U2", "U3")


def sniff(head: Head) -> bool:
    """Whether there is a TY line, or tagged lines that an ER line ends, or Cochrane's."""
    text = head.text
    if _MEDLINE.search(text):
        return False
    if _TYPED.search(text) or _LOOSELY_TYPED.search(text) or _COCHRANE.search(text):
        return True
    return bool(_ENDED.search(text)) and len(_TAGGED.findall(text)) > 2


def read(source: Input) -> Iterator[Row]:
    """Every entry of the file as a row."""
    head = Head(source.name, source.text.head).text
    dialect = STRICT
    if _COCHRANE.search(head) and not _TYPED.search(head):
        dialect = COCHRANE
    elif _LOOSELY_TYPED.search(head) and not _TYPED.search(head):
        dialect = LOOSE
    return read_entries(source, dialect, record)


def record(tags: Tags) -> Record:
    """An entry as a record, identity still open."""
    one = partial(_first, tags)
    kind = one("TY")
    title = one("TI", "T1", *(("BT",) if kind in BOOKS else ()), "CT") or one("ST")
    issn, isbn = serials([*tags.get("SN", ()), *tags.get("BN", ())])
    return Record(
        record_id="",
        source_id=_own_id(tags),
        title=title,
        alternate_titles=tuple(t for t in (one("T1"), one("TT")) if t and t != title),
        authors=_byline(tags, kind),
        date=_date(one("DA"), one("Y1"), one("PY")),
        year=one("PY"),
        container=_container(tags, kind),
        publisher=one("PB", "PU"),
        volume=one("VL"),
        issue=one("IS"),
        pages=_pages(one("SP"), one("EP")),
        article_number=one("C7"),
        abstract=one("AB", "N2"),
        type=kind,
        language=one("LA"),
        doi=_doi(tags),
        identifiers=tuple(dict.fromkeys(_identifiers(tags))),
        issn=issn,
        isbn=isbn,
        urls=tuple(
            dict.fromkeys(
                url for tag in ("UR", "LK", "L1", "L2", "L4") for url in tags.get(tag, ())
            )
        ),
    )


def _first(tags: Tags, *names: str) -> str:
    return next((tags[name][0] for name in names if name in tags), "")


def _own_id(tags: Tags) -> str:
    """The ID line, else an accession number where it is one single word."""
    given = _first(tags, "ID") or _first(tags, "AN")
    return given if len(given.split()) == 1 and len(given) < 100 else ""


def _byline(tags: Tags, kind: str) -> tuple[Author, ...]:
    tag = next((tag for tag in ("AU", "A1") if tag in tags), "")
    if not tag and kind in BOOKS:
        tag = next((tag for tag in ("ED", "A2", "A3") if tag in tags), "")
    return tuple(Author(name=name) for name in tags.get(tag, ()))


def _container(tags: Tags, kind: str) -> str:
    if kind in CHAPTERS:
        return _first(tags, "T2", "BT", "JF", "T3")
    return _first(
        tags, "JF", "T2", "JO", "JA", "J2", "J1", "C3", "BT" if kind not in BOOKS else "T3"
    )


def _date(date: str, published: str, year: str) -> str:
    """The fullest date; "Jun" alone is completed by the year beside it."""
    if date and not _YEAR.search(date):
        return f"{year} {date}".strip()
    return date or published or year


def _pages(start: str, end: str) -> str:
    if (start, end) == ("No", "Specified"):  # how Ovid writes "No Pagination Specified"
        return ""
    return joined_pages(start, end)


def _doi(tags: Tags) -> str:
    if given := _first(tags, "DO", "DI"):
        return given
    notes = [note for tag in ("M3", "L3", "N1", "C7") for note in tags.get(tag, ())]
    return next((match[1] for note in notes if (match := _DOI_NOTE.match(note))), "")


def _identifiers(tags: Tags) -> Iterator[tuple[str, str]]:
    accession = _first(tags, "AN")
    if accession.isdigit() and PUBMED.search(" ".join((_first(tags, "DB"), _first(tags, "DP")))):
        yield "pmid", accession
    elif accession:
        yield "", accession
    for value in (value for tag in NUMBER_TAGS for value in tags.get(tag, ())):
        if match := _PMID.search(value):
            yield "pmid", match[1] or match[2] or match[3]
        if match := _PMCID.search(value):
            yield "pmcid", match[0]
