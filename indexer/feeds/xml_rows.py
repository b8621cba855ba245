"""
XML files: whatever a database, a repository or reference software exports as XML.

    bytes  ->  root element  ->  its row elements, one by one  ->  vocabulary  ->  Record

One row of ROOTS says what the rows of a document are; a root that is not listed
is itself the one row. Constant memory, one bad record takes no other with it.
Saved OAI-PMH answers are read with their headers, deletions included.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Final

from lxml import etree

from indexer.errors import FeedError
from indexer.feeds import oai_records
from indexer.feeds.pieces import Piece, cut
from indexer.feeds.rows import Head, Input, Rows
from indexer.feeds.vocabularies import arxiv, dblp, describe, pubmed
from indexer.feeds.xml import child, local
from indexer.records import Occurrence, Record, Rejected

Row = Occurrence | Rejected

ROOTS: Final[Mapping[str, tuple[str, ...]]] = {
    "OAI-PMH": ("record",),
    "ListRecords": ("record",),
    "GetRecord": ("record",),
    "records": ("record",),
    "collection": ("record",),
    "xml": ("record",),  # EndNote
    "searchRetrieveResponse": ("record",),  # SRU
    "PubmedArticleSet": ("PubmedArticle", "PubmedBookArticle", "DeleteCitation"),
    "PubmedBookArticleSet": ("PubmedBookArticle",),
    "eSummaryResult": ("DocSum",),
    "pmc-articleset": ("article",),
    "dblp": dblp.KINDS,
    "result": ("info",),  # DBLP's search
    "responseWrapper": ("result", "Description"),  # Europe PMC
    "feed": ("entry",),
    "crossref_result": ("body",),
    "doi_records": ("doi_record",),
}
KNOWN_HEAD: Final = 4096  # bytes within which the root element begins
_ROOT: Final = re.compile(rb"<(?:[A-Za-z_][\w.-]*:)?([A-Za-z_][\w.-]*)[\s/>]")
_SKIPPED: Final = re.compile(rb"<\?.*?\?>|<!--.*?-->|<!DOCTYPE[^\[>]*(?:\[.*?\]\s*)?>", re.S | re.I)
_ERROR: Final = re.compile(rb"""<error\s+code=["'](\w+)["'][^>]*>([^<]{0,200})""")


def sniff(head: Head) -> bool:
    """Whether the file begins as XML does, and not as a web page."""
    start = head.start[:KNOWN_HEAD]
    if not start.startswith((b"<?xml", b"<!--", b"<!DOCTYPE", b"<")):
        return False
    return _root(start) not in {"", "html", "HTML"}


def read(source: Input) -> Iterator[Row]:
    """Every row element of the file as a row; a file without any is one rejection."""
    rows = Rows(source)
    start = source.stream.peek(1 << 16)
    if start.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        yield rows.reject(0, "the XML is in UTF-16; save it as UTF-8", start)
        return
    root = _root(start)
    try:
        for piece in cut(source.stream, ROOTS.get(root, (root,))):
            yield from _rows_of(piece, rows)
    except FeedError as error:
        yield rows.reject(0, str(error), start)
        return
    if not rows.count:
        yield rows.reject(0, _empty(root, start), start)


def _rows_of(piece: Piece, rows: Rows) -> Iterator[Row]:
    if piece.element is None:
        yield rows.reject(piece.position, piece.reason, piece.raw)
        return
    try:
        for record in records_of(piece.element, rows.source.name):
            yield rows.accept(record, piece.position, piece.raw)
    except ValueError as error:
        yield rows.reject(piece.position, str(error), piece.raw)


def records_of(element: etree._Element, name: str) -> Iterator[Record]:
    """
    The record of a row element of a file; one element of PubMed may hold many deletions.

    Raises:
        ValueError: the element can be no record; the message says why.
    """
    kind = local(element)
    if kind == "DeleteCitation":
        yield from pubmed.deletions(element)
    elif kind == "record" and child(element, "header") is not None:
        yield _harvested(oai_records.record_of(element, ""), name)
    elif kind in {"entry", "arXiv", "arXivRaw"}:
        yield replace(describe(element), source=arxiv.SOURCE)
    else:
        yield describe(element)


def _harvested(record: Record, name: str) -> Record:
    """
    A saved OAI record with its repository as the source, as its identifier tells.

    A name without a suffix is no file's but a feed's, whose dead letter is read again.
    """
    if record.source_id.startswith(arxiv.OAI_PREFIX):
        own_id = arxiv.source_id(record.source_id)
        return replace(record, source=arxiv.SOURCE, source_id=own_id)
    if "." not in name:
        return replace(record, source=name)
    parts = record.source_id.split(":", 2)
    if len(parts) == 3 and parts[0] == "oai":
        return replace(record, source=parts[1])
    return record


def _root(start: bytes) -> str:
    match = _ROOT.search(_SKIPPED.sub(b"", start))
    return match.group(1).decode("ascii", "replace") if match else ""


def _empty(root: str, start: bytes) -> str:
    error = _ERROR.search(start)
    if root == "OAI-PMH" and error:
        said = error.group(2).decode("utf-8", "replace").strip()
        return f"the repository answered {error.group(1).decode()} {said}".rstrip()
    rows = " or ".join(f"<{name}>" for name in ROOTS.get(root, ()))
    return f"<{root}> holds no records" + (f", expected {rows}" if rows else "")
