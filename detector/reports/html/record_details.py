"""
Record details: what the report shows of one record and of one merged record.

    Record, Fields  ->  columns of the list, a case's details

Text is given repaired, and as harvested beside it where that differs. Does not: choose which
records are shown (`report_choice.py`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from detector.works.merging.united import repaired
from indexer.fields import Fields
from indexer.records import Record

LONGEST_ABSTRACT: Final = 1_500  # characters shown
MOST_AUTHORS: Final = 60
MOST_URLS: Final = 12
LISTED_AUTHORS: Final = 3
SEARCHED: Final = frozenset({"doi", "arxiv", "pmid"})

Details = dict[str, Any]


def columns_of(fields: Fields) -> list[Any]:
    """What the list shows and searches of a record: title, byline, more, year, source."""
    names = [name.text for name in fields.authors.names]
    more = " …" if len(names) > LISTED_AUTHORS else ""
    by = "; ".join(names[:LISTED_AUTHORS]) + more
    year = fields.date.year if fields.date else 0
    return [fields.title.text, by, _more(fields, names), year, fields.source]


def details_of(record: Record, fields: Fields) -> Details:
    """What a case shows of a record; `raw` has the harvested text where it differs."""
    names = [name.text for name in fields.authors.names]
    given = [author.display for author in record.authors]
    places = fields.places
    shown = {
        "title": fields.title.text,
        "authors": names[:MOST_AUTHORS],
        "date": str(fields.date or ""),
        "container": fields.container.text,
        "volume": places.volume,
        "issue": places.issue,
        "pages": places.pages or places.article_number,
        "type": " ".join(part for part in (fields.kind, fields.stage) if part),
        "identifiers": [f"{given} ({given.learnt})" for given in fields.identifiers],
        "urls": list(record.urls[:MOST_URLS]),
        "abstract": _short(repaired(record.abstract)),
    }
    harvested = {
        "title": record.title,
        "authors": given[:MOST_AUTHORS],
        "date": record.date or record.year,
        "container": record.container,
        "pages": record.pages or record.article_number,
        "abstract": _short(record.abstract),
    }
    details: Details = {name: value for name, value in shown.items() if value}
    details["raw"] = {
        name: value for name, value in harvested.items() if value and value != shown[name]
    }
    if len(names) > MOST_AUTHORS:
        details["more_authors"] = len(names) - MOST_AUTHORS
    return details


def merged_details(canonical: Mapping[str, Any]) -> Details:
    """What a case shows of a merged record."""
    merged = {**canonical}
    merged.pop("versions")
    merged["abstract"] = _short(merged.get("abstract", ""))
    return merged


def _more(fields: Fields, names: Sequence[str]) -> str:
    """Further words that the search of the list looks at: other authors, identifiers."""
    ids = (given.value for given in fields.identifiers if given.scheme in SEARCHED)
    return " ".join((*names[LISTED_AUTHORS:MOST_AUTHORS], *ids))


def _short(text: str) -> str:
    return text if len(text) <= LONGEST_ABSTRACT else f"{text[:LONGEST_ABSTRACT]} …"
