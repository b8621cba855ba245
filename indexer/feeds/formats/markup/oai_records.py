"""
OAI records: one <record> of an OAI-PMH answer as a Record or a tombstone.

    <record><header/><metadata/></record>  ->  Record

The header says which record it is, when it changed and whether it is gone; what
it describes is read by `vocabularies`, told by the metadata's own root element.
Serves the protocol and files that hold saved answers alike.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from lxml import etree

from indexer.errors import UnusableRow
from indexer.feeds.formats.markup.xml import attribute, child, children, local, text
from indexer.feeds.formats.vocabularies import describe
from indexer.feeds.reading.rows import says_something
from indexer.feeds.reading.tombstones import tombstone
from indexer.records import Record, record_id_of


def record_of(
    element: etree._Element, source: str, source_id: Callable[[str], str] = str
) -> Record:
    """
    The record that an OAI <record> carries.

    Args:
        source: the feed's name; "" leaves the identity open, for a file.
        source_id: turns the OAI identifier into the source's own id.

    Raises:
        ValueError: there is nothing in it to use; the message says what.
    """
    header = child(element, "header")
    identifier = text(header, "identifier")
    if not identifier:
        raise UnusableRow("record has no identifier in its header")
    own_id, updated = source_id(identifier), text(header, "datestamp")
    if attribute(header, "status") == "deleted":
        gone = tombstone(source, own_id, updated)
        return gone if source else replace(gone, record_id="")
    metadata = next(children(child(element, "metadata")), None)
    if metadata is None:
        raise UnusableRow("record has no metadata and is not marked as deleted")
    described = describe(metadata)
    scheme = "oai" if identifier.startswith("oai:") else ""
    record = replace(
        described,
        record_id=record_id_of(source, own_id) if source else "",
        source=source,
        source_id=own_id,
        updated=updated or described.updated,
        identifiers=(
            *(pair for pair in described.identifiers if pair[1] != identifier),
            (scheme, identifier),
        ),
    )
    if not says_something(described):
        raise UnusableRow(f"<{local(metadata)}> holds no title, identifier, abstract or container")
    return record
