"""
Changes: how Unpaywall, Semantic Scholar and PubMed list their files of changes.

    a list, a diff or a directory on the server  ->  RemoteFile after RemoteFile

`downloads.py` fetches and reads them.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any, Final

from indexer.errors import FeedError
from indexer.feeds.formats.shapes.values import objects, text
from indexer.feeds.protocols.cursor_api import items_of, json_of
from indexer.feeds.protocols.files.downloads import RemoteFile
from indexer.feeds.protocols.pages import Window
from indexer.feeds.transport.http import BadStatus, HttpAnswer, HttpClient

_PUBMED: Final = re.compile(r"\b(pubmed\d\dn\d{4}\.xml\.gz)\b(?!\.md5)")


@dataclass(frozen=True, slots=True)
class UnpaywallChanges:
    """/feed/changefiles?interval=day  ->  files of changed DOIs, oldest first."""

    endpoint: str
    interval: str = "day"
    source: str = "unpaywall"

    def files(self, client: HttpClient, after: str, window: Window) -> list[RemoteFile]:
        """The changefiles behind *after*, or from the window's beginning on."""
        answer = client.get(self.endpoint, {"interval": self.interval})
        listed = []
        for entry in objects(_usable(answer, "list")):
            name, url = text(entry.get("filename")), text(entry.get("url"))
            dated = text(entry.get("from_date")) or text(entry.get("date"))
            lines = entry.get("lines")
            rows = lines if isinstance(lines, int) and lines >= 0 else None
            if name and url and ".jsonl" in name:
                listed.append((dated, name, RemoteFile(name, url, rows)))
        listed.sort(key=lambda entry: entry[:2])
        names = [name for _, name, _ in listed]
        if after in names:
            return [file for _, _, file in listed[names.index(after) + 1 :]]
        if after:
            raise FeedError(
                f"{answer.url} no longer lists {after!r}, the file read last: changes are "
                f"lost; load a new snapshot and begin again with --full"
            )
        return [file for dated, _, file in listed if dated[:10] >= window.since[:10]]


@dataclass(frozen=True, slots=True)
class SemanticScholarChanges:
    """
    /release/latest, /diffs/{release}/to/latest/papers  ->  update and delete files

    Without a cursor the whole data set of the latest release is read.
    """

    endpoint: str  # …/datasets/v1
    dataset: str = "papers"
    source: str = "semantic_scholar"

    def files(self, client: HttpClient, after: str, window: Window) -> list[RemoteFile]:
        """The data set, or the diffs since the release of the file read last."""
        release = after.partition("/")[0]
        if not release:
            return self._whole(client, "latest")
        try:
            answer = client.get(f"{self.endpoint}/diffs/{release}/to/latest/{self.dataset}")
        except BadStatus as error:
            if error.status != 404:
                raise
            return self._behind(self._whole(client, release), after)
        files = self._behind(self._whole(client, release), after) if "data-" in after else []
        for diff in objects(_usable(answer, "diffs")):
            to = text(diff.get("to_release"))
            for kind, gone in (("update", False), ("delete", True)):
                urls = diff.get(f"{kind}_files")
                for number, url in enumerate(urls if isinstance(urls, list) else []):
                    name = f"{to}/{kind}-{number:04d}"
                    files.append(RemoteFile(name, text(url), deletes=gone))
        return files

    def _whole(self, client: HttpClient, release: str) -> list[RemoteFile]:
        if release == "latest":
            said = json_of(client.get(f"{self.endpoint}/release/latest"))
            release = text(said.get("release_id"))
        answer = client.get(f"{self.endpoint}/release/{release}/dataset/{self.dataset}")
        urls = _usable(answer, "files")
        return [RemoteFile(f"{release}/data-{n:04d}", text(url)) for n, url in enumerate(urls)]

    @staticmethod
    def _behind(files: list[RemoteFile], after: str) -> list[RemoteFile]:
        return [file for file in files if file.name > after]


@dataclass(frozen=True, slots=True)
class PubmedChanges:
    """A directory listing of pubmed25n0001.xml.gz … with a checksum beside each file."""

    endpoint: str  # …/pubmed/updatefiles/
    source: str = "pubmed"

    def files(self, client: HttpClient, after: str, window: Window) -> list[RemoteFile]:
        """The numbered files behind *after*; a new year's numbers begin a new baseline."""
        answer = client.get(self.endpoint)
        names = sorted(set(_PUBMED.findall(answer.body.decode("utf-8", "replace"))))
        if not names:
            raise FeedError(f"{answer.url} lists no files of PubMed")
        year, number = names[0][6:8], int(names[0][9:13])
        if after and (after[6:8] != year or int(after[9:13]) + 1 < number):
            raise FeedError(
                f"{answer.url} begins with {names[0]}, the file read last is {after}: load the "
                f"new baseline and begin again with --full"
            )
        base = self.endpoint.rstrip("/")
        return [
            RemoteFile(name, f"{base}/{name}", md5_url=f"{base}/{name}.md5")
            for name in names
            if name > after
        ]


def _usable(answer: HttpAnswer, *path: str) -> list[Any]:
    try:
        return items_of(json_of(answer), *path)
    except ValueError as error:
        raise FeedError(f"{answer.url}: {error}") from None
