"""
MARC 21 and UNIMARC, in XML or as pymarc reads the binary form.

    <record> of leader, controlfield, datafield  ->  pymarc.Record  ->  Record

UNIMARC is told by its title field (200 instead of 245). Fields in another script
(880) are alternates of the title. Knows no file layout: `marc_rows.py` does.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from lxml import etree
from pymarc import Field, Indicators, Leader, Subfield
from pymarc import Record as Marc
from pymarc.exceptions import PymarcException

from indexer.errors import UnusableRow
from indexer.feeds.formats.markup.xml import attribute, child, children
from indexer.feeds.formats.vocabularies import marc_values
from indexer.feeds.formats.vocabularies.marc_people import ISBD, joined, people, trimmed
from indexer.records import Record, Relation

_YEAR: Final = re.compile(r"((?:1[4-9]|20)\d\d)")
_PAGES: Final = re.compile(r"(?:S\.|pp?\.|s\.|str\.)\s*([\w.]+(?:\s*[-\u2013]\s*[\w.]+)?)")
_PAGES_FIRST: Final = re.compile(r"(?<!\d)(\d+\s*[-\u2013]\s*\d+)\s*(?:p|S|s)\b")
_VOLUME: Final = re.compile(r"(?:v(?:ol)?|bd|roč|t|jg|Vol)\.?\s*(\d+)", re.IGNORECASE)
_ISSUE: Final = re.compile(r"(?:no|nr|č|issue|iss|h|heft)\.?\s*(\d+(?:[/-]\d+)?)", re.IGNORECASE)
_VOLUME_AND_ISSUE: Final = re.compile(r"\s*(\d+)\s*[,(/]\s*(\d+(?:-\d+)?)\)?\s*")
RELATIONS: Final = {
    "775": "other-edition",
    "776": "other-form",
    "787": "related",
    "780": "precedes",
}
# What stands between a part of a title and the one before, where the record has no ISBD.
_MARKS: Final = {"b": " : ", "e": " : ", "n": ". ", "p": ". ", "h": ". ", "i": ". "}


@dataclass(frozen=True, slots=True)
class _Tags:
    """Where a dialect of MARC keeps things."""

    title: str
    title_parts: str
    main_names: tuple[str, ...]
    names: tuple[str, ...]
    isbn: str
    issn: str
    imprint: tuple[str, ...]
    date: str
    publisher: str
    abstract: str
    alternates: tuple[tuple[str, str], ...]  # fields and the subfields that make the title


MARC21: Final = _Tags(
    title="245",
    title_parts="abnp",
    main_names=("100", "110"),
    names=("700", "710"),
    isbn="020",
    issn="022",
    imprint=("260", "264"),
    date="c",
    publisher="b",
    abstract="520",
    alternates=(("246", "abnp"), ("240", "abnp"), ("242", "abnp"), ("880", "abnp")),
)
UNIMARC: Final = _Tags(
    title="200",
    title_parts="aehi",
    main_names=("700", "710"),
    names=("701", "702", "711", "712"),
    isbn="010",
    issn="011",
    imprint=("210", "214"),
    date="d",
    publisher="c",
    abstract="330",
    alternates=(("510", "aehi"), ("517", "ae"), ("540", "aehi"), ("541", "aehi"), ("500", "ahi")),
)


def describe(element: etree._Element) -> Record:
    """The record of a MARCXML <record>, also of one wrapped by a search protocol."""
    inner = child(element, "recordData", "record")
    if inner is not None:
        element = inner
    if next(children(element, "datafield", "controlfield"), None) is None:
        raise UnusableRow("<record> has no MARC fields")
    if len(attribute(next(children(element, "datafield"), None), "tag")) == 4:
        raise UnusableRow(
            "record is in PICA, not in MARC; ask the catalogue for MARC 21 (marcxml), or convert it"
        )
    return record_of(_marc(element))


def _marc(element: etree._Element) -> Marc:
    marc = Marc()
    fields: list[Field] = []
    for part in children(element):
        # Blanks count in MARC: not text(), which would fold them.
        value = "".join(str(piece) for piece in part.itertext())
        tag = attribute(part, "tag")
        match str(part.tag).rpartition("}")[2]:
            case "leader":
                try:
                    marc.leader = Leader(value)
                except PymarcException:
                    continue
            case "controlfield" if tag:
                fields.append(Field(tag, data=value))
            case "datafield" if len(tag) == 3:
                marks = Indicators(part.get("ind1") or " ", part.get("ind2") or " ")
                pieces = [
                    Subfield(attribute(inner, "code"), "".join(map(str, inner.itertext())).strip())
                    for inner in children(part, "subfield")
                ]
                fields.append(Field(tag, marks, pieces))
    marc.fields = fields
    return marc


def record_of(marc: Marc) -> Record:
    """The record that a MARC record describes; a tombstone where its leader says deleted."""
    unimarc = not marc.get("245") and marc.get("200") is not None
    tags = UNIMARC if unimarc else MARC21
    leader = str(marc.leader)
    host = marc.get("773") or marc.get("461") or marc.get("463")
    related = next(_of_host(host, "gv"), "")
    title = marc.get(tags.title)
    identifiers = list(dict.fromkeys(marc_values.identifiers(marc, unimarc=unimarc)))
    dois = [value for scheme, value in identifiers if scheme == "doi"]
    own_id = marc.get("001")
    volume, issue = _volume_and_issue(host, related)
    type_ = marc_values.type_of(marc, unimarc=unimarc, in_serial=bool(host and host.get("x")))
    authors, editors = people(
        marc, tags.main_names, tags.names, unimarc=unimarc, article=type_ == "article"
    )
    return Record(
        source_id=(own_id.data or "").strip() if own_id else "",
        title=_title(title, tags.title_parts) if title else "",
        alternate_titles=tuple(dict.fromkeys(_alternates(marc, tags))),
        authors=authors,
        editors=editors,
        date=_date(marc, tags, related),
        container=trimmed(next(_of_host(host, "tsp"), "")),
        publisher=_imprint(marc, tags, tags.publisher),
        publisher_place=_imprint(marc, tags, "a").lstrip("["),
        volume=volume,
        issue=issue,
        pages=_pages(marc, host, related, unimarc),
        abstract=max(
            (joined(f, "ab") for f in marc.get_fields(tags.abstract)), key=len, default=""
        ),
        keywords=tuple(dict.fromkeys(marc_values.keywords(marc, unimarc=unimarc))),
        notes=tuple(marc_values.notes(marc, unimarc=unimarc)),
        type=type_,
        language=_language(marc),
        doi=dois[0] if dois else "",
        identifiers=tuple(pair for pair in identifiers if pair != ("doi", "".join(dois[:1]))),
        issn=tuple(_serials(marc, tags.issn, host, "x")),
        isbn=tuple(_serials(marc, tags.isbn, host, "z")),
        urls=tuple(url for f in marc.get_fields("856") for url in f.get_subfields("u") if url),
        relations=tuple(_relations(marc)),
        deleted=leader[5:6] == "d",
        extra=tuple(marc_values.carried(marc, unimarc=unimarc)),
    )


def _volume_and_issue(host: Field | None, related: str) -> tuple[str, str]:
    if both := _VOLUME_AND_ISSUE.fullmatch(related):
        return both[1], both[2]
    return (
        _group(_VOLUME, related) or next(_of_host(host, "v"), ""),
        _group(_ISSUE, related) or next(_of_host(host, "n"), ""),
    )


def _pages(marc: Marc, host: Field | None, related: str, unimarc: bool) -> str:
    pages = _group(_PAGES, related)
    if unimarc:
        extents = [joined(field, "a") for field in marc.get_fields("215")] if host else []
        counted = (_group(_PAGES_FIRST, extent) for extent in extents)
        pages = next(_of_host(host, "p"), "") or pages or next(filter(None, counted), "")
    return pages or next(_of_host(host, "c"), "")


def _of_host(host: Field | None, codes: str) -> Iterator[str]:
    """Values of the host item's subfields; INSPIRE and CDS write p, v, n, c, y instead of t, g."""
    for code in codes:
        yield from (value for value in (host.get_subfields(code) if host else ()) if value)


def _title(field: Field, parts: str) -> str:
    """The title's parts as catalogued, "$a : $b. $n, $p", closing punctuation dropped."""
    whole = ""
    for part in field.subfields:
        value = part.value.strip()
        if part.code not in parts or not value:
            continue
        if not whole or whole[-1] in ISBD or value[0] in ISBD:
            whole = f"{whole} {value}".lstrip()
        else:
            whole += _MARKS.get(part.code, " ") + value
    return trimmed(whole)


def _alternates(marc: Marc, tags: _Tags) -> Iterator[str]:
    if tags is UNIMARC and (title := marc.get(tags.title)):
        yield from (value for part in title.get_subfields("d") if (value := trimmed(part)))
    for tag, parts in tags.alternates:
        for field in marc.get_fields(tag):
            if tag == "880" and not (field.get("6") or "").startswith("245"):
                continue
            if value := _title(field, parts):
                yield value


def _serials(marc: Marc, tag: str, host: Field | None, code: str) -> Iterator[str]:
    for field in marc.get_fields(tag):
        yield from (value.strip() for value in field.get_subfields("a") if value.strip())
    if host:
        yield from (value.strip() for value in host.get_subfields(code) if value.strip())


def _date(marc: Marc, tags: _Tags, related: str) -> str:
    if dated := _imprint(marc, tags, tags.date):
        return dated
    if year := _group(_YEAR, related):
        return year
    fixed, coded = marc.get("008"), marc.get("100")
    if tags is UNIMARC and coded and _YEAR.fullmatch(year := (coded.get("a") or "")[9:13]):
        return year
    year = (fixed.data or "")[7:11] if fixed else next(_of_host(marc.get("773"), "y"), "")
    return year if _YEAR.fullmatch(year) else ""


def _imprint(marc: Marc, tags: _Tags, code: str) -> str:
    for field in marc.get_fields(*tags.imprint):
        if value := trimmed(field.get(code, "") or ""):
            return value
    return ""


def _language(marc: Marc) -> str:
    for field in marc.get_fields("041", "101"):
        if value := field.get("a", ""):
            return value[:3]
    fixed = marc.get("008")
    code = (fixed.data or "")[35:38] if fixed else ""
    return code if code.isalpha() else ""


def _relations(marc: Marc) -> Iterator[Relation]:
    for tag, kind in RELATIONS.items():
        for field in marc.get_fields(tag):
            target = next((v for code in "wozxt" for v in field.get_subfields(code)), "")
            if target:
                yield Relation(kind, target)


def _group(pattern: re.Pattern[str], value: str) -> str:
    match = pattern.search(value)
    return match.group(1) if match else ""
