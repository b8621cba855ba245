"""
Crossref's deposit XML (unixref, unixsd): what publishers hand in.

    <crossref> of journal, book, conference, posted content …  ->  Record

The innermost titled thing is the record; what stands around it is its container.
"""

from __future__ import annotations

from typing import Final

from lxml import etree

from indexer.errors import UnusableRow
from indexer.feeds.shapes.values import joined_pages
from indexer.feeds.xml import attribute, child, children, descendants, local, text, texts
from indexer.records import Author, Record

# element -> type, innermost things first
WORKS: Final = {
    "journal_article": "article",
    "conference_paper": "proceedings-article",
    "content_item": "chapter",
    "posted_content": "preprint",
    "dissertation": "thesis",
    "dataset": "dataset",
    "peer_review": "review",
    "report-paper_metadata": "report",
    "book_metadata": "book",
    "book_series_metadata": "book",
    "book_set_metadata": "book",
    "proceedings_metadata": "proceedings",
    "standard_metadata": "standard",
}
AROUND: Final = (
    "journal_metadata",
    "proceedings_metadata",
    "book_metadata",
    "book_series_metadata",
)


def describe(element: etree._Element) -> Record:
    """The record of the first work inside a <crossref> or <doi_record>."""
    for name, kind in WORKS.items():
        if (work := next(descendants(element, name), None)) is not None:
            return _record(element, work, kind)
    raise UnusableRow("the Crossref deposit holds no work of a known kind")


def _record(element: etree._Element, work: etree._Element, kind: str) -> Record:
    titles = child(work, "titles")
    around = next((found for found in descendants(element, *AROUND) if found is not work), None)
    issue = next(descendants(element, "journal_issue"), None)
    data, pages = child(work, "doi_data"), child(work, "pages")
    main = [" ".join(texts(titles, "title")[:1]), *texts(titles, "subtitle")[:1]]
    return Record(
        record_id="",
        title=": ".join(part for part in main if part),
        alternate_titles=texts(titles, "original_language_title"),
        authors=tuple(_authors(child(work, "contributors"))),
        date=_date(work) or _date(issue),
        container=_container(around, work),
        publisher=text(next(descendants(element, "publisher_name"), None)),
        volume=text(next(descendants(issue, "volume"), None)) or text(work, "volume"),
        issue=text(issue, "issue"),
        pages=joined_pages(text(pages, "first_page"), text(pages, "last_page"))
        if pages is not None
        else "",
        article_number=next(
            (
                text(found)
                for found in descendants(work, "item_number")
                if attribute(found, "item_number_type") in {"article_number", "article-number", ""}
            ),
            "",
        ),
        abstract=text(work, "abstract"),
        type=kind,
        language=attribute(work, "language") or attribute(around, "language"),
        doi=text(data, "doi"),
        issn=tuple(text(found) for found in descendants(element, "issn") if text(found)),
        isbn=tuple(text(found) for found in descendants(element, "isbn") if text(found)),
        urls=texts(data, "resource"),
    )


def _container(around: etree._Element | None, work: etree._Element) -> str:
    if local(work) in {"book_series_metadata"}:
        return text(work, "series_metadata", "titles", "title")
    if around is None:
        return ""
    return (
        text(around, "full_title")
        or text(around, "titles", "title")
        or text(around, "proceedings_title")
    )


def _authors(people: etree._Element | None) -> list[Author]:
    found: list[Author] = []
    editors: list[Author] = []
    for person in children(people, "person_name", "organization"):
        role = attribute(person, "contributor_role")
        orcid = text(person, "ORCID")
        author = (
            Author(name=text(person))
            if local(person) == "organization"
            else Author(
                family=text(person, "surname"), given=text(person, "given_name"), orcid=orcid
            )
        )
        (found if role in {"author", ""} else editors).append(author)
    return found or editors


def _date(work: etree._Element | None) -> str:
    """The print date, else any other date of publication."""
    dates = list(children(work, "publication_date", "posted_date", "approval_date"))
    dates.sort(key=lambda found: attribute(found, "media_type") != "print")
    for found in dates:
        parts = [text(found, name) for name in ("year", "month", "day")]
        if parts[0]:
            kept = parts[:1] if not parts[1] else parts[:2] if not parts[2] else parts
            return "-".join(part.zfill(2) for part in kept)
    return ""
