"""Series of files on a server: applied in order, whole, deletions included."""

from __future__ import annotations

import gzip
import hashlib
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from indexer.errors import FeedError, FeedUnavailable
from indexer.feeds.opening import client_of, configured, reader_of
from indexer.feeds.protocols.pages import Cursor, Page, Window
from tests.servers.cursor_apis import json_reply
from tests.servers.loopback import Ask, Reply, serving

ALL = Window()
QUICK: Mapping[str, Any] = {"rate": 0, "attempts": 2, "first_wait": 0.01, "longest_wait": 0.05}


def lines(rows: list[Any]) -> bytes:
    return b"".join(json.dumps(row).encode() + b"\n" for row in rows)


def ids(pages: list[Page]) -> list[str]:
    return [r.record_id for page in pages for r in (*page.records, *page.deleted)]


class Files:
    """A server of files of changes; all made."""

    def __init__(self, files: Mapping[str, bytes]) -> None:
        self.files = dict(files)
        self.cut: set[str] = set()

    def __call__(self, ask: Ask) -> Reply:
        name = ask.path.rpartition("/")[2]
        if name.endswith(".md5"):
            digest = hashlib.md5(self.files[name[:-4]], usedforsecurity=False).hexdigest()
            return Reply(f"MD5({name[:-4]})= {digest}\n".encode())
        if name in self.files:
            body = self.files[name]
            return Reply(body[: len(body) // 2] if name in self.cut else body)
        return self.listing(ask)

    def listing(self, ask: Ask) -> Reply:
        links = "".join(f'<a href="{n}">{n}</a> <a href="{n}.md5">{n}.md5</a>' for n in self.files)
        return Reply(f"<html>{links}</html>".encode())


def remote(
    name: str, files: Files, spool: Path, cursor: Cursor | None = None, path: str = "/list/"
) -> tuple[list[Page], int]:
    with serving(files) as server:
        places = {"endpoint": server.url + path, "private_hosts": [server.host]}
        feed = configured(name, {**QUICK, **places, "spool": str(spool)})
        with client_of(feed) as client:
            pages = list(reader_of(feed, client).pages(cursor, ALL))
    return pages, len(server.asked)


def pubmed(*numbers: int, deleted: str = "") -> bytes:
    articles = "".join(
        f'<PubmedArticle><MedlineCitation><PMID Version="1">{n}</PMID><Article><Journal>'
        f"<Title>Made J</Title></Journal><ArticleTitle>Made title {n}.</ArticleTitle></Article>"
        "</MedlineCitation></PubmedArticle>"
        for n in numbers
    )
    gone = f"<DeleteCitation><PMID>{deleted}</PMID></DeleteCitation>" if deleted else ""
    return gzip.compress(
        b'<?xml version="1.0" encoding="utf-8"?>\n<!DOCTYPE PubmedArticleSet SYSTEM '
        b'"http://dtd.nlm.nih.gov/ncbi/pubmed/out/pubmed_250101.dtd">\n'
        + f"<PubmedArticleSet>{articles}{gone}</PubmedArticleSet>".encode()
    )


def test_update_files_of_pubmed_are_applied_in_order_deletions_included(tmp_path: Path) -> None:
    files = Files(
        {
            "pubmed25n1276.xml.gz": pubmed(3, deleted="1"),
            "pubmed25n1275.xml.gz": pubmed(1, 2),
        }
    )

    pages, _ = remote("pubmed", files, tmp_path)
    files.files["pubmed25n1277.xml.gz"] = pubmed(4)
    later, _ = remote("pubmed", files, tmp_path, pages[-1].cursor_after)

    assert ids(pages) == ["pubmed:1", "pubmed:2", "pubmed:3", "pubmed:1"]
    assert [r.deleted for page in pages for r in (*page.records, *page.deleted)][-1]
    assert ids(later) == ["pubmed:4"]
    assert list(tmp_path.iterdir()) == []


def test_a_gap_in_the_update_files_is_an_error(tmp_path: Path) -> None:
    files = Files({"pubmed25n1280.xml.gz": pubmed(1)})

    with pytest.raises(FeedError, match="load the new baseline"):
        remote("pubmed", files, tmp_path, {"after": "pubmed25n1275.xml.gz"})


def test_a_file_with_another_checksum_is_not_read(tmp_path: Path) -> None:
    files = Files({"pubmed25n1275.xml.gz": pubmed(1)})
    files.cut.add("pubmed25n1275.xml.gz")

    with pytest.raises(FeedUnavailable, match="checksum"):
        remote("pubmed", files, tmp_path)

    assert list(tmp_path.iterdir()) == []


class Unpaywall(Files):
    """/feed/changefiles: names, dates and lines of the files."""

    def listing(self, ask: Ask) -> Reply:
        host = ask.headers["Host"]
        return json_reply(
            {
                "list": [
                    {
                        "filename": name,
                        "from_date": f"2024-05-{position + 1:02d}T00:00:00",
                        "lines": gzip.decompress(body).count(b"\n"),
                        "url": f"http://{host}/feed/changefiles/{name}",
                    }
                    for position, (name, body) in reversed(list(enumerate(self.files.items())))
                ]
            }
        )


def unpaywall(count: int, start: int = 0) -> bytes:
    rows = [
        {
            "doi": f"10.5555/made.{n}",
            "doi_url": f"https://doi.org/10.5555/made.{n}",
            "is_oa": False,
            "title": f"Made work {n}",
            "oa_locations": [],
            "updated": "2024-05-01T00:00:00",
        }
        for n in range(start, start + count)
    ]
    return gzip.compress(lines(rows))


def test_changefiles_of_unpaywall_are_applied_oldest_first(tmp_path: Path) -> None:
    files = Unpaywall({"b.jsonl.gz": unpaywall(3), "a.jsonl.gz": unpaywall(700, 3)})

    pages, _ = remote("unpaywall", files, tmp_path, path="/feed/changefiles")
    middle = next(page for page in pages if "begun" in page.cursor_after)
    rest, _ = remote("unpaywall", files, tmp_path, middle.cursor_after, "/feed/changefiles")
    after, asked = remote("unpaywall", files, tmp_path, pages[-1].cursor_after, "/feed/changefiles")

    assert ids(pages) == [f"unpaywall:10.5555/made.{n}" for n in range(703)]
    assert pages[-1].missing == 0
    assert len(ids(rest)) == 200
    assert (ids(after), asked) == ([], 1)


def test_a_changefile_with_fewer_lines_than_listed_says_so(tmp_path: Path) -> None:
    files = Unpaywall({"a.jsonl.gz": unpaywall(5)})
    whole = files.listing

    def listing(ask: Ask) -> Reply:
        return Reply(whole(ask).body.replace(b'"lines": 5', b'"lines": 8'))

    files.listing = listing  # type: ignore[method-assign]
    pages, _ = remote("unpaywall", files, tmp_path, path="/feed/changefiles")

    assert pages[-1].missing == 3


class Datasets(Files):
    """Semantic Scholar's data sets: a release of two files, and a diff to the next."""

    def listing(self, ask: Ask) -> Reply:
        base = f"http://{ask.headers['Host']}/files/"
        if ask.path.endswith("/release/latest"):
            return json_reply({"release_id": "2024-05-07"})
        if "/dataset/" in ask.path:
            return json_reply({"name": "papers", "files": [base + "d0.gz", base + "d1.gz"]})
        return json_reply(
            {
                "start_release": "2024-05-07",
                "end_release": "2024-05-14",
                "diffs": [
                    {
                        "from_release": "2024-05-07",
                        "to_release": "2024-05-14",
                        "update_files": [base + "u.gz"],
                        "delete_files": [base + "x.gz"],
                    }
                ],
            }
        )


def test_diffs_of_semantic_scholar_bring_updates_and_deletions(tmp_path: Path) -> None:
    rows = [{"corpusid": n, "title": f"Made work {n}", "externalids": {}} for n in range(1, 7)]
    files = Datasets(
        {
            "d0.gz": gzip.compress(lines(rows[:2])),
            "d1.gz": gzip.compress(lines(rows[2:4])),
            "u.gz": gzip.compress(lines(rows[3:5])),
            "x.gz": gzip.compress(lines([{"corpusid": 1}])),
        }
    )
    name, path = "semantic_scholar_changes", "/datasets/v1"

    whole, _ = remote(name, files, tmp_path, path=path)
    diff, _ = remote(name, files, tmp_path, whole[-1].cursor_after, path)

    assert ids(whole) == [f"semantic_scholar:{n}" for n in range(1, 5)]
    assert [r.source_id for page in diff for r in page.records] == ["4", "5"]
    assert [r.source_id for page in diff for r in page.deleted] == ["1"]
    assert diff[-1].cursor_after == {"after": "2024-05-14/delete-0000"}
