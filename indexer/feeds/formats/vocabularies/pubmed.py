"""
PubMed: articles and books of its baseline, update files and E-utilities.

    <PubmedArticle>, <PubmedBookArticle> or <DocSum>  ->  Record
    <DeleteCitation>                                  ->  tombstones

Identifiers are read from the citation itself, never from the reference list,
whose ArticleIds name the works cited.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from lxml import etree

from indexer.errors import UnusableRow
from indexer.feeds.formats.markup.xml import (
    attribute,
    child,
    children,
    text,
    text_of_kind,
    texts,
    typed,
)
from indexer.feeds.formats.shapes.pubmed_summary import telling_type
from indexer.feeds.reading.tombstones import tombstone
from indexer.records import Author, Record, Relation

SOURCE: Final = "pubmed"
DATABASE: Final = "PubMed"
SCHEMES: Final = {"doi": "doi", "pmc": "pmcid", "pii": "", "bookaccession": "", "mid": ""}
RELATIONS: Final = frozenset(
    {
        *("CommentOn", "CommentIn", "ErratumFor", "ErratumIn", "RetractionOf", "RetractionIn"),
        *("UpdateOf", "UpdateIn", "RepublishedFrom", "RepublishedIn"),
        *("CorrectedandRepublishedFrom", "CorrectedandRepublishedIn"),
        *("ExpressionOfConcernFor", "ExpressionOfConcernIn", "OriginalReportIn"),
        *("PartialRetractionOf", "PartialRetractionIn", "ReprintOf", "ReprintIn"),
        *("RetractedandRepublishedFrom", "RetractedandRepublishedIn"),
    }
)  # fmt: skip


def describe(element: etree._Element) -> Record:
    """The record of a <PubmedArticle>."""
    citation = child(element, "MedlineCitation")
    article = child(citation, "Article")
    if article is None:
        raise UnusableRow("the PubmedArticle has no Article")
    journal, issue = child(article, "Journal"), child(article, "Journal", "JournalIssue")
    pmid = text(citation, "PMID")
    dois, others = _identifiers(article, child(element, "PubmedData", "ArticleIdList"))
    linking = child(citation, "MedlineJournalInfo")
    return Record(
        source=SOURCE,
        source_id=pmid,
        title=text(article, "ArticleTitle"),
        alternate_titles=texts(article, "VernacularTitle"),
        authors=tuple(_authors(child(article, "AuthorList"))),
        editors=tuple(_editors(article)),
        date=_date(child(issue, "PubDate")),
        container=text(journal, "Title"),
        volume=text(issue, "Volume"),
        issue=text(issue, "Issue"),
        pages=text(article, "Pagination", "MedlinePgn"),
        abstract=_abstract(child(article, "Abstract")),
        keywords=tuple(dict.fromkeys(_keywords(citation))),
        notes=texts(citation, "GeneralNote"),
        type=telling_type(texts(child(article, "PublicationTypeList"), "PublicationType")),
        language=text(article, "Language"),
        doi=dois[0] if dois else "",
        identifiers=_numbers(pmid, dois, others),
        issn=tuple(dict.fromkeys((*texts(journal, "ISSN"), *texts(linking, "ISSNLinking")))),
        database=DATABASE,
        accession_number=pmid,
        relations=tuple(_relations(child(citation, "CommentsCorrectionsList"))),
        updated=_date(child(citation, "DateRevised")),
    )


def describe_book(element: etree._Element) -> Record:
    """The record of a <PubmedBookArticle>: a book, or a chapter that has a title of its own."""
    document = child(element, "BookDocument")
    book = child(document, "Book")
    if document is None or book is None:
        raise UnusableRow("the PubmedBookArticle has no BookDocument with a Book")
    pmid, chapter = text(document, "PMID"), text(document, "ArticleTitle")
    title = text(book, "BookTitle")
    dois, others = _identifiers(document, child(document, "ArticleIdList"))
    return Record(
        source=SOURCE,
        source_id=pmid,
        title=chapter or title,
        authors=tuple(_authors(child(document, "AuthorList")))
        or tuple(_authors(child(book, "AuthorList")))
        or tuple(_editors(book)),
        editors=(*_editors(document), *_editors(book)),
        date=_date(child(book, "PubDate")),
        container=title if chapter else text(book, "CollectionTitle"),
        publisher=text(book, "Publisher", "PublisherName"),
        publisher_place=text(book, "Publisher", "PublisherLocation"),
        volume=text(book, "Volume"),
        pages=text(document, "Pagination", "MedlinePgn"),
        abstract=_abstract(child(document, "Abstract")),
        keywords=tuple(dict.fromkeys(_keywords(document))),
        type="chapter" if chapter else "book",
        language=text(document, "Language"),
        doi=dois[0] if dois else "",
        identifiers=_numbers(pmid, dois, others),
        isbn=texts(book, "Isbn"),
        database=DATABASE,
        accession_number=pmid,
        updated=_date(child(document, "DateRevised")),
    )


def describe_summary(element: etree._Element) -> Record:
    """The record of a <DocSum> of ESummary, whose fields are <Item Name="…">."""
    items = {attribute(item, "Name"): item for item in children(element, "Item")}
    pmid = text(element, "Id")

    def get(name: str) -> str:
        return text(items[name]) if name in items else ""

    return Record(
        source=SOURCE,
        source_id=pmid,
        title=get("Title"),
        authors=tuple(Author(name=name) for name in texts(items.get("AuthorList"), "Item")),
        date=get("PubDate"),
        container=get("FullJournalName") or get("Source"),
        volume=get("Volume"),
        issue=get("Issue"),
        pages=get("Pages"),
        doi=get("DOI"),
        identifiers=(("pmid", pmid),) if pmid else (),
        issn=tuple(filter(None, (get("ISSN"), get("ESSN")))),
    )


def deletions(element: etree._Element) -> Iterator[Record]:
    """A tombstone for every PMID of a <DeleteCitation>."""
    for pmid in texts(element, "PMID"):
        yield tombstone(SOURCE, pmid)


def _identifiers(
    article: etree._Element, ids: etree._Element | None
) -> tuple[list[str], list[tuple[str, str]]]:
    given = [
        (attribute(location, "EIdType"), text(location))
        for location in children(article, "ELocationID")
        if attribute(location, "ValidYN") != "N"
    ]
    given += typed(ids, "ArticleId", "IdType")
    pairs = dict.fromkeys((SCHEMES[k], value) for k, value in given if k in SCHEMES and value)
    dois = [value for scheme, value in pairs if scheme == "doi"]
    return dois, [(scheme, value) for scheme, value in pairs if scheme != "doi"]


def _numbers(
    pmid: str, dois: list[str], others: list[tuple[str, str]]
) -> tuple[tuple[str, str], ...]:
    """All identifiers but the first DOI, which has a field of its own."""
    pairs = (("pmid", pmid), *(("doi", doi) for doi in dois[1:]), *others)
    return tuple(pair for pair in pairs if pair[1])


def _keywords(citation: etree._Element | None) -> Iterator[str]:
    """The authors' keywords, then MeSH headings with their qualifiers."""
    for group in children(citation, "KeywordList"):
        yield from texts(group, "Keyword")
    for heading in children(child(citation, "MeshHeadingList"), "MeshHeading"):
        name = text(heading, "DescriptorName")
        if name:
            yield "/".join((name, *texts(heading, "QualifierName")))


def _editors(holder: etree._Element | None) -> Iterator[Author]:
    for people in children(holder, "AuthorList"):
        if attribute(people, "Type") == "editors":
            yield from _people(people)


def _authors(authors: etree._Element | None) -> Iterator[Author]:
    if authors is not None and attribute(authors, "Type") != "editors":
        yield from _people(authors)


def _people(authors: etree._Element) -> Iterator[Author]:
    for author in children(authors, "Author"):
        if attribute(author, "ValidYN") == "N":
            continue
        orcid = text_of_kind(author, "Identifier", "Source", "ORCID")
        family, group = text(author, "LastName"), text(author, "CollectiveName")
        given = text(author, "ForeName") or text(author, "Initials")
        if family:
            given = " ".join(filter(None, (given, text(author, "Suffix"))))
            yield Author(family=family, given=given, orcid=orcid)
        elif group:
            yield Author(name=group)


def _date(date: etree._Element | None) -> str:
    """Year, month and day as they stand ("2010 Mar-Apr"), or the free text of MedlineDate."""
    if date is None:
        return ""
    parts = [text(date, name) for name in ("Year", "Month", "Day")]
    if not parts[1]:
        parts[1] = text(date, "Season")
    if all(part.isdigit() for part in parts if part) and parts[1]:
        return "-".join(part.zfill(2) for part in parts if part)
    return " ".join(part for part in parts if part) or text(date, "MedlineDate")


def _abstract(abstract: etree._Element | None) -> str:
    parts = []
    for part in children(abstract, "AbstractText"):
        label = attribute(part, "Label")
        parts.append(f"{label}: {text(part)}" if label else text(part))
    return " ".join(parts)


def _relations(corrections: etree._Element | None) -> Iterator[Relation]:
    for other in children(corrections, "CommentsCorrections"):
        kind, pmid = attribute(other, "RefType"), text(other, "PMID")
        if kind in RELATIONS and pmid:
            yield Relation(kind, f"pmid:{pmid}")
