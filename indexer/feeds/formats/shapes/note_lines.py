r"""
Note lines: identifiers that people and programs write into a note, one a line.

    "PMID: 31234567\narXiv: 1903.00001 [physics]"  ->  (("pmid", "31234567"), …)

Zotero's field Extra holds what its item types have no field for, and its exports put it
into notes. Only lines that are nothing but a name, a colon and a value count: running
text may speak of the identifiers of other works.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

from indexer.feeds.formats.shapes.values import text, texts

SCHEMES: Final = {
    "pmid": "pmid", "pubmed": "pmid", "pubmed id": "pmid", "pmcid": "pmcid", "pmc": "pmcid",
    "doi": "doi", "arxiv": "arxiv", "arxiv id": "arxiv", "isbn": "isbn", "hal": "hal",
    "hal id": "hal", "handle": "handle", "eid": "scopus", "openalex": "openalex",
    "corpusid": "s2", "s2id": "s2",
}  # fmt: skip
# "PMID: 1", "tex.pmid: 1", and the older "{:PMID: 1}".
_LINE: Final = re.compile(
    r"^[^\S\n]*(?:\{:|tex\.)?([A-Za-z][\w ]{1,12}?)\s*:"
    r"\s*(\S+?)\}?(?:\s*\[[^\]]{0,100}\])?\s*$",
    re.MULTILINE,
)


def numbers_of(
    plain: Mapping[str, Any], notes: Iterable[str]
) -> tuple[str, tuple[tuple[str, str], ...]]:
    """The DOI of an item, and its identifiers, from its own keys and from its notes."""
    ids = ((name.lower(), value) for name in ("PMID", "PMCID") for value in texts(plain.get(name)))
    noted = tuple(identifiers_in(notes))
    doi = text(plain.get("DOI")) or next((v for scheme, v in noted if scheme == "doi"), "")
    return doi, tuple(dict.fromkeys((*ids, *(pair for pair in noted if pair[1] != doi))))


def identifiers_in(notes: Iterable[str]) -> Iterator[tuple[str, str]]:
    """The identifiers of the record itself that its notes name."""
    for note in notes:
        for name, value in _LINE.findall(note):
            if scheme := SCHEMES.get(name.lower()):
                yield scheme, value
