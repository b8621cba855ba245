"""
RIS entries: a merged record as RIS.

    work id, canonical record  ->  bytes of one entry

No value becomes a line of its own: line ends in it are blanks. Tags that came from RIS
and have no field in a record stand as they came, beside those of other formats that
RIS has a tag for. By hand: a library would write only the layout, two lines of `ris`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

from detector.reports.exports.carried import carried
from detector.reports.exports.cells import one_line
from detector.reports.exports.reference_formats import (
    Canonical,
    genre_of,
    identifiers,
    links,
    pages_of,
    persons,
    type_of,
)
from detector.works.merging.united import shown

END: Final = "\r\n"
_A_FILE: Final = re.compile(r"(?:internal-pdf|file):|[A-Za-z]:\\", re.IGNORECASE)


def ris(work_id: str, record: Canonical, marks: Mapping[str, str] | None = None) -> bytes:
    """One entry; `marks` are added as notes."""
    lines = [f"TY  - {type_of(record)[0]}"]
    lines += dict.fromkeys(
        f"{tag}  - {text}"
        for tag, value in _fields(work_id, record)
        if (text := one_line(str(value)))
    )
    lines += [f"N1  - samework {name}: {value}" for name, value in (marks or {}).items()]
    return (END.join([*lines, "ER  - "]) + END + END).encode("utf-8", "replace")


def _fields(work_id: str, record: Canonical) -> Iterator[tuple[str, Any]]:
    said = record.get
    yield "ID", work_id
    yield "TI", said("title", "")
    yield "M3", genre_of(record)
    yield from (("AU", person.inverted) for person in persons(record))
    yield from (("A2", person.inverted) for person in persons(record, "editors"))
    yield "PY", said("year", "")
    yield "DA", str(said("date", "")).replace("-", "/")
    yield "T2", said("container", "")
    yield "VL", said("volume", "")
    yield "IS", said("issue", "")
    yield from zip(("SP", "EP"), pages_of(record), strict=True)
    yield "C7", said("article_number", "")
    yield "PB", said("publisher", "")
    yield "CY", said("publisher_place", "")
    yield "AB", said("abstract", "")
    yield "LA", said("language", "")
    yield "DO", said("doi", "")
    yield from (("SN", value) for value in (*said("issn", ()), *said("isbn", ())))
    for tag, name in (("KW", "keywords"), ("DB", "database"), ("AN", "accession_number")):
        yield from ((tag, value) for value in said(name, ()))
    yield from (("TT", title) for title in said("alternate_titles", ()))
    yield from (("L1" if _A_FILE.match(url) else "UR", url) for url in links(record))
    yield from (("C2", value) for scheme, value in identifiers(record) if scheme == "pmcid")
    yield from (("N1", note) for note in said("notes", ()))
    yield from (("N1", f"{scheme}:{value}") for scheme, value in identifiers(record))
    yield from _carried(record)


def _carried(record: Canonical) -> Iterator[tuple[str, str]]:
    """Tags of what no field holds."""
    for tag, value, own in carried(record.get("extra", ()), "ris"):
        yield tag, value if own else shown(value)
