"""
Reference formats: what the writers of RIS, BibTeX and CSL-JSON share.

    canonical record  ->  its type in each, its people, identifiers, pages, links

`ris_entries.py`, `bibtex_entries.py` and `csl_items.py` write. No identifier is lost:
those a format has a field for stand there, the others as scheme:value (RIS: N1 lines,
BibTeX: the field `identifiers`, CSL: `custom`).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from detector.reports.exports.bylines import Person, person_of
from detector.reports.exports.cells import one_line

Canonical = Mapping[str, Any]

# Type of work -> RIS, BibTeX, CSL.
TYPES: Final[Mapping[str, tuple[str, str, str]]] = {
    "article": ("JOUR", "article", "article-journal"),
    "review": ("JOUR", "article", "review"),
    "preprint": ("UNPB", "unpublished", "article"),
    "thesis": ("THES", "phdthesis", "thesis"),
    "chapter": ("CHAP", "incollection", "chapter"),
    "book": ("BOOK", "book", "book"),
    "proceedings": ("CONF", "proceedings", "book"),
    "conference": ("CPAPER", "inproceedings", "paper-conference"),
    "dataset": ("DATA", "dataset", "dataset"),
    "report": ("RPRT", "techreport", "report"),
    "slides": ("SLIDE", "misc", "speech"),
    "patent": ("PAT", "patent", "patent"),
}
# What sources call works that are of none of these types.
OTHER_TYPES: Final = {
    **dict.fromkeys(
        ("online", "web_page", "webpage", "ELEC", "WEB"), ("ELEC", "online", "webpage")
    ),
    **dict.fromkeys(("NEWS", "newspaper"), ("NEWS", "article", "article-newspaper")),
    **dict.fromkeys(("MGZN", "magazine"), ("MGZN", "article", "article-magazine")),
    **dict.fromkeys(("BLOG", "post-weblog"), ("BLOG", "online", "post-weblog")),
    **dict.fromkeys(("COMP", "software"), ("COMP", "software", "software")),
    **dict.fromkeys(("manual", "STAND", "standard"), ("STAND", "manual", "standard")),
    **dict.fromkeys(("VIDEO", "video"), ("VIDEO", "video", "motion_picture")),
    **dict.fromkeys(("MAP", "map"), ("MAP", "misc", "map")),
}
# What is an article by its type, and must not be taken for one.
GENRES: Final[Mapping[str, str]] = {
    "correction": "Erratum",
    "retraction": "Retraction notice",
    "review": "Book review",
    "comment": "Comment",
    "letter": "Letter",
    "editorial": "Editorial",
    "preprint": "Preprint",
}
IN_A_JOURNAL: Final = TYPES["article"]
ANYTHING: Final = ("GEN", "misc", "document")
CONTAINER_FIELD: Final = {"incollection": "booktitle", "inproceedings": "booktitle"}
RESOLVERS: Final = {
    "arxiv": "https://arxiv.org/abs/{}",
    "pmid": "https://pubmed.ncbi.nlm.nih.gov/{}/",
    "pmcid": "https://www.ncbi.nlm.nih.gov/pmc/articles/{}/",
    "handle": "https://hdl.handle.net/{}",
    "openalex": "https://openalex.org/{}",
}


def type_of(record: Canonical) -> tuple[str, str, str]:
    """The types of a record in the three formats."""
    fallback = IN_A_JOURNAL if record.get("container") else ANYTHING
    said = str(record.get("type", ""))
    return TYPES.get(said) or OTHER_TYPES.get(said, fallback)


def genre_of(record: Canonical) -> str:
    """A word for what is an article by its type, and no original one; "" for others."""
    return GENRES.get(str(record.get("type", "")), "")


def persons(record: Canonical, role: str = "authors") -> list[Person]:
    """The authors, or the editors, split."""
    return [person_of(person) for person in record.get(role, ())]


def identifiers(record: Canonical) -> list[tuple[str, str]]:
    """All (scheme, value) beside DOI, ISSN and ISBN, which have fields of their own."""
    return [(scheme, value) for scheme, value in record.get("identifiers", ())]


def pages_of(record: Canonical) -> tuple[str, str]:
    """First and last page."""
    first, _, last = str(record.get("pages", "")).partition("-")
    return first.strip(), last.strip(" -")


def links(record: Canonical) -> list[str]:
    """The URLs of a record, and those that its identifiers resolve at."""
    urls = [one_line(url) for url in record.get("urls", ())]
    known = " ".join(urls).casefold()
    resolved = [
        RESOLVERS[scheme].format(value)
        for scheme, value in identifiers(record)
        if scheme in RESOLVERS and value.casefold() not in known
    ]
    return [*urls, *resolved]
