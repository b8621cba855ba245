"""
Zenodo: records of its REST API, and of other InvenioRDM repositories.

    {"id", "doi", "conceptdoi", "metadata": {"title", "creators" …}}  ->  Record

Every version has a DOI of its own; the concept DOI stands for all of them. Invenio's own
dialect puts names into `person_or_org`, the DOI into `pids` and the journal into
`custom_fields`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from indexer.feeds.formats.shapes.values import author, branch, every, first, listed, objects, text
from indexer.records import Author, Record, Relation


def recognise(plain: Mapping[str, Any]) -> bool:
    """An object described in `metadata`, with creators."""
    return "creators" in branch(plain, "metadata")


def record(plain: Mapping[str, Any]) -> Record:
    """The repository's record as one of ours."""
    said, kind = branch(plain, "metadata"), branch(plain, "metadata", "resource_type")
    journal = branch(said, "journal") or branch(plain, "custom_fields", "journal:journal")
    subjects = [first(s, "subject", "term") for s in objects(said.get("subjects"))]
    return Record(
        source="zenodo" if "conceptdoi" in plain or "conceptrecid" in plain else _house(plain),
        source_id=text(plain.get("id")),
        title=first(said, "title") or text(plain.get("title")),
        authors=tuple(_people(said.get("creators"))),
        editors=tuple(_people(said.get("contributors"), "editor")),
        date=first(said, "publication_date"),
        container=first(journal, "title"),
        publisher=first(said, "publisher"),
        volume=first(journal, "volume"),
        issue=first(journal, "issue"),
        pages=first(journal, "pages"),
        abstract=first(said, "description"),
        keywords=every(listed(said.get("keywords")), subjects),
        notes=every(said.get("notes")),
        type=first(kind, "subtype", "type", "id"),
        language=first(said, "language") or text([first(o, "id") for o in _languages(said)]),
        doi=first(plain, "doi")
        or first(said, "doi")
        or first(branch(plain, "pids", "doi"), "identifier"),
        urls=every(first(branch(plain, "links"), "self_html", "html")),
        relations=tuple(_relations(plain, said)),
        updated=first(plain, "modified", "updated"),
    )


def _languages(said: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    return objects(said.get("languages"))


def _house(plain: Mapping[str, Any]) -> str:
    """The repository's host, so that ids of two repositories stay apart."""
    address = first(branch(plain, "links"), "self_html", "html", "self")
    host = address.partition("://")[2].partition("/")[0]
    return "zenodo" if host in {"", "zenodo.org", "www.zenodo.org"} else host


def _people(given: Any, role: str = "") -> Iterator[Author]:
    for item in objects(given):
        said = item.get("role") or item.get("type")
        stated = first(said, "id", "type") if isinstance(said, Mapping) else text(said)
        if role and stated.lower() != role:
            continue
        person = branch(item, "person_or_org") or item
        if name := author({**person, "orcid": first(person, "orcid") or _orcid(person)}):
            yield name


def _orcid(person: Mapping[str, Any]) -> str:
    ids = objects(person.get("identifiers"))
    return next((first(i, "identifier") for i in ids if first(i, "scheme") == "orcid"), "")


def _relations(plain: Mapping[str, Any], said: Mapping[str, Any]) -> Iterator[Relation]:
    if concept := first(plain, "conceptdoi"):
        yield Relation("IsVersionOf", f"doi:{concept}")
    for item in objects(said.get("related_identifiers")):
        kind, target = first(item, "relation"), first(item, "identifier")
        if isinstance(item.get("relation_type"), Mapping):
            kind = first(branch(item, "relation_type"), "id")
        if kind and target and kind not in {"cites", "references"}:
            yield Relation(kind, target)
