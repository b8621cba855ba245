"""
HAL: documents of its search API.

    {"halId_s", "title_s": [...], "authFullName_s": [...], "journalTitle_s" …}  ->  Record

Names of fields end by their type: `_s` a text, `_i` a number, `_t` a searched text.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from indexer.feeds.formats.shapes.values import every, first, text, texts
from indexer.records import Author, Record


def recognise(plain: Mapping[str, Any]) -> bool:
    """A document with a HAL id, or its number beside texts of HAL's."""
    if "halId_s" in plain or "halId_id" in plain:
        return True
    return "docid" in plain and any(name.endswith("_s") for name in plain)


def record(plain: Mapping[str, Any]) -> Record:
    """The document as a record."""
    get = plain.get
    own_id = first(plain, "halId_s", "halId_id")
    titles = every(get("title_s"), *(plain[name] for name in plain if name.endswith("_title_s")))
    subtitle = text(get("subTitle_s"))
    title = titles[0] if titles else ""
    if title and subtitle and subtitle.lower() not in title.lower():
        title = f"{title}: {subtitle}"
    ids = [("hal", own_id), ("arxiv", first(plain, "arxivId_s"))]
    ids += [("pmid", first(plain, "pubmedId_s")), ("pmcid", first(plain, "pubmedcentralId_s"))]
    return Record(
        source="hal",
        source_id=own_id or text(get("docid")),
        title=title,
        alternate_titles=titles[1:],
        authors=_authors(plain),
        editors=tuple(Author(name=name) for name in texts(get("scientificEditor_s"))),
        date=first(plain, "publicationDate_s", "producedDate_s", "conferenceStartDate_s"),
        year=first(plain, "publicationDateY_i", "producedDateY_i"),
        container=first(plain, "journalTitle_s", "bookTitle_s", "conferenceTitle_s"),
        publisher=first(plain, "journalPublisher_s", "publisher_s"),
        publisher_place=first(plain, "city_s") if get("bookTitle_s") else "",
        volume=first(plain, "volume_s"),
        issue=first(plain, "issue_s", "number_s"),
        pages=first(plain, "page_s"),
        abstract=first(plain, "abstract_s", "en_abstract_s", "fr_abstract_s"),
        keywords=every(get("keyword_s")),
        notes=every(get("comment_s"), "" if titles else get("label_s")),
        type=first(plain, "docSubType_s", "docType_s"),
        language=first(plain, "language_s"),
        doi=first(plain, "doiId_s", "publisherLinkDoi_s"),
        identifiers=tuple(pair for pair in ids if pair[1]),
        issn=every(get("journalIssn_s"), get("journalEissn_s")),
        isbn=every(get("isbn_s")),
        urls=every(get("uri_s"), get("fileMain_s"), get("files_s")),
        updated=first(plain, "modifiedDate_tdate", "modifiedDate_s"),
    )


def _authors(plain: Mapping[str, Any]) -> tuple[Author, ...]:
    """The byline in parts where all of it is, else as whole names."""
    names, families, givens = (
        plain.get(f"auth{part}_s") for part in ("FullName", "LastName", "FirstName")
    )
    if isinstance(families, list) and isinstance(givens, list) and len(families) == len(givens):
        pairs = zip(map(text, families), map(text, givens), strict=True)
        return tuple(Author(family=family, given=given) for family, given in pairs if family)
    items = names if isinstance(names, list) else [names]
    return tuple(Author(name=name) for item in items if (name := text(item)))
