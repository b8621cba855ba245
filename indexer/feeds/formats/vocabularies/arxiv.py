"""
arXiv's own formats: arXiv and arXivRaw over OAI-PMH, and the Atom of its API.

    <arXiv>, <arXivRaw> or <entry>  ->  Record

A record stands for the paper in its newest version; the date is that of the
first. The DOI is typed by the author: mostly the later article's, so it is
also noted as a relation.
"""

from __future__ import annotations

import re
from typing import Final

from lxml import etree

from indexer.errors import UnusableRow
from indexer.feeds.formats.markup.xml import attribute, child, children, descendants, text
from indexer.records import Author, Record, Relation

SOURCE: Final = "arxiv"
CONTAINER: Final = "arXiv"
OAI_PREFIX: Final = "oai:arXiv.org:"
_ID: Final = re.compile(
    r"(?:abs/)?((?<![a-z-])[a-z-]+(?:\.[A-Z]{2})?/\d{7}|\d{4}\.\d{4,5})(v\d+)?$"
)
_AND: Final = re.compile(r",?\s+and\s+|,\s*", re.IGNORECASE)
_AFFILIATION: Final = re.compile(r"\s*\((?:[^()]|\([^()]*\))*\)")


def source_id(oai_identifier: str) -> str:
    """arXiv's id in an OAI identifier: "oai:arXiv.org:0704.0001" is "0704.0001"."""
    return oai_identifier.removeprefix(OAI_PREFIX)


def describe(element: etree._Element) -> Record:
    """The record of an <arXiv> element."""
    authors = [
        Author(
            family=text(author, "keyname"),
            given=" ".join(filter(None, (text(author, "forenames"), text(author, "suffix")))),
        )
        for author in descendants(element, "author")
    ]
    return _record(element, tuple(authors), text(element, "created"), text(element, "updated"), "")


def describe_raw(element: etree._Element) -> Record:
    """The record of an <arXivRaw> element; its byline is one string."""
    versions = list(children(element, "version"))
    dates = [text(version, "date") for version in versions]
    names = _AND.split(_AFFILIATION.sub("", text(element, "authors")))
    authors = tuple(Author(name=name.strip()) for name in names if name.strip())
    newest = attribute(versions[-1], "version") if versions else ""
    return _record(element, authors, dates[0] if dates else "", "", newest)


def describe_entry(element: etree._Element) -> Record:
    """The record of an Atom <entry> of arXiv's API."""
    match = _ID.search(text(element, "id"))
    if match is None:
        title = text(element, "title")
        raise UnusableRow(f"entry {title!r} has no arXiv id: {text(element, 'summary')[:200]!r}")
    own, version = match.group(1), match.group(2) or ""
    urls = [attribute(link, "href") for link in children(element, "link")]
    doi = text(element, "doi")
    return Record(
        source_id=own,
        title=text(element, "title"),
        authors=tuple(Author(name=text(author, "name")) for author in children(element, "author")),
        date=text(element, "published")[:10],
        container=CONTAINER,
        abstract=text(element, "summary"),
        type="preprint",
        doi=doi,
        identifiers=(("arxiv", own + version),),
        urls=tuple(dict.fromkeys(url for url in urls if url and "doi.org" not in url)),
        relations=_published_as(doi, text(element, "journal_ref")),
        updated=text(element, "updated"),
    )


def _record(
    element: etree._Element,
    authors: tuple[Author, ...],
    date: str,
    updated: str,
    version: str,
) -> Record:
    own, doi = text(element, "id"), text(element, "doi")
    if not own:
        raise UnusableRow("arXiv record has no id")
    return Record(
        source_id=own,
        title=text(element, "title"),
        authors=authors,
        date=date,
        container=CONTAINER,
        abstract=text(element, "abstract"),
        type="preprint",
        doi=doi.split()[0] if doi else "",
        identifiers=(
            ("arxiv", own + version),
            *(("doi", other) for other in doi.split()[1:]),
            *(("report", number) for number in _reports(element)),
        ),
        relations=_published_as(doi.split()[0] if doi else "", text(element, "journal-ref")),
        updated=updated,
    )


def _reports(element: etree._Element) -> list[str]:
    numbers = text(element, "report-no") if child(element, "report-no") is not None else ""
    return [number.strip() for number in re.split(r"[,;]", numbers) if number.strip()]


def _published_as(doi: str, journal_ref: str) -> tuple[Relation, ...]:
    relations = []
    if doi:
        relations.append(Relation("is-preprint-of", f"doi:{doi}"))
    if journal_ref:
        relations.append(Relation("journal-ref", journal_ref))
    return tuple(relations)
