"""
The registry of feeds: one row a source; the CLI, the schedule and the docs read it.

    name, settings  ->  Feed  ->  its Reader

A new source is a row here and, where it pages in a way of its own, a class in
`sources/`. Settings of a user (`[feeds.NAME]` in samework.toml) replace any
column; a feed whose `protocol` is oai_pmh, folder … may be added there alone.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields, replace
from datetime import timedelta
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

from indexer.errors import SettingsError
from indexer.feeds.cursor_api import CursorReader
from indexer.feeds.downloads import DownloadReader
from indexer.feeds.folders import SETTLED, AnyFiles, FolderReader
from indexer.feeds.http import Client
from indexer.feeds.oai_pmh import OaiReader, OaiSettings
from indexer.feeds.oai_verbs import Repository
from indexer.feeds.pace import Hosts
from indexer.feeds.pages import Reader
from indexer.feeds.politeness import Key, Politeness
from indexer.feeds.sources.arxiv import ArxivSearch
from indexer.feeds.sources.changes import (
    PubmedChanges,
    SemanticScholarChanges,
    UnpaywallChanges,
)
from indexer.feeds.sources.core import Core
from indexer.feeds.sources.crossref import Crossref
from indexer.feeds.sources.datacite import DataCite
from indexer.feeds.sources.dumps import NumberedFiles, OpenAlexSnapshot
from indexer.feeds.sources.fatcat import FatcatChangelog, FatcatSearch
from indexer.feeds.sources.openalex import OpenAlex
from indexer.feeds.sources.semantic_scholar import SemanticScholar
from indexer.feeds.vocabularies import arxiv


@dataclass(frozen=True, slots=True)
class Feed:
    """One source, or one part of a source that is read by itself."""

    name: str
    protocol: str  # a key of PROTOCOLS
    endpoint: str  # a URL, or a folder on disk
    rate: float  # requests a second
    licence: str  # of the metadata
    about: str  # one line for the docs
    unique: bool = False  # the source itself keeps one record a version
    key: Key | None = None
    source: str = ""  # of its records, where it is not the feed's name
    options: Mapping[str, Any] = field(default_factory=dict)  # of the protocol, see PROTOCOLS
    politeness: Politeness = field(default_factory=Politeness)
    every: timedelta = timedelta(days=1)  # how often a schedule reads it

    @property
    def records_source(self) -> str:
        """The source of its records."""
        return self.source or self.name

    @property
    def is_local(self) -> bool:
        """Whether it reads a folder, and so needs no client."""
        return self.protocol in LOCAL


Opener = Callable[[Feed, Client], Reader]


def _oai_pmh(feed: Feed, client: Client) -> Reader:
    """`prefix`, `set`, `slice_days`: see `oai_pmh.OaiSettings`."""
    strip = arxiv.source_id if feed.records_source == arxiv.SOURCE else str
    settings = OaiSettings(feed.records_source, source_id=strip, **feed.options)
    return OaiReader(Repository(client, feed.endpoint), settings)


def _openalex(feed: Feed, client: Client) -> Reader:
    """`filter`: OpenAlex's own filter syntax; `size`: works a page."""
    return CursorReader(client, OpenAlex(feed.endpoint, **feed.options))


def _crossref(feed: Feed, client: Client) -> Reader:
    """`filter`: Crossref's own filter syntax; `size`: works a page."""
    return CursorReader(client, Crossref(feed.endpoint, **feed.options))


def _datacite(feed: Feed, client: Client) -> Reader:
    """`query`: DataCite's query syntax; `size`: DOIs a page."""
    return CursorReader(client, DataCite(feed.endpoint, **feed.options))


def _core(feed: Feed, client: Client) -> Reader:
    """`query`: CORE's query syntax; `size`: outputs a page."""
    return CursorReader(client, Core(feed.endpoint, **feed.options))


def _semantic_scholar(feed: Feed, client: Client) -> Reader:
    """`query`: what to search for; the bulk search needs one."""
    return CursorReader(client, SemanticScholar(feed.endpoint, **feed.options))


def _arxiv_search(feed: Feed, client: Client) -> Reader:
    """`query`: arXiv's search syntax; `size`: entries a page."""
    return CursorReader(client, ArxivSearch(feed.endpoint, **feed.options))


def _fatcat_search(feed: Feed, client: Client) -> Reader:
    """`query`: the search engine's syntax; `size`: releases a page."""
    return CursorReader(client, FatcatSearch(feed.endpoint, **feed.options))


def _fatcat_changelog(feed: Feed, client: Client) -> Reader:
    """No options: the changelog is read from where it was left."""
    return FatcatChangelog(client, feed.endpoint)


def _unpaywall_changes(feed: Feed, client: Client) -> Reader:
    """`interval`: day or week; `spool`: a folder for the files while they are read."""
    series = UnpaywallChanges(feed.endpoint, feed.options.get("interval", "day"))
    return DownloadReader(client, series, _spool(feed))


def _semantic_scholar_changes(feed: Feed, client: Client) -> Reader:
    """`spool`: a folder for the files while they are read."""
    return DownloadReader(client, SemanticScholarChanges(feed.endpoint), _spool(feed))


def _pubmed_changes(feed: Feed, client: Client) -> Reader:
    """`spool`: a folder for the files while they are read."""
    return DownloadReader(client, PubmedChanges(feed.endpoint), _spool(feed))


def _folder(feed: Feed, client: Client) -> Reader:
    """`endings`: names to read, e.g. [".jsonl.gz"]; `settled`: seconds a file must rest."""
    endings = tuple(feed.options.get("endings", ()))
    layout = NumberedFiles(*endings) if endings else AnyFiles()
    settled = float(feed.options.get("settled", SETTLED))
    return FolderReader(feed.source, Path(feed.endpoint), layout, settled)


def _openalex_snapshot(feed: Feed, client: Client) -> Reader:
    """No options: the manifest says what is there."""
    return FolderReader(feed.records_source, Path(feed.endpoint), OpenAlexSnapshot(), 0.0)


def _spool(feed: Feed) -> Path:
    given = feed.options.get("spool", "")
    return Path(given) if given else Path(tempfile.gettempdir()) / f"samework-{feed.name}"


PROTOCOLS: Final[Mapping[str, Opener]] = {
    "oai_pmh": _oai_pmh,
    "openalex": _openalex,
    "crossref": _crossref,
    "datacite": _datacite,
    "core": _core,
    "semantic_scholar": _semantic_scholar,
    "arxiv_search": _arxiv_search,
    "fatcat_search": _fatcat_search,
    "fatcat_changelog": _fatcat_changelog,
    "unpaywall_changes": _unpaywall_changes,
    "semantic_scholar_changes": _semantic_scholar_changes,
    "pubmed_changes": _pubmed_changes,
    "folder": _folder,
    "openalex_snapshot": _openalex_snapshot,
}
LOCAL: Final = frozenset({"folder", "openalex_snapshot"})


def _row(*columns: Any, **more: Any) -> Feed:
    return Feed(*columns, **more)


_ROWS: Final = (
    #     name, protocol, endpoint, requests a second, licence, about
    _row(
        "arxiv", "oai_pmh", "https://oaipmh.arxiv.org/oai", 0.3, "CC0-1.0",
        "arXiv over OAI-PMH in its own format: newest version of every paper",
        unique=True, options={"prefix": "arXiv", "slice_days": 7},
    ),
    _row(
        "arxiv_search", "arxiv_search", "https://export.arxiv.org/api/query", 0.3, "CC0-1.0",
        "arXiv's search in Atom, for a query",
        unique=True, source="arxiv",
    ),
    _row(
        "openalex", "openalex", "https://api.openalex.org/works", 5.0, "CC0-1.0",
        "OpenAlex's API; changes by date need a key",
        key=Key("SAMEWORK_OPENALEX_KEY", param="api_key"),
    ),
    _row(
        "openalex_snapshot", "openalex_snapshot", "openalex-snapshot", 0.0, "CC0-1.0",
        "OpenAlex's snapshot, copied to a folder, with its table of merged works",
        source="openalex",
    ),
    _row(
        "crossref", "crossref", "https://api.crossref.org/works", 5.0, "facts, mostly CC0-1.0",
        "Crossref's API: every DOI it registered",
        unique=True,
    ),
    _row(
        "crossref_dump", "folder", "crossref-public-data", 0.0, "facts, mostly CC0-1.0",
        "Crossref's public data file, unpacked to a folder",
        unique=True, source="crossref", options={"endings": [".json", ".json.gz", ".jsonl.gz"]},
    ),
    _row(
        "datacite", "datacite", "https://api.datacite.org/dois", 3.0, "CC0-1.0",
        "DataCite's API: DOIs of repositories, data and preprints",
    ),
    _row(
        "fatcat", "fatcat_changelog", "https://api.fatcat.wiki/v0", 2.0, "CC0-1.0",
        "Internet Archive's catalogue: every change, redirects and deletions included",
    ),
    _row(
        "fatcat_search", "fatcat_search", "https://search.fatcat.wiki/fatcat_release/_search",
        1.0, "CC0-1.0", "Internet Archive's search of releases, for a query",
        source="fatcat",
    ),
    _row(
        "fatcat_dump", "folder", "fatcat-dump", 0.0, "CC0-1.0",
        "Internet Archive's release dump, copied to a folder; active releases only",
        source="fatcat", options={"endings": [".json", ".json.gz", ".jsonl", ".jsonl.gz"]},
    ),
    _row(
        "core", "core", "https://api.core.ac.uk/v3/search/outputs/", 0.15, "ODC-By",
        "CORE's outputs: what repositories hold, one record a repository",
        key=Key("SAMEWORK_CORE_KEY", header="Authorization", prefix="Bearer "),
    ),
    _row(
        "semantic_scholar", "semantic_scholar",
        "https://api.semanticscholar.org/graph/v1/paper/search/bulk", 1.0, "ODC-By",
        "Semantic Scholar's bulk search, for a query",
        key=Key("SAMEWORK_S2_KEY", header="x-api-key"),
    ),
    _row(
        "semantic_scholar_changes", "semantic_scholar_changes",
        "https://api.semanticscholar.org/datasets/v1", 1.0, "ODC-By",
        "Semantic Scholar's data set and its diffs, deletions included",
        key=Key("SAMEWORK_S2_KEY", header="x-api-key"), source="semantic_scholar",
        every=timedelta(days=7),
    ),
    _row(
        "unpaywall", "unpaywall_changes", "https://api.unpaywall.org/feed/changefiles", 1.0,
        "CC0-1.0", "Unpaywall's files of changed DOIs; it speaks for Crossref's DOIs",
        unique=True, key=Key("SAMEWORK_UNPAYWALL_KEY", param="api_key"),
    ),
    _row(
        "unpaywall_snapshot", "folder", "unpaywall-snapshot", 0.0, "CC0-1.0",
        "Unpaywall's snapshot, copied to a folder",
        unique=True, source="unpaywall", options={"endings": [".jsonl", ".jsonl.gz"]},
    ),
    _row(
        "dblp", "folder", "dblp", 0.0, "CC0-1.0",
        "DBLP's dump dblp.xml.gz in a folder of its own",
        unique=True, options={"endings": [".xml", ".xml.gz"]},
    ),
    _row(
        "pubmed", "pubmed_changes", "https://ftp.ncbi.nlm.nih.gov/pubmed/updatefiles/", 1.0,
        "facts", "PubMed's daily update files, deletions included",
        unique=True,
    ),
    _row(
        "pubmed_baseline", "pubmed_changes", "https://ftp.ncbi.nlm.nih.gov/pubmed/baseline/", 1.0,
        "facts", "PubMed's yearly baseline; read it before the update files",
        unique=True, source="pubmed", every=timedelta(days=365),
    ),
    _row(
        "papers_with_code", "folder", "papers-with-code", 0.0, "CC-BY-SA-4.0",
        "Papers with Code's dump papers-with-abstracts.json.gz in a folder of its own",
        unique=True, options={"endings": [".json", ".json.gz"]},
    ),
)  # fmt: skip
FEEDS: Final[Mapping[str, Feed]] = {feed.name: feed for feed in _ROWS}


def configured(name: str, settings: Mapping[str, Any] | None = None) -> Feed:
    """
    A feed of the registry as a user's settings change it, or a new one of theirs.

    *settings* names columns of a row, options of its protocol and figures of its
    politeness, side by side.

    Raises:
        SettingsError: a setting is unknown, or a new feed lacks protocol or endpoint.
    """
    given = dict(settings or {})
    feed = FEEDS.get(name)
    if feed is None:
        lacking = [column for column in ("protocol", "endpoint") if not given.get(column)]
        if lacking:
            known = ", ".join(FEEDS)
            raise SettingsError(
                f"feed {name!r} is not in the registry and its settings lack "
                f"{' and '.join(lacking)}; known feeds: {known}"
            )
        feed = Feed(name, given["protocol"], given["endpoint"], 1.0, "", "")
    polite: dict[str, Any] = {}
    columns: dict[str, Any] = {}
    options = dict(feed.options)
    for setting, value in given.items():
        if setting in _POLITE:
            polite[setting] = frozenset(value) if setting == "private_hosts" else value
        elif setting in _COLUMNS:
            columns[setting] = value
        else:
            options[setting] = value
    if columns.get("protocol", feed.protocol) not in PROTOCOLS:
        raise SettingsError(
            f"feed {name!r} has the protocol {columns.get('protocol')!r}; "
            f"known protocols: {', '.join(PROTOCOLS)}"
        )
    feed = replace(feed, options=options, **columns)
    rate = feed.rate if "rate" not in polite else polite["rate"]
    return replace(feed, politeness=replace(feed.politeness, **{**polite, "rate": rate}))


_POLITE: Final = frozenset(f.name for f in fields(Politeness)) - {"body"}
_COLUMNS: Final = frozenset({"protocol", "endpoint", "licence", "about", "unique", "source"})


def client_of(feed: Feed, hosts: Hosts | None = None) -> Client:
    """The client that a feed reads through; its key goes to its own host alone."""
    host = urlsplit(feed.endpoint).hostname or ""
    keys = {host: feed.key} if feed.key else {}
    return Client(feed.politeness, hosts, keys)


def reader_of(feed: Feed, client: Client) -> Reader:
    """
    The feed, opened.

    Raises:
        SettingsError: it has an option that its protocol does not know.
    """
    try:
        return PROTOCOLS[feed.protocol](feed, client)
    except TypeError as error:
        raise SettingsError(f"feed {feed.name!r}: {error}") from None
