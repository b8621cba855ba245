"""
Identifiers: find them, normalise them, say how they were learnt.

    a record, text or URL  ->  Identifier(scheme, value, learnt, version)

Does not: resolve identifiers over the network, or compare records with them
(`detector.comparisons.identifiers` does). A new scheme is one row in SCHEMES
and one line in tests/cases/identifiers.csv.
"""

from __future__ import annotations

import re
from typing import Final

from indexer.records import Identifier, Learnt, Record

SCHEMES: Final = ("doi", "arxiv", "pmid", "pmcid", "isbn", "issn", "handle", "openalex", "s2",
                  "core", "dblp", "fatcat", "oai", "orcid", "url")  # fmt: skip
_DOI: Final = re.compile(r"10\.\d{4,9}/[^\s\"<>?#]+")
_ARXIV: Final = re.compile(
    r"arxiv(?:\.org/(?:abs|pdf)/|[.:])(\d{4}\.\d{4,5})(?:v(\d+))?", re.I
)


def normalise(scheme: str, value: str) -> Identifier | None:
    """One identifier of a known scheme, or None when the value cannot be one."""
    return next((i for i in find(value) if i.scheme == scheme), None)


def find(text: str) -> tuple[Identifier, ...]:
    """Every identifier that stands in a URL or in running text."""
    found = [
        Identifier("arxiv", m[1], Learnt.MINED, m[2] or "")
        for m in _ARXIV.finditer(text)
    ]
    found += [
        Identifier("doi", m[0].lower(), Learnt.MINED) for m in _DOI.finditer(text)
    ]
    return tuple(found)


def identifiers_of(record: Record) -> tuple[Identifier, ...]:
    """All identifiers of a record, from its fields and mined from its URLs and DOIs."""
    found = {i: i for text in (record.doi, *record.urls) for i in find(text)}
    return tuple(sorted(found))
