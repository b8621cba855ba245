"""
CSL custom: what our own export writes under `custom`, where CSL has no variable for it.

    {"identifiers", "urls", "groups", "extra" …}  ->  fields of the record beside it
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from indexer.feeds.formats.shapes.own import extra, relations
from indexer.feeds.formats.shapes.values import named, texts
from indexer.records import Record, completed

KEYS: Final = frozenset(
    {
        *("identifiers", "urls", "accession_number", "groups", "alternate_titles", "relations"),
        *("extra", "labels"),
    }
)


def with_custom(record: Record, custom: Any) -> Record:
    """The record with what our export carried along; of other tools nothing is ours."""
    if not isinstance(custom, Mapping):
        return record
    said = {name: texts(custom.get(name)) for name in KEYS}
    labels = custom.get("labels")
    marks = labels.items() if isinstance(labels, Mapping) else ()
    return completed(
        record,
        identifiers=_all(record.identifiers, map(named, said["identifiers"])),
        urls=_all(record.urls, said["urls"]),
        accession_number=record.accession_number or "; ".join(said["accession_number"]),
        groups=_all(record.groups, said["groups"]),
        alternate_titles=_all(record.alternate_titles, said["alternate_titles"]),
        relations=_all(record.relations, relations(custom.get("relations"))),
        extra=_all(
            record.extra,
            extra(custom.get("extra")),
            ((f"csl:samework_{name}", value) for name, value in marks if isinstance(value, str)),
        ),
    )


def _all(*parts: Any) -> tuple[Any, ...]:
    return tuple(dict.fromkeys(value for part in parts for value in part))
