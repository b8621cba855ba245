"""
J-STAGE: the answers of Japan's platform of journals, Atom entries of its own words.

    <entry> with article_title and material_title  ->  Record

Titles, authors and journals come in Japanese and English side by side.
"""

from __future__ import annotations

from lxml import etree

from indexer.errors import UnusableRow
from indexer.feeds.formats.markup.xml import child, children, text, texts
from indexer.feeds.formats.shapes.values import joined_pages
from indexer.records import Author, Record

SOURCE = "jstage"


def is_entry(element: etree._Element) -> bool:
    """Whether an Atom entry is one of J-STAGE."""
    return (
        child(element, "article_title") is not None or child(element, "material_title") is not None
    )


def describe(element: etree._Element) -> Record:
    """The record of an entry; the English title first where there is one."""
    titles = _both(child(element, "article_title"))
    if not titles:
        raise UnusableRow("the J-STAGE entry has no article_title")
    people = child(element, "author")
    names = texts(child(people, "en"), "name") or texts(child(people, "ja"), "name")
    journal = _both(child(element, "material_title"))
    return Record(
        source=SOURCE,
        source_id=text(element, "doi") or text(element, "id"),
        title=titles[0],
        alternate_titles=tuple(titles[1:]),
        authors=tuple(Author(name=name) for name in names or texts(people, "name")),
        date=text(element, "pubyear"),
        year=text(element, "pubyear"),
        container=next(iter(journal), ""),
        volume=text(element, "volume"),
        issue=text(element, "number"),
        pages=joined_pages(text(element, "startingPage"), text(element, "endingPage")),
        type="article",
        doi=text(element, "doi"),
        issn=texts(element, "issn", "eIssn"),
        urls=tuple(_links(element)),
    )


def _both(element: etree._Element | None) -> list[str]:
    """A text in English and in Japanese, each once."""
    both = [text(element, name) for name in ("en", "ja")]
    return list(dict.fromkeys(filter(None, both if any(both) else [text(element)])))


def _links(element: etree._Element) -> list[str]:
    links = [text(link) for link in children(child(element, "article_link"))]
    return list(dict.fromkeys(link for link in links if link.startswith("http")))
