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
from typing import Any, Final

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
    keys_repeat: bool = False  # ids are citation keys: see `Rows.accept`


# The first that recognises an object reads it: the loosest, our own, stands last.
SHAPES: Final[tuple[Shape, ...]] = (
    Shape(
        "wrapped",
        wrapped.WRAPPERS,
        lambda plain: wrapped.unwrapped(plain) is not None,
        lambda p: _inner(p),
    ),
    Shape("schema.org", ("@type",), schema_org.recognise, schema_org.record),
    Shape("zotero", ("itemType", "data"), zotero.recognise, zotero.record, keys_repeat=True),
    Shape(
        "openalex",
        ("id", "authorships", "abstract_inverted_index"),
        openalex.recognise,
        openalex.record,
    ),
    Shape("crossref", ("DOI",), crossref.recognise, crossref.record),
    Shape("osf", ("attributes",), osf.recognise, osf.record),
    Shape(
        "datacite", ("attributes", "titles", "schemaVersion"), datacite.recognise, datacite.record
    ),
    Shape("fatcat", ("biblio", "ident", "ext_ids"), fatcat.recognise, fatcat.record),
    Shape(
        "semantic_scholar",
        semantic_scholar.MARKS,
        semantic_scholar.recognise,
        semantic_scholar.record,
    ),
    Shape("unpaywall", unpaywall.MARKS, unpaywall.recognise, unpaywall.record),
    Shape("core", core.MARKS, core.recognise, core.record),
    Shape("papers_with_code", ("paper_url",), papers_with_code.recognise, papers_with_code.record),
    Shape("europe_pmc", europe_pmc.MARKS, europe_pmc.recognise, europe_pmc.record),
    Shape("doaj", ("bibjson",), doaj.recognise, doaj.record),
    Shape("inspire", ("metadata",), inspire.recognise, inspire.record),
    Shape("zenodo", ("metadata",), zenodo.recognise, zenodo.record),
    Shape("openaire", ("mainTitle", "maintitle"), openaire.recognise, openaire.record),
    Shape("lens", ("lens_id",), lens.recognise, lens.record),
    Shape("dimensions", ("id",), dimensions.recognise, dimensions.record),
    Shape("scopus", scopus.MARKS, scopus.recognise, scopus.record),
    Shape("dblp", ("info",), dblp.recognise, dblp.record),
    Shape("pubmed_summary", ("uid",), pubmed_summary.recognise, pubmed_summary.record),
    Shape("hal", ("halId_s", "halId_id", "docid"), hal.recognise, hal.record),
    Shape("plos", ("id", *solr.PLOS), solr.recognise_plos, solr.plos),
    Shape("ads", ("bibcode",), solr.recognise_ads, solr.ads),
    Shape("base", solr.BASE, solr.recognise_base, solr.base),
    Shape("scielo", ("article",), scielo.recognise, scielo.record),
    Shape("springer", ("publicationName",), springer.recognise, springer.record),
    Shape("ieee", ieee.MARKS, ieee.recognise, ieee.record),
    Shape("figshare", figshare.MARKS, figshare.recognise, figshare.record),
    Shape(
        "arxiv_listing",
        ("authors_parsed", "submitter"),
        arxiv_listing.recognise,
        arxiv_listing.record,
    ),
    Shape("aps", ("title",), aps.recognise, aps.record),
    Shape("csl-json", csl.KEYS, csl.recognise, csl.record, keys_repeat=True),
    Shape("own", own.KNOWN, own.recognise, own.record),
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
    places = {place for key in plain if key in _BY_KEY for place in _BY_KEY[key]}
    return next((SHAPES[n] for n in sorted(places) if SHAPES[n].recognise(plain)), None)


def _inner(plain: Mapping[str, Any]) -> Record:
    """The record of an object that another wraps."""
    inner = wrapped.unwrapped(plain)
    shape = shape_of(inner) if inner else None
    if inner is None or shape is None:
        raise UnusableRow("the object inside is of no known shape")
    return shape.record(inner)
