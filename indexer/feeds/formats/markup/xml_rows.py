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
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import Final

from lxml import etree

from indexer.errors import FeedError
from indexer.feeds.formats.markup import oai_records, rdf_rows
from indexer.feeds.formats.markup.pieces import Piece, cut
from indexer.feeds.formats.markup.xml import child, local
from indexer.feeds.formats.vocabularies import (
    arxiv,
    bibtexml,
    crossref_xml,
    dblp,
    describe,
    jstage,
    pubmed,
)
from indexer.feeds.reading.byte_account import WRAPPER
from indexer.feeds.reading.rows import Head, Input, Row, Rows
from indexer.records import Record

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
    "articles": ("article",),  # SciELO's ArticleMeta
    "dblp": (*dblp.KINDS, "www"),
    "result": ("info",),  # DBLP's search
    "responseWrapper": ("result", "Description"),  # Europe PMC
    "feed": ("entry",),
    "crossref_result": ("query",),
    "doi_records": ("doi_record",),
    "doi_batch": crossref_xml.DEPOSITED,
    "modsCollection": ("mods",),
    "response": ("result",),  # OpenAIRE's search
    "file": ("entry",),  # BibTeXML
    **dict.fromkeys(("TEI", "teiCorpus", "listBibl"), ("teiHeader", "biblFull", "biblStruct")),
}
# Rows that describe no work, and what the account of the file calls them.
NO_RECORDS: Final[Mapping[tuple[str, str], str]] = {("dblp", "www"): "person page"}
# Roots of formats that hold records and are not read: what it is, and what to do.
_CONVERT: Final = "convert it to MARC 21 (MARCXML), for example with Catmandu, and hand in that"
STRANGERS: Final[Mapping[str, str]] = {
    "datei": f"the file is MAB2 in XML, which is not read; {_CONVERT}",
    "ONIXMessage": "the file is ONIX, a trade format for products; ask the supplier for MARC 21",
    "ONIXmessage": "the file is ONIX, a trade format for products; ask the supplier for MARC 21",
}
KNOWN_HEAD: Final = 4096  # bytes within which the root element begins
_ROOT: Final = re.compile(rb"<(?:[A-Za-z_][\w.-]*:)?([A-Za-z_][\w.-]*)[\s/>]")
# Each gives up where another begins, so that many that never end are passed over once.
_SKIPPED: Final = re.compile(
    rb"<\?(?:(?!<\?).)*?\?>|<!--(?:(?!<!--).)*?-->"
    rb"|<!DOCTYPE[^\[<>]*(?:\[(?:(?!<!DOCTYPE).)*?\]\s*)?>",
    re.S | re.I,
)
# Elements with text of their own, which an envelope has a few of and a lost record many.
_TEXT_BESIDE: Final = re.compile(rb"<([A-Za-z_][\w:.-]*)(?:\s[^<>]*)?>[^<>]*[^\s<>][^<>]*")
_ERROR: Final = re.compile(rb"""<error\s+code=["'](\w+)["'][^<>]*>([^<]{0,200})""")


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
    if told := STRANGERS.get(root):
        yield rows.reject(0, told, start, size=0)
        return
    if root == "RDF":
        yield from rdf_rows.read(source, rows)
        return
    passed = 0
    try:
        for piece in cut(source.stream, ROOTS.get(root, (root,)), _account(rows)):
            if piece.element is not None and (what := NO_RECORDS.get((root, local(piece.element)))):
                rows.no_record(what, len(piece.raw))
                passed += 1
                continue
            yield from _rows_of(piece, rows)
    except FeedError as error:
        yield rows.reject(0, str(error), start, size=source.unaccounted)
        return
    if not rows.count and not passed:
        yield rows.reject(0, _empty(root, start), start, size=0)


def _account(rows: Rows) -> Callable[[bytes], None]:
    """What is done with bytes between two rows: text in them is named by its element."""

    def between(data: bytes) -> None:
        told = 0
        for match in _TEXT_BESIDE.finditer(data):
            name = match[1].decode("ascii", "replace").rpartition(":")[2]
            rows.no_record(f"<{name}> beside the records", len(match[0]))
            told += len(match[0])
        rows.no_record(WRAPPER, len(data) - told)

    return between


def _rows_of(piece: Piece, rows: Rows) -> Iterator[Row]:
    if piece.element is None:
        yield rows.reject(piece.position, piece.reason, piece.raw)
        return
    makers = records_of(piece.element, rows.source.name)
    if not makers:
        reason = f"<{local(piece.element)}> names no record, expected the number of one"
        yield rows.reject(piece.position, reason, piece.raw)
    for number, make in enumerate(makers):
        size = 0 if number else len(piece.raw)
        yield rows.made(make, piece.position, piece.raw, size=size)


def records_of(element: etree._Element, name: str) -> Sequence[Callable[[], Record]]:
    """
    What makes the records of a row element of a file, most often one.

    An element of PubMed may hold many deletions, one of Crossref many chapters.
    """
    kind = local(element)
    if kind == "DeleteCitation":
        return [partial(replace, record) for record in pubmed.deletions(element)]
    if kind in crossref_xml.DEPOSITED or kind in ("doi_record", "query"):
        return crossref_xml.makers(element)
    if kind == "record" and child(element, "header") is not None:
        return [lambda: _harvested(oai_records.record_of(element, ""), name)]
    others = jstage.is_entry(element) or bibtexml.is_entry(element)
    if kind in {"entry", "arXiv", "arXivRaw"} and not others:
        return [lambda: replace(describe(element), source=arxiv.SOURCE)]
    return [lambda: describe(element)]


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
