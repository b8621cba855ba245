"""
RDF: bibliographies as graphs, of Zotero (bib:, z:) and of those who use BIBO or Dublin Core.

    a described resource, all resources by address  ->  Record, or what else it is

What belongs to a work stands anywhere: its journal inside it or beside it, its notes and
the collections it lies in as resources of their own. So `Graph` is made of the whole
document first, and an item is described with it at hand.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from typing import Final

from lxml import etree

from indexer.errors import UnusableRow
from indexer.feeds.formats.markup.xml import (
    attribute,
    child,
    children,
    descendants,
    local,
    text,
    texts,
)
from indexer.feeds.formats.shapes.values import joined_pages, serials
from indexer.feeds.formats.vocabularies.dublin_core import earliest
from indexer.records import Author, Record

# Resources that belong to a work, or hold several, and are none: what the account calls them.
NO_WORKS: Final = {
    "Journal": "journal of a work",
    "Periodical": "journal of a work",
    "Newspaper": "journal of a work",
    "Magazine": "journal of a work",
    "Issue": "issue of a journal",
    "Series": "series of a work",
    "Memo": "note on a work",
    "Note": "note on a work",
    "Attachment": "attachment of a work",
    "Collection": "collection of works",
    "Person": "person",
    "Agent": "person",
    "Organization": "organisation",
    "Seq": "list of a graph",
    "Event": "event",
    "Conference": "event",
}
_BEARERS: Final = ("Person", "Organization", "Agent")  # of names
_NO_ITEM_TYPES: Final = frozenset({"attachment", "note", "annotation"})
_LABELLED: Final = re.compile(r"(DOI|ISSN|ISBN|PMID|PMCID|arXiv)[\s:]+(\S.*)", re.IGNORECASE)
_URN: Final = re.compile(r"(?:urn:|info:)(doi|isbn|issn)[:/](\S+)", re.IGNORECASE)
_MARKUP: Final = re.compile(r"<[^<>]{1,300}>")
_TITLES: Final = ("title", "name", "prefLabel")


class Graph:
    """The resources of a document, by the address that others name them by."""

    def __init__(self, root: etree._Element | None) -> None:
        self.by_address: dict[str, etree._Element] = {}
        self.groups: dict[str, list[str]] = {}  # address of an item -> collections it lies in
        for resource in children(root):
            if address := _address(resource):
                self.by_address.setdefault(address, resource)
            if local(resource) == "Collection":
                for part in children(resource, "hasPart"):
                    target = attribute(part, "resource")
                    self.groups.setdefault(target, []).append(text(resource, "title"))

    def part(self, element: etree._Element | None) -> etree._Element | None:
        """The resource that stands inside a property, or that it points to."""
        if element is None:
            return None
        inside = next(children(element), None)
        if inside is None:
            return self.by_address.get(attribute(element, "resource"))
        return self.by_address.get(_address(inside), inside) if not len(inside) else inside


def no_work(resource: etree._Element) -> str:
    """What a resource is that describes no work; "" for one that does."""
    kind = attribute(child(resource, "type"), "resource").rpartition("/")[2].rpartition("#")[2]
    told = NO_WORKS.get(local(resource), "") or NO_WORKS.get(kind, "")
    if told or text(resource, "itemType") in _NO_ITEM_TYPES:
        return told or "attachment of a work"
    return ""


def describe(resource: etree._Element, graph: Graph) -> Record:
    """
    The record of part resource.

    Raises:
        UnusableRow: it has no title.
    """
    titles = [value for name in _TITLES for value in texts(resource, name)]
    if not titles:
        raise UnusableRow(f"the resource <{local(resource)}> has no title")
    wholes = [w for p in children(resource, "isPartOf") if (w := graph.part(p)) is not None]
    series = [whole for whole in wholes if local(whole) == "Series"]
    whole = next((part for part in wholes if part not in series), None)
    publisher = graph.part(child(resource, "publisher"))
    given = list(_identifiers(resource, whole))
    issn, isbn = serials(value for kind, value in given if kind in ("issn", "isbn", "eissn"))
    dois = [value for kind, value in given if kind == "doi"]
    return Record(
        title=titles[0],
        alternate_titles=(*titles[1:], *texts(resource, "alternative", "shortTitle")),
        authors=tuple(_people(resource, graph, "authors", "authorList", "creator", "author")),
        editors=tuple(_people(resource, graph, "editors", "editorList", "editor")),
        date=earliest(texts(resource, "issued", "date", "created")),
        container=text(whole, "title")
        or text(whole, "name")
        or _plain(resource, "publicationName"),
        publisher=text(publisher, "name") or _plain(resource, "publisher"),
        publisher_place=text(publisher, "adr", "Address", "locality"),
        volume=_first(resource, whole, "volume"),
        issue=_first(resource, whole, "issue", "number"),
        pages=_first(resource, None, "pages", "page")
        or joined_pages(
            _first(resource, None, "pageStart", "startingPage"),
            _first(resource, None, "pageEnd", "endingPage"),
        ),
        abstract=_plain(resource, "abstract"),
        keywords=tuple(_keywords(resource)),
        notes=tuple(_notes(resource, graph)),
        groups=tuple(graph.groups.get(_address(resource), ())),
        type=text(resource, "itemType") or _kind(resource),
        language=text(resource, "language"),
        doi=next(iter(dois), ""),
        identifiers=tuple(
            dict.fromkeys(pair for pair in given if pair[0] in ("pmid", "pmcid", "arxiv", ""))
        ),
        issn=tuple(dict.fromkeys(issn)),
        isbn=tuple(dict.fromkeys(isbn)),
        urls=tuple(dict.fromkeys(value for kind, value in given if kind == "url")),
        extra=tuple(("rdf:series", title) for part in series if (title := text(part, "title"))),
    )


def _address(resource: etree._Element) -> str:
    return attribute(resource, "about") or attribute(resource, "nodeID")


def _kind(resource: etree._Element) -> str:
    stated = attribute(child(resource, "type"), "resource").rpartition("/")[2]
    return stated.rpartition("#")[2] or local(resource).replace("Description", "")


def _first(resource: etree._Element, whole: etree._Element | None, *names: str) -> str:
    """The first of these that the work says, else what stands at its journal."""
    for element in (resource, whole):
        for name in names:
            if value := text(element, name):
                return value
    return ""


def _plain(resource: etree._Element, name: str) -> str:
    """The text of a property that holds no resource."""
    part = child(resource, name)
    return text(part) if part is not None and not len(part) else ""


def _people(resource: etree._Element, graph: Graph, *names: str) -> Iterator[Author]:
    """The people of the first property that names any, in the order of its list."""
    for name in names:
        people = [
            author
            for holder in children(resource, name)
            for person in (_persons(holder) or [holder])
            if (author := _person(person, graph)) is not None
        ]
        if people:
            yield from _once(people)
            return


def _once(people: list[Author]) -> Iterator[Author]:
    """The people without names that say again, as plain text, who stands there in parts."""
    told = {_letters(person.given + person.family) for person in people if person.family}
    for person in people:
        if person.family or _letters(person.name) not in told:
            yield person


def _letters(name: str) -> str:
    """The letters of a name whatever its order, "Wei Li" and "Li, Wei" alike."""
    return "".join(sorted(char for char in name.lower() if char.isalnum()))


def _persons(holder: etree._Element) -> list[etree._Element]:
    return list(descendants(holder, "li")) or list(descendants(holder, *_BEARERS))


def _person(element: etree._Element, graph: Graph) -> Author | None:
    inside = element if local(element) in _BEARERS else next(descendants(element, *_BEARERS), None)
    person = inside if inside is not None else graph.part(element)
    if person is None:
        name = text(element)
        return Author(name=name) if name else None
    family = text(person, "surname") or text(person, "familyName") or text(person, "lastName")
    given = text(person, "givenName") or text(person, "givenname") or text(person, "firstName")
    name = text(person, "name")
    if not family:
        name, given = name or given, ""
    return (
        Author(name="" if family else name, family=family, given=given) if family or name else None
    )


def _identifiers(
    resource: etree._Element, whole: etree._Element | None
) -> Iterator[tuple[str, str]]:
    """(scheme, value) of the work, and the serial numbers of what it stands in."""
    for scheme in ("doi", "pmid", "isbn", "isbn10", "isbn13", "issn", "eissn"):
        for value in texts(resource, scheme):
            yield scheme.rstrip("0123456789"), value
    for value in (*texts(resource, "identifier"), *texts(resource, "uri")):
        yield _told(value)
    if (address := _told(_address(resource)))[0]:
        yield address
    for value in texts(whole, "identifier", "issn", "eissn", "isbn"):
        scheme, serial = _told(value)
        if scheme in ("issn", "isbn") or (not scheme and serial[:4].isdigit()):
            yield scheme or "issn", serial


def _told(value: str) -> tuple[str, str]:
    """The scheme that an identifier names itself by, "url" for an address, "" for neither."""
    if labelled := _LABELLED.fullmatch(value):
        return labelled[1].lower(), labelled[2].strip()
    if value.startswith(("http://", "https://", "ftp://")):
        return "url", value
    if urn := _URN.fullmatch(value):
        return urn[1].lower(), urn[2]
    return "", value


def _keywords(resource: etree._Element) -> Iterator[str]:
    for subject in children(resource, "subject"):
        if value := text(subject):
            yield value


def _notes(resource: etree._Element, graph: Graph) -> Iterator[str]:
    """Descriptions, and the notes that a reference manager keeps beside the work."""
    yield from texts(resource, "description", "note")
    for link in children(resource, "isReferencedBy"):
        memo = graph.part(link)
        if memo is not None and local(memo) in ("Memo", "Note") and (said := text(memo, "value")):
            yield html.unescape(_MARKUP.sub(" ", said)).strip()
