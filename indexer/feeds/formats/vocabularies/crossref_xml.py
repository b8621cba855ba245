"""
Crossref's deposit XML (unixref, unixsd): what publishers hand in.

    <crossref> of journal, book, conference, posted content …  ->  Record

The innermost titled thing is the record; what stands around it is its container.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
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
from indexer.feeds.formats.shapes.values import joined_pages
from indexer.records import Author, Record, Relation

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


# What a deposit holds, each with one work or many.
DEPOSITED: Final = (
    *("journal", "book", "conference", "posted_content", "dissertation", "report-paper"),
    *("database", "peer_review", "standard"),
)
# Relations of Crossref's `rel:program` and of its updates, as the REST API calls them.
_UPDATES: Final = {"retraction": "is-retraction-of", "correction": "is-correction-of",
                   "erratum": "is-erratum-of", "corrigendum": "is-correction-of",
                   "expression_of_concern": "is-concern-of", "withdrawal": "is-retraction-of",
                   "addendum": "is-addendum-of", "new_edition": "is-new-version-of",
                   "new_version": "is-new-version-of"}  # fmt: skip


def describe(element: etree._Element) -> Record:
    """The record of the first work inside a <crossref> or <doi_record>."""
    return makers(element)[0]()


def makers(element: etree._Element) -> Sequence[Callable[[], Record]]:
    """What makes the record of each work inside; a book of several chapters is one of its own."""
    works = _works(element)
    if not works:
        return [partial(_nothing, element)]
    deposit = _Deposit.of(element)
    return [partial(_record, deposit, work, kind) for work, kind in works]


@dataclass(frozen=True, slots=True)
class _Deposit:
    """What a deposit says of all its works; looked up once, since a journal has thousands."""

    around: list[etree._Element]
    issue: etree._Element | None
    publisher: str
    place: str
    issn: tuple[str, ...]
    isbn: tuple[str, ...]

    @classmethod
    def of(cls, element: etree._Element) -> _Deposit:
        def all_texts(name: str) -> tuple[str, ...]:
            return tuple(value for part in descendants(element, name) if (value := text(part)))

        return cls(
            around=list(descendants(element, *AROUND)),
            issue=next(descendants(element, "journal_issue"), None),
            publisher=text(next(descendants(element, "publisher_name"), None)),
            place=text(next(descendants(element, "publisher_place"), None)),
            issn=all_texts("issn"),
            isbn=all_texts("isbn"),
        )


def _works(element: etree._Element) -> list[tuple[etree._Element, str]]:
    for name, kind in WORKS.items():
        works = [(work, kind) for work in _all(element, name)]
        if len(works) > 1 and (whole := _whole(element)) is not None:
            works.append(whole)
        if works:
            return works
    return []


def _all(element: etree._Element, name: str) -> list[etree._Element]:
    """The elements of this name inside, or the element itself."""
    return [element] if local(element) == name else list(descendants(element, name))


def _whole(element: etree._Element) -> tuple[etree._Element, str] | None:
    """The book or proceedings that several works stand in, if it has a DOI of its own."""
    for name in ("book_metadata", "book_series_metadata", "proceedings_metadata"):
        for whole in descendants(element, name):
            if text(whole, "doi_data", "doi"):
                return whole, WORKS[name]
    return None


def _nothing(element: etree._Element) -> Record:
    status = attribute(element, "status")
    if local(element) == "query" and status != "resolved":
        asked = " ".join(attribute(element, "key").split()) or text(element, "doi")
        raise UnusableRow(f"Crossref did not resolve the query {asked!r} ({status or 'no status'})")
    raise UnusableRow("the Crossref deposit holds no work of a known kind")


def _record(deposit: _Deposit, work: etree._Element, kind: str) -> Record:
    titles = child(work, "titles")
    around = next((other for other in deposit.around if other is not work), None)
    issue = deposit.issue
    data, pages = child(work, "doi_data"), child(work, "pages")
    main = [" ".join(texts(titles, "title")[:1]), *texts(titles, "subtitle")[:1]]
    return Record(
        title=": ".join(part for part in main if part),
        alternate_titles=texts(titles, "original_language_title"),
        authors=_authors(child(work, "contributors")) or _editors(child(work, "contributors")),
        editors=_editors(child(work, "contributors")) or _editors(child(around, "contributors")),
        date=_date(work) or _date(issue),
        container=_container(around, work),
        publisher=deposit.publisher,
        volume=text(next(descendants(issue, "volume"), None)) or text(work, "volume"),
        issue=text(issue, "issue"),
        pages=joined_pages(text(pages, "first_page"), text(pages, "last_page"))
        if pages is not None
        else "",
        article_number=next(
            (
                text(number)
                for number in descendants(work, "item_number")
                if attribute(number, "item_number_type") in {"article_number", "article-number", ""}
            ),
            "",
        ),
        abstract=text(work, "abstract"),
        type=kind,
        language=attribute(work, "language") or attribute(around, "language"),
        doi=text(data, "doi"),
        issn=deposit.issn,
        isbn=deposit.isbn,
        urls=texts(data, "resource"),
        publisher_place=deposit.place,
        relations=tuple(dict.fromkeys(_relations(work))),
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


def _authors(people: etree._Element | None) -> tuple[Author, ...]:
    return _people(people, "author", "")


def _editors(people: etree._Element | None) -> tuple[Author, ...]:
    return _people(people, "editor", "chair")


def _people(people: etree._Element | None, *roles: str) -> tuple[Author, ...]:
    """Those of the roles, in the order of the byline, groups among persons."""
    return tuple(
        Author(name=text(person))
        if local(person) == "organization"
        else Author(
            family=text(person, "surname"),
            given=text(person, "given_name"),
            orcid=text(person, "ORCID"),
        )
        for person in children(people, "person_name", "organization")
        if attribute(person, "contributor_role") in roles
    )


def _relations(work: etree._Element) -> Iterator[Relation]:
    """What the publisher says of other works: preprints, versions, corrections, retractions."""
    for relation in descendants(work, "inter_work_relation", "intra_work_relation"):
        if target := text(relation):
            kind = attribute(relation, "relationship-type")
            # "isPreprintOf" is "is-preprint-of" in the REST API
            yield Relation(re.sub(r"(?<=[a-z])(?=[A-Z])", "-", kind).lower(), target)
    for update in descendants(work, "update"):
        if target := text(update):
            kind = attribute(update, "type").lower()
            yield Relation(_UPDATES.get(kind, kind), f"doi:{target}")


def _date(work: etree._Element | None) -> str:
    """The print date, else any other date of publication."""
    dates = list(children(work, "publication_date", "posted_date", "approval_date"))
    dates.sort(key=lambda date: attribute(date, "media_type") != "print")
    for date in dates:
        parts = [text(date, name) for name in ("year", "month", "day")]
        if parts[0]:
            kept = parts[:1] if not parts[1] else parts[:2] if not parts[2] else parts
            return "-".join(part.zfill(2) for part in kept)
    return ""
