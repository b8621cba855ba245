"""
DataCite: DOIs as its REST API and its data file write them.

    {"id", "type": "dois", "attributes": {...}}, or the attributes alone  ->  Record

Content negotiation and the data file's own JSON write the attributes flat. A DOI that is
registered but no longer findable has been withdrawn from search: a tombstone. Related
ISSNs and ISBNs of kind IsPartOf belong to the container.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

from indexer.errors import UnusableRow
from indexer.feeds.formats.shapes.values import (
    branch,
    every,
    first,
    joined_pages,
    objects,
    same,
    serials,
    text,
)
from indexer.records import Author, Record, Relation

ISSUED: Final = ("Issued", "Created", "Submitted", "Accepted", "Valid")  # dateTypes, best first
SERIALS: Final = frozenset({"ISSN", "EISSN", "LISSN", "ISBN"})
WITHDRAWN: Final = "registered"
# Relations to what is cited, or to files and metadata, tell nothing of the work itself.
PASSED_OVER: Final = frozenset(
    {"Cites", "IsCitedBy", "References", "IsReferencedBy", "HasMetadata"}
)


def recognise(plain: Mapping[str, Any]) -> bool:
    """A resource with attributes that hold creators, titles or a state; or these flat."""
    attributes = plain.get("attributes")
    if isinstance(attributes, Mapping):
        return not {"doi", "titles"}.isdisjoint(attributes)
    return _is_flat(plain)


def _is_flat(plain: Mapping[str, Any]) -> bool:
    if "schemaVersion" in plain and not {"doi", "titles"}.isdisjoint(plain):
        return True
    titles, creators = objects(plain.get("titles")), objects(plain.get("creators"))
    return any("title" in item for item in titles) and bool(
        any("name" in item for item in creators) or "publicationYear" in plain
    )


def record(plain: Mapping[str, Any]) -> Record:
    """The DOI as a record."""
    said = branch(plain, "attributes") or plain
    doi = first(said, "doi") or _own_doi(said) or text(plain.get("id"))
    doi = doi.removeprefix("https://doi.org/")
    if not doi and said is not plain:
        raise UnusableRow("DataCite resource has no DOI")
    titles = list(_titles(said))
    container, types = branch(said, "container"), branch(said, "types")
    related = objects(said.get("relatedIdentifiers"))
    journal = _journal(said)
    contributors = _by_role(said)
    part_of = [
        text(item.get("relatedIdentifier"))
        for item in related
        if text(item.get("relatedIdentifierType")) in SERIALS
    ]
    held = text(container.get("identifier"))
    if held and text(container.get("identifierType")) in SERIALS:
        part_of.append(held)
    issn, isbn = serials(dict.fromkeys(part_of))
    return Record(
        source="datacite",
        source_id=doi.lower(),
        **same(said, "language updated"),
        title=titles[0] if titles else "",
        alternate_titles=tuple(titles[1:]),
        authors=tuple(_people(objects(said.get("creators")))),
        editors=tuple(_people(contributors.get("Editor", ()))),
        date=_date(said),
        year=text(said.get("publicationYear")),
        container=text(container.get("title")) or first(journal, "title"),
        publisher=text(said.get("publisher")) or text(branch(said, "publisher").get("name")),
        volume=text(container.get("volume")) or text(journal.get("volume")),
        issue=text(container.get("issue")) or text(journal.get("issue")),
        pages=joined_pages(first(container, "firstPage"), first(container, "lastPage"))
        or joined_pages(first(journal, "firstPage"), first(journal, "lastPage")),
        abstract=next(_descriptions(said, "Abstract"), ""),
        keywords=every([text(item.get("subject")) for item in objects(said.get("subjects"))]),
        notes=tuple(_descriptions(said, "Other", "TechnicalInfo")),
        type=first(types, "resourceType", "resourceTypeGeneral", "citeproc"),
        doi=doi,
        identifiers=tuple(_identifiers(said, doi)),
        issn=issn,
        isbn=isbn,
        urls=every(text(said.get("url"))),
        relations=tuple(_relations(related)),
        deleted=text(said.get("state")) == WITHDRAWN,
    )


def _own_doi(said: Mapping[str, Any]) -> str:
    """The DOI among the identifiers, as exports of repositories write it."""
    given = objects(said.get("identifiers"))
    dois = [first(i, "identifier") for i in given if first(i, "identifierType").upper() == "DOI"]
    return dois[0] if dois else ""


def _titles(said: Mapping[str, Any]) -> Iterator[str]:
    """The main title with its subtitle, then alternatives and translations."""
    given = [(text(t.get("titleType")), text(t.get("title"))) for t in objects(said.get("titles"))]
    mains = [title for kind, title in given if not kind and title]
    subtitles = [title for kind, title in given if kind == "Subtitle" and title]
    others = [title for kind, title in given if kind and kind != "Subtitle" and title]
    if mains and subtitles:
        mains[0] = ": ".join((mains[0], *subtitles))
    yield from dict.fromkeys((*mains, *others))


def _by_role(said: Mapping[str, Any]) -> dict[str, list[Mapping[str, Any]]]:
    roles: dict[str, list[Mapping[str, Any]]] = {}
    for contributor in objects(said.get("contributors")):
        roles.setdefault(text(contributor.get("contributorType")), []).append(contributor)
    return roles


def _people(people: Iterable[Mapping[str, Any]]) -> Iterator[Author]:
    for creator in people:
        orcid = next(
            (
                text(item.get("nameIdentifier"))
                for item in objects(creator.get("nameIdentifiers"))
                if text(item.get("nameIdentifierScheme")).upper() == "ORCID"
            ),
            "",
        )
        personal = text(creator.get("nameType")) != "Organizational"
        author = Author(
            name=text(creator.get("name")),
            family=text(creator.get("familyName")) if personal else "",
            given=text(creator.get("givenName")) if personal else "",
            orcid=orcid,
        )
        if author.name or author.family:
            yield author


def _date(said: Mapping[str, Any]) -> str:
    dates = {text(d.get("dateType")): text(d.get("date")) for d in objects(said.get("dates"))}
    return next((dates[kind] for kind in ISSUED if dates.get(kind)), "") or text(
        said.get("published")
    )


def _descriptions(said: Mapping[str, Any], *kinds: str) -> Iterator[str]:
    for item in objects(said.get("descriptions")):
        if text(item.get("descriptionType")) in kinds and (value := text(item.get("description"))):
            yield value


def _identifiers(said: Mapping[str, Any], doi: str) -> Iterator[tuple[str, str]]:
    for item in objects(said.get("identifiers")):
        value, kind = text(item.get("identifier")), text(item.get("identifierType"))
        if value and not (doi and doi.lower() in value.lower()):
            yield (kind.lower() if kind in {"DOI", "Handle", "arXiv"} else ""), value
    for item in objects(said.get("alternateIdentifiers")):
        value, kind = first(item, "alternateIdentifier"), first(item, "alternateIdentifierType")
        if value:
            yield (kind.lower() if kind.lower() in {"arxiv", "handle", "pmid"} else ""), value


def _relations(related: list[Mapping[str, Any]]) -> Iterator[Relation]:
    for item in related:
        kind, value = text(item.get("relationType")), text(item.get("relatedIdentifier"))
        scheme = text(item.get("relatedIdentifierType"))
        if kind and value and kind not in PASSED_OVER and scheme not in SERIALS:
            yield Relation(kind, value if scheme in {"URL", ""} else f"{scheme.lower()}:{value}")


def _journal(said: Mapping[str, Any]) -> Mapping[str, Any]:
    """The related item that this one is published in (kernel 4.4)."""
    for item in objects(said.get("relatedItems")):
        if text(item.get("relationType")) == "IsPublishedIn":
            titles = objects(item.get("titles"))
            return {**item, "title": text(titles[0].get("title")) if titles else ""}
    return {}
