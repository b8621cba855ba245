"""
Shapes: JSON objects of known sources, turned into records.

    dict  ->  Shape, told by its keys  ->  Record (identity still open)

One module a source with `recognise` and `record`, one row here. `record` leaves
`record_id` empty (the reader fills it in from `source` and `source_id`), takes text as
it stands, and never raises for a value of an unexpected type: see `values.py`. It may
raise ValueError with a sentence where an object can be no record at all.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final, Protocol

from indexer.errors import UnusableRow
from indexer.feeds.formats.shapes import (
    aps,
    arxiv_listing,
    core,
    crossref,
    csl,
    datacite,
    dblp,
    dimensions,
    doaj,
    europe_pmc,
    fatcat,
    figshare,
    hal,
    ieee,
    inspire,
    lens,
    openaire,
    openalex,
    osf,
    own,
    papers_with_code,
    pubmed_summary,
    schema_org,
    scielo,
    scopus,
    semantic_scholar,
    solr,
    springer,
    unpaywall,
    wrapped,
    zenodo,
    zotero,
)
from indexer.records import Record


@dataclass(frozen=True, slots=True)
class Shape:
    """How one source writes a record as a JSON object."""

    name: str
    keys: Collection[str]  # an object without any of them is not of this shape
    recognise: Callable[[Mapping[str, Any]], bool]
    record: Callable[[Mapping[str, Any]], Record]
    keys_repeat: bool = False  # ids are citation keys: see `Rows.made`


class ShapeModule(Protocol):
    """What a module of one source has."""

    def recognise(self, plain: Mapping[str, Any]) -> bool:
        """Whether an object is of this shape."""
        ...

    def record(self, plain: Mapping[str, Any]) -> Record:
        """The object as a record."""
        ...


def _of(
    name: str, module: ShapeModule, keys: Collection[str], *, keys_repeat: bool = False
) -> Shape:
    return Shape(name, keys, module.recognise, module.record, keys_repeat)


# The first that recognises an object reads it: the loosest, our own, stands last.
SHAPES: Final[tuple[Shape, ...]] = (
    Shape("wrapped", wrapped.WRAPPERS, wrapped.recognise, lambda plain: _inner(plain)),
    _of("schema.org", schema_org, ("@type",)),
    _of("zotero", zotero, ("itemType", "data"), keys_repeat=True),
    _of("openalex", openalex, ("id", "authorships", "abstract_inverted_index")),
    _of("crossref", crossref, ("DOI",)),
    _of("osf", osf, ("attributes",)),
    _of("datacite", datacite, ("attributes", "titles", "schemaVersion")),
    _of("fatcat", fatcat, ("biblio", "ident", "ext_ids")),
    _of("semantic_scholar", semantic_scholar, semantic_scholar.MARKS),
    _of("unpaywall", unpaywall, unpaywall.MARKS),
    _of("core", core, core.MARKS),
    _of("papers_with_code", papers_with_code, ("paper_url",)),
    _of("europe_pmc", europe_pmc, europe_pmc.MARKS),
    _of("doaj", doaj, ("bibjson",)),
    _of("inspire", inspire, ("metadata",)),
    _of("zenodo", zenodo, ("metadata",)),
    _of("openaire", openaire, ("mainTitle", "maintitle")),
    _of("lens", lens, ("lens_id",)),
    _of("dimensions", dimensions, ("id",)),
    _of("scopus", scopus, scopus.MARKS),
    _of("dblp", dblp, ("info",)),
    _of("pubmed_summary", pubmed_summary, ("uid",)),
    _of("hal", hal, ("halId_s", "halId_id", "docid")),
    Shape("plos", ("id", *solr.PLOS), solr.recognise_plos, solr.plos),
    Shape("ads", ("bibcode",), solr.recognise_ads, solr.ads),
    Shape("base", solr.BASE, solr.recognise_base, solr.base),
    _of("scielo", scielo, ("article",)),
    _of("springer", springer, ("publicationName",)),
    _of("ieee", ieee, ieee.MARKS),
    _of("figshare", figshare, figshare.MARKS),
    _of("arxiv_listing", arxiv_listing, ("authors_parsed", "submitter")),
    _of("aps", aps, ("title",)),
    _of("csl-json", csl, csl.KEYS, keys_repeat=True),
    _of("own", own, own.KNOWN),
)

# Where answers of an API keep their list of records, as paths of keys.
LISTS: Final[frozenset[tuple[str, ...]]] = frozenset(
    {
        ("results",),  # OpenAlex, DOAJ, CORE
        ("message", "items"),  # Crossref
        ("items",),  # Crossref's public data file, Better BibTeX
        ("data",),  # DataCite, Semantic Scholar, CORE, Lens, OSF
        ("hits", "hits"),  # Zenodo and other InvenioRDM, search engines
        ("resultList", "result"),  # Europe PMC
        ("releases",),  # a work of fatcat
        ("records",),  # Springer
        ("articles",),  # IEEE
        ("publications",),  # Dimensions
        ("response", "docs"),  # HAL, PLOS, ADS, BASE: answers of Solr
        ("search-results", "entry"),  # Scopus, ScienceDirect
        ("result", "hits", "hit"),  # DBLP
        ("@graph",),  # JSON-LD
        ("works",),
        ("papers",),
        ("docs",),
        ("objects",),  # SciELO
        ("entries",),
    }
)
# Where an answer keeps its records by their ids, and the key that such an object begins with.
MAPS: Final[Mapping[tuple[str, ...], bytes]] = {("result",): b"uids"}  # ESummary of NCBI
# Where an answer about one record keeps it.
SINGLES: Final[tuple[tuple[str, ...], ...]] = (
    ("message",),
    ("data",),
    ("abstracts-retrieval-response",),
    ("full-text-retrieval-response",),
)


_BY_KEY: Final[dict[str, list[int]]] = {}
for _place, _shape in enumerate(SHAPES):
    for _key in _shape.keys:
        _BY_KEY.setdefault(_key, []).append(_place)


def shape_of(plain: Mapping[str, Any]) -> Shape | None:
    """The shape of an object, or None when no source writes such."""
    for shape in _shapes_with(tuple(plain)):
        if shape.recognise(plain):
            return shape
    return None


@lru_cache(maxsize=1 << 10)  # the objects of a file have few sets of keys
def _shapes_with(keys: tuple[str, ...]) -> tuple[Shape, ...]:
    """The shapes that have one of these keys, in order."""
    places = {place for key in keys if key in _BY_KEY for place in _BY_KEY[key]}
    return tuple(SHAPES[place] for place in sorted(places))


def _inner(plain: Mapping[str, Any]) -> Record:
    """The record of an object that another wraps."""
    inner = wrapped.unwrapped(plain)
    shape = shape_of(inner) if inner else None
    if inner is None or shape is None:
        raise UnusableRow("the object inside is of no known shape")
    return shape.record(inner)
