"""
OAF: results of OpenAIRE's graph, as its search gives them in XML.

    <oaf:entity><oaf:result>  ->  Record
"""

from __future__ import annotations

from collections.abc import Iterator

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
    typed,
)
from indexer.feeds.formats.shapes.values import joined_pages
from indexer.records import Author, Record


def describe(element: etree._Element) -> Record:
    """The record of an entity, or of what an answer wraps one in."""
    wrapped = element if is_entity(element) else child(element, "metadata", "entity")
    inner = child(wrapped, "result")
    if inner is None or child(inner, "title") is None:
        raise UnusableRow("the entity of OpenAIRE is no result with a title")
    titles = sorted(
        children(inner, "title"), key=lambda title: attribute(title, "classid") != "main title"
    )
    given = [(scheme.lower(), value) for scheme, value in typed(inner, "pid", "classid")]
    dois = [value for scheme, value in given if scheme == "doi"]
    links = [text(resource, "url") for resource in descendants(inner, "webresource")]
    journal = child(inner, "journal")
    own = text(next(descendants(element, "objIdentifier"), None))
    return Record(
        source_id=own,
        title=text(titles[0]),
        alternate_titles=tuple(dict.fromkeys(text(title) for title in titles[1:] if text(title))),
        authors=tuple(_authors(inner)),
        date=text(inner, "dateofacceptance"),
        container=text(journal),
        publisher=text(inner, "publisher"),
        volume=attribute(journal, "vol"),
        issue=attribute(journal, "iss"),
        pages=joined_pages(attribute(journal, "sp"), attribute(journal, "ep")),
        abstract=max(texts(inner, "description"), key=len, default=""),
        keywords=tuple(dict.fromkeys(texts(inner, "subject"))),
        type=_type(inner),
        language=attribute(child(inner, "language"), "classid"),
        doi=dois[0] if dois else "",
        identifiers=tuple(
            (scheme, value)
            for scheme, value in dict.fromkeys(given)
            if (scheme, value) != ("doi", "".join(dois[:1]))
        ),
        issn=tuple(filter(None, (attribute(journal, name) for name in ("issn", "eissn")))),
        urls=tuple(dict.fromkeys(url for url in links if url.startswith("http"))),
    )


def is_entity(element: etree._Element) -> bool:
    """Whether an element is itself an entity."""
    return local(element) == "entity"


def is_wrapped(element: etree._Element) -> bool:
    """Whether a <result> of an answer holds an entity of OpenAIRE."""
    return child(element, "metadata", "entity") is not None


def _authors(result: etree._Element) -> Iterator[Author]:
    def rank(creator: etree._Element) -> int:
        given = attribute(creator, "rank")
        return int(given) if given.isascii() and given.isdigit() and len(given) < 7 else 0

    for creator in sorted(children(result, "creator"), key=rank):
        family, given = attribute(creator, "surname"), attribute(creator, "name")
        orcid = attribute(creator, "orcid") or attribute(creator, "orcid_pending")
        if family or text(creator):
            yield Author(name=text(creator), family=family, given=given, orcid=orcid)


def _type(result: etree._Element) -> str:
    """What an instance is; "publication" says nothing."""
    kinds = (attribute(kind, "classname") for kind in descendants(result, "instancetype"))
    whole = attribute(child(result, "resulttype"), "classid")
    return next(filter(None, kinds), "" if whole == "publication" else whole)
