"""
Zenodo: records of its REST API, as InvenioRDM repositories write them.

    {"id", "doi", "conceptdoi", "metadata": {"title", "creators" …}}  ->  Record

Every version has a DOI of its own; the concept DOI stands for all of them.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from indexer.feeds.shapes.values import branch, first, objects, text
from indexer.records import Author, Record, Relation


def recognise(plain: Mapping[str, Any]) -> bool:
    """An object described in `metadata`, with creators."""
    return "creators" in branch(plain, "metadata")


def record(plain: Mapping[str, Any]) -> Record:
    """The repository's record as one of ours."""
    said, kind = branch(plain, "metadata"), branch(plain, "metadata", "resource_type")
    journal = branch(said, "journal")
    concept = first(plain, "conceptdoi")
    related = [
        Relation(first(r, "relation"), first(r, "identifier"))
        for r in objects(said.get("related_identifiers"))
        if first(r, "relation") and first(r, "identifier") and first(r, "relation") != "cites"
    ]
    return Record(
        record_id="",
        source="zenodo",
        source_id=text(plain.get("id")),
        title=first(said, "title") or text(plain.get("title")),
        authors=tuple(
            Author(name=first(c, "name"), orcid=first(c, "orcid"))
            for c in objects(said.get("creators"))
        ),
        date=first(said, "publication_date"),
        container=first(journal, "title"),
        publisher=first(said, "publisher"),
        volume=first(journal, "volume"),
        issue=first(journal, "issue"),
        pages=first(journal, "pages"),
        abstract=first(said, "description"),
        type=first(kind, "subtype", "type"),
        language=first(said, "language"),
        doi=first(plain, "doi") or first(said, "doi"),
        urls=tuple(filter(None, (first(branch(plain, "links"), "self_html", "html"),))),
        relations=(*((Relation("IsVersionOf", f"doi:{concept}"),) if concept else ()), *related),
        updated=first(plain, "modified", "updated"),
    )
