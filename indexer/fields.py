"""
Fields: a record taken apart into values that can be compared.

    record  ->  Fields(title, authors, date, container, places, identifiers, ...)

Puts the modules of each field together and does no parsing of its own, no I/O and
no comparing. Pure: equal records give equal fields. A new field is a line here and
a module of its own.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

import numpy as np
from numpy.typing import NDArray

from indexer.containers import Container, container_of
from indexer.dates import date_of, years_of
from indexer.identifiers import identifiers_of
from indexer.names import Names, names_of
from indexer.places import Places, places_of
from indexer.records import Identifier, PartialDate, Record, Relation
from indexer.text import fold, repair
from indexer.titles import Title, title_of

NO_SHINGLES: Final[NDArray[np.uint32]] = np.empty(0, np.uint32)


@dataclass(frozen=True, slots=True)
class Fields:
    """
    What a record says, normalised; empty means that it does not say.

    Equality leaves the abstract's shingles and `by_scheme` out: both follow from
    other fields.
    """

    record_id: str
    source: str = ""
    title: Title = Title()
    alternates: tuple[Title, ...] = ()  # translated, original and other titles
    authors: Names = Names()
    date: PartialDate | None = None
    years: tuple[int, ...] = ()  # every year the record states, sorted
    container: Container = Container()
    places: Places = Places()
    kind: str = ""  # type of work, one of KINDS
    stage: str = ""  # NISO RP-8: draft, submitted, accepted, published, updated
    identifiers: tuple[Identifier, ...] = ()
    by_scheme: Mapping[str, frozenset[str]] = field(default_factory=dict, compare=False)
    abstract: str = ""  # folded, cut at its first ABSTRACT_LENGTH characters
    abstract_shingles: NDArray[np.uint32] = field(default_factory=lambda: NO_SHINGLES, compare=False)
    language: str = ""  # ISO 639-1 where it can be told
    relations: tuple[Relation, ...] = ()


def fields_of(record: Record) -> Fields:
    """A record's comparable fields."""
    identifiers = identifiers_of(record)
    by_scheme: dict[str, frozenset[str]] = {}
    for one in identifiers:
        by_scheme[one.scheme] = by_scheme.get(one.scheme, frozenset()) | {one.value}
    return Fields(
        record_id=record.record_id,
        source=record.source,
        title=title_of(record.title),
        alternates=tuple(title_of(title) for title in record.alternate_titles),
        authors=names_of(record.authors),
        date=date_of(record.date) or date_of(record.year),
        years=years_of(record.date, record.year),
        container=container_of(record.container, by_scheme.get("issn", ())),
        places=places_of(record.volume, record.issue, record.pages, record.article_number),
        kind=record.type,
        stage=record.stage,
        identifiers=identifiers,
        by_scheme=by_scheme,
        abstract=fold(repair(record.abstract)),
        language=record.language,
        relations=record.relations,
    )
