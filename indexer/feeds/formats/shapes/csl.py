"""
CSL-JSON: items as citation managers and content negotiation write them.

    {"type", "title", "author", "issued", "container-title" …}  ->  Record

Crossref's works are a dialect of it and share this module's parts. An item's id is a
citation key, so it only counts inside its file. What no field of a record holds stays in
`extra`, names and dates as texts.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import takewhile
from typing import Any, Final

from indexer.feeds.formats.lines.telling_types import refined
from indexer.feeds.formats.shapes.csl_custom import KEYS as OURS
from indexer.feeds.formats.shapes.csl_custom import with_custom
from indexer.feeds.formats.shapes.note_lines import numbers_of
from indexer.feeds.formats.shapes.values import (
    as_texts,
    authors,
    every,
    first,
    listed,
    objects,
    same,
    serials,
    text,
    texts,
)
from indexer.records import Author, Record, completed

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
# Keys that fields of a record hold; of several for one field the first that says anything.
READ: Final = frozenset(
    {
        *("id", "title", "original-title", "author", "editor", "year", "publisher", "volume"),
        *("publisher-place", "issue", "abstract", "keyword", "categories", "note", "annote"),
        *("type", "language", "status", "DOI", "PMID", "PMCID", "ISSN", "ISBN", "URL", "source"),
    }
)
CHOICES: Final = (
    DATES,
    ("container-title", "journalAbbreviation", "event-title"),
    ("page", "page-first"),
    ("article-number", "number"),
)


def recognise(plain: Mapping[str, Any]) -> bool:
    """An object with a key that only CSL spells so, and a type or title."""
    if "authors" in plain or KEYS.isdisjoint(plain):
        return False
    return "title" in plain or isinstance(plain.get("type"), str)


def record(plain: Mapping[str, Any]) -> Record:
    """The item as a record; its id stands for it inside its file."""
    return with_custom(completed(item(plain), extra=tuple(_extra(plain))), plain.get("custom"))


def item(plain: Mapping[str, Any]) -> Record:
    """What CSL-JSON and its dialects have in common."""
    get = plain.get
    titles = texts(get("title"))
    issn, isbn = serials((*texts(get("ISSN")), *texts(get("ISBN"))))
    dates = [date for name in DATES if (date := date_text(get(name)))]
    notes = every(get("note"), get("annote"))
    doi, identifiers = numbers_of(plain, notes)
    return Record(
        source_id=text(get("id")),
        **same(plain, "year publisher volume issue abstract language"),
        title=titles[0] if titles else "",
        alternate_titles=(*titles[1:], *texts(get("original-title"))),
        authors=byline(plain),
        editors=people(plain, "editor"),
        date=dates[0] if dates else "",
        container=first(plain, *CHOICES[1]),
        publisher_place=first(plain, "publisher-place", "publisher-location"),
        pages=first(plain, *CHOICES[2]),
        article_number=first(plain, *CHOICES[3]),
        keywords=tuple(dict.fromkeys((*listed(get("keyword")), *texts(get("categories"))))),
        notes=notes,
        type=refined(text(get("type")), texts(get("genre"))),
        stage=text(get("status")),
        doi=doi,
        identifiers=identifiers,
        issn=issn,
        isbn=isbn,
        urls=texts(get("URL")),
        database=text(get("source")),
    )


def byline(plain: Mapping[str, Any]) -> tuple[Author, ...]:
    """The authors; of a book without authors its editors."""
    names = people(plain, "author")
    if names or not text(plain.get("type")).startswith(WHOLE_BOOKS):
        return names
    return people(plain, "editor")


def people(plain: Mapping[str, Any], role: str) -> tuple[Author, ...]:
    """The names under a key."""
    return authors([_whole_name(name) for name in objects(plain.get(role))])


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


def _extra(plain: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """What no field holds: other roles, other dates, numbers, the parts of `custom`."""
    taken = set(READ)
    for names in CHOICES:
        taken.update([name for name in names if plain.get(name)][:1])
    for name, value in plain.items():
        if name == "custom" and isinstance(value, Mapping):
            for inner, said in value.items():
                if inner in OURS and not isinstance(said, str):
                    continue
                yield from ((f"csl:custom.{inner}", each) for each in as_texts(said))
        elif name not in taken:
            yield from ((f"csl:{name}", each) for each in _said(plain, name, value))


def _said(plain: Mapping[str, Any], name: str, value: Any) -> tuple[str, ...]:
    if isinstance(value, Mapping) and (date := date_text(value)):
        return (date,)
    if objects(value) and (names := people(plain, name)):
        return tuple(person.display for person in names)
    return as_texts(value)
