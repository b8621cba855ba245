"""
OpenAlex: works as its API and its snapshot write them.

    {"id": "https://openalex.org/W…", "authorships", "primary_location" …}  ->  Record

The abstract is rebuilt from its inverted index. A work gathers several copies: the
primary location names container and stage, every location adds its URLs.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from indexer.errors import UnusableRow
from indexer.feeds.formats.shapes.values import (
    branch,
    every,
    first,
    joined_pages,
    objects,
    same,
    text,
)
from indexer.records import Author, Record

OBJECTS: Final = "https://openalex.org/"
OTHER_IDS: Final = ("pmid", "pmcid")  # "doi" is a field, and "mag" was given up in 2021
LONGEST_ABSTRACT: Final = 50_000  # words; positions beyond are damage


def recognise(plain: Mapping[str, Any]) -> bool:
    """An object with an OpenAlex id, or a work whose id was left out of the selection."""
    given = plain.get("id")
    if isinstance(given, str) and given.startswith(OBJECTS):
        return True
    return "authorships" in plain or "abstract_inverted_index" in plain


def record(plain: Mapping[str, Any]) -> Record:
    """
    The work as a record.

    Raises:
        ValueError: the object is one of OpenAlex's others: an author, a source …
    """
    get = plain.get
    work_id = text(get("id")).removeprefix(OBJECTS)
    if work_id and not work_id.startswith("W"):
        raise UnusableRow(f"{work_id!r} is not a work; hand in works only")
    primary = branch(plain, "primary_location")
    source = branch(primary, "source") or branch(plain, "host_venue")
    biblio = branch(plain, "biblio")
    return Record(
        source="openalex",
        source_id=work_id,
        **same(biblio, "volume issue"),
        title=first(plain, "title", "display_name"),
        authors=_byline(get("authorships")),
        date=text(get("publication_date")),
        year=text(get("publication_year")),
        container=first(source, "display_name") or first(primary, "raw_source_name"),
        publisher=first(source, "host_organization_name", "publisher"),
        pages=joined_pages(text(biblio.get("first_page")), text(biblio.get("last_page"))),
        abstract=_abstract(get("abstract_inverted_index")) or text(get("abstract")),
        type=first(plain, "type_crossref", "type"),
        keywords=_keywords(plain),
        language=text(get("language")),
        stage=text(primary.get("version")),
        doi=text(get("doi")) or text(branch(plain, "ids").get("doi")),
        identifiers=_identifiers(plain, work_id),
        issn=every(source.get("issn_l"), source.get("issn")),
        urls=_urls(plain),
        updated=text(get("updated_date")),
    )


def _keywords(plain: Mapping[str, Any]) -> tuple[str, ...]:
    """Its keywords and subject headings; topics and concepts are a classifier's guesses."""
    headings = [
        "/".join(filter(None, (text(m.get("descriptor_name")), text(m.get("qualifier_name")))))
        for m in objects(plain.get("mesh"))
    ]
    words = [first(word, "display_name", "keyword") for word in objects(plain.get("keywords"))]
    return every(words, headings)


def _byline(authorships: Any) -> tuple[Author, ...]:
    names = []
    for authorship in objects(authorships):
        person = branch(authorship, "author")
        name = text(authorship.get("raw_author_name")) or text(person.get("display_name"))
        if name:
            names.append(Author(name=name, orcid=text(person.get("orcid"))))
    return tuple(names)


def _abstract(inverted: Any) -> str:
    if not isinstance(inverted, Mapping):
        return ""
    words = sorted(
        (position, word)
        for word, positions in inverted.items()
        if isinstance(positions, list)
        for position in positions
        if isinstance(position, int) and 0 <= position < LONGEST_ABSTRACT
    )
    return " ".join(word for _, word in words)


def _identifiers(plain: Mapping[str, Any], work_id: str) -> tuple[tuple[str, str], ...]:
    ids = branch(plain, "ids")
    pairs = [("openalex", work_id or text(ids.get("openalex")))]
    pairs += [(scheme, text(ids.get(scheme))) for scheme in OTHER_IDS]
    return tuple(pair for pair in pairs if pair[1])


def _urls(plain: Mapping[str, Any]) -> tuple[str, ...]:
    places = [branch(plain, "primary_location"), *objects(plain.get("locations"))]
    urls = [text(plain.get("id"))]
    for place in places:
        urls += [text(place.get("landing_page_url")), text(place.get("pdf_url"))]
    urls.append(text(branch(plain, "open_access").get("oa_url")))
    return tuple(dict.fromkeys(url for url in urls if url))
