"""
DOIs: find them in text and URLs, strip what sites put behind them, tell base from version.

    "doi.org/10.7287/peerj.preprints.3100v3/pdf"  ->  ("10.7287/peerj.preprints.3100", "3")

Does not: ask a resolver whether a DOI exists, or know which other scheme a DOI
carries (`sightings.py` does). A registrant that numbers its versions is one row of
VERSIONED and one line in tests/cases/identifiers.csv.
"""

from __future__ import annotations

import re
from typing import Final

MAX_SUFFIX: Final = 300  # the longest registered suffixes known have about 200 characters

_PREFIX: Final = r"(?<![\d.])10\.\d{4,9}(?:\.\d{1,9}){0,3}/"
_CHARACTERS: Final = r"!$%'-;=@-\[\]_a-{}~"  # no space, quote, "<", ">", "#", "?", "&", "\", "|"
# A SICI carries "<637::AID-JCLP10>"; any other "<" ends the DOI (it is markup).
_SICI: Final = r"<\d{1,6}::?[^<>\s]{1,60}>"
_IN_TEXT: Final = re.compile(rf"{_PREFIX}(?:{_SICI}|[{_CHARACTERS}]){{1,{MAX_SUFFIX}}}")
# In a URL "&" ends the DOI; a field that holds a DOI and no URL may have it inside one.
_IN_FIELD: Final = re.compile(rf"{_PREFIX}(?:{_SICI}|[{_CHARACTERS}&]){{1,{MAX_SUFFIX}}}")
_PLAIN: Final = re.compile(r"10\.\d{4,9}/[A-Za-z0-9._()\[\]:;+-]{1,199}[A-Za-z0-9)]")

# Two identifiers run together: "10.1000/a;10.1000/b", "10.1000/ahttps://doi.org/10.1000/b".
_NEXT: Final = re.compile(r"[;,|](?=10\.\d{4,9}/)|https?:/|;jsessionid|\[doi\]|doi:", re.I)
_VIEW: Final = re.compile(  # what publishers' sites put behind a DOI
    r"(?:/(?:abstract|full|full-?text|fullpdf|full[/-]xml|pdf|epdf|pdfdirect|html?|xml|epub|meta"
    r"|summary|references|citations?|download|reader|media|figures|related|tables|issuetoc"
    r"|suppinfo|otherversions|text|enhanced|print|asset/.{1,200}"
    r"|\d{4,9}/[^/]{1,200}\.pdf)|\.(?:full|pdf|html?|xml|epub|abstract|short|long))/?$"
)
_CLOSING: Final = {")": "(", "]": "[", "}": "{", ">": "<"}

# How a version stands in a suffix: prefix ("" for every registrant), pattern of base and version
VERSIONED: Final = (
    ("", r"(.*[a-z0-9])[./]v(\d{1,2})"),  # figshare, Research Square, Preprints.org, Authorea
    ("10.1002", r"(14651858\.(?:cd|mr|ed)\d{6})\.pub(\d{1,2})"),  # Cochrane reviews
    ("10.1002", r"(essoar\.\d+)\.(\d{1,2})"),  # ESS Open Archive
    ("10.1101", r"((?:\d{4}\.\d\d\.\d\d\.)?\d{5,8})v(\d{1,2})"),  # bioRxiv, medRxiv
    ("10.64898", r"((?:\d{4}\.\d\d\.\d\d\.)?\d{5,8})v(\d{1,2})"),  # the same since 2025
    ("10.7287", r"(peerj\.preprints\.\d+)v(\d{1,2})"),
    ("10.7554", r"(elife\.\d{4,6})\.(\d{1,2})"),  # ".001", ".sa1" are components
    ("10.12688", r"([a-z0-9]+\.\d+)\.(\d{1,2})"),  # F1000Research and its sisters
    ("10.26434", r"(chemrxiv-.+)-v(\d{1,2})"),
    ("10.33774", r"(.+)-v(\d{1,2})"),  # Cambridge Open Engage
    ("10.32388", r"([a-z0-9]{6})\.(\d{1,2})"),  # Qeios
    ("10.48550", r"(arxiv\..+)v(\d{1,2})"),
    ("", r"(osf\.io/[a-z0-9]{5,8})_v(\d{1,2})"),  # the OSF preprint servers
)
_VERSIONED: Final[dict[str, list[re.Pattern[str]]]] = {}
for _prefix, _pattern in VERSIONED:
    _VERSIONED.setdefault(_prefix, []).append(re.compile(_pattern))
_FIRST_COCHRANE: Final = re.compile(r"10\.1002/14651858\.(?:cd|mr)\d{6}")


def dois_in(text: str, *, field: bool = False) -> list[tuple[str, str]]:
    """
    Every DOI in a text, normalised, with the version its suffix states.

    Args:
        text: entities and percent-encoding undone already.
        field: the text is a DOI field and not a URL, so "&" may be part of a DOI.
    """
    if _PLAIN.fullmatch(text):
        candidates = [text]
    else:
        pattern = _IN_FIELD if field and "://" not in text and "=" not in text else _IN_TEXT
        pieces = (piece for match in pattern.findall(text) for piece in _NEXT.split(match))
        candidates = [piece[max(0, piece.find("10.")) :] for piece in pieces]
    return [doi for doi in map(_normalise, candidates) if doi]


def _normalise(text: str) -> tuple[str, str] | None:
    """A DOI as it was found, trimmed and taken apart into base and version."""
    doi = _trim(text.lower())
    prefix, _, suffix = doi.partition("/")
    suffix = suffix.lstrip("/")
    # "10.1111/(issn)1365-3156" names a journal; one character is a cut-off DOI.
    if not prefix.startswith("10.") or len(suffix) < 2 or suffix.startswith("(issn)"):
        return None
    patterns = _VERSIONED.get(prefix, [])
    if "v" in suffix[-3:-1]:  # as every pattern of all registrants ends
        patterns = patterns + _VERSIONED[""]
    for pattern in patterns:
        if match := pattern.fullmatch(suffix):
            return f"{prefix}/{match[1]}", match[2].lstrip("0") or "0"
    doi = f"{prefix}/{suffix}"
    # Cochrane's first publication carries no ".pub".
    return doi, "1" if _FIRST_COCHRANE.fullmatch(doi) else ""


def _trim(doi: str) -> str:
    """Without the punctuation, brackets and views that stand behind a DOI."""
    before = ""
    while before != doi:
        before = doi
        doi = doi.rstrip(".,;:'\"*/\\!-_=")
        while (closing := doi[-1:]) in _CLOSING and doi.count(closing) > doi.count(
            _CLOSING[closing]
        ):
            doi = doi[:-1]
        if "/" in doi[8:] or "." in doi[-9:]:
            # Where a view stands, its name ends the text; looking for one takes 3 µs.
            doi = _VIEW.sub("", doi) if doi[-1:].isalpha() or "/asset/" in doi else doi
    return doi
