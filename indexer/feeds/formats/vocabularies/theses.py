"""
Theses: the formats of libraries that collect them, and RFC 1807's bibliographies.

    <thesis> (ETD-MS), <uketddc>, <xMetaDiss>, <rfc1807>  ->  Dublin Core terms  ->  Record

All are Dublin Core with elements of their own beside it: the degree, the university that
grants it, and in xMetaDiss persons in parts.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from lxml import etree

from indexer.feeds.formats.markup.xml import children, descendants, text
from indexer.feeds.formats.vocabularies.dublin_core import from_terms, gathered
from indexer.records import Author, Record

# Elements that are no Dublin Core -> the term they stand for
TERMS: Final = {
    "alternativeTitle": "alternative",
    "translatedTitle": "alternative",
    "author": "creator",
    "corp-author": "creator",
    "keyword": "subject",
    "organization": "publisher",
    "institution": "publisher",
    "other_access": "identifier",
    "notes": "description",
    "handle": "identifier",
}
_DEGREE: Final = ("grantor", "institution", "universityOrInstitution")


def describe(element: etree._Element) -> Record:
    """The record of a thesis."""
    record = _described(element)
    granted = next(descendants(element, *_DEGREE), None)
    return replace(
        record,
        type=record.type or "thesis",
        publisher=record.publisher or text(granted),
        authors=_persons(element, "creator") or record.authors,
        editors=(),
    )


def describe_rfc1807(element: etree._Element) -> Record:
    """The record of an RFC 1807 bibliography; of any type."""
    return _described(element)


def _described(element: etree._Element) -> Record:
    terms = gathered(children(element))
    named: dict[str, list[str]] = {}
    for name, values in terms.items():
        said = [value.removeprefix("url:") for value in values]
        named.setdefault(TERMS.get(name, name), []).extend(said)
    return from_terms(named)


def _persons(element: etree._Element, role: str) -> tuple[Author, ...]:
    """Persons whose names are given in parts."""
    return tuple(
        Author(family=text(name, "surName"), given=text(name, "foreName"))
        for person in children(element, role)
        for name in descendants(person, "name")
        if text(name, "surName")
    )
