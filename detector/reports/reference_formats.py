"""
Reference formats: merged records as RIS, BibTeX and CSL-JSON.

    Entry (work id, canonical record)  ->  bytes of one entry

All identifiers are kept: those a format has a field for stand there, the others as
scheme:value (RIS: N1 lines, BibTeX: the field `identifiers`, CSL: `custom`). Values
cannot break out of their field: line ends and braces of a title stay text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

import orjson

from detector.reports.bylines import Person, person_of
from detector.reports.cells import one_line
from indexer.fields.text import fold

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
    "dataset": ("DATA", "misc", "dataset"),
    "report": ("RPRT", "techreport", "report"),
    "slides": ("SLIDE", "misc", "speech"),
    "patent": ("PAT", "misc", "patent"),
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
_OWN_BIBTEX: Final = {"pmid": "pmid", "pmcid": "pmcid", "handle": "hdl"}
_WORD: Final = re.compile(r"[a-z0-9]+")
_TEX: Final = {
    "\\": r"\textbackslash{}", "{": r"\textbraceleft{}", "}": r"\textbraceright{}",
    "&": r"\&", "%": r"\%", "$": r"\$", "#": r"\#", "_": r"\_",
    "~": r"\textasciitilde{}", "^": r"\textasciicircum{}",
}  # fmt: skip
_TEX_TABLE: Final = str.maketrans(_TEX)
_BARE_TABLE: Final = str.maketrans({"{": "%7B", "}": "%7D", "\\": "%5C"})  # URLs and identifiers


def type_of(record: Canonical) -> tuple[str, str, str]:
    """The types of a record in the three formats."""
    fallback = IN_A_JOURNAL if record.get("container") else ANYTHING
    return TYPES.get(str(record.get("type", "")), fallback)


def persons(record: Canonical) -> list[Person]:
    """The authors, split."""
    return [person_of(author) for author in record.get("authors", ())]


def identifiers(record: Canonical) -> list[tuple[str, str]]:
    """All (scheme, value) beside DOI, ISSN and ISBN, which have fields of their own."""
    return [(scheme, value) for scheme, value in record.get("identifiers", ())]


def pages_of(record: Canonical) -> tuple[str, str]:
    """First and last page."""
    first, _, last = str(record.get("pages", "")).partition("-")
    return first.strip(), last.strip(" -")


# --- RIS -----------------------------------------------------------------------------


def ris(work_id: str, record: Canonical) -> bytes:
    """One entry of RIS."""
    lines = [f"TY  - {type_of(record)[0]}"]
    lines += [
        f"{tag}  - {text}"
        for tag, value in _ris_fields(work_id, record)
        if (text := one_line(str(value)))
    ]
    return ("\r\n".join([*lines, "ER  - "]) + "\r\n\r\n").encode("utf-8", "replace")


def _ris_fields(work_id: str, record: Canonical) -> Iterator[tuple[str, Any]]:
    said = record.get
    yield "ID", work_id
    yield "TI", said("title", "")
    yield from (("AU", person.inverted) for person in persons(record))
    yield "PY", said("year", "")
    yield "DA", str(said("date", "")).replace("-", "/")
    yield "T2", said("container", "")
    yield "VL", said("volume", "")
    yield "IS", said("issue", "")
    yield from zip(("SP", "EP"), pages_of(record), strict=True)
    yield "C7", said("article_number", "")
    yield "PB", said("publisher", "")
    yield "AB", said("abstract", "")
    yield "LA", said("language", "")
    yield "DO", said("doi", "")
    yield from (("SN", value) for value in (*said("issn", ()), *said("isbn", ())))
    yield from (("TT", title) for title in said("alternate_titles", ())[:1])
    yield from (("UR", url) for url in links(record))
    yield from (("N1", f"{scheme}:{value}") for scheme, value in identifiers(record))


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


# --- BibTeX --------------------------------------------------------------------------


def bibtex(key: str, record: Canonical) -> bytes:
    """One entry of biblatex, which BibTeX reads too."""
    fields = ",\n".join(
        f"  {name} = {{{text}}}" for name, text in _bibtex_fields(record) if text.strip()
    )
    return f"@{type_of(record)[1]}{{{key},\n{fields}\n}}\n\n".encode("utf-8", "replace")


def _bibtex_fields(record: Canonical) -> Iterator[tuple[str, str]]:
    def text(name: str) -> str:
        return tex(str(record.get(name, "")))

    kind = type_of(record)[1]
    yield "title", text("title")
    yield "author", " and ".join(_bibtex_name(person) for person in persons(record))
    yield "year", text("year")
    yield "date", text("date") if len(str(record.get("date", ""))) > len("2022") else ""
    yield CONTAINER_FIELD.get(kind, "journal" if kind == "article" else "series"), text("container")
    yield "volume", text("volume")
    yield "number", text("issue")
    yield "pages", "--".join(tex(page) for page in pages_of(record) if page)
    yield "eid", text("article_number")
    yield "school" if kind == "phdthesis" else "publisher", text("publisher")
    yield "doi", bare(record.get("doi", ""))
    yield "issn", " ".join(record.get("issn", ()))
    yield "isbn", " ".join(record.get("isbn", ()))
    yield from _bibtex_identifiers(record)
    yield "url", bare(next(iter(links(record)), ""))
    yield "language", text("language")
    yield "abstract", text("abstract")


def _bibtex_identifiers(record: Canonical) -> Iterator[tuple[str, str]]:
    """Those with a field of their own there, the others and further ones in one field."""
    others, taken = [], set()
    for scheme, value in identifiers(record):
        if scheme in taken or scheme not in (*_OWN_BIBTEX, "arxiv"):
            others.append(f"{scheme}:{bare(value)}")
        elif scheme == "arxiv":
            yield "eprint", bare(value)
            yield "archiveprefix", "arXiv"
        else:
            yield _OWN_BIBTEX[scheme], bare(value)
        taken.add(scheme)
    yield "identifiers", " ".join(others)
    yield "urls", " ".join(bare(url) for url in links(record)[1:])


def _bibtex_name(person: Person) -> str:
    if person.literal or re.search(r"\band\b", person.inverted):
        return "{" + tex(person.inverted) + "}"
    return tex(person.inverted)


def tex(text: str) -> str:
    """Text that TeX sets as it stands."""
    return one_line(text).translate(_TEX_TABLE)


def bare(text: str) -> str:
    """An identifier or URL: nothing but what would end the field is changed."""
    return one_line(str(text)).translate(_BARE_TABLE)


class Keys:
    """Citation keys: surname, year and first long word; a further one of a name gets a letter."""

    def __init__(self) -> None:
        self._taken: dict[str, int] = {}

    def key(self, record: Canonical) -> str:
        """The key of the next record."""
        first = next(iter(persons(record)), Person())
        family = "".join(_WORD.findall(fold(first.family or first.literal)))[:20]
        words = [
            word for word in _WORD.findall(fold(str(record.get("title", "")))) if len(word) > 3
        ]
        key = f"{family or 'anon'}{record.get('year', '')}{words[0] if words else ''}"
        count = self._taken[key] = self._taken.get(key, 0) + 1
        return key if count == 1 else f"{key}-{count}"


# --- CSL-JSON ------------------------------------------------------------------------


def csl(work_id: str, record: Canonical) -> dict[str, Any]:
    """One item of CSL-JSON."""
    said = record.get
    by_scheme: dict[str, list[str]] = {}
    for scheme, value in identifiers(record):
        by_scheme.setdefault(scheme, []).append(value)
    item: dict[str, Any] = {
        "id": work_id,
        "type": type_of(record)[2],
        "title": said("title", ""),
        "author": [_csl_name(person) for person in persons(record)],
        "issued": _csl_date(str(said("date", "") or said("year", ""))),
        "container-title": said("container", ""),
        "publisher": said("publisher", ""),
        "volume": said("volume", ""),
        "issue": said("issue", ""),
        "page": said("pages", ""),
        "number": said("article_number", ""),
        "DOI": said("doi", ""),
        "ISSN": " ".join(said("issn", ())),
        "ISBN": " ".join(said("isbn", ())),
        "PMID": next(iter(by_scheme.get("pmid", ())), ""),
        "PMCID": next(iter(by_scheme.get("pmcid", ())), ""),
        "URL": next(iter(links(record)), ""),
        "language": said("language", ""),
        "abstract": said("abstract", ""),
        "custom": _csl_custom(record),
    }
    return {name: value for name, value in item.items() if value}


def _csl_custom(record: Canonical) -> dict[str, Any]:
    found = {
        "identifiers": [f"{scheme}:{value}" for scheme, value in identifiers(record)],
        "urls": links(record)[1:],
    }
    return {name: value for name, value in found.items() if value}


def _csl_name(person: Person) -> dict[str, str]:
    if person.literal:
        return {"literal": person.literal}
    return {k: v for k, v in (("family", person.family), ("given", person.given)) if v}


def _csl_date(text: str) -> dict[str, Any]:
    parts = [int(part) for part in text.split("-") if part.isdigit()]
    return {"date-parts": [parts]} if parts else {}


def csl_line(item: Mapping[str, Any]) -> bytes:
    """An item as JSON on one line."""
    return orjson.dumps(item)
