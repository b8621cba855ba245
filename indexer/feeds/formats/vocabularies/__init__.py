"""
Vocabularies: what XML says of a work, whichever protocol or file it came in.

    the metadata's root element  ->  Vocabulary, told by its name  ->  Record (identity open)

One module a vocabulary, one row here. `describe` leaves `record_id` and `source`
empty and gives `source_id` only where the metadata itself holds the source's id.
It raises ValueError with a sentence where an element can be no record at all.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from lxml import etree

from indexer.errors import UnusableRow
from indexer.feeds.formats.markup.xml import child, descendants, local
from indexer.feeds.formats.vocabularies import (
    arxiv,
    bibtexml,
    cerif,
    crossref_xml,
    datacite_xml,
    dblp,
    doaj,
    dublin_core,
    endnote,
    europe_pmc,
    jats,
    jstage,
    marc,
    mods,
    oaf,
    pubmed,
    tei,
    theses,
    xoai,
)
from indexer.records import Record

# Told by the local name of the root element: repositories bind the same vocabulary
# to http and https addresses, to old and new ones, and to none.
VOCABULARIES: Final[Mapping[str, Callable[[etree._Element], Record]]] = {
    **dict.fromkeys(dblp.KINDS, dblp.describe),
    "dc": dublin_core.describe,
    "qualifieddc": dublin_core.describe,
    "nsdl_dc": dublin_core.describe,
    "resource": datacite_xml.describe,
    "oai_datacite": datacite_xml.describe,
    "arXiv": arxiv.describe,
    "arXivRaw": arxiv.describe_raw,
    "entry": lambda element: _entry(element),
    "article": lambda element: _article(element),
    "record": lambda element: _record(element),
    "crossref": crossref_xml.describe,
    "doi_record": crossref_xml.describe,
    "body": crossref_xml.describe,
    "query": crossref_xml.describe,
    "info": dblp.describe_hit,
    "result": lambda element: _result(element),
    "entity": oaf.describe,
    "PubmedArticle": pubmed.describe,
    "PubmedBookArticle": pubmed.describe_book,
    "DocSum": pubmed.describe_summary,
    "metadata": xoai.describe,
    "mods": mods.describe,
    "mets": mods.describe_mets,
    "RDF": dublin_core.describe_rdf,
    **dict.fromkeys(crossref_xml.DEPOSITED, crossref_xml.describe),
    "Description": dublin_core.describe,
    "DIDL": lambda element: _packed(element),
    "dim": xoai.describe_dim,
    "doajArticle": doaj.describe,
    "thesis": theses.describe,
    "uketddc": theses.describe,
    "xMetaDiss": theses.describe,
    "rfc1807": theses.describe_rfc1807,
    "Publication": cerif.describe,
    "biblStruct": tei.describe,
    "biblFull": tei.describe_header,
    "teiHeader": tei.describe_header,
}


def describe(element: etree._Element) -> Record:
    """
    The record that a metadata element holds.

    Raises:
        ValueError: no vocabulary of this name is known, or the element says nothing.
    """
    name = local(element)
    vocabulary = VOCABULARIES.get(name)
    if vocabulary is None:
        known = ", ".join(sorted(VOCABULARIES))
        raise UnusableRow(f"metadata in <{name}> cannot be read, only in: {known}")
    return vocabulary(element)


def _entry(element: etree._Element) -> Record:
    """Atom entries of arXiv, those of J-STAGE in words of its own, and BibTeX in XML."""
    if bibtexml.is_entry(element):
        return bibtexml.describe(element)
    return (jstage.describe if jstage.is_entry(element) else arxiv.describe_entry)(element)


def _article(element: etree._Element) -> Record:
    """Both JATS and DBLP call it an article; only DBLP's has a key."""
    return dblp.describe(element) if element.get("key") else jats.describe(element)


def _record(element: etree._Element) -> Record:
    """MARC, EndNote and DOAJ call it a record; only EndNote's has titles or a reference type."""
    told = ("titles", "ref-type", "contributors", "database")
    if any(child(element, name) is not None for name in told):
        return endnote.describe(element)
    if child(element, "journalTitle") is not None:
        return doaj.describe(element)
    return marc.describe(element)


def _result(element: etree._Element) -> Record:
    """Both Europe PMC and OpenAIRE call it a result; only OpenAIRE's wraps an entity."""
    return oaf.describe(element) if oaf.is_wrapped(element) else europe_pmc.describe(element)


def _packed(element: etree._Element) -> Record:
    """What a package of MPEG-21 (DIDL) says of its item, in MODS or in Dublin Core."""
    for name in ("mods", "dc", "qualifieddc"):
        if (inner := next(descendants(element, name), None)) is not None:
            return describe(inner)
    raise UnusableRow("the DIDL holds neither MODS nor Dublin Core")
