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
from indexer.feeds.vocabularies import (
    arxiv,
    crossref_xml,
    datacite_xml,
    dblp,
    dublin_core,
    endnote,
    europe_pmc,
    jats,
    jstage,
    marc,
    mods,
    pubmed,
    xoai,
)
from indexer.feeds.xml import child, local
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
    "result": europe_pmc.describe,
    "PubmedArticle": pubmed.describe,
    "PubmedBookArticle": pubmed.describe_book,
    "DocSum": pubmed.describe_summary,
    "metadata": xoai.describe,
    "mods": mods.describe,
    "mets": mods.describe_mets,
    "RDF": dublin_core.describe_rdf,
    **dict.fromkeys(crossref_xml.DEPOSITED, crossref_xml.describe),
    "Description": dublin_core.describe,
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
    """Atom entries of arXiv, and those of J-STAGE in words of its own."""
    return (jstage.describe if jstage.is_entry(element) else arxiv.describe_entry)(element)


def _article(element: etree._Element) -> Record:
    """Both JATS and DBLP call it an article; only DBLP's has a key."""
    return dblp.describe(element) if element.get("key") else jats.describe(element)


def _record(element: etree._Element) -> Record:
    """Both MARC and EndNote call it a record; only EndNote's has titles or a reference type."""
    told = ("titles", "ref-type", "contributors", "database")
    if any(child(element, name) is not None for name in told):
        return endnote.describe(element)
    return marc.describe(element)
