"""
Schemes: every kind of identifier known, what it identifies, and how its values are normalised.

    ("arxiv", "arXiv:math.GT/0309136v2")  ->  ("math/0309136", "2")

Does not: find identifiers in text or URLs (`sightings.py`, `dois.py`), or know
records. A new scheme is one row of SCHEMES and one line in
tests/cases/identifiers.csv. Normalising never raises: what cannot be an identifier
of its scheme, a wrong check digit included, is None.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from typing import Final

from stdnum import isbn, issn
from stdnum.iso7064 import mod_11_2

from indexer.fields.identifiers.dois import dois_in
from indexer.fields.identifiers.trials import numbers_in
from indexer.fields.identifiers.urls import clean_url

Normal = tuple[str, str] | None  # the normalised value and the version it states, "" for none
MAX_LENGTH: Final = 1000  # of an identifier; longer values are not one


class Referent(StrEnum):
    """What the identifiers of a scheme stand for."""

    WORK = "work"  # a work, a version or a copy of one: equal ids are evidence
    CONTAINER = "container"  # a journal or series: equal ids are no evidence by themselves
    TRIAL = "trial"  # what the work tells of: many works may, and equal ids are no evidence
    PERSON = "person"


@dataclass(frozen=True, slots=True)
class Scheme:
    """One kind of identifier; the table's row."""

    name: str
    title: str  # as people write it
    normalise: Callable[[str], Normal]
    example: str  # a normalised value
    names: Referent = Referent.WORK


def filling(template: str) -> Callable[[re.Match[str]], str]:
    r"""What fills "10.1038/\1" from a match; `Match.expand` reads its template at every call."""
    parts = re.split(r"\\(\d)", template)
    texts, groups = parts[::2], [int(group) for group in parts[1::2]]

    def fill(match: re.Match[str]) -> str:
        values = [match[group] or "" for group in groups]
        return texts[0] + "".join(map(str.__add__, values, texts[1:]))

    return fill


def _matching(
    pattern: str, template: str = r"\1", case: Callable[[str], str] = str.lower
) -> Callable[[str], Normal]:
    """A normaliser: the whole value must match; a group named `version` is the version."""
    compiled, fill = re.compile(pattern, re.IGNORECASE), filling(template)

    def normalise(value: str) -> Normal:
        match = compiled.fullmatch(value.strip())
        if not match:
            return None
        return case(fill(match)), match.groupdict().get("version") or ""

    return normalise


def _doi(value: str) -> Normal:
    dois = dois_in(value.strip(), field=True)
    return dois[0] if dois else None


_ARCHIVES: Final = (
    "acc-phys|adap-org|alg-geom|ao-sci|astro-ph|atom-ph|bayes-an|chao-dyn|chem-ph|cmp-lg"
    "|comp-gas|cond-mat|cs|dg-ga|econ|eess|funct-an|gr-qc|hep-ex|hep-lat|hep-ph|hep-th|math-ph|math"
    "|mtrl-th|nlin|nucl-ex|nucl-th|patt-sol|physics|plasm-ph|q-alg|q-bio|q-fin|quant-ph"
    "|solv-int|stat|supr-con"
)
# The month is checked, and four digits became five in January 2015.
ARXIV_ID: Final = (
    r"(?:(?<!\d)(?:0[7-9]|1[0-4])(?:0[1-9]|1[0-2])\.\d{4}(?!\d)"
    r"|(?<!\d)(?:1[5-9]|[2-9]\d)(?:0[1-9]|1[0-2])\.\d{5}(?!\d)"
    rf"|(?<![a-z])(?:{_ARCHIVES})(?:\.[a-z]{{2}})?[/-]?(?:9[1-9]|0[0-7])(?:0[1-9]|1[0-2])\d{{3}}(?!\d))"
)
_ARXIV: Final = re.compile(
    rf"(?:arxiv[:.\s]*|abs/|https?://(?:\w+\.)?arxiv\.org/(?:abs|pdf)/)*({ARXIV_ID})"
    r"(?:v(\d{1,3}))?(?:\.pdf)?(?:\s*\[[\w.-]+\])?",
    re.IGNORECASE,
)
_OLD_ARXIV: Final = re.compile(rf"({_ARCHIVES})(?:\.[a-z]{{2}})?[/-]?(\d{{7}})")


def _arxiv(value: str) -> Normal:
    match = _ARXIV.fullmatch(value.strip())
    if not match:
        return None
    number = match[1].lower()
    if old := _OLD_ARXIV.fullmatch(number):
        number = f"{old[1]}/{old[2]}"  # the subject class is no part of the identifier
    return number, match[2] or ""


@lru_cache(maxsize=1 << 14)
def _isbn(value: str) -> Normal:
    digits = re.sub(r"^isbn(?:-1[03])?:?|[\s-]", "", value.strip(), flags=re.IGNORECASE)
    if len(digits) not in (10, 13) or not isbn.is_valid(digits):
        return None
    return isbn.to_isbn13(digits), ""


_USUAL_ISSN: Final = re.compile(r"[0-9]{4}-[0-9]{3}[0-9Xx]")
_WEIGHTS: Final = (8, 7, 6, 5, 4, 3, 2)  # ISO 3297, of all digits but the check digit


@lru_cache(maxsize=1 << 14)
def _issn(value: str) -> Normal:
    if _USUAL_ISSN.fullmatch(value):  # told without asking stdnum: 2 µs for 14
        digits = value[:4] + value[5:8]
        total = sum(weight * int(digit) for weight, digit in zip(_WEIGHTS, digits, strict=True))
        fits = value[8].upper() == "0123456789X"[-total % 11]
        return (value.upper(), "") if fits and value != "0000-0000" else None
    digits = re.sub(r"^e?issn:?|[\s-]", "", value.strip(), flags=re.IGNORECASE).upper()
    # A spreadsheet drops leading zeros: "3785955" was 0378-5955.
    if len(digits) > 8 or not re.fullmatch(r"\d{4,7}[\dX]", digits):
        return None
    digits = digits.zfill(8)
    if digits == "00000000" or not issn.is_valid(digits):
        return None
    return f"{digits[:4]}-{digits[4:]}", ""


_ORCID: Final = re.compile(
    r"(?:https?://)?(?:orcid\.org/|orcid:?\s*)?(\d{4})-?(\d{4})-?(\d{4})-?(\d{3}[\dx])", re.I
)


def _orcid(value: str) -> Normal:
    match = _ORCID.fullmatch(value.strip().rstrip("/"))
    if not match or not mod_11_2.is_valid("".join(match.groups()).upper()):
        return None
    return "-".join(match.groups()).upper(), ""


_HANDLE: Final = re.compile(
    r"(?:https?://)?(?:hdl\.handle\.net/|info:hdl/|hdl:\s*)?(\d[\d.]{1,30}/[^\s?#&\"<>]{1,200})",
    re.I,
)


def _handle(value: str) -> Normal:
    match = _HANDLE.fullmatch(value.strip().rstrip("/.,;"))
    # "123456789/…" is the prefix of every DSpace that registered none; "10.…" is a DOI.
    if not match or match[1].startswith(("123456789/", "10.")):
        return None
    return match[1].lower(), ""


def _core(value: str) -> Normal:
    match = re.fullmatch(r"(?:core:)?(works/|outputs?/)?(\d{1,12})", value.strip(), re.I)
    if not match:
        return None
    # CORE numbers its works and the outputs that they are made of apart.
    return ("works/" if (match[1] or "").lower() == "works/" else "") + match[2], ""


def _oai(value: str) -> Normal:
    match = re.fullmatch(r"oai:([^:\s]{1,200}):(\S{1,600})", value.strip(), re.IGNORECASE)
    return (f"oai:{match[1].lower()}:{match[2]}", "") if match else None


_PII: Final = re.compile(
    r"(?:pii:?\s*)?(s?\d{4}-?\d{3}[\dx]\(?\d\d\)?\d{5}-?[\dx]|b97[89][\d-]{10,13}\.?\d{5}-?[\dx])",
    re.IGNORECASE,
)


def _pii(value: str) -> Normal:
    match = _PII.fullmatch(value.strip())
    if not match:
        return None
    squeezed = re.sub(r"[().-]", "", match[1]).upper()
    # Until 1995 a PII of a serial was written without its "S".
    return (squeezed if squeezed[0] in "SB" else "S" + squeezed), ""


def _trial(value: str) -> Normal:
    numbers = list(numbers_in(value.strip()[:MAX_LENGTH]))
    return (numbers[0], "") if len(numbers) == 1 else None


_PMID: Final = r"(?:pmid:?\s*|medline:)?0*([1-9]\d{0,7})"
_PMCID: Final = r"(?:pmcid:?\s*)?(?:pmc)?0*([1-9]\d{2,8})(?:\.(?P<version>\d))?"
_OPENALEX: Final = r"(?:https?://openalex\.org/)?(w\d{3,12})"
_SHA_OR_NUMBER: Final = r"(?:corpus ?id:?\s*|s2:)?([0-9a-f]{40}|[1-9]\d{0,11})"
_DBLP: Final = (
    r"(?:dblp:|(?:https?://)?dblp\.[\w.-]+/rec/)?((?:conf|journals|books|phd|series|tr|reference"
    r"|persons|ms)/[^\s/?#\"<>]{1,60}/[^\s/?#\"<>]{1,100}?)(?:\.(?:html|xml|bib))?"
)
_FATCAT: Final = (
    r"(?:https?://(?:fatcat\.wiki|scholar\.archive\.org)/)?(release|work)[/_]([a-z2-7]{26})"
)
_HAL: Final = r"(?:hal:)?([a-z]{2,10}-0\d{7})(?:v(?P<version>\d{1,2}))?"
_DOAJ: Final = r"(?:doaj:|oai:doaj\.org/article:)?([0-9a-f]{32})"
_ACL: Final = r"([a-z]\d\d-\d{4}|\d{4}\.[a-z0-9]+-[a-z0-9]+\.\d{1,4})(?:v(?P<version>\d))?"
_WIKIDATA: Final = r"(?:https?://www\.wikidata\.org/(?:wiki|entity)/)?(q\d{1,12})"

_ROWS: Final = (
    Scheme("doi", "DOI", _doi, "10.1000/182"),
    Scheme("arxiv", "arXiv", _arxiv, "2112.12650"),
    Scheme("pmid", "PubMed", _matching(_PMID), "31234567"),
    Scheme("pmcid", "PubMed Central", _matching(_PMCID, r"PMC\1", str), "PMC7654321"),
    Scheme("openalex", "OpenAlex", _matching(_OPENALEX, case=str.upper), "W4226067207"),
    Scheme("s2", "Semantic Scholar", _matching(_SHA_OR_NUMBER), "12345678"),
    Scheme("core", "CORE", _core, "123456789"),
    Scheme("dblp", "dblp", _matching(_DBLP, case=str), "conf/xyz/StoneR96"),
    Scheme("fatcat", "fatcat", _matching(_FATCAT, r"\1/\2"), "release/abcdefghijklmnopqrstuvwxyz"),
    Scheme("handle", "Handle", _handle, "2027.42/12345"),
    Scheme("oai", "OAI", _oai, "oai:arxiv.org:2112.12650"),
    Scheme("hal", "HAL", _matching(_HAL), "hal-01234567"),
    Scheme("doaj", "DOAJ", _matching(_DOAJ), "0123456789abcdef0123456789abcdef"),
    Scheme("pii", "PII", _pii, "S0123456789012345"),
    Scheme("acl", "ACL Anthology", _matching(_ACL), "2020.acl-main.1"),
    Scheme("openreview", "OpenReview", _matching(r"([\w-]{8,14})", case=str), "aB3dEfGhI0k"),
    Scheme("mag", "Microsoft Academic", _matching(r"([1-9]\d{3,10})"), "2741809807"),
    Scheme("wos", "Web of Science", _matching(r"(?:ut\s)?(?:wos:)?([a-z0-9]{15})", case=str.upper),
           "000123456700001"),
    Scheme("scopus", "Scopus", _matching(r"(?:eid:?\s*)?(2-s2\.0-\d{8,12})"),
           "2-s2.0-85012345678"),
    Scheme("embase", "Embase", _matching(r"(?:embase:)?l?(\d{6,12})"), "612345678"),
    Scheme("eric", "ERIC", _matching(r"(?:eric:?\s*)?(e[dj]\d{6,7})", case=str.upper), "EJ1131633"),
    Scheme("registration", "trial registry", _trial, "NCT01234567"),
    Scheme("trial", "trial", _trial, "ISRCTN01234567", Referent.TRIAL),
    Scheme("wikidata", "Wikidata", _matching(_WIKIDATA, case=str.upper), "Q123456"),
    Scheme("url", "URL", clean_url, "repository.example.edu/files/2017/thesis.pdf"),
    Scheme("isbn", "ISBN", _isbn, "9780306406157"),
    Scheme("issn", "ISSN", _issn, "2049-3630", Referent.CONTAINER),
    Scheme("orcid", "ORCID", _orcid, "0000-0002-1825-0097", Referent.PERSON),
)  # fmt: skip
SCHEMES: Final[dict[str, Scheme]] = {scheme.name: scheme for scheme in _ROWS}
