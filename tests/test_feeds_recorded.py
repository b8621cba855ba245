"""OAI-PMH as live repositories answered it: their recorded pages, served again on loopback."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from indexer.errors import FeedError
from indexer.feeds.formats.vocabularies import arxiv
from indexer.feeds.protocols.oai.reader import OaiReader, OaiSettings
from indexer.feeds.protocols.oai.repository import OaiError, Repository
from indexer.feeds.protocols.pages import Page, Window
from indexer.feeds.transport.http import HttpClient
from indexer.feeds.transport.politeness import Politeness
from tests.servers.loopback import Ask, Reply, serving

ALL = Window()


@contextmanager
def repository(
    folder: Path, answers: dict[tuple[str, str], str], status: int = 200
) -> Iterator[Repository]:
    """(verb, token or "") -> file; errors are sent with *status*, as Zenodo sends 422."""

    def answer(ask: Ask) -> Reply:
        token = ask.params.get("resumptionToken", "")
        name = answers.get((ask.params["verb"], token))
        if name is None:
            return Reply(b"not recorded", 404)
        body = (folder / name).read_bytes()
        return Reply(body, status if b"<error" in body else 200, {"Content-Type": "text/xml"})

    with serving(answer) as server:
        polite = Politeness(
            rate=0, attempts=2, first_wait=0.01, private_hosts=frozenset({server.host})
        )
        with HttpClient(polite) as client:
            yield Repository(client, server.url + "//oai/request")


@pytest.fixture
def folder(shared_data: Callable[[str], Path]) -> Path:
    return shared_data("feeds/oai-pmh")


def token_of(path: Path) -> str:
    found = re.search(r"<resumptionToken[^>]*>([^<]*)<", path.read_text("utf-8"))
    assert found
    return found.group(1).replace("&amp;", "&")


def ids(pages: list[Page]) -> list[str]:
    return [r.source_id for page in pages for r in (*page.records, *page.deleted)]


def test_a_list_whose_last_page_has_no_token_and_whose_size_counts_pages(folder: Path) -> None:
    pages_of = [f"tethys_list-records_{n}.xml" for n in (1, 2, 3)]
    tokens = ["", token_of(folder / pages_of[0]), token_of(folder / pages_of[1])]
    answers = {("ListRecords", token): name for token, name in zip(tokens, pages_of, strict=True)}
    answers["Identify", ""] = "tethys_identify.xml"

    with repository(folder, answers) as tethys:
        pages = list(OaiReader(tethys, OaiSettings("tethys")).pages(None, ALL))

    assert ids(pages) == [f"oai:tethys.at:{n}" for n in range(1, 10)]
    assert pages[-1].last
    assert pages[-1].missing == 0


def test_errors_sent_with_another_status_are_read(folder: Path) -> None:
    answers = {
        ("Identify", ""): "zenodo2026_identify__03.xml",
        ("ListRecords", ""): "zenodo2026_list_records__03.xml",
        ("ListRecords", "XXX"): "zenodo2026_list_records__11.xml",
    }
    with repository(folder, answers, 422) as zenodo:
        reader = OaiReader(zenodo, OaiSettings("zenodo"))
        empty = list(reader.pages(None, Window(since="2030-01-01")))
        with pytest.raises(OaiError, match="badResumptionToken"):
            list(zenodo.walk("ListRecords", {}, "XXX"))

    assert ids(empty) == []
    assert empty[-1].last


def test_a_list_without_sizes_ends_doubtfully(folder: Path) -> None:
    """Aleph: a token, then a page without one, and no size anywhere: not believed."""
    first = folder / "mzk_ListRecords1.xml"
    answers = {
        ("Identify", ""): "zenodo2026_identify__03.xml",
        ("ListRecords", ""): "mzk_ListRecords1.xml",
        ("ListRecords", token_of(first)): "mzk_ListRecords2.xml",
    }
    with repository(folder, answers) as aleph:
        reader = OaiReader(aleph, OaiSettings("mzk", prefix="marc21"))
        pages = reader.pages(None, ALL)
        got = [next(pages), next(pages)]
        with pytest.raises(FeedError):
            list(pages)

    assert len(ids(got)) == 11
    assert all(record.title for page in got for record in page.records)


def test_four_pages_of_identifiers_with_slashes_in_their_tokens(folder: Path) -> None:
    names = [f"nsdl_GoodResponseFourPage_{n}.xml" for n in (1, 2, 3, 4)]
    tokens = ["", *(token_of(folder / name) for name in names[:3])]
    answers = {("ListIdentifiers", t): name for t, name in zip(tokens, names, strict=True)}

    with repository(folder, answers) as nsdl:
        found = list(OaiReader(nsdl, OaiSettings("nsdl")).identifiers(ALL))

    assert len(set(found)) == 733


def test_a_deleted_header_is_a_tombstone(folder: Path) -> None:
    answers = {
        ("Identify", ""): "zenodo2026_identify__03.xml",
        ("ListRecords", ""): "dspace-mit_list-records-include-deleted__01.xml",
    }
    with repository(folder, answers) as dspace:
        pages = list(OaiReader(dspace, OaiSettings("mit")).pages(None, ALL))

    assert [r.deleted for page in pages for r in page.deleted] == [True]
    assert pages[-1].last


def test_arxiv_s_records_are_named_by_their_own_ids(folder: Path) -> None:
    """The page was cut from a longer list: its size is not what was read."""
    answers = {
        ("Identify", ""): "zenodo2026_identify__03.xml",
        ("ListRecords", ""): "arxiv-physics-hep-ex.xml",
    }
    settings = OaiSettings("arxiv", prefix="arXiv", source_id=arxiv.source_id)
    with repository(folder, answers) as oai:
        page = next(iter(OaiReader(oai, settings).pages(None, ALL)))

    assert page.records[0].record_id == "arxiv:1706.05371"
    assert page.records[0].authors[0].family == "Anderson"


@pytest.mark.parametrize("name", ["zenodo2024_identify__02.html", "sickle_ListRecordsBroken.xml"])
def test_what_is_no_oai_pmh_is_an_error(name: str, folder: Path) -> None:
    with repository(folder, {("Identify", ""): name}) as nowhere, pytest.raises(FeedError):
        nowhere.identify()
