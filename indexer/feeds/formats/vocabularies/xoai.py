"""
XOAI: DSpace's own dump of an item, Dublin Core as nested <element name> and <field>.

    <metadata><element name="dc">…  ->  Dublin Core terms  ->  Record

The qualifier decides: dc.date.issued is the date, dc.date.accessioned is not;
dc.contributor.author is an author, an advisor or referee is none.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from lxml import etree

from indexer.errors import UnusableRow
from indexer.feeds.formats.markup.xml import attribute, children, text
from indexer.feeds.formats.vocabularies.dublin_core import from_terms
from indexer.records import Record

# "element.qualifier" of DSpace -> the Dublin Core term it stands for
TERMS: Final = {
    "contributor.author": "creator",
    "creator": "creator",
    "date.issued": "date",
    "title": "title",
    "title.alternative": "alternative",
    "title.translated": "alternative",
    "identifier": "identifier",
    "identifier.uri": "identifier",
    "identifier.doi": "identifier",
    "identifier.other": "identifier",
    "identifier.issn": "issn",
    "identifier.isbn": "isbn",
    "identifier.citation": "source",
    "description.abstract": "abstract",
    "description": "description",
    "language": "language",
    "language.iso": "language",
    "publisher": "publisher",
    "relation": "relation",
    "subject": "subject",
    "contributor.editor": "editor",
    "relation.ispartof": "relation",
    "relation.isversionof": "isVersionOf",
    "relation.journal": "source",
    "source": "source",
    "type": "type",
    "type.version": "version",
    "eprint.version": "version",
}

_LOOSE: Final = frozenset({"title", "identifier", "subject", "language", "publisher", "type"})


def describe(element: etree._Element) -> Record:
    """The record of an item in DSpace's own format."""
    terms: dict[str, list[str]] = {}
    for schema in children(element, "element"):
        if attribute(schema, "name") in {"dc", "dcterms"}:
            for name, value in _fields(schema, ()):
                term = TERMS.get(name)
                if term and value:
                    terms.setdefault(term, []).append(value)
    if not terms:
        raise UnusableRow("the item has no Dublin Core inside its xoai")
    return from_terms(terms)


def describe_dim(element: etree._Element) -> Record:
    """The record of an item in DSpace's intermediate format (dim), one <field> a value."""
    terms: dict[str, list[str]] = {}
    for field in children(element, "field"):
        if attribute(field, "mdschema") not in {"dc", "dcterms"}:
            continue
        name = attribute(field, "element").lower()
        whole = ".".join(filter(None, (name, attribute(field, "qualifier").lower())))
        # An unknown qualifier of a date or a contributor is another date, another person.
        term = TERMS.get(whole) or (TERMS.get(name) if name in _LOOSE else None)
        if term and (value := text(field)):
            terms.setdefault(term, []).append(value)
    if not terms:
        raise UnusableRow("the item has no Dublin Core inside its dim")
    return from_terms(terms)


def _fields(element: etree._Element, path: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    for inner in children(element, "element"):
        yield from _fields(inner, (*path, attribute(inner, "name")))
    for field in children(element, "field"):
        if attribute(field, "name") == "value":
            # The last step is a language or "none", which says nothing of the meaning.
            known = [".".join(path[:end]).lower() for end in (2, 1)]
            yield next((name for name in known if name in TERMS), known[0]), text(field)
