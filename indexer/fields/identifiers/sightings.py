"""
Sightings: where identifiers stand in URLs, in other identifiers and in running text.

    "https://arxiv.org/pdf/2112.12650v3.pdf"  ->  ("arxiv", "2112.12650v3")

Does not: normalise or verify what it sees (`schemes.py` does), or unwrap encodings
(`identifiers.py` does). A site whose addresses carry an identifier is one row of
SIGHTINGS and one line in tests/cases/identifiers.csv.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final

from indexer.fields.identifiers.schemes import ARXIV_ID, filling


@dataclass(frozen=True, slots=True)
class Sighting:
    """One place where identifiers of a scheme stand; the table's row."""

    trigger: str  # in lower case; the pattern is tried only where it stands in the text
    scheme: str
    pattern: re.Pattern[str]
    value: Callable[[re.Match[str]], str]  # from the pattern's groups
    within: int  # of how many characters behind the trigger it must stand; 0: anywhere


def _row(
    trigger: str, scheme: str, pattern: str, template: str = r"\1", within: int = 0
) -> Sighting:
    return Sighting(trigger, scheme, re.compile(pattern, re.IGNORECASE), filling(template), within)


_PATH: Final = r"[^\s?&#\"<>]"
_SEGMENT: Final = r"[^\s?&#\"<>/]"
_ARXIV: Final = rf"({ARXIV_ID}(?:v\d{{1,3}})?)"
_DBLP: Final = rf"((?:conf|journals|books|phd|series|tr|reference)/{_PATH}{{1,150}})"
_HANDLE: Final = rf"(\d[\d.]{{1,30}}/{_SEGMENT}{{1,200}})"
_HAL: Final = r"hal|halshs|inserm|inria|tel|cel|cea|ineris|insu|lirmm|pastel|medihal|hprints|dumas"
_PII: Final = r"((?:b97[89]\d{3}|s?)\d{7}[\dx]\d{7}[\dx])(?![a-z0-9])"
_PII_POINTED: Final = (
    r"(s?\d{4}-\d{3}[\dx]\(\d\d\)\d{5}-[\dx]|b97[89]-[\d-]{10}[\dx]?\.\d{5}-[\dx])"
)
_ACL: Final = r"((?:[a-z]\d\d-\d{4}|\d{4}\.[a-z0-9]{1,20}-[a-z0-9]{1,20}\.\d{1,4})(?:v\d)?)(?!\d)"
_EARLY: Final = r"early/\d{4}/\d\d/\d\d/((?:\d{4}\.\d\d\.\d\d\.)?\d{5,8})(?!\d)"
_FIGSHARE: Final = r"figshare\.com/articles/(?:[^\s/?]{1,400}/){0,2}(\d{5,9})"
_OVID: Final = r"\w{0,6}&(?:[^\s&]{1,30}&){0,3}an="

# Patterns have bounded repeats only, so that a hostile text costs no more than its length.
SIGHTINGS: Final = (
    _row("arxiv", "arxiv", _ARXIV, within=48),
    _row("ar5iv", "arxiv", _ARXIV, within=48),
    _row("alphaxiv.org", "arxiv", _ARXIV, within=48),
    _row("lanl.gov", "arxiv", _ARXIV, within=48),
    _row("huggingface.co/papers", "arxiv", _ARXIV, within=48),
    _row("journals/corr/abs-", "arxiv", r"/corr/abs-(\d{4})-(\d{4,5})", r"\1.\2"),
    _row("pubmed", "pmid", r"pubmed(?:\.ncbi\.nlm\.nih\.gov)?/(?:\?term=)?(\d{1,8})(?!\d)"),
    _row("pmid", "pmid", r"pmid[^a-z0-9&]{0,4}(\d{1,8})(?!\d)"),
    _row("europepmc", "pmid", r"europepmc\.org/\w{0,20}/?med/(\d{1,8})(?!\d)"),
    _row("d=me", "pmid", rf"[?&]d=me[ds]{_OVID}(\d{{1,8}})(?!\d)"),
    _row("pmc", "pmcid", r"(?<![a-z0-9])(pmc\d{3,8}(?:\.\d)?)(?!\d)"),
    _row("pubmedcentral", "pmcid", r"pubmedcentral\S{0,60}?(?:artid=|gov:)(\d{3,8})(?!\d)"),
    _row("openalex.org", "openalex", r"openalex\.org/(?:works/)?(w\d{3,12})"),
    _row("semanticscholar.org", "s2", r"(?<=/)([0-9a-f]{40})(?![0-9a-f])", within=400),
    _row("pdfs.semanticscholar", "s2", r"\.org/([0-9a-f]{4})/([0-9a-f]{36})", r"\1\2"),
    _row("corpusid", "s2", r"corpusid[:\s=]{1,3}(\d{1,12})"),
    _row("core.ac.uk", "core", r"core\.ac\.uk/(?:download/(?:pdf/)?|display/|reader/)(\d{1,12})"),
    _row("core.ac.uk", "core", r"core\.ac\.uk/(?:v3/)?((?:works|outputs)/\d{1,12})"),
    _row("dblp.", "dblp", rf"dblp\.[\w.-]{{2,30}}/rec/(?:(?:bibtex\d?|html|xml)/)?{_DBLP}"),
    _row("dblp:", "dblp", rf"dblp:{_DBLP}"),
    _row("fatcat", "fatcat", r"fatcat\.wiki/(release|work)/([a-z2-7]{26})", r"\1/\2"),
    _row("scholar.archive.org", "fatcat", r"archive\.org/(work)/([a-z2-7]{26})", r"\1/\2"),
    _row("handle", "handle", rf"/handle(?:\.net)?/{_HANDLE}"),
    _row("hdl", "handle", rf"hdl(?:\.handle\.net/|:|/){_HANDLE}"),
    _row("bitstream", "handle", r"/bitstreams?/(\d[\d.]{1,30}/[\w.-]{1,30})/"),
    _row("oai:", "oai", r"(?<![a-z])(oai:[^:\s]{1,200}:[^\s\"<>&?#]{1,300})"),
    _row("oai:", "handle", r"(?<![a-z])oai:[^:\s]{1,200}:(\d[\d.]{1,30}/\d{1,12})(?![\d/])"),
    _row("oai:zenodo", "doi", r"oai:zenodo\.org:(\d{1,10})", r"10.5281/zenodo.\1"),
    _row("-0", "hal", rf"(?<![a-z0-9])((?:{_HAL})-0\d{{7}}(?:v\d{{1,2}})?)(?!\d)"),
    _row("eric.ed.gov", "eric", r"eric\.ed\.gov/(?:fulltext/|\S{0,40}[?&]id=)(e[dj]\d{6,7})"),
    _row("doaj.org", "doaj", r"doaj\.org/article[/:]([0-9a-f]{32})"),
    _row("/pii", "pii", rf"/pii[:/]?{_PII}"),
    _row("elsevier", "pii", rf"(?<![a-z0-9])(?=[sb]){_PII}"),
    _row("els-cdn", "pii", rf"(?<![a-z0-9])(?=s){_PII}"),
    _row("/article/s", "pii", rf"/article/(?=s){_PII}"),
    _row("10.1016/", "pii", rf"10\.1016/{_PII_POINTED}"),
    _row("10.1017/s", "pii", r"10\.1017/(s\d{15}[\dx])(?![a-z0-9])"),
    _row("cambridge.org", "pii", r"/(s\d{15}[\dx])(?!\d)"),
    _row("acl", "acl", rf"acl(?:web|anthology)\.org/(?:anthology/)?{_ACL}"),
    _row("/v1/", "acl", rf"10\.(?:18653|3115)/v1/{_ACL}"),
    _row("openreview.net", "openreview", r"/(?:forum|pdf|attachment)\?id=([\w-]{8,14})"),
    _row("wos:", "wos", r"wos:([a-z0-9]{15})(?![a-z0-9])"),
    _row("2-s2.0-", "scopus", r"(2-s2\.0-\d{8,12})(?!\d)"),
    _row("d=em", "embase", rf"[?&]d=em{_OVID}(\d{{6,10}})(?!\d)"),
    _row("embase.com", "embase", r"embase\.com/\S{0,150}?\bid=l(\d{6,12})(?!\d)"),
    # Sites whose own number is part of a DOI.
    _row("jstor.org", "doi", r"/(?:stable|pss)/(?:pdf/|pdfplus/)?(\d{3,12})(?!\d)", r"10.2307/\1"),
    _row("jstor-", "doi", r"archive\.org/(?:download|details)/jstor-(\d{3,12})", r"10.2307/\1"),
    _row("ssrn.com", "doi", r"abstract(?:_id)?=(\d{3,9})(?!\d)", r"10.2139/ssrn.\1"),
    _row("ssrn-id", "doi", r"ssrn-id(\d{5,9})(?!\d)", r"10.2139/ssrn.\1"),
    _row("rxiv.org/content", "doi", rf"/content/(?:(?:bio|med)rxiv/)?{_EARLY}", r"10.1101/\1"),
    _row("peerj.com", "doi", r"peerj\.com/preprints/(\d{1,6}(?:v\d\d?)?)(?!\d)",
         r"10.7287/peerj.preprints.\1"),
    _row("peerj.com", "doi", r"peerj\.com/articles/(\d{1,6})(?!\d)", r"10.7717/peerj.\1"),
    _row("peerj.com", "doi", r"peerj\.com/articles/cs-(\d{1,6})(?!\d)", r"10.7717/peerj-cs.\1"),
    _row("zenodo.org/", "doi", r"zenodo\.org/(?:api/)?records?/(\d{1,10})", r"10.5281/zenodo.\1"),
    _row("figshare.com", "doi", _FIGSHARE + r"/(\d\d?)(?!\d)", r"10.6084/m9.figshare.\1.v\2"),
    _row("figshare.com", "doi", _FIGSHARE + r"(?:[?#\s]|$)", r"10.6084/m9.figshare.\1"),
    _row("nature.com", "doi", r"nature\.com/articles/(?!10\.)([a-z0-9][a-z0-9.-]{5,40})",
         r"10.1038/\1"),
    _row("elifesciences.org", "doi", r"\.org/(?:articles|reviewed-preprints)/(\d{4,6})(?!\d)",
         r"10.7554/elife.\1"),
    _row("researchsquare.com", "doi", r"\.com/article/(rs-\d{1,9}/v\d\d?)", r"10.21203/rs.3.\1"),
    _row("nber.org", "doi", r"papers/(w\d{1,5})(?!\d)", r"10.3386/\1"),
    _row("qeios.com", "doi", r"\.com/read/([a-z0-9]{6})(?![a-z0-9])", r"10.32388/\1"),
    _row("hindawi.com", "doi", r"\.com/(?:journals/)?[a-z]{2,12}/(\d{4}/\d{4,8})(?!\d)",
         r"10.1155/\1"),
)  # fmt: skip


def seen_in(text: str) -> Iterator[tuple[str, str]]:
    """Every (scheme, value) that stands in a text, values as they stand; DOIs apart."""
    lowered = text.lower()
    for row in SIGHTINGS:
        if row.trigger in lowered:
            for match in row.pattern.finditer(text):
                before = max(0, match.start() - row.within)
                if not row.within or row.trigger in lowered[before : match.start()]:
                    yield row.scheme, row.value(match)
