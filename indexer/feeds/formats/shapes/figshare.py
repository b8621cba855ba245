"""
figshare: articles of its API.

    {"id", "title", "doi", "defined_type_name", "authors", "timeline" …}  ->  Record
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from indexer.feeds.formats.shapes.values import authors, branch, every, first, objects, same, text
from indexer.records import Record, Relation

MARKS: Final = frozenset(
    {
        *("defined_type", "defined_type_name", "url_public_html", "url_public_api", "timeline"),
        "url_private_api",
    }
)


def recognise(plain: Mapping[str, Any]) -> bool:
    """An object with two of figshare's own keys."""
    return len(MARKS & plain.keys()) >= 2


def record(plain: Mapping[str, Any]) -> Record:
    """The article as a record."""
    get = plain.get
    timeline = branch(plain, "timeline")
    handle, journal = text(get("handle")), text(get("resource_doi"))
    return Record(
        source="figshare",
        source_id=text(get("id")),
        **same(plain, "title doi"),
        authors=authors(
            [{**a, "orcid": first(a, "orcid_id", "orcid")} for a in objects(get("authors"))]
        ),
        date=text(get("published_date")) or first(timeline, "posted", "firstOnline"),
        container=text(get("group_resource_title")),
        abstract=text(get("description")),
        keywords=every(
            get("tags"), get("keywords"), [first(c, "title") for c in objects(get("categories"))]
        ),
        type=first(plain, "defined_type_name"),
        identifiers=(("handle", handle),) if handle else (),
        urls=every(get("url_public_html"), get("figshare_url")),
        relations=(Relation("IsSupplementTo", f"doi:{journal}"),) if journal else (),
        updated=first(plain, "modified_date"),
    )
