"""The registry: every row opens, says what it is, and treats its host politely."""

from __future__ import annotations

from dataclasses import fields

import pytest

from indexer.feeds.opening import PROTOCOLS, client_of, configured, reader_of
from indexer.feeds.page import FIGURES
from indexer.feeds.protocols.pages import Sweeper
from indexer.feeds.registry import FEEDS
from indexer.feeds.transport.politeness import Politeness

ASKED_FOR = {
    *("arxiv", "arxiv_search", "openalex", "openalex_snapshot", "crossref", "crossref_dump"),
    *("datacite", "fatcat", "fatcat_search", "fatcat_dump", "core", "semantic_scholar"),
    *("semantic_scholar_changes", "unpaywall", "unpaywall_snapshot", "dblp", "pubmed"),
    *("pubmed_baseline", "papers_with_code"),
}


@pytest.mark.parametrize("name", FEEDS)
def test_every_feed_opens_and_says_what_it_is(name: str) -> None:
    feed = configured(name)

    with client_of(feed) as client:
        reader = reader_of(feed, client)

    assert callable(reader.pages)
    assert feed.protocol in PROTOCOLS
    assert feed.about
    assert feed.licence
    remote = feed.endpoint.startswith("http")
    assert not remote or feed.endpoint.startswith("https://")
    assert not remote or 0 < feed.politeness.rate <= 10


def test_the_sources_of_the_seeds_are_all_there() -> None:
    assert set(FEEDS) >= ASKED_FOR


def test_every_protocol_says_which_options_it_takes() -> None:
    """The docs are made of these lines."""
    assert all(opener.options for opener in PROTOCOLS.values())


def test_every_figure_of_politeness_is_explained() -> None:
    assert {figure.name for figure in fields(Politeness)} == {*FIGURES, "body"}


def test_settings_replace_columns_options_and_figures() -> None:
    feed = configured(
        "arxiv", {"set": "cs", "rate": 0.1, "contact": "me@made.example", "endpoint": "https://x/"}
    )

    assert feed.options["set"] == "cs"
    assert feed.options["prefix"] == "arXiv"
    assert (feed.politeness.rate, feed.politeness.contact) == (0.1, "me@made.example")
    assert feed.endpoint == "https://x/"


def test_a_repository_of_one_s_own_needs_settings_alone() -> None:
    feed = configured(
        "library", {"protocol": "oai_pmh", "endpoint": "https://lib.made.example/oai"}
    )

    with client_of(feed) as client:
        assert isinstance(reader_of(feed, client), Sweeper)
    assert feed.records_source == "library"
