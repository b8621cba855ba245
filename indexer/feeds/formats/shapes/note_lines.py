r"""
Note lines: identifiers that people and programs write into a note, one a line.

    "PMID: 31234567\narXiv: 1903.00001 [physics]"  ->  (("pmid", "31234567"), …)

Zotero's field Extra holds what its item types have no field for, and its exports put it
into notes. Only lines that are nothing but a name, a colon and a value count: running
text may speak of the identifiers of other works.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Final

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


def identifiers_in(notes: Iterable[str]) -> Iterator[tuple[str, str]]:
    """The identifiers of the record itself that its notes name."""
    for note in notes:
        for name, value in _LINE.findall(note):
            if scheme := SCHEMES.get(name.lower()):
                yield scheme, value
