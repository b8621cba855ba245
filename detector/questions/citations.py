"""
Citations: a reference as people paste it, taken apart as far as that is safe.

    "Avram et al. 2022, Distilling the knowledge …, arXiv:2112.12650"  ->  Record

Identifiers are found by their schemes, the year by its shape; of what is left the part
that reads most like a title is the title and what stands before it are the authors.
A guess only finds candidates and is compared like any record: a wrong one costs recall,
never a false answer. Does not: look anything up.
"""

from __future__ import annotations

import re
from typing import Final, NamedTuple

from indexer.fields.identifiers.identifiers import find
from indexer.records import Author, Record

LONGEST: Final = 4_000  # characters of a query that are read; the rest is no citation
_URL: Final = re.compile(r"https?://\S+|www\.\S+", re.IGNORECASE)
_LABELLED: Final = re.compile(
    r"\b(?:doi|arxiv|pmid|pmcid|isbn(?:-1[03])?|issn|hdl)\s*[:=]?\s*[\w./:()<>;-]*\d[\w./:()<>;-]*"
    r"|\b10\.\d{4,9}/\S+|\bPMC\d+",
    re.IGNORECASE,
)
_YEAR: Final = re.compile(r"\b(1[5-9]\d\d|20\d\d)[a-z]?\b")
_PLACE: Final = re.compile(
    r"\b(?P<volume>\d{1,4})\s*(?:\((?P<issue>[\w-]{1,8})\))?\s*[:,]\s*"
    r"(?:pp?\.?\s*)?(?P<pages>[eE]?\d+(?:\s*[-–]\s*[eE]?\d+)?)"
)
_QUOTED: Final = re.compile(r"[\"“„«‘'](?P<title>[^\"“”„«»]{12,})[\"”“»’']")
# Where one part of a citation ends: a full stop behind a word (not an initial), a year in
# brackets, a comma only where what follows it is no name.
_PART: Final = re.compile(r"(?<=[^\W\d_]{2}[.?!])\s+|\s*\(\s*\)\s*[.,:]?\s*|\s*\x1f\s*[.,:;)]*\s*")
_ET_AL: Final = re.compile(r"\bet\.?\s+al\.?,?", re.IGNORECASE)
_INITIALS: Final = re.compile(r"\b[A-Z][A-Z]?\b\.?|&|\bet al\b|\band\b")
_EDGES: Final = " \t.,;:()[]\"“”'-–"
_JOINING: Final = (
    "a an and as at by for from in into is of on or the to using with via towards toward "
    "der die das und von für la le les et de des du el los las y en sur un une"
)
_SMALL_WORDS: Final = frozenset(_JOINING.split())


class _Part(NamedTuple):
    text: str
    score: float


def citation_of(text: str) -> Record:
    """A free citation, a title, an identifier or a URL as a record to ask with."""
    text = text[:LONGEST].strip()
    identifiers = tuple((identifier.scheme, identifier.value) for identifier in find(text))
    urls = tuple(_URL.findall(text))
    rest = _LABELLED.sub(" \x1f ", _URL.sub(" \x1f ", text))
    year = _YEAR.search(rest)
    place = _PLACE.search(rest, year.end()) if year is not None else None
    title, before = _title(rest)
    return Record(
        record_id="",
        source="query",
        title=title,
        authors=_authors(before),
        year=year[1] if year is not None else "",
        volume=place["volume"] if place is not None else "",
        issue=(place["issue"] or "") if place is not None else "",
        pages=place["pages"] if place is not None else "",
        identifiers=identifiers,
        urls=urls,
    )


def _title(text: str) -> tuple[str, str]:
    """The part that reads most like a title, and what stands before it."""
    if quoted := max(_QUOTED.finditer(text), key=lambda m: len(m["title"]), default=None):
        return quoted["title"].strip(_EDGES), text[: quoted.start()]
    marked = _ET_AL.sub(" et al \x1f ", _YEAR.sub(" \x1f ", text))
    parts = [part.strip(_EDGES) for part in _PART.split(marked)]
    parts = [part for part in parts if part]
    if not parts:
        return "", ""
    scored = [_Part(part, _titleness(part)) for part in parts]
    best = max(range(len(scored)), key=lambda at: (scored[at].score, -at))
    return _without_names(scored[best].text), " ".join(parts[:best])


def _titleness(part: str) -> float:
    """Words written small speak for a title, initials and capitals for names."""
    words: list[str] = re.findall(r"[^\W\d_]+", part)
    if not words:
        return -1.0
    small = sum(word.islower() for word in words)
    joining = sum(word.lower() in _SMALL_WORDS for word in words)
    names = len(_INITIALS.findall(part)) + part.count(",")
    return float(2.0 * small + joining + 0.5 * len(words) - 2.5 * names)


def _without_names(title: str) -> str:
    """What follows the last comma of a title is often its journal or a name: only if short."""
    head, comma, tail = title.rpartition(",")
    if comma and len(head.split()) >= 4 and len(tail.split()) <= 2:
        return head.strip(_EDGES)
    return title


def _authors(text: str) -> tuple[Author, ...]:
    truncated = bool(_ET_AL.search(text)) or " et al" in text
    names = re.sub(r"\bet\.? al\b\.?|\x1f", " ", text).strip(_EDGES)
    if not re.search(r"[^\W\d_]{2}", names) or len(names.split()) > 60:
        return ()
    authors = [Author(name=name) for name in _names(names)]
    return (*authors, Author(name="et al.")) if truncated else tuple(authors)


def _names(text: str) -> list[str]:
    """The names of a byline in one string: by semicolons, "and", or commas between them."""
    text = re.sub(r"\s*(?:,\s*)?(?:&|\band\b|\bund\b)\s*", "; ", text)
    if ";" in text:
        parts = [part for chunk in text.split(";") for part in _inverted(chunk)]
    else:
        parts = _inverted(text)
    return [part.strip(_EDGES) for part in parts if part.strip(_EDGES)]


def _inverted(text: str) -> list[str]:
    """ "Avram, A.-M., Catrina, D." is two names, "Avram AM, Catrina D" is two as well."""
    parts = [part.strip() for part in text.split(",") if part.strip()]
    initials = [bool(re.fullmatch(r"(?:[A-Z][.\s-]*){1,4}", part)) for part in parts]
    if any(initials):
        names: list[str] = []
        for part, initial in zip(parts, initials, strict=True):
            if initial and names:
                names[-1] += f", {part}"
            else:
                names.append(part)
        return names
    if len(parts) == 2 and all(len(part.split()) <= 2 for part in parts):
        return [", ".join(parts)]
    return parts
