"""
CSL-JSON: items as citation managers and content negotiation write them.

    {"type", "title", "author", "issued", "container-title" …}  ->  Record

Crossref's works are a dialect of it and share this module's parts. An item's id is a
citation key, so it only counts inside its file.
"""

from __future__ import annotations

from collections.abc import Mapping
from itertools import takewhile
from typing import Any, Final

from indexer.feeds.shapes.values import authors, first, objects, serials, text, texts
from indexer.records import Author, Record

KEYS: Final = frozenset(
    {"author", "editor", "issued", "container-title", "citation-key", "DOI", "ISBN", "ISSN", "PMID"}
)
DATES: Final = ("issued", "published", "published-print", "published-online", "posted")
WHOLE_BOOKS: Final = (
    "book",
    "edited-book",
    "proceedings",
    "monograph",
    "report",
    "reference",
    "collection",
)


def recognise(plain: Mapping[str, Any]) -> bool:
    """An object with a key that only CSL spells so, and a type or title."""
    if "authors" in plain or KEYS.isdisjoint(plain):
        return False
    return "title" in plain or isinstance(plain.get("type"), str)


def record(plain: Mapping[str, Any]) -> Record:
    """The item as a record; its id stands for it inside its file."""
    get = plain.get
    titles = texts(get("title"))
    issn, isbn = serials((*texts(get("ISSN")), *texts(get("ISBN"))))
    dates = [date for name in DATES if (date := date_text(get(name)))]
    return Record(
        record_id="",
        source_id=text(get("id")),
        title=titles[0] if titles else "",
        alternate_titles=(*titles[1:], *texts(get("original-title"))),
        authors=byline(plain),
        date=dates[0] if dates else "",
        year=text(get("year")),
        container=first(plain, "container-title", "journalAbbreviation", "event-title"),
        publisher=text(get("publisher")),
        volume=text(get("volume")),
        issue=text(get("issue")),
        pages=first(plain, "page", "page-first"),
        article_number=first(plain, "article-number", "number"),
        abstract=text(get("abstract")),
        type=text(get("type")),
        language=text(get("language")),
        stage=text(get("status")),
        doi=text(get("DOI")),
        identifiers=tuple(
            (name.lower(), value) for name in ("PMID", "PMCID") for value in texts(get(name))
        ),
        issn=issn,
        isbn=isbn,
        urls=texts(get("URL")),
    )


def byline(plain: Mapping[str, Any]) -> tuple[Author, ...]:
    """The authors; of a book without authors its editors."""
    names = authors([_whole_name(name) for name in objects(plain.get("author"))])
    if names or not text(plain.get("type")).startswith(WHOLE_BOOKS):
        return names
    return authors([_whole_name(name) for name in objects(plain.get("editor"))])


def _whole_name(name: Mapping[str, Any]) -> Mapping[str, Any]:
    """The name with particle and suffix put to the family name, where they are written."""
    parts = ("dropping-particle", "non-dropping-particle", "family", "suffix")
    family = " ".join(part for key in parts if (part := text(name.get(key))))
    return {**name, "family": family} if text(name.get("family")) else name


def date_text(value: Any) -> str:
    """A CSL date as text, as far as it is known: "2011-03"; of a range its beginning."""
    if isinstance(value, str | int):
        return text(value)
    if not isinstance(value, Mapping):
        return ""
    parts = value.get("date-parts")
    while isinstance(parts, list) and parts and isinstance(parts[0], list):
        parts = parts[0]
    numbers = [text(part) for part in parts[:3]] if isinstance(parts, list) else []
    known = list(takewhile(lambda number: number.isdecimal() and int(number), numbers))
    if known:
        return "-".join([known[0], *(number.zfill(2) for number in known[1:])])
    return first(value, "literal", "raw")
