"""
schema.org: works described in JSON-LD, as pages of journals and repositories embed them.

    {"@type": "ScholarlyArticle", "name", "author", "isPartOf" …}  ->  Record

Volume, issue and journal are parts of parts: `isPartOf` of `isPartOf`. What a graph
describes beside works (people, pages, organisations) is refused by name.
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
    serials,
    text,
    texts,
)
from indexer.records import Author, Record

WORKS: Final = frozenset(
    {
        *("Article", "ScholarlyArticle", "MedicalScholarlyArticle", "NewsArticle", "Report"),
        *("TechArticle", "Book", "Chapter", "Thesis", "Dataset", "CreativeWork", "Review"),
        *("BlogPosting", "PublicationIssue", "SoftwareSourceCode", "SoftwareApplication"),
        *("Periodical", "PresentationDigitalDocument", "DigitalDocument", "Poster", "MediaObject"),
        *("LearningResource", "Audiobook", "BookChapter", "CriticReview", "Collection"),
    }
)
# What stands in a graph around the works.
AROUND: Final = frozenset(
    {
        *("Person", "Organization", "CollegeOrUniversity", "WebSite", "WebPage", "ImageObject"),
        *("BreadcrumbList", "ListItem", "Place", "PostalAddress", "SearchAction", "ItemList"),
        *("ScholarlyPublisher", "Event", "ItemPage", "CollectionPage", "AboutPage", "Brand"),
        *("SearchResultsPage", "DataCatalog", "DataDownload", "ResearchOrganization"),
    }
)
DEEPEST: Final = 4  # issue, volume, journal, and one to spare
PREFIXES: Final = ("http://schema.org/", "https://schema.org/", "schema:")
SCHEMES: Final = ("doi", "pmid", "pmcid", "arxiv", "handle", "isbn")


def recognise(plain: Mapping[str, Any]) -> bool:
    """An object with a type of schema.org."""
    types = _types(plain)
    return bool(types & (WORKS | AROUND))


def record(plain: Mapping[str, Any]) -> Record:
    """
    The work as a record.

    Raises:
        UnusableRow: the object is a person, a page or an organisation.
    """
    types = _types(plain)
    if not types & WORKS and _types(inside := branch(plain, "mainEntity")) & WORKS:
        plain, types = inside, _types(inside)
    said = {_bare(name): value for name, value in plain.items()}
    if not types & WORKS:
        raise UnusableRow(f"a {'/'.join(sorted(types))} is no work; it needs no mending")
    get = said.get
    whole = list(_wholes(said))
    own_id = first(said, "@id")
    ids = list(_identifiers(said))
    doi = next((value for scheme, value in ids if scheme == "doi"), "")
    issn, isbn = serials(
        every(get("issn"), get("isbn"), *(every(p.get("issn"), p.get("isbn")) for p in whole))
    )
    titles = every(_text(get("name")), _text(get("headline")), _text(get("title")))
    return Record(
        source_id=own_id,
        title=titles[0] if titles else "",
        alternate_titles=every(titles[1:], get("alternateName"), get("alternativeHeadline")),
        authors=tuple(_people(get("author") or get("creator"))),
        editors=tuple(_people(get("editor"))),
        date=first(said, "datePublished", "dateCreated", "dateIssued"),
        container=_container(whole) or text(_text(get("publication"))),
        publisher=_name(get("publisher")),
        volume=first(said, "volumeNumber") or _part(whole, "volumeNumber"),
        issue=first(said, "issueNumber") or _part(whole, "issueNumber"),
        pages=joined_pages(text(get("pageStart")), text(get("pageEnd")))
        or first(said, "pagination"),
        abstract=text(_text(get("abstract"))) or text(_text(get("description"))),
        keywords=every(_keywords(get("keywords"))),
        type=next(iter(sorted(types & WORKS - {"CreativeWork"})), ""),
        language=_name(get("inLanguage")),
        doi=doi,
        identifiers=tuple(pair for pair in ids if pair[1] != doi),
        issn=issn,
        isbn=isbn,
        urls=every([u for u in (own_id, *texts(get("url")), *texts(get("sameAs"))) if "://" in u]),
        updated=first(said, "dateModified"),
    )


def _bare(name: str) -> str:
    for prefix in PREFIXES:
        name = name.removeprefix(prefix)
    return name


def _types(plain: Mapping[str, Any]) -> set[str]:
    return {_bare(name) for name in texts(plain.get("@type"))}


def _text(value: Any) -> str:
    """A text, or the value of a text with a language."""
    parts = objects(value)
    return first(parts[0], "@value", "name") if parts else text(value)


def _name(value: Any) -> str:
    parts = objects(value)
    return first(parts[0], "name", "legalName", "@value", "alternateName") if parts else text(value)


def _people(value: Any) -> Iterator[Author]:
    for given in value if isinstance(value, list) else [value]:
        if not isinstance(given, Mapping):
            names = [author(given)]
        elif isinstance(given.get("@list"), list):
            names = list(map(author, given["@list"]))
        else:
            ids = (*texts(given.get("@id")), *texts(given.get("sameAs")), *texts(given.get("url")))
            ids = (*ids, *texts(given.get("identifier")))
            orcid = next((name for name in ids if "orcid.org/" in name), "")
            names = [author({**given, "orcid": orcid, "name": _text(given.get("name"))})]
        yield from (person for person in names if person)


def _wholes(said: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """What the work is part of, from the nearest outwards."""
    level = objects(said.get("isPartOf"))
    for _ in range(DEEPEST):
        yield from level
        level = [outer for inner in level for outer in objects(inner.get("isPartOf"))]


def _part(whole: list[Mapping[str, Any]], name: str) -> str:
    return next((value for part in whole if (value := first(part, name))), "")


def _container(whole: list[Mapping[str, Any]]) -> str:
    """The journal or book: the outermost part that has a name, a journal before others."""
    named = [(part, title) for part in whole if (title := _name(part))]
    journals = [name for part, name in named if "Periodical" in _types(part)]
    books = [name for part, name in named if "Book" in _types(part)]
    return next(iter([*journals, *books, *(name for _, name in reversed(named))]), "")


def _keywords(value: Any) -> list[str]:
    if isinstance(value, str):
        return list(listed(value, ";,"))
    named = [_text(term.get("name")) for term in objects(value)]
    return [*texts(value), *named]


def _identifiers(said: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Identifiers as texts or as properties with a value, and addresses that hold a DOI."""
    given = said.get("identifier")
    for item in objects(given):
        scheme = first(item, "propertyID", "name").rpartition("/")[2].lower()
        if value := first(item, "value", "@id"):
            yield (scheme if scheme in SCHEMES else ""), value
    addresses = (*texts(said.get("@id")), *texts(said.get("sameAs")), *texts(said.get("url")))
    for value in (*texts(given), *texts(said.get("doi")), *addresses):
        bare = value.lower().removeprefix("doi:").partition("doi.org/")
        if (bare[2] or bare[0]).startswith("10."):
            yield "doi", value
        elif value not in addresses:
            yield "", value
