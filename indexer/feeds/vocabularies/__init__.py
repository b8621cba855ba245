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

from indexer.feeds.vocabularies import (
    arxiv,
    datacite_xml,
    dublin_core,
    jats,
    marc,
    mods,
    xoai,
)
from indexer.feeds.xml import local
from indexer.records import Record

# Told by the local name of the root element: repositories bind the same vocabulary
# to http and https addresses, to old and new ones, and to none.
VOCABULARIES: Final[Mapping[str, Callable[[etree._Element], Record]]] = {
    "dc": dublin_core.describe,
    "qualifieddc": dublin_core.describe,
    "resource": datacite_xml.describe,
    "oai_datacite": datacite_xml.describe,
    "arXiv": arxiv.describe,
    "arXivRaw": arxiv.describe_raw,
    "entry": arxiv.describe_entry,
    "article": jats.describe,
    "record": marc.describe,
    "metadata": xoai.describe,
    "mods": mods.describe,
    "mets": mods.describe_mets,
    "RDF": dublin_core.describe_rdf,
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
        raise ValueError(f"metadata in <{name}> cannot be read, only in: {known}")
    return vocabulary(element)
