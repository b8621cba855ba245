"""
Opening: a feed as a user has set it, and its reader.

    name, settings of a user  ->  Feed  ->  HttpClient, Reader

Settings (`[feeds.NAME]` in samework.toml) replace columns of the registry's row,
options of its protocol and figures of its politeness; a feed of a protocol listed
here may be added by settings alone. A new protocol is one row of PROTOCOLS.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

from indexer.errors import SettingsError
from indexer.feeds.formats.vocabularies import arxiv
from indexer.feeds.protocols.cursor_api import Api, CursorReader
from indexer.feeds.protocols.files.downloads import DownloadReader, Series
from indexer.feeds.protocols.files.folders import SETTLED, AnyFiles, FolderReader
from indexer.feeds.protocols.oai.reader import OaiReader, OaiSettings
from indexer.feeds.protocols.oai.repository import Repository
from indexer.feeds.protocols.pages import Reader
from indexer.feeds.protocols.sources.arxiv import ArxivSearch
from indexer.feeds.protocols.sources.changes import (
    PubmedChanges,
    SemanticScholarChanges,
    UnpaywallChanges,
)
from indexer.feeds.protocols.sources.core import Core
from indexer.feeds.protocols.sources.crossref import Crossref
from indexer.feeds.protocols.sources.datacite import DataCite
from indexer.feeds.protocols.sources.dumps import NumberedFiles, OpenAlexSnapshot
from indexer.feeds.protocols.sources.fatcat import FatcatChangelog, FatcatSearch
from indexer.feeds.protocols.sources.openalex import OpenAlex
from indexer.feeds.protocols.sources.semantic_scholar import SemanticScholar
from indexer.feeds.registry import FEEDS, Feed
from indexer.feeds.transport.http import HttpClient
from indexer.feeds.transport.pace import Hosts
from indexer.feeds.transport.politeness import Key, Politeness


@dataclass(frozen=True, slots=True)
class Opener:
    """How feeds of a protocol are opened, and what docs/feeds.md says of its options."""

    reader: Callable[[Feed, HttpClient], Reader]
    options: str


def _by_cursor(api: Callable[..., Api], options: str) -> Opener:
    """A source that is read page by page; its options are the arguments of *api*."""
    return Opener(
        lambda feed, client: CursorReader(client, api(feed.endpoint, **feed.options)), options
    )


def _by_download(series: Callable[..., Series], options: str, *names: str) -> Opener:
    """A series of files; the options of these *names* are arguments of *series*."""

    def reader(feed: Feed, client: HttpClient) -> Reader:
        given = {name: feed.options[name] for name in names if name in feed.options}
        spool = feed.options.get("spool", "")
        folder = Path(spool) if spool else Path(tempfile.gettempdir()) / f"samework-{feed.name}"
        return DownloadReader(client, series(feed.endpoint, **given), folder)

    return Opener(reader, options)


def _oai_pmh(feed: Feed, client: HttpClient) -> Reader:
    strip = arxiv.source_id if feed.records_source == arxiv.SOURCE else str
    settings = OaiSettings(feed.records_source, source_id=strip, **feed.options)
    return OaiReader(Repository(client, feed.endpoint), settings)


def _folder(feed: Feed, client: HttpClient) -> Reader:
    endings = tuple(feed.options.get("endings", ()))
    layout = NumberedFiles(*endings) if endings else AnyFiles()
    settled = float(feed.options.get("settled", SETTLED))
    whole = bool(feed.options.get("whole", False))
    return FolderReader(feed.source, Path(feed.endpoint), layout, settled, whole)


def _openalex_snapshot(feed: Feed, client: HttpClient) -> Reader:
    source, folder = feed.records_source, Path(feed.endpoint)
    return FolderReader(source, folder, OpenAlexSnapshot(), settled=0.0, whole=True)


_SPOOL: Final = "`spool`: a folder for the files while they are read."
PROTOCOLS: Final[Mapping[str, Opener]] = {
    "oai_pmh": Opener(
        _oai_pmh,
        "`prefix`: metadata format; `set`; `slice_days`: days a list, 0 is one list for all.",
    ),
    "openalex": _by_cursor(
        OpenAlex, "`filter`: OpenAlex's own filter syntax; `size`: works a page."
    ),
    "crossref": _by_cursor(
        Crossref, "`filter`: Crossref's own filter syntax; `size`: works a page."
    ),
    "datacite": _by_cursor(DataCite, "`query`: DataCite's query syntax; `size`: DOIs a page."),
    "core": _by_cursor(Core, "`query`: CORE's query syntax; `size`: outputs a page."),
    "semantic_scholar": _by_cursor(
        SemanticScholar, "`query`: what to search for; the bulk search needs one."
    ),
    "arxiv_search": _by_cursor(
        ArxivSearch, "`query`: arXiv's search syntax; `size`: entries a page."
    ),
    "fatcat_search": _by_cursor(
        FatcatSearch, "`query`: the search engine's syntax; `size`: releases a page."
    ),
    "fatcat_changelog": Opener(
        lambda feed, client: FatcatChangelog(client, feed.endpoint),
        "No options: the changelog is read from where it was left.",
    ),
    "unpaywall_changes": _by_download(
        UnpaywallChanges, f"`interval`: day or week; {_SPOOL}", "interval"
    ),
    "semantic_scholar_changes": _by_download(SemanticScholarChanges, _SPOOL),
    "pubmed_changes": _by_download(PubmedChanges, _SPOOL),
    "folder": Opener(
        _folder,
        "`endings` of names to read; `settled`: seconds a file must rest; `whole`: may be swept.",
    ),
    "openalex_snapshot": Opener(_openalex_snapshot, "No options: the manifest says what is there."),
}


def configured(name: str, settings: Mapping[str, Any] | None = None) -> Feed:
    """
    A feed of the registry as a user's settings change it, or a new one of theirs.

    *settings* names columns of a row, options of its protocol and figures of its
    politeness, side by side.

    Raises:
        SettingsError: a setting is unknown, or a new feed lacks protocol or endpoint.
    """
    given = dict(settings or {})
    feed = FEEDS.get(name) or _own_feed(name, given)
    polite: dict[str, Any] = {}
    columns: dict[str, Any] = {}
    options = dict(feed.options)
    for setting, value in given.items():
        if setting == "key":
            columns["key"] = _key(name, value)
        elif setting in _POLITE:
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
    if urlsplit(feed.endpoint).username is not None:
        raise SettingsError(
            f"feed {name!r} has a name or password in its endpoint; put it into an environment "
            "variable and name that in [feeds.…] key = {variable = …, header = …}"
        )
    rate = polite.get("rate", feed.rate)
    return replace(feed, politeness=replace(feed.politeness, **{**polite, "rate": rate}))


def _own_feed(name: str, given: Mapping[str, Any]) -> Feed:
    """A feed of a user's own, by its settings alone."""
    lacking = [column for column in ("protocol", "endpoint") if not given.get(column)]
    if lacking:
        raise SettingsError(
            f"feed {name!r} is not in the registry and its settings lack "
            f"{' and '.join(lacking)}; known feeds: {', '.join(FEEDS)}"
        )
    return Feed(name, given["protocol"], given["endpoint"], 1.0, "", "")


def _key(name: str, given: Any) -> Key:
    """A key of a user's own feed: {variable, header, prefix} or {variable, param}."""
    known = {"variable", "header", "prefix", "param"}
    if not isinstance(given, Mapping) or not given.get("variable") or not given.keys() <= known:
        raise SettingsError(
            f"feed {name!r} has a key that cannot be used, expected {{variable = "
            "'NAME_IN_THE_ENVIRONMENT', header = … or param = …}, never the key itself"
        )
    return Key(**given)


_POLITE: Final = frozenset(f.name for f in fields(Politeness)) - {"body"}
_COLUMNS: Final = frozenset({"protocol", "endpoint", "licence", "about", "unique", "source"})


def client_of(feed: Feed, hosts: Hosts | None = None) -> HttpClient:
    """The client that a feed reads through; its key goes to its own host alone."""
    host = urlsplit(feed.endpoint).hostname or ""
    keys = {host: feed.key} if feed.key else {}
    return HttpClient(feed.politeness, hosts, keys)


def reader_of(feed: Feed, client: HttpClient) -> Reader:
    """
    The feed, opened.

    Raises:
        SettingsError: it has an option that its protocol does not know.
    """
    try:
        return PROTOCOLS[feed.protocol].reader(feed, client)
    except TypeError as error:
        raise SettingsError(f"feed {feed.name!r}: {error}") from None
