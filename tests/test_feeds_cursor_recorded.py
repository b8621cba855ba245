"""What the cursor APIs themselves sent, recorded and served again."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from tests.servers.loopback import Ask, Reply
from tests.servers.opened import ALL, ids, opened


@pytest.mark.parametrize(
    ("name", "file", "path"),
    [
        ("openalex", "openalex/openalexPro_search_cursor__01.json", ()),
        ("crossref", "crossref/test_cursor_max__01.json", ()),
        ("datacite", "datacite/datacite_api.json", ()),
        ("core", "core/fastpaper_core_search.json", ()),
        ("semantic_scholar", "semanticscholar/test_search_paper_bulk_retrieval__01.json", ()),
        ("fatcat_search", "fatcat/elastic_release_search.json", ()),
        ("arxiv_search", "arxiv-atom/q_testing_s0_m100_cfe7536492ca.xml", ()),
    ],
)
def test_a_recorded_answer_of_the_source_is_understood(
    name: str, file: str, path: tuple[str, ...], shared_data: Callable[[str], Any]
) -> None:
    """One page each, as the live service sent it; what follows it is not recorded."""
    body = shared_data(f"feeds/{file}").read_bytes()

    with opened(name, lambda ask: Reply(body)) as (reader, _):
        page = next(iter(reader.pages(None, ALL)))

    assert page.records
    assert not page.rejected
    assert all(replace(r, title="") != r for r in page.records)


def test_consecutive_answers_of_crossref_are_one_list(shared_data: Callable[[str], Any]) -> None:
    """Recorded under one cursor that stays the same; made to end with an empty page."""
    folder = shared_data("feeds/crossref")
    bodies = [(folder / f"test_cursor_max__0{n}.json").read_bytes() for n in (1, 2, 3)]
    empty = b'{"message": {"total-results": 454, "items": [], "next-cursor": "x"}}'

    def answer(ask: Ask) -> Reply:
        return Reply((*bodies, empty)[min(ask.number, 4) - 1])

    with opened("crossref", answer) as (reader, _):
        pages = list(reader.pages(None, ALL))

    assert len(set(ids(pages))) == 60
    assert pages[-1].missing == 454 - 60
