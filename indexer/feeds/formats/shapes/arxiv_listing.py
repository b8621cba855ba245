"""
arXiv's metadata as one data set: a line a paper, as it is passed round on Kaggle.

    {"id": "1903.00001", "authors_parsed", "journal-ref", "versions" …}  ->  Record
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from indexer.feeds.formats.shapes.values import every, first, objects, same, text
from indexer.records import Author, Record, Relation


def recognise(plain: Mapping[str, Any]) -> bool:
    """A paper with names in parts, or with arXiv's submitter and categories."""
    return "authors_parsed" in plain or ("submitter" in plain and "categories" in plain)


def record(plain: Mapping[str, Any]) -> Record:
    """The paper as a record."""
    get = plain.get
    number, doi, journal = text(get("id")), text(get("doi")), text(get("journal-ref"))
    posted = [first(version, "created") for version in objects(get("versions"))]
    relations = []
    if doi:
        relations.append(Relation("is-preprint-of", f"doi:{doi.split()[0]}"))
    if journal:
        relations.append(Relation("journal-ref", journal))
    return Record(
        source="arxiv",
        source_id=number,
        **same(plain, "title abstract"),
        authors=_authors(plain),
        date=posted[0] if posted else "",
        container="arXiv",
        keywords=every(text(get("categories")).split()),
        notes=every(get("comments")),
        type="preprint",
        doi=doi.split()[0] if doi else "",
        identifiers=(("arxiv", number),) if number else (),
        relations=tuple(relations),
        updated=text(get("update_date")),
    )


def _authors(plain: Mapping[str, Any]) -> tuple[Author, ...]:
    parsed = plain.get("authors_parsed")
    if isinstance(parsed, list) and any(isinstance(name, list) for name in parsed):
        parts = [[text(part) for part in name] for name in parsed if isinstance(name, list)]
        return tuple(
            Author(family=" ".join(filter(None, (name[0], *name[2:3]))), given="".join(name[1:2]))
            for name in parts
            if name and name[0]
        )
    names = text(plain.get("authors")).replace(" and ", ", ").split(", ")
    return tuple(Author(name=name.strip()) for name in names if name.strip())
