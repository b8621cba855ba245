"""
Scopus and ScienceDirect: entries of Elsevier's search, and the core data of one article.

    {"dc:identifier", "eid", "dc:title", "prism:publicationName" …}  ->  Record

An article that is asked for by itself comes as `coredata` beside its authors.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from indexer.errors import UnusableRow
from indexer.feeds.formats.shapes.values import (
    author,
    branch,
    every,
    first,
    joined_pages,
    listed,
    objects,
    text,
    texts,
)
from indexer.records import Author, Record

MARKS: Final = frozenset(
    {
        *("coredata", "@_fa", "dc:title", "dc:identifier", "prism:doi", "prism:publicationName"),
    }
)
OWN_ID: Final = "SCOPUS_ID:"


def recognise(plain: Mapping[str, Any]) -> bool:
    """An entry with names of Dublin Core and PRISM, or the core data of one article."""
    said = branch(plain, "coredata") or plain
    if "@_fa" in said and ("error" in said or "eid" in said):
        return True
    return not (MARKS - {"coredata", "@_fa"}).isdisjoint(said)


def record(plain: Mapping[str, Any]) -> Record:
    """
    The entry as a record.

    Raises:
        UnusableRow: the search found nothing, and says so in place of an entry.
    """
    said = branch(plain, "coredata") or plain
    get = said.get
    if not {"error"}.isdisjoint(said):
        raise UnusableRow(f"the search answered: {text(get('error'))}")
    eid = text(get("eid"))
    number = first(said, "dc:identifier").removeprefix(OWN_ID)
    doi = text(get("prism:doi"))
    ids = (("scopus", eid), ("pmid", first(said, "pubmed-id")), ("pii", first(said, "pii")))
    pages = text(get("prism:pageRange"))
    return Record(
        source="scopus" if eid.startswith("2-s2.0") or OWN_ID in str(get("dc:identifier")) else "",
        source_id=eid or number,
        title=text(get("dc:title")),
        authors=tuple(_authors(plain, said)),
        date=first(said, "prism:coverDate", "prism:coverDisplayDate"),
        container=text(get("prism:publicationName")),
        publisher=text(get("dc:publisher")),
        volume=text(get("prism:volume")),
        issue=text(get("prism:issueIdentifier")),
        pages=pages or joined_pages(text(get("prism:startingPage")), text(get("prism:endingPage"))),
        article_number=text(get("article-number")),
        abstract=text(get("dc:description")),
        keywords=every(
            listed(get("authkeywords"), "|;"),
            [first(k, "$") for k in objects(branch(plain, "authkeywords").get("author-keyword"))],
            [first(k, "$") for k in objects(get("dcterms:subject"))],
        ),
        type=first(said, "subtypeDescription", "prism:aggregationType"),
        language=text(branch(plain, "language").get("@xml:lang")),
        doi=doi,
        identifiers=tuple(pair for pair in ids if pair[1]),
        issn=every(get("prism:issn"), get("prism:eIssn")),
        isbn=every(_numbers(get("prism:isbn"))),
        urls=every(*(_hrefs(said))),
        database="Scopus" if eid.startswith("2-s2.0") else "",
        accession_number=eid,
    )


def _numbers(given: Any) -> list[str]:
    """ISBNs, each a text or an object that holds it."""
    return [first(item, "$") for item in objects(given)] or list(texts(given))


def _authors(plain: Mapping[str, Any], said: Mapping[str, Any]) -> Iterator[Author]:
    """The byline, else the first author, who is all that a short answer names."""
    given = (
        objects(said.get("author"))
        or objects(branch(plain, "authors").get("author"))
        or objects(branch(said, "authors").get("author"))
        or objects(said.get("dc:creator"))
    )
    people = [
        {
            "family": first(a, "surname", "ce:surname"),
            "given": first(a, "given-name", "ce:given-name", "initials", "ce:initials"),
            "name": first(a, "authname", "ce:indexed-name", "$"),
            "orcid": first(a, "orcid", "@orcid"),
        }
        for a in given
    ]
    names = [] if people else texts(said.get("dc:creator"))
    for person in (*people, *names):
        if name := author(person):
            yield name


def _hrefs(said: Mapping[str, Any]) -> Iterator[str]:
    for link in objects(said.get("link")):
        if first(link, "@ref", "@rel") in {"scopus", "scidir"}:
            yield first(link, "@href")
