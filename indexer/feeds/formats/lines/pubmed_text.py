"""
PubMed text: what PubMed saves as "Summary (text)" and "Abstract (text)".

    1: Okonjo A, Stone L. Sediment memory. J Made. 2018 Apr;12(3):139-154. PMID: 31234567.
    1. J Made. 2018 Apr;12(3):139-154. doi: 10.5555/a.  Title, authors, abstract, PMID below.
      ->  Record

Does not: guess. An entry in another form keeps its numbers, and what it says as a note.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, Final

from indexer.feeds.formats.lines.blocks import Beginnings, read_blocks
from indexer.feeds.formats.lines.source_lines import PUBMED, PUBMED_PLACE, source_of
from indexer.feeds.formats.lines.tagged import tag_finder
from indexer.feeds.formats.shapes.values import byline
from indexer.feeds.reading.rows import Head, Input, Row
from indexer.records import Author, Record

_SUMMARY: Final = re.compile(rb"\A\d+: \S")
_ABSTRACT: Final = re.compile(rb"\A\d+\. \S")
_PMID: Final = re.compile(r"\bPMID: ?(\d{1,8})\b")
_PMID_LINE: Final = re.compile(r"(?:\r\n|[\r\n]){2}(?:[^\r\n]+[\r\n]+){0,3}PMID: \d")
_PMCID: Final = re.compile(r"\bPMCID: ?(PMC\d+)")
_DOI: Final = re.compile(r"\bdoi: ?(10\.\d{4,9}/\S+?)(?=[.;,]?(?:\s|\Z))", re.IGNORECASE)
_TAIL: Final = re.compile(r"\s(?:doi: |Epub |eCollection |Online ahead of print|PMC?ID: |Print )")
_NUMBER: Final = re.compile(r"\A\s*\d+[:.] ")
_NAME: Final = (
    r"[^\W\d_][^\s,;.]*(?: [^\s,;.]+){0,5}? [^\W\d_a-z]{1,4}(?: (?:Jr|Sr|2nd|3rd|I{2,3}))?"
)
_NAMES: Final = re.compile(rf"({_NAME}(?:(?:,|;) [^.;,]{{2,200}})*)\. ")
# A title may hold full stops, a journal's short name none.
_TITLED: Final = re.compile(
    rf"(?P<title>.{{1,600}}?[.?!\]])\s+(?P<container>[^.?!]{{1,120}})\.\s+{PUBMED_PLACE}"
)
_MARK: Final = re.compile(r"\((?:\d+|[a-z#*])\)(?:\((?:\d+|[a-z#*])\))*")  # "Okonjo A(1)(2)"
_PARAGRAPHS: Final = re.compile(r"(?:\r\n|\r|\n)[ \t]*(?:\r\n|\r|\n)\s*")
_NOT_ABSTRACT: Final = ("Author information:", "©", "Copyright", "DOI:", "PMCID:", "PMID:",
                        "Conflict of interest", "Comment in", "Comment on", "Erratum in",
                        "Erratum for", "Update of", "Update in", "Retraction in",
                        "Collaborators:")  # fmt: skip


def sniff(head: Head) -> bool:
    """Whether the file begins with a numbered entry and holds a PMID."""
    start = head.start
    if _SUMMARY.match(start):
        return _PMID.search(head.text) is not None
    return _ABSTRACT.match(start) is not None and _PMID_LINE.search(head.text) is not None


def read(source: Input) -> Iterator[Row]:
    """Every entry of the file as a row."""
    if _SUMMARY.match(Head(source.name, source.text.head).start):
        begins = Beginnings(tag_finder(r"\d+(:) \S"), always=frozenset({b":"}))
        return read_blocks(source, begins, summary_record)
    # An abstract may have numbered paragraphs, so a number alone needs two blank lines.
    begins = Beginnings(
        tag_finder(r"\d+(\. )\S.*(?:1[89]|20)\d\d", r"\d+(\.) \S"),
        after_blank=frozenset({b". "}),
        after_gap=frozenset({b"."}),
    )
    return read_blocks(source, begins, abstract_record)


def summary_record(entry: str) -> Record:
    """The record of an entry of one paragraph."""
    text = _NUMBER.sub("", " ".join(entry.split()))
    told = text[: match.start()] if (match := _TAIL.search(text)) else text
    names = _NAMES.match(told)
    stated = source_of(told[names.end() if names else 0 :], _TITLED)
    fields: dict[str, Any] = dict(stated)
    if names and stated:
        fields["authors"] = _authors(names[1])
    if not stated:
        fields["notes"] = (text,)
    return _record(fields, text)


def abstract_record(entry: str) -> Record:
    """The record of an entry of many paragraphs: where, title, authors, abstract, numbers."""
    parts = [" ".join(part.split()) for part in _PARAGRAPHS.split(entry) if part.strip()]
    place = _NUMBER.sub("", parts[0])
    told = place[: match.start()] if (match := _TAIL.search(place)) else place
    fields: dict[str, Any] = dict(source_of(told, PUBMED))
    if not fields:
        fields["notes"] = (place,)
    body = [part for part in parts[1:] if not part.startswith(_NOT_ABSTRACT)]
    if body:
        fields["title"] = body.pop(0)
    if body and (names := _NAMES.match(_MARK.sub("", body[0]).rstrip(".") + ". ")):
        fields["authors"] = _authors(names[1])
        body.pop(0)
    fields["abstract"] = " ".join(body)
    numbers = [part for part in parts if part.startswith(("DOI:", "PMCID:", "PMID:"))]
    fields["extra"] = tuple(
        ("pubmed:text", part)
        for part in parts[1:]
        if part.startswith(_NOT_ABSTRACT) and part not in numbers
    )
    return _record(fields, " ".join((place, *numbers)))


def _authors(names: str) -> tuple[Author, ...]:
    return byline(re.split(r"[,;] ", names))


def _record(fields: dict[str, Any], text: str) -> Record:
    """
    The fields with the numbers that a text states.

    The file is the source, not PubMed: a row of so few fields replaces no full record.
    """
    pmid = match[1] if (match := _PMID.search(text)) else ""
    pmcid = match[1] if (match := _PMCID.search(text)) else ""
    return Record(
        record_id="",
        source_id=pmid,
        doi=match[1] if (match := _DOI.search(text)) else "",
        identifiers=tuple(pair for pair in (("pmid", pmid), ("pmcid", pmcid)) if pair[1]),
        database="PubMed",
        accession_number=pmid,
        **fields,
    )
