"""OAI-PMH against a provider on loopback: complete, or it says how much is missing."""

from __future__ import annotations

import pytest
from oaipmh_scythe import Scythe
from oaipmh_scythe.models import Record as Seen

from indexer.errors import FeedError
from indexer.feeds.protocols.oai.reader import OaiReader, OaiSettings
from indexer.feeds.protocols.oai.repository import Repository
from indexer.feeds.protocols.pages import Window
from indexer.feeds.transport.http import HttpClient
from tests.servers.harvester import ALL, harvested, ids, polite, reading
from tests.servers.loopback import Ask, Reply, serving
from tests.servers.oai_provider import Item, Provider, made_items


@pytest.mark.parametrize("days_only", [False, True])
@pytest.mark.parametrize("slice_days", [0, 7])
def test_a_harvest_is_complete_in_either_granularity_and_any_slicing(
    days_only: bool, slice_days: int
) -> None:
    items = made_items(40)

    pages = harvested(Provider(items, days_only=days_only), slice_days=slice_days)

    assert sorted(ids(pages)) == sorted(item.identifier for item in items)
    assert len([r for page in pages for r in page.deleted]) == 8
    assert pages[-1].last
    assert (pages[-1].read, pages[-1].complete_size, pages[-1].missing) == (40, 40, 0)


def test_records_carry_identity_date_and_text() -> None:
    page = harvested(Provider(made_items(1)))[0]

    record = page.records[0]
    assert record.record_id == "made:oai:made.example:0"
    assert record.title == "Made title number 0 & its sequel"
    assert record.updated == "2024-01-01T08:00:00Z"
    assert ("oai", "oai:made.example:0") in record.identifiers


def test_a_harvest_goes_on_from_any_cursor_without_gap_or_repetition() -> None:
    """Whoever stored the page and then its cursor may be killed right there."""
    items = made_items(20)
    whole = ids(harvested(Provider(items), slice_days=5))
    with reading(Provider(items), slice_days=5) as (reader, _):
        pages = list(reader.pages(None, ALL))
        for place, page in enumerate(pages[:-1]):
            rest = list(reader.pages(page.cursor_after, ALL))
            assert ids(pages[: place + 1]) + ids(rest) == whole
            assert rest[-1].missing == 0


def test_the_next_harvest_starts_where_the_last_began() -> None:
    """By the repository's own clock, a little earlier, so that nothing falls between."""
    items = made_items(6)
    with reading(Provider(items)) as (reader, server):
        end = list(reader.pages(None, ALL))[-1].cursor_after
        list(reader.pages(end, ALL))

    assert server.asked[-1].params["from"] == "2024-06-01T11:50:00Z"


def test_a_set_with_colons_is_asked_for_as_it_is() -> None:
    items = made_items(10)

    pages = harvested(Provider(items), set="col:odd")

    assert len(ids(pages)) == 5


def test_an_empty_window_is_a_whole_harvest_of_nothing() -> None:
    """Zenodo answers noRecordsMatch with status 422; no error of ours."""
    provider = Provider(made_items(3), error_status=422)

    pages = harvested(provider, Window(since="2030-01-01"))

    assert ids(pages) == []
    assert pages[-1].last
    assert pages[-1].missing == 0


def test_a_last_page_without_a_token_is_believed_only_when_counts_agree() -> None:
    items = made_items(7)

    with reading(Provider(items, closes_list=False)) as (reader, server):
        agreed = list(reader.pages(None, ALL))
    silent = Provider(items, closes_list=False, states_size=False)
    with pytest.raises(FeedError, match="does not list its identifiers to the end"):
        harvested(silent)

    assert agreed[-1].missing == 0
    assert not [ask for ask in server.asked if ask.params["verb"] == "ListIdentifiers"]


def test_a_size_that_lies_is_checked_against_the_identifiers() -> None:
    pages = harvested(Provider(made_items(7), size_error=100))

    assert (pages[-1].read, pages[-1].complete_size) == (7, 7)


def test_records_that_a_list_leaves_out_are_fetched_one_by_one() -> None:
    """Live paging loses records; the identifiers say which."""
    items = made_items(9)
    hidden = frozenset({"oai:made.example:1", "oai:made.example:4"})

    pages = harvested(Provider(items, hidden=hidden))

    assert sorted(ids(pages)) == sorted(item.identifier for item in items)
    assert pages[-1].missing == 0


def test_a_shortfall_that_cannot_be_mended_is_stated_and_read_again_next_time() -> None:
    items = made_items(9)
    hidden = frozenset({"oai:made.example:1"})

    def no_single_records(ask: Ask, body: bytes) -> Reply | None:
        gone = Provider([])._error("idDoesNotExist")
        return Reply(gone) if ask.params["verb"] == "GetRecord" else None

    with reading(Provider(items, hidden=hidden, after=no_single_records)) as (reader, _):
        pages = list(reader.pages(None, ALL))
        again = list(reader.pages(pages[-1].cursor_after, ALL))

    assert pages[-1].missing == 1
    assert ids(again) == ids(pages)


@pytest.mark.parametrize(
    "identifier",
    ["oai:x:a b", 'oai:x:"quoted"', "oai:x:" + "9" * 4000, "hdl:1721.1/5", "oai:x:a/b:c&d", "10"],
)
def test_any_identifier_is_kept_as_it_is(identifier: str) -> None:
    pages = harvested(Provider([Item(identifier, "2024-01-01T00:00:00Z", "A title")]))

    assert ids(pages) == [identifier]


def test_records_without_metadata_or_identifier_are_rejected_with_a_reason() -> None:
    items = [
        Item("", "2024-01-01T00:00:00Z", "A title"),
        Item("oai:x:2", "2024-01-01T00:00:00Z", metadata="<x:odd xmlns:x='urn:x'>a</x:odd>"),
        Item("oai:x:3", "2024-01-01T00:00:00Z", title="", creators=()),
    ]

    page = harvested(Provider(items))[0]

    assert page.records == ()
    reasons = [row.reason for row in page.rejected]
    assert "no identifier" in reasons[0]
    assert "<odd> cannot be read" in reasons[1]
    assert "holds no title" in reasons[2]


def test_a_sweep_lists_what_is_alive_and_refuses_half_a_list() -> None:
    items = made_items(12)
    with reading(Provider(items, deleted_record="no")) as (reader, _):
        alive = set(reader.identifiers(ALL))
    halved = Provider(items, closes_list=False, states_size=False)
    with reading(halved) as (reader, _), pytest.raises(FeedError):
        set(reader.identifiers(ALL))

    assert alive == {item.identifier for item in items if not item.deleted}


def test_an_independent_client_sees_the_same_records() -> None:
    """Our provider speaks the protocol that oaipmh-scythe understands, and so do we."""
    items = made_items(25)
    with serving(Provider(items)) as server:
        with Scythe(server.url + "/oai") as scythe:
            listed = list(scythe.list_records())
            theirs = [record.header.identifier for record in listed if isinstance(record, Seen)]
        with HttpClient(polite(server)) as client:
            reader = OaiReader(Repository(client, server.url + "/oai"), OaiSettings("made"))
            ours = ids(list(reader.pages(None, ALL)))

    assert sorted(ours) == sorted(map(str, theirs))
