"""
The registry of feeds: one row a source; the CLI, the schedule and the docs read it.

    name  ->  Feed (protocol, endpoint, rate, licence, what it is)

A new source is a row here and, where it pages in a way of its own, a class in
`sources/`. Rates are below what the sources allow; limits they state in their
answers come first. Opens nothing: `opening.py` does.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from indexer.feeds.transport.politeness import Key, Politeness


@dataclass(frozen=True, slots=True)
class Feed:
    """One source, or one part of a source that is read by itself."""

    name: str
    protocol: str  # a key of opening.PROTOCOLS
    endpoint: str  # a URL, or a folder on disk
    rate: float  # requests a second
    licence: str  # of the metadata
    about: str  # one line for the docs
    unique: bool = False  # the source itself keeps one record a version
    key: Key | None = None
    source: str = ""  # of its records, where it is not the feed's name
    options: Mapping[str, Any] = field(default_factory=dict)  # of its protocol
    politeness: Politeness = field(default_factory=Politeness)

    @property
    def records_source(self) -> str:
        """The source of its records."""
        return self.source or self.name


_ROWS: Final = (
    #     name, protocol, endpoint, requests a second, licence, about
    Feed(
        "arxiv", "oai_pmh", "https://oaipmh.arxiv.org/oai", 0.3, "CC0-1.0",
        "arXiv over OAI-PMH in its own format: newest version of every paper",
        unique=True, options={"prefix": "arXiv", "slice_days": 7},
    ),
    Feed(
        "arxiv_search", "arxiv_search", "https://export.arxiv.org/api/query", 0.3, "CC0-1.0",
        "arXiv's search in Atom, for a query",
        unique=True, source="arxiv",
    ),
    Feed(
        "openalex", "openalex", "https://api.openalex.org/works", 5.0, "CC0-1.0",
        "OpenAlex's API; changes by date need a key",
        key=Key("SAMEWORK_OPENALEX_KEY", param="api_key"),
    ),
    Feed(
        "openalex_snapshot", "openalex_snapshot", "openalex-snapshot", 0.0, "CC0-1.0",
        "OpenAlex's snapshot, copied to a folder, with its table of merged works",
        source="openalex",
    ),
    Feed(
        "crossref", "crossref", "https://api.crossref.org/works", 5.0, "facts, mostly CC0-1.0",
        "Crossref's API: every DOI it registered",
        unique=True,
    ),
    Feed(
        "crossref_dump", "folder", "crossref-public-data", 0.0, "facts, mostly CC0-1.0",
        "Crossref's public data file, unpacked to a folder",
        unique=True, source="crossref", options={"endings": [".json", ".json.gz", ".jsonl.gz"]},
    ),
    Feed(
        "datacite", "datacite", "https://api.datacite.org/dois", 3.0, "CC0-1.0",
        "DataCite's API: DOIs of repositories, data and preprints",
    ),
    Feed(
        "fatcat", "fatcat_changelog", "https://api.fatcat.wiki/v0", 2.0, "CC0-1.0",
        "Internet Archive's catalogue: every change, redirects and deletions included",
    ),
    Feed(
        "fatcat_search", "fatcat_search", "https://search.fatcat.wiki/fatcat_release/_search",
        1.0, "CC0-1.0", "Internet Archive's search of releases, for a query",
        source="fatcat",
    ),
    Feed(
        "fatcat_dump", "folder", "fatcat-dump", 0.0, "CC0-1.0",
        "Internet Archive's release dump, copied to a folder; active releases only",
        source="fatcat", options={"endings": [".json", ".json.gz", ".jsonl", ".jsonl.gz"]},
    ),
    Feed(
        "core", "core", "https://api.core.ac.uk/v3/search/outputs/", 0.15, "ODC-By",
        "CORE's outputs: what repositories hold, one record a repository",
        key=Key("SAMEWORK_CORE_KEY", header="Authorization", prefix="Bearer "),
    ),
    Feed(
        "semantic_scholar", "semantic_scholar",
        "https://api.semanticscholar.org/graph/v1/paper/search/bulk", 1.0, "ODC-By",
        "Semantic Scholar's bulk search, for a query",
        key=Key("SAMEWORK_S2_KEY", header="x-api-key"),
    ),
    Feed(
        "semantic_scholar_changes", "semantic_scholar_changes",
        "https://api.semanticscholar.org/datasets/v1", 1.0, "ODC-By",
        "Semantic Scholar's data set and its diffs, deletions included",
        key=Key("SAMEWORK_S2_KEY", header="x-api-key"), source="semantic_scholar",
    ),
    Feed(
        "unpaywall", "unpaywall_changes", "https://api.unpaywall.org/feed/changefiles", 1.0,
        "CC0-1.0", "Unpaywall's files of changed DOIs; it speaks for Crossref's DOIs",
        unique=True, key=Key("SAMEWORK_UNPAYWALL_KEY", param="api_key"),
    ),
    Feed(
        "unpaywall_snapshot", "folder", "unpaywall-snapshot", 0.0, "CC0-1.0",
        "Unpaywall's snapshot, copied to a folder",
        unique=True, source="unpaywall", options={"endings": [".jsonl", ".jsonl.gz"]},
    ),
    Feed(
        "dblp", "folder", "dblp", 0.0, "CC0-1.0",
        "DBLP's dump dblp.xml.gz in a folder of its own",
        unique=True, options={"endings": [".xml", ".xml.gz"], "whole": True},
    ),
    Feed(
        "pubmed", "pubmed_changes", "https://ftp.ncbi.nlm.nih.gov/pubmed/updatefiles/", 1.0,
        "facts", "PubMed's daily update files, deletions included",
        unique=True,
    ),
    Feed(
        "pubmed_baseline", "pubmed_changes", "https://ftp.ncbi.nlm.nih.gov/pubmed/baseline/", 1.0,
        "facts", "PubMed's yearly baseline; read it before the update files",
        unique=True, source="pubmed",
    ),
    Feed(
        "papers_with_code", "folder", "papers-with-code", 0.0, "CC-BY-SA-4.0",
        "Papers with Code's dump papers-with-abstracts.json.gz in a folder of its own",
        unique=True, options={"endings": [".json", ".json.gz"], "whole": True},
    ),
)  # fmt: skip
FEEDS: Final[Mapping[str, Feed]] = {feed.name: feed for feed in _ROWS}
