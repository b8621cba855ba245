"""
RDF files: the works of a graph, each with what stands elsewhere in the document.

    a document  ->  Graph of its resources  ->  one row a resource that is a work

A graph points from anywhere to anywhere, so the whole document is held: at most
LARGEST bytes of it. Where it does not parse as a whole its resources are cut out one by
one, and one that is broken takes no other with it.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import Final

from lxml import etree

from indexer.errors import FeedError
from indexer.feeds.formats.markup.pieces import cut
from indexer.feeds.formats.markup.xml import XmlFault, children, local, parse
from indexer.feeds.formats.vocabularies import rdf
from indexer.feeds.reading.byte_account import WRAPPER
from indexer.feeds.reading.rows import RAW_KEPT, Input, Row, Rows

LARGEST: Final = 256 << 20  # bytes of a document
# Top-level resources, for a document that cannot be asked for the names it uses.
USUAL: Final = frozenset({
    *("Description", "Article", "AcademicArticle", "Book", "BookSection", "Chapter", "Document"),
    *("Thesis", "Report", "Manuscript", "Patent", "Proceedings", "ConferenceProceedings"),
    *("EditedBook", "Standard", "Webpage", "Image", "Recording", "MotionPicture", "Letter"),
    *("Interview", "Legislation", "Software", "Data", "Paper", "UserItem", *rdf.NO_WORKS),
})  # fmt: skip


def read(source: Input, rows: Rows) -> Iterator[Row]:
    """Every work of the document as a row."""
    data = _whole(source)
    if len(data) > LARGEST:
        reason = f"the RDF is longer than {LARGEST:,} bytes; export it in parts, or as RIS"
        yield rows.reject(0, reason, data[:RAW_KEPT], size=len(data))
        return
    root = _parsed(data)
    names = {local(child) for child in children(root)} if root is not None else USUAL
    graph = rdf.Graph(root)
    resources = 0
    try:
        for piece in cut(
            data, names or USUAL, lambda between: rows.no_record(WRAPPER, len(between))
        ):
            if piece.element is None:
                yield rows.reject(piece.position, piece.reason, piece.raw)
                continue
            resources += 1
            element = piece.element
            if what := rdf.no_work(element):
                rows.no_record(what, len(piece.raw))
                continue
            yield rows.made(partial(rdf.describe, element, graph), piece.position, piece.raw)
    except FeedError as error:
        yield rows.reject(0, str(error), data[:RAW_KEPT], size=source.unaccounted)
        return
    if not rows.count:
        held = f"holds {resources} resources and none describes a work" if resources else "is empty"
        yield rows.reject(0, f"the RDF {held}; expected one with a title", data[:RAW_KEPT], size=0)


def _whole(source: Input) -> bytes:
    parts: list[bytes] = []
    while source.stream.position <= LARGEST and (chunk := source.stream.read(1 << 20)):
        parts.append(chunk)
    return b"".join(parts)


def _parsed(data: bytes) -> etree._Element | None:
    try:
        return parse(data)
    except XmlFault:
        return None
