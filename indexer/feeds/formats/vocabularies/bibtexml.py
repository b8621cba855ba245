"""
BibTeXML: BibTeX entries as XML.

    <entry id="key"><article><author>…  ->  Record
"""

from __future__ import annotations

import re
from typing import Final

from lxml import etree

from indexer.errors import UnusableRow
from indexer.feeds.formats.markup.xml import attribute, children, descendants, local, text
from indexer.feeds.formats.shapes.values import serials
from indexer.records import Author, Record

_AND: Final = re.compile(r"\s+and\s+")
_READ: Final = frozenset(
    {
        *("title", "subtitle", "author", "editor", "year", "date", "journal", "booktitle"),
        *("publisher", "school", "institution", "address", "volume", "number", "pages"),
        *("abstract", "keywords", "keyword", "note", "annote", "language", "doi", "issn", "isbn"),
        *("url", "person", "title", "first", "last", "middle"),
    }
)


def is_entry(element: etree._Element) -> bool:
    """Whether an <entry> is one of BibTeX."""
    inner = list(children(element))
    return len(inner) == 1 and any(True for _ in children(inner[0], "title", "author"))


def describe(element: etree._Element) -> Record:
    """The record of an entry; its key is its id."""
    entry = next(children(element), None)
    fields: dict[str, list[str]] = {}
    for field in children(entry):
        if said := text(field):
            fields.setdefault(local(field).lower(), []).append(said)
    if not fields or entry is None:
        raise UnusableRow("the BibTeXML entry has no fields")

    def get(*names: str) -> str:
        return next((fields[name][0] for name in names if name in fields), "")

    issn, isbn = serials((*fields.get("issn", ()), *fields.get("isbn", ())))
    return Record(
        source_id=attribute(element, "id"),
        title=get("title"),
        authors=_people(entry, "author") or _people(entry, "editor"),
        editors=_people(entry, "editor") if _people(entry, "author") else (),
        date=get("date", "year"),
        year=get("year"),
        container=get("journal", "booktitle"),
        publisher=get("publisher", "school", "institution"),
        publisher_place=get("address"),
        volume=get("volume"),
        issue=get("number"),
        pages=get("pages"),
        abstract=get("abstract"),
        keywords=(*fields.get("keywords", ()), *fields.get("keyword", ())),
        notes=(*fields.get("note", ()), *fields.get("annote", ())),
        type=local(entry),
        language=get("language"),
        doi=get("doi"),
        issn=issn,
        isbn=isbn,
        urls=tuple(fields.get("url", ())),
        extra=tuple(
            (f"bibtex:{name}", said)
            for name, values in fields.items()
            if name not in _READ
            for said in values
        ),
    )


def _people(entry: etree._Element, role: str) -> tuple[Author, ...]:
    people: list[Author] = []
    for holder in children(entry, role):
        persons = [text(person) for person in descendants(holder, "person")]
        people += [Author(name=name) for name in persons or _AND.split(text(holder)) if name]
    return tuple(people)
