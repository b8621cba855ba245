"""
MARC 21 and UNIMARC, in XML or as pymarc reads the binary form.

    <record> of leader, controlfield, datafield  ->  pymarc.Record  ->  Record

UNIMARC is told by its title field (200 instead of 245). Fields in another script
(880) are alternates of the title. Knows no file layout: `marc_files.py` does.
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
from indexer.feeds.xml import attribute, child, children
from indexer.records import Author, Record, Relation

_YEAR: Final = re.compile(r"(?:1[4-9]|20)\d\d")
_PAGES: Final = re.compile(r"(?:S\.|pp?\.|s\.|str\.)\s*([\w.]+(?:\s*[-\u2013]\s*[\w.]+)?)")
_VOLUME: Final = re.compile(r"(?:v(?:ol)?|bd|roč|t|jg|Vol)\.?\s*(\d+)", re.IGNORECASE)
_ISSUE: Final = re.compile(r"(?:no|nr|č|issue|iss|h|heft)\.?\s*(\d+(?:[/-]\d+)?)", re.IGNORECASE)
ISBD: Final = " /:;,=."  # punctuation that cataloguing rules put at the end of subfields
NO_AUTHORS: Final = frozenset(
    {"edt", "ths", "dgs", "opn", "pbl", "trl", "ill", "fmo", "dnr", "col"}
)
RELATIONS: Final = {
    "775": "other-edition",
    "776": "other-form",
    "787": "related",
    "780": "precedes",
}
TYPES: Final = {"ab": "article", "as": "journal", "am": "book", "aa": "chapter", "ac": "collection"}


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
)
UNIMARC: Final = _Tags(
    title="200",
    title_parts="aehi",
    main_names=("700", "710"),
    names=("701", "702", "711"),
    isbn="010",
    issn="011",
    imprint=("210", "214"),
    date="d",
    publisher="c",
    abstract="330",
)


def describe(element: etree._Element) -> Record:
    """The record of a MARCXML <record>, also of one wrapped by a search protocol."""
    inner = child(element, "recordData", "record")
    if inner is not None:
        element = inner
    if next(children(element, "datafield", "controlfield"), None) is None:
        raise UnusableRow("<record> has no MARC fields")
    if len(attribute(next(children(element, "datafield"), None), "tag")) == 4:
        raise UnusableRow("record is in PICA, not in MARC")
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
                    Subfield(attribute(found, "code"), "".join(map(str, found.itertext())).strip())
                    for found in children(part, "subfield")
                ]
                fields.append(Field(tag, marks, pieces))
    marc.fields = fields
    return marc


def record_of(marc: Marc) -> Record:
    """The record that a MARC record describes; a tombstone where its leader says deleted."""
    tags = MARC21 if marc.get("245") or not marc.get("200") else UNIMARC
    leader = str(marc.leader)
    host = marc.get("773") or marc.get("461") or marc.get("463")
    related = next(_of_host(host, "gv"), "")
    title = marc.get(tags.title)
    identifiers = list(_identifiers(marc))
    dois = [value for scheme, value in identifiers if scheme == "doi"]
    own_id = marc.get("001")
    return Record(
        record_id="",
        source_id=(own_id.data or "").strip() if own_id else "",
        title=_title(title, tags.title_parts) if title else "",
        alternate_titles=tuple(_alternates(marc)),
        authors=tuple(_authors(marc, tags)),
        date=_date(marc, tags, related),
        container=_trimmed(next(_of_host(host, "tsp"), "")),
        publisher=_imprint(marc, tags, tags.publisher),
        volume=_found(_VOLUME, related) or next(_of_host(host, "v"), ""),
        issue=_found(_ISSUE, related) or next(_of_host(host, "n"), ""),
        pages=_found(_PAGES, related) or next(_of_host(host, "c"), ""),
        abstract=max((_all(f, "ab") for f in marc.get_fields(tags.abstract)), key=len, default=""),
        type=TYPES.get(leader[6:8], ""),
        language=_language(marc),
        doi=dois[0] if dois else "",
        identifiers=tuple(pair for pair in identifiers if pair != ("doi", "".join(dois[:1]))),
        issn=tuple(_serials(marc, tags.issn, host, "x")),
        isbn=tuple(_serials(marc, tags.isbn, host, "z")),
        urls=tuple(url for f in marc.get_fields("856") for url in f.get_subfields("u") if url),
        relations=tuple(_relations(marc)),
        deleted=leader[5:6] == "d",
    )


def _of_host(host: Field | None, codes: str) -> Iterator[str]:
    """Values of the host item's subfields; INSPIRE and CDS write p, v, n, c, y instead of t, g."""
    for code in codes:
        yield from (value for value in (host.get_subfields(code) if host else ()) if value)


def _title(field: Field, parts: str) -> str:
    """The title's parts as catalogued, "245 $a : $b. $n, $p", closing punctuation dropped."""
    return _trimmed(_all(field, parts))


def _all(field: Field, codes: str) -> str:
    values = (part.value.strip() for part in field.subfields if part.code in codes)
    return " ".join(value for value in values if value)


def _alternates(marc: Marc) -> Iterator[str]:
    for field in marc.get_fields("246", "240", "880", "510", "517"):
        linked = field.get("6", "")
        if field.tag == "880" and not linked.startswith("245"):
            continue
        if value := _title(field, "abnp" if field.tag != "517" else "ae"):
            yield value


def _authors(marc: Marc, tags: _Tags) -> Iterator[Author]:
    for field in marc.get_fields(*tags.main_names, *tags.names):
        roles = {
            role[-3:].lower() for role in (*field.get_subfields("4"), *field.get_subfields("e"))
        }
        if field.tag in tags.names and roles and roles <= NO_AUTHORS:
            continue
        name = _trimmed(_all(field, "ab" if field.tag.endswith("10") else "a"))
        if not name:
            continue
        if tags is UNIMARC and field.get("b"):
            yield Author(family=name.split(",")[0], given=_trimmed(field.get("b", "").lstrip(", ")))
            continue
        yield Author(name=name, orcid=_orcid(field))


def _orcid(field: Field) -> str:
    for value in (*field.get_subfields("0"), *field.get_subfields("1")):
        if "orcid" in value.lower():
            return value.rpartition(")")[2].rpartition("/")[2]
    return ""


def _identifiers(marc: Marc) -> Iterator[tuple[str, str]]:
    for field in marc.get_fields("024"):
        scheme = field.get("2", "").lower() if field.indicator1 == "7" else ""
        for value in field.get_subfields("a"):
            yield ("handle" if scheme == "hdl" else scheme), value.strip()
    for field in marc.get_fields("035"):
        # A bare number is some system's own; only with its "(DE-599)" does it say whose.
        yield from (("", value) for value in field.get_subfields("a") if not value.isdigit())


def _serials(marc: Marc, tag: str, host: Field | None, code: str) -> Iterator[str]:
    for field in marc.get_fields(tag):
        yield from (value.strip() for value in field.get_subfields("a") if value.strip())
    if host:
        yield from (value.strip() for value in host.get_subfields(code) if value.strip())


def _date(marc: Marc, tags: _Tags, related: str) -> str:
    if dated := _imprint(marc, tags, tags.date):
        return dated
    if year := _found(re.compile(f"({_YEAR.pattern})"), related):
        return year
    fixed = marc.get("008")
    year = (fixed.data or "")[7:11] if fixed else next(_of_host(marc.get("773"), "y"), "")
    return year if _YEAR.fullmatch(year) else ""


def _imprint(marc: Marc, tags: _Tags, code: str) -> str:
    for field in marc.get_fields(*tags.imprint):
        if value := _trimmed(field.get(code, "") or ""):
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


def _found(pattern: re.Pattern[str], value: str) -> str:
    match = pattern.search(value)
    return match.group(1) if match else ""


def _trimmed(value: str) -> str:
    return value.strip().rstrip(ISBD).strip()
