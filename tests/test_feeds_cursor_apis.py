"""The cursor APIs against servers on loopback that page as each source documents it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from indexer.errors import FeedError, FeedUnavailable
from indexer.feeds.protocols.pages import Page, Window
from indexer.feeds.reading.tombstones import MERGED_INTO
from tests.servers import cursor_apis
from tests.servers.cursor_apis import json_reply, made_rows
from tests.servers.loopback import Ask, Reply
from tests.servers.opened import ALL, APIS, NAMES, ids, opened


@pytest.mark.parametrize(("name", "server", "shape"), APIS, ids=NAMES)
def test_a_list_is_read_to_its_end(name: str, server: Any, shape: str) -> None:
    with opened(name, server(made_rows(shape, 23), 5)) as (reader, _):
        pages = list(reader.pages(None, ALL))

    assert len(set(ids(pages))) == len(ids(pages)) == 23
    assert pages[-1].last
    assert pages[-1].missing == 0
    assert all(r.title for page in pages for r in page.records)
    assert {r.source for page in pages for r in page.records} == {
        "arxiv" if shape == "arxiv" else shape
    }


@pytest.mark.parametrize(("name", "server", "shape"), APIS, ids=NAMES)
def test_a_list_goes_on_from_every_cursor(name: str, server: Any, shape: str) -> None:
    """Crossref alone begins again: its cursor is no place; what comes twice changes nothing."""
    rows = made_rows(shape, 12)
    with opened(name, server(rows, 5)) as (reader, _):
        pages = list(reader.pages(None, ALL))
    for place, page in enumerate(pages[:-1]):
        with opened(name, server(rows, 5)) as (reader, _):
            rest = list(reader.pages(page.cursor_after, ALL))
        assert set(ids(pages[: place + 1])) | set(ids(rest)) == set(ids(pages))
        assert rest[-1].last


@pytest.mark.parametrize(("name", "server", "shape"), APIS, ids=NAMES)
def test_an_empty_list_is_whole(name: str, server: Any, shape: str) -> None:
    with opened(name, server([], 5)) as (reader, _):
        pages = list(reader.pages(None, ALL))

    assert ids(pages) == []
    assert pages[-1].last


@pytest.mark.parametrize(("name", "server", "shape"), APIS, ids=NAMES)
def test_a_web_page_or_half_a_page_is_never_the_end(name: str, server: Any, shape: str) -> None:
    inner = server(made_rows(shape, 12), 5)
    for bad in (b"<html><body>Please log in</body></html>", b"", b'{"results": [{"id"', b"{}"):

        def answer(ask: Ask, bad: bytes = bad) -> Reply:
            return inner(ask) if ask.number == 1 else Reply(bad)

        with opened(name, answer) as (reader, _):
            pages = reader.pages(None, ALL)
            first = next(pages)
            with pytest.raises(FeedUnavailable):
                list(pages)
        assert not first.last


@pytest.mark.parametrize(("name", "server", "shape"), APIS, ids=NAMES)
def test_a_bad_page_is_asked_for_once_more(name: str, server: Any, shape: str) -> None:
    inner = server(made_rows(shape, 12), 5)

    def answer(ask: Ask) -> Reply:
        return Reply(b"<html>") if ask.number == 2 else inner(ask)

    with opened(name, answer) as (reader, _):
        assert len(ids(list(reader.pages(None, ALL)))) == 12


@pytest.mark.parametrize("name", ["openalex", "datacite", "crossref"])
def test_a_row_that_cannot_be_used_is_kept_with_its_reason(name: str) -> None:
    server = {n: s for n, s, _ in APIS}[name]
    rows = [*made_rows(name, 3), None, "text", {}, []]

    with opened(name, server(rows, 5)) as (reader, _):
        pages = list(reader.pages(None, ALL))

    rejected = [row for page in pages for row in page.rejected]
    assert len(ids(pages)) == 3
    assert len(rejected) == 4
    assert all(row.reason and row.raw and row.file == name for row in rejected)


def test_numbers_and_text_that_json_forbids_are_read_all_the_same() -> None:
    body = (
        b'{"meta": {"count": 1, "next_cursor": null}, "results": [{"id": '
        b'"https://openalex.org/W1", "title": "a \\ud800 b", "cited": NaN, "big": 1e400, '
        b'"n": 99999999999999999999999}]}'
    )
    with opened("openalex", lambda ask: Reply(b"\xef\xbb\xbf" + body)) as (reader, _):
        pages = list(reader.pages(None, ALL))

    assert pages[0].records[0].title == "a \ufffd b"


def test_a_list_that_comes_round_again_is_noticed() -> None:
    rows = made_rows("openalex", 5)

    def answer(ask: Ask) -> Reply:
        meta = {"count": 100, "next_cursor": "Ils5"}
        return json_reply({"meta": meta, "results": rows})

    with opened("openalex", answer) as (reader, _), pytest.raises(FeedError, match="never end"):
        list(reader.pages(None, ALL))


@pytest.mark.parametrize("empty", [False, True], ids=["the-same-rows", "empty-pages"])
def test_ever_new_cursors_that_bring_nothing_new_end_the_harvest(empty: bool) -> None:
    rows = made_rows("openalex", 5)

    def answer(ask: Ask) -> Reply:
        meta = {"count": 100, "next_cursor": f"Ils{ask.number}"}
        sent = [] if empty and ask.number > 1 else [{**row, "n": ask.number} for row in rows]
        return json_reply({"meta": meta, "results": sent})

    pages: list[Page] = []
    with opened("openalex", answer, idle_pages=4) as (reader, server):
        with pytest.raises(FeedError, match=r"the last 4 pages of .* would never end"):
            pages.extend(reader.pages(None, ALL))  # those before the error stay
        assert len(server.asked) == 5
    assert len(set(ids(pages))) == 5
    assert "asked" not in pages[-1].cursor_after  # the next harvest begins the list anew


def test_a_cursor_that_expired_begins_its_list_again() -> None:
    rows = made_rows("crossref", 12)
    servers = [cursor_apis.crossref(rows, 5), cursor_apis.crossref(rows, 5)]

    def answer(ask: Ask) -> Reply:
        # The second server does not know the cursors of the first.
        inner = servers[0] if ask.number <= 2 else servers[1]
        if ask.number == 3:
            return Reply(b"Resource not found.", 404)
        return inner(ask)

    with opened("crossref", answer) as (reader, _):
        pages = list(reader.pages(None, ALL))

    assert len(set(ids(pages))) == 12
    assert pages[-1].missing == 0


def test_a_list_that_ends_early_says_how_much_is_missing() -> None:
    rows = made_rows("openalex", 12)

    def answer(ask: Ask) -> Reply:
        return json_reply({"meta": {"count": 20, "next_cursor": None}, "results": rows})

    with opened("openalex", answer) as (reader, _):
        pages = list(reader.pages(None, Window(since="2024-01-01")))

    assert pages[-1].missing == 8
    assert pages[-1].cursor_after == {"since": "2024-01-01", "done": True}


@pytest.mark.parametrize(
    ("name", "asked"),
    [
        ("openalex", ("filter", "type:article,from_updated_date:2024-05-01")),
        ("crossref", ("filter", "type:journal-article,from-index-date:2024-05-01")),
        ("datacite", ("query", "x AND updated:[2024-05-01T10:00:00Z TO *]")),
        ("core", ("q", "x AND updatedDate>=2024-05-01")),
    ],
)
def test_a_window_is_asked_for_in_the_source_s_own_words(name: str, asked: tuple[str, str]) -> None:
    server = {n: s for n, s, _ in APIS}[name]
    wanted = {
        "openalex": {"filter": "type:article"},
        "crossref": {"filter": "type:journal-article"},
        "datacite": {"query": "x"},
        "core": {"query": "x"},
    }[name]

    with opened(name, server(made_rows(name, 3), 5), **wanted) as (reader, loopback):
        list(reader.pages(None, Window(since="2024-05-01T10:00:00Z")))

    assert loopback.asked[0].params[asked[0]] == asked[1]


def test_the_next_harvest_reaches_back_behind_the_beginning_of_this_one() -> None:
    """Records that were changed while the list was read are not in it yet."""
    server = cursor_apis.crossref(made_rows("crossref", 3), 5)
    with opened("crossref", server) as (reader, loopback):
        end = list(reader.pages(None, ALL))[-1].cursor_after
        list(reader.pages(end, ALL))

    assert end["done"]
    assert loopback.asked[-2].params["filter"].startswith("from-index-date:")


def test_a_withdrawn_doi_is_a_deletion() -> None:
    with opened("datacite", cursor_apis.datacite(made_rows("datacite", 7), 5)) as (reader, _):
        pages = list(reader.pages(None, ALL))

    gone = [record for page in pages for record in page.deleted]
    assert [record.record_id for record in gone] == ["datacite:10.5555/made.6"]


def test_the_changelog_of_fatcat_tells_changes_redirects_and_deletions() -> None:
    release = made_rows("fatcat", 2)
    ident = release[0]["ident"]
    releases: dict[str, Mapping[str, Any] | None] = {
        ident: {**release[0], "contribs": [{"raw_name": "Ana Ionescu"}], "state": "active"},
        "redirected": {"ident": "redirected", "state": "redirect", "redirect": ident},
        "deleted": {"ident": "deleted", "state": "deleted"},
        "lost": None,
    }
    server = cursor_apis.fatcat_changelog(
        releases, [["before"], [ident], ["redirected", "deleted"], [], ["lost"]]
    )
    with opened("fatcat", server) as (reader, _):
        bootstrap = list(reader.pages(None, ALL))
        pages = list(reader.pages({"index": 1}, ALL))
        again = list(reader.pages(pages[-1].cursor_after, ALL))

    gone = {r.source_id: r for page in pages for r in page.deleted}
    assert bootstrap[-1].cursor_after == {"index": 5}
    assert [r.source_id for page in pages for r in page.records] == [ident]
    assert gone.keys() == {"redirected", "deleted", "lost"}
    assert gone["redirected"].relations[0].kind == MERGED_INTO
    assert gone["redirected"].relations[0].target == f"fatcat:{ident}"
    assert gone["lost"].updated == "2024-05-05T00:00:00Z"
    assert pages[-1].last
    assert ids(again) == []


def test_an_empty_page_in_the_middle_of_arxiv_s_list_is_not_its_end() -> None:
    inner = cursor_apis.arxiv(made_rows("arxiv", 12), 5)
    hollow = cursor_apis.arxiv(made_rows("arxiv", 12), 0)

    def answer(ask: Ask) -> Reply:
        return hollow(ask) if ask.number == 2 else inner(ask)

    with opened("arxiv_search", answer) as (reader, _):
        assert len(ids(list(reader.pages(None, ALL)))) == 12


def test_a_key_is_sent_with_every_page(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SAMEWORK_CORE_KEY", "s3cret")

    with opened("core", cursor_apis.core(made_rows("core", 7), 5)) as (reader, loopback):
        list(reader.pages(None, ALL))

    sent = {ask.headers.get("Authorization") for ask in loopback.asked}
    assert sent == {"Bearer s3cret"}
