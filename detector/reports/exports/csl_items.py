"""
CSL items: a merged record as CSL-JSON.

    work id, canonical record  ->  one item

What CSL has no variable for stands under `custom`.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from detector.reports.exports.bylines import Person
from detector.reports.exports.carried import carried, left_over
from detector.reports.exports.reference_formats import (
    Canonical,
    genre_of,
    identifiers,
    links,
    persons,
    type_of,
)

_CUSTOM: Final = ("accession_number", "groups", "alternate_titles", "relations")


def csl(work_id: str, record: Canonical) -> dict[str, Any]:
    """One item of CSL-JSON."""
    said = record.get
    by_scheme: dict[str, list[str]] = {}
    for scheme, value in identifiers(record):
        by_scheme.setdefault(scheme, []).append(value)
    item: dict[str, Any] = {
        **{tag: value for tag, value, _ in reversed(carried(said("extra", ()), "csl"))},
        "id": work_id,
        "type": type_of(record)[2],
        "title": said("title", ""),
        **({"genre": genre_of(record)} if genre_of(record) else {}),
        "author": [_csl_name(person) for person in persons(record)],
        "editor": [_csl_name(person) for person in persons(record, "editors")],
        "issued": _csl_date(str(said("date", "") or said("year", ""))),
        "container-title": said("container", ""),
        "publisher": said("publisher", ""),
        "publisher-place": said("publisher_place", ""),
        "volume": said("volume", ""),
        "issue": said("issue", ""),
        "page": said("pages", ""),
        "number": said("article_number", ""),
        "DOI": said("doi", ""),
        "ISSN": " ".join(said("issn", ())),
        "ISBN": " ".join(said("isbn", ())),
        "PMID": next(iter(by_scheme.get("pmid", ())), ""),
        "PMCID": next(iter(by_scheme.get("pmcid", ())), ""),
        "URL": next(iter(links(record)), ""),
        "language": said("language", ""),
        "abstract": said("abstract", ""),
        "keyword": _csl_keywords(said("keywords", ())),
        "original-title": next(iter(said("alternate_titles", ())), ""),
        "status": said("stage", ""),
        "note": "\n".join(said("notes", ())),
        "source": "; ".join(said("database", ())),
        "custom": _csl_custom(record),
    }
    return {name: value for name, value in item.items() if value}


def _csl_custom(record: Canonical) -> dict[str, Any]:
    custom = {
        "identifiers": [f"{scheme}:{value}" for scheme, value in identifiers(record)],
        "urls": links(record)[1:],
        **{name: record.get(name) for name in _CUSTOM},
        "extra": left_over(record.get("extra", ()), "csl"),
    }
    return {name: value for name, value in custom.items() if value}


def _csl_keywords(keywords: Sequence[str]) -> str:
    """Joined by commas, as reference managers do, where no keyword has one."""
    if not any("," in keyword or ";" in keyword for keyword in keywords):
        return ", ".join(keywords)
    return "; ".join(keywords) + (";" if len(keywords) == 1 else "")


def _csl_name(person: Person) -> dict[str, str]:
    if person.literal:
        return {"literal": person.literal}
    parts = {"family": person.family, "given": person.given, "ORCID": person.orcid}
    return {name: part for name, part in parts.items() if part}


def _csl_date(text: str) -> dict[str, Any]:
    parts = [int(part) for part in text.split("-") if part.isdigit()]
    return {"date-parts": [parts]} if parts else {}
