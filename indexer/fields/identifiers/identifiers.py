"""
Identifiers: all that a record, a URL or a text carries, and how each was learnt.

    a record, text or URL  ->  Identifier(scheme, value, learnt, version)

Does not: resolve identifiers over the network, or compare records with them
(`detector.comparisons.identifiers` does). A new scheme is a row of `schemes.py`, a
new site a row of `sightings.py`, each with one line in tests/cases/identifiers.csv.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from operator import attrgetter
from typing import Any, Final
from urllib.parse import unquote

from indexer.fields.identifiers.dois import dois_in
from indexer.fields.identifiers.schemes import MAX_LENGTH, SCHEMES, Referent
from indexer.fields.identifiers.sightings import seen_in
from indexer.fields.identifiers.trials import trials_of, trials_of_each
from indexer.fields.identifiers.urls import apart, clean_url, unwrap
from indexer.records import Identifier, Learnt, Record

WORK_SCHEMES: Final = frozenset(name for name, row in SCHEMES.items() if row.names is Referent.WORK)
"""Schemes whose identifiers name a work or a version of it; an ISSN or ORCID does not."""

TRUST: Final = tuple(Learnt)
ALIASES: Final = {
    "corpusid": "s2", "semanticscholar": "s2", "semantic_scholar": "s2", "s2cid": "s2",
    "paperid": "s2", "pubmed": "pmid", "medline": "pmid", "pubmedid": "pmid", "pmc": "pmcid",
    "pubmedcentral": "pmcid", "hdl": "handle", "hdl.handle.net": "handle", "eissn": "issn",
    "issnl": "issn", "pissn": "issn", "isbn13": "isbn", "isbn10": "isbn", "arxivid": "arxiv",
    "crossref": "doi", "datacite": "doi", "magid": "mag", "ut": "wos", "eid": "scopus",
    "internetarchive": "fatcat", "oaiid": "oai", "wikidataqid": "wikidata", "europepmc": "pmid",
    "uri": "url", "webofscience": "wos", "halid": "hal", "aclanthology": "acl",
}  # fmt: skip
_ENCODED: Final = re.compile(r"%[0-9A-Fa-f]{2}")
# With the semicolon only: "&section=2" of a URL is no "§ion".
_ENTITY: Final = re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z]{2,31}\d{0,2});")
# DOIs that carry another identifier: arXiv, the ACL Anthology, a PII, an ISBN.
_IMPLYING: Final = re.compile(
    r"10\.(?:48550|18653|3115)/|10\.1016/(?:s?\d{4}-|b97)|10\.1017/s\d|10\.\d{4,9}/97[89]"
)
_SPACED_DOI: Final = re.compile(r"(10\.\d{4,9}/)\s+")
_SHORT_DOI: Final = re.compile(r"(?<![\d.])10\.(\d{3})/")
_NAMED_BY: Final = attrgetter("scheme", "value")  # the order of identifiers, at half the time
_HYPHENS: Final = {ord(dash): "-" for dash in "‐‑‒–—−﹣－"}


def normalise(scheme: str, value: str) -> Identifier | None:
    """One identifier of a known scheme, or None when the value cannot be one."""
    row = SCHEMES.get(_scheme(scheme))
    if row is None or not value or len(value) > MAX_LENGTH:
        return None
    normal = row.normalise(_decoded(value))
    return Identifier(row.name, normal[0], version=normal[1]) if normal else None


def find(text: str) -> tuple[Identifier, ...]:
    """Every identifier that stands in a URL or in running text, each once."""
    return tuple(_best(_mined(_decoded(text))))


def identifiers_of(record: Record) -> tuple[Identifier, ...]:
    """
    All identifiers of a record: issued by its source, stated in fields, mined from URLs.

    ISSNs and ORCIDs are among them; `WORK_SCHEMES` says which schemes name a work.
    """
    return tuple(sorted(_best(_all_of(record, trials_of(record))), key=_NAMED_BY))


def identifiers_of_each(records: Sequence[Record]) -> list[tuple[Identifier, ...]]:
    """`identifiers_of` of each; numbers of trials are looked for in all of them at once."""
    said = map(_all_of, records, trials_of_each(records))
    return [tuple(sorted(_best(one), key=_NAMED_BY) if len(one) > 1 else one) for one in said]


def _all_of(record: Record, trials: Iterable[tuple[str, str]]) -> list[Identifier]:
    said = _issued(record) if record.source_id else []
    if record.doi:
        said += _stated(record.doi)
    for scheme, value in record.identifiers:
        stated = normalise(scheme, value)
        said += (stated, *_implied(stated)) if stated else _of_unknown(scheme, value)
    for text in (*record.isbn, *record.issn):
        said += _numbers(text)
    for url in record.urls:
        said += _of_url(url)
    for author in record.authors:
        if author.orcid and (orcid := normalise("orcid", author.orcid)):
            said.append(orcid)
    said += _of_places(record)
    for scheme, number in trials:  # a registration's own, or those that a paper tells of
        learnt = Learnt.ASSERTED if scheme == "registration" else Learnt.MINED
        said.append(Identifier(scheme, number, learnt))
    for version in record.versions:
        said += _of_version(version)
    return said


def _issued(record: Record) -> list[Identifier]:
    """What the source calls the record."""
    said: list[Identifier] = []
    if issued := normalise(record.source, record.source_id):
        said.append(_learnt(issued, Learnt.ISSUED))
    if record.source_id.startswith("oai:") and (issued := normalise("oai", record.source_id)):
        said += (_learnt(issued, Learnt.ISSUED), *find(record.source_id))
    return said


def _stated(doi: str) -> Iterator[Identifier]:
    """What a DOI field states: one DOI, several, or another identifier."""
    text = _decoded(doi)
    dois = dois_in(text, field=True)
    if not dois:
        # A spreadsheet made 10.2310 the number 10.231; a registrant has four digits.
        text = _SHORT_DOI.sub(r"10.\g<1>0/", _SPACED_DOI.sub(r"\1", text))
        dois = dois_in(text, field=True)
    for value, version in dois:
        stated = Identifier("doi", value, Learnt.ASSERTED, version)
        yield stated
        yield from _implied(stated)
    if not dois:
        yield from (_learnt(identifier, Learnt.ASSERTED) for identifier in _mined(text))


def _of_unknown(scheme: str, value: str) -> Iterator[Identifier]:
    """Identifiers in a value whose scheme is not named, not known, or not the one named."""
    if _scheme(scheme) in SCHEMES and _scheme(scheme) != "url":
        return  # "pmid: 10.1000/182" is a mistake of the source, and no PMID
    for identifier in find(value):
        yield _learnt(identifier, Learnt.ASSERTED)


def _implied(outer: Identifier) -> Iterator[Identifier]:
    """Identifiers inside an identifier: 10.48550/arxiv.X is arXiv X."""
    text = outer.value if outer.scheme != "dblp" else f"dblp:{outer.value}"
    if outer.scheme == "doi":
        if not _IMPLYING.match(text):
            return
        if book := SCHEMES["isbn"].normalise(text.partition("/")[2]):
            yield Identifier("isbn", book[0], Learnt.MINED)
        text += f"v{outer.version}" if outer.version else ""
    for scheme, value in seen_in(text):
        if (inner := normalise(scheme, value)) and inner != outer:
            yield _learnt(inner, Learnt.MINED)


def _mined(text: str) -> Iterator[Identifier]:
    """Every identifier that stands in a decoded text."""
    if "10." in text:
        for value, version in dois_in(text):
            yield Identifier("doi", value, Learnt.MINED, version)
    for scheme, value in seen_in(text):
        if normal := SCHEMES[scheme].normalise(value):
            yield Identifier(scheme, normal[0], Learnt.MINED, normal[1])


def _of_url(url: str) -> Iterator[Identifier]:
    """What a URL carries; where that names no work, the address itself does."""
    named = False
    for identifier in _mined(_decoded(url)):
        named |= identifier.scheme in WORK_SCHEMES
        yield identifier
    if not named:
        for piece in apart(unwrap(url)):
            if cleaned := clean_url(piece):
                yield Identifier("url", cleaned[0], Learnt.MINED)


def _of_places(record: Record) -> list[Identifier]:
    """ArXiv ids that feeds put into the container, volume or pages ("abs/2208.11790")."""
    said: list[Identifier] = []
    for text in (record.volume, record.pages, record.article_number):
        if text.startswith(("abs/", "arXiv", "arxiv")) and (arxiv := normalise("arxiv", text)):
            said.append(_learnt(arxiv, Learnt.MINED))
    if record.container and "arxiv" in record.container.lower():
        said += [named for named in find(record.container) if named.scheme == "arxiv"]
    return said


def _of_version(version: Any) -> Iterator[Identifier]:
    """What a feed's list of versions states of them, in the seed's shape."""
    if isinstance(doi := version.get("doi"), str):
        yield from (_learnt(identifier, Learnt.MINED) for identifier in _stated(doi))
    urls = version.get("urls")
    for url in urls if isinstance(urls, (list, tuple)) else ():
        if isinstance(url, str):
            yield from _of_url(url)


@lru_cache(maxsize=1 << 14)
def _numbers(text: str) -> tuple[Identifier, ...]:
    """ISBNs and ISSNs of a field that may hold either; the check digits say which it is."""
    numbers = []
    rest = []
    for word in re.split(r"[\s;,|]+", text[:MAX_LENGTH].translate(_HYPHENS)):
        for scheme in ("issn", "isbn"):
            if normal := SCHEMES[scheme].normalise(word):
                numbers.append(Identifier(scheme, normal[0]))
                break
        else:
            rest.append(word)
    if not numbers and (normal := SCHEMES["isbn"].normalise("".join(rest))):
        numbers.append(Identifier("isbn", normal[0]))
    return tuple(numbers)


def _best(identifiers: Iterable[Identifier]) -> list[Identifier]:
    """Each identifier once, as its most trusted source knows it, with a version if any has."""
    best: dict[Identifier, Identifier] = {}
    for identifier in identifiers:
        other = best.get(identifier)
        if other is None:
            best[identifier] = identifier
        elif other is not identifier:
            first, second = sorted((other, identifier), key=lambda each: TRUST.index(each.learnt))
            best[identifier] = Identifier(
                identifier.scheme, identifier.value, first.learnt, first.version or second.version
            )
    return list(best.values())


def _learnt(identifier: Identifier, learnt: Learnt) -> Identifier:
    return Identifier(identifier.scheme, identifier.value, learnt, identifier.version)


@lru_cache(maxsize=1 << 10)
def _scheme(name: str) -> str:
    """The scheme that a feed's or a source's name for it means."""
    squeezed = re.sub(r"[^a-z0-9.]", "", name.lower())
    return ALIASES.get(squeezed, squeezed)


def _decoded(text: str) -> str:
    """The text with entities and percent-encoding undone, however often they were applied."""
    for _ in range(3):
        before = text
        if "&" in text:
            text = _ENTITY.sub(lambda match: html.unescape(match[0]), text)
        if "%" in text and _ENCODED.search(text):
            text = unquote(text, errors="ignore")
        if text == before:
            break
    return text if text.isascii() else text.translate(_HYPHENS)
