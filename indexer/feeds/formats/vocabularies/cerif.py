"""
CERIF: publications of research information systems, in OpenAIRE's profile of it.

    <Publication>  ->  Record
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from lxml import etree

from indexer.feeds.formats.markup.xml import child, children, descendants, text, texts
from indexer.feeds.formats.shapes.values import joined_pages
from indexer.records import Author, Record

IDENTIFIERS: Final = {
    "Handle": "handle",
    "PMCID": "pmcid",
    "ISI-Number": "wos",
    "SCP-Number": "scopus",
    "URN": "",
}


def describe(element: etree._Element) -> Record:
    """The record of a publication; what it stands in is a publication too."""
    titles = texts(element, "Title")
    subtitles = texts(element, "Subtitle")
    around = child(element, "PublishedIn", "Publication")
    if around is None:
        around = child(element, "PartOf", "Publication")
    abstracts = texts(element, "Abstract")
    return Record(
        title=": ".join((*titles[:1], *subtitles[:1])),
        alternate_titles=titles[1:],
        authors=tuple(_people(element, "Authors", "Author")),
        editors=tuple(_people(element, "Editors", "Editor")),
        date=text(element, "PublicationDate"),
        container=text(around, "Title"),
        publisher=_publisher(element),
        volume=text(element, "Volume"),
        issue=text(element, "Issue"),
        pages=joined_pages(text(element, "StartPage"), text(element, "EndPage")),
        article_number=text(element, "Number"),
        abstract=abstracts[0] if abstracts else "",
        keywords=texts(element, "Keyword"),
        type=text(element, "Type"),
        language=text(element, "Language"),
        doi=text(element, "DOI"),
        identifiers=tuple(
            (scheme, value)
            for name, scheme in IDENTIFIERS.items()
            for value in texts(element, name)
        ),
        issn=(*texts(element, "ISSN"), *texts(around, "ISSN")),
        isbn=(*texts(element, "ISBN"), *texts(around, "ISBN")),
        urls=texts(element, "URL"),
    )


def _people(element: etree._Element, group: str, role: str) -> Iterator[Author]:
    for person in children(child(element, group), role):
        name = next(descendants(person, "PersonName"), None)
        orcid = text(next(descendants(person, "ORCID"), None))
        family = text(name, "FamilyNames")
        given = text(name, "FirstNames")
        whole = text(person, "DisplayName") or text(child(person, "OrgUnit"), "Name")
        if family:
            yield Author(family=family, given=given, orcid=orcid)
        elif whole:
            yield Author(name=whole, orcid=orcid)


def _publisher(element: etree._Element) -> str:
    publisher = child(element, "Publishers", "Publisher")
    named = next(descendants(publisher, "DisplayName", "Name"), None)
    return text(named)
