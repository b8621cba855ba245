"""
DOAJ: articles as the directory gives them over OAI-PMH and takes them as XML.

    <doajArticle>, or <record> with a journalTitle  ->  Record
"""

from __future__ import annotations

from lxml import etree

from indexer.feeds.formats.markup.xml import attribute, child, children, text, texts
from indexer.feeds.formats.shapes.values import joined_pages
from indexer.records import Author, Record


def describe(element: etree._Element) -> Record:
    """The record of one article; its titles come in several languages."""
    titles = texts(element, "title")
    abstracts = texts(element, "abstract")
    links = texts(element, "fullTextUrl")
    keywords = [word for group in children(element, "keywords") for word in texts(group, "keyword")]
    own = text(element, "publisherRecordId")
    return Record(
        title=titles[0] if titles else "",
        alternate_titles=titles[1:],
        authors=tuple(
            Author(name=name, orcid=text(author, "orcid_id") or text(author, "orcid"))
            for author in children(child(element, "authors"), "author")
            if (name := text(author, "name"))
        ),
        date=text(element, "publicationDate"),
        container=text(element, "journalTitle"),
        publisher=text(element, "publisher"),
        volume=text(element, "volume"),
        issue=text(element, "issue"),
        pages=joined_pages(text(element, "startPage"), text(element, "endPage")),
        abstract=abstracts[0] if abstracts else "",
        keywords=tuple(dict.fromkeys(keywords)),
        type=text(element, "documentType") or "article",
        language=text(element, "language")
        or attribute(next(children(element, "title"), None), "language"),
        doi=text(element, "doi"),
        identifiers=(("", own),) if own else (),
        issn=texts(element, "issn", "eissn"),
        urls=links,
    )
