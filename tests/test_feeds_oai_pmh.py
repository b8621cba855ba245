"""OAI-PMH against a provider on loopback: complete, or it says how much is missing."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

import pytest
from oaipmh_scythe import Scythe
from oaipmh_scythe.models import Record as Seen

from indexer.errors import FeedError, FeedUnavailable
from indexer.feeds.http import Client
from indexer.feeds.oai_pmh import OaiReader, OaiSettings
from indexer.feeds.oai_verbs import OaiError, Repository
from indexer.feeds.pages import Page, Window
from indexer.feeds.politeness import Politeness
from tests.servers.loopback import Ask, Reply, Server, serving
from tests.servers.oai_provider import Item, Provider, made_items

ALL = Window()


def polite(server: Server) -> Politeness:
    return Politeness(
        rate=0,
        attempts=3,
        first_wait=0.01,
        longest_wait=0.05,
        private_hosts=frozenset({server.host}),
    )


@contextmanager
def reading(provider: Provider, **settings: object) -> Iterator[tuple[OaiReader, Server]]:
    with serving(provider) as server, Client(polite(server)) as client:
        asked = OaiSettings(source="made", **settings)  # type: ignore[arg-type]
        yield OaiReader(Repository(client, server.url + "/oai"), asked), server


def harvested(provider: Provider, window: Window = ALL, **settings: object) -> list[Page]:
    with reading(provider, **settings) as (reader, _):
        return list(reader.pages(None, window))


def ids(pages: list[Page]) -> list[str]:
    return [r.source_id for page in pages for r in (*page.records, *page.deleted)]


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


def test_an_expired_token_costs_one_slice_and_no_record() -> None:
    items = made_items(9)
    provider = Provider(items)

    def expire_once(ask: Ask, body: bytes) -> Reply | None:
        token = ask.params.get("resumptionToken", "")
        if ask.number == 4 and token:
            return Reply(provider._error("badResumptionToken"))
        return None

    provider.after = expire_once
    pages = harvested(provider)

    assert set(ids(pages)) == {item.identifier for item in items}
    assert (pages[-1].read, pages[-1].missing) == (9, 0)


def test_a_token_that_always_expires_is_an_error_not_an_end() -> None:
    provider = Provider(made_items(9))
    provider.after = lambda ask, body: (
        Reply(provider._error("badResumptionToken")) if "resumptionToken" in ask.params else None
    )

    with pytest.raises(OaiError, match="badResumptionToken"):
        harvested(provider)


@pytest.mark.parametrize("cycle", [1, 2])
def test_tokens_that_run_in_a_circle_are_noticed(cycle: int) -> None:
    """The same token for ever, and A, B, A: a harvest that would never end."""
    provider = Provider(made_items(30))

    def circle(ask: Ask, body: bytes) -> Reply | None:
        token = ask.params.get("resumptionToken")
        if token is None:
            return None
        first = provider._list("ListRecords", {"metadataPrefix": "oai_dc"})
        offset = 3 if cycle == 1 or "|6|" in token else 6
        return Reply(first.replace(b"|3|", f"|{offset}|".encode()))

    provider.after = circle
    with pytest.raises(FeedError, match="would never end"):
        harvested(provider)


def test_no_records_in_the_middle_of_a_list_is_not_its_end() -> None:
    provider = Provider(made_items(9))

    def stumble(ask: Ask, body: bytes) -> Reply | None:
        second = "|6|" in ask.params.get("resumptionToken", "")
        listing = ask.params["verb"] == "ListRecords"
        return Reply(provider._error("noRecordsMatch")) if second and listing else None

    provider.after = stumble
    pages = harvested(provider)

    assert set(ids(pages)) == {item.identifier for item in made_items(9)}


def test_a_page_cut_off_is_asked_for_again() -> None:
    once: list[int] = []

    def cut_once(ask: Ask, body: bytes) -> Reply | None:
        if "resumptionToken" in ask.params and not once:
            once.append(ask.number)
            return Reply(body[: len(body) // 2])
        return None

    pages = harvested(Provider(made_items(9), after=cut_once))

    assert len(set(ids(pages))) == 9
    assert not any(page.damaged for page in pages)


def test_a_page_that_stays_cut_off_is_never_the_end_of_the_list() -> None:
    """A recovering parser reads half the records, finds no token and calls it the end."""

    def cut_always(ask: Ask, body: bytes) -> Reply | None:
        return Reply(body[: len(body) // 2]) if "resumptionToken" in ask.params else None

    with reading(Provider(made_items(9), after=cut_always)) as (reader, _):
        pages = reader.pages(None, ALL)
        first = next(pages)
        with pytest.raises(FeedUnavailable, match="cut off"):
            list(pages)
    with reading(Provider(made_items(9))) as (reader, _):
        rest = list(reader.pages(first.cursor_after, ALL))

    assert len(set(ids([first, *rest]))) == 9


BROKEN = {
    "a control character": (b"number 4", b"number \x01 4", 0),
    "a forbidden character reference": (b"number 4", b"number &#x1a; 4", 0),
    "a bare ampersand": (b"number 4", b"number 4 & more", 0),
    "an undeclared entity": (b"number 4", b"number&nbsp;4", 0),
    "Latin-1 in UTF-8": (b"number 4", "numéro 4".encode("latin-1"), 0),
    "a lost end tag": (b"number 4 &amp; its sequel</dc:title>", b"number 4", 1),
    "an undeclared prefix": (b"dc:creator>", b"dcx:creator>", 0),
}


@pytest.mark.parametrize("fault", BROKEN)
def test_one_bad_record_takes_no_other_with_it(fault: str) -> None:
    """The page is read record by record; what cannot be read is kept raw with its reason."""
    wrong, right, rejections = BROKEN[fault]
    items = [replace(item, deleted=False) for item in made_items(9)]

    def damage(ask: Ask, body: bytes) -> Reply | None:
        if ask.params["verb"] != "ListRecords" or b"number 4" not in body:
            return None
        return Reply(body.replace(wrong, right))

    pages = harvested(Provider(items, after=damage))

    rejected = [row for page in pages for row in page.rejected]
    assert len(set(ids(pages))) == 9 - rejections
    assert len(rejected) == rejections
    assert all(b"number 4" in row.raw for row in rejected)
    assert [page.damaged is not None for page in pages].count(True) == 1
    assert pages[-1].missing == 0


def test_garbage_behind_the_document_loses_nothing() -> None:
    """PHP writes its notices after </OAI-PMH>."""
    provider = Provider(made_items(9), after=lambda ask, body: Reply(body + b"<b>Notice</b>: x"))
    provider.after = lambda ask, body: (
        Reply(body + b"<b>Notice</b>: x") if ask.params["verb"] == "ListRecords" else None
    )

    pages = harvested(provider)

    assert len(set(ids(pages))) == 9


def test_a_web_page_with_status_200_is_no_answer() -> None:
    page = b"<!DOCTYPE html><html><body>Please log in</body></html>"
    provider = Provider(made_items(9))
    provider.after = lambda ask, body: Reply(page) if "resumptionToken" in ask.params else None

    with pytest.raises(FeedUnavailable, match="does not speak OAI-PMH"):
        harvested(provider)


def test_a_doctype_is_refused() -> None:
    """Whatever the parser would make of it: no feed needs one."""
    provider = Provider(made_items(2))
    provider.after = lambda ask, body: Reply(
        body.replace(b"<OAI-PMH", b'<!DOCTYPE x [<!ENTITY a "b">]><OAI-PMH', 1)
    )

    with pytest.raises(FeedError, match="DOCTYPE"):
        harvested(provider)


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
        assert not reader.keeps_deletions
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
        with Client(polite(server)) as client:
            reader = OaiReader(Repository(client, server.url + "/oai"), OaiSettings("made"))
            ours = ids(list(reader.pages(None, ALL)))

    assert sorted(ours) == sorted(map(str, theirs))


def test_sets_and_formats_are_listed() -> None:
    with reading(Provider(made_items(4))) as (reader, _):
        assert dict(reader.repository.sets()).keys() == {"col:open", "col:odd", "col:even"}
        assert reader.repository.formats() == ("oai_dc",)
    with reading(Provider([Item("oai:x:1", "2024-01-01T00:00:00Z", "T")])) as (reader, _):
        assert list(reader.repository.sets()) == []
