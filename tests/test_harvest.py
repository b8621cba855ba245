"""Harvests into an index: counts close, nothing twice, nothing lost, killed anywhere."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from threading import Event
from typing import Any

import pytest

from indexer.errors import BackendBusy
from indexer.feeds.formats import read_bytes
from indexer.feeds.opening import configured
from indexer.feeds.registry import Feed
from indexer.harvesting import checkpoints
from indexer.harvesting.checkpoints import Ledger
from indexer.harvesting.fetching import HarvestPlan
from indexer.harvesting.harvest import harvest
from indexer.index.contract import Engine
from indexer.index.opening import open_engine
from indexer.ingesting.dead_letters import letters
from indexer.ingesting.ingest import Ingestion
from indexer.records import Occurrence
from tests.engines import Place
from tests.servers import cursor_apis
from tests.servers.cursor_apis import made_rows
from tests.servers.loopback import Ask, Reply, Server, serving
from tests.servers.oai_provider import Item, Provider, made_items


@pytest.fixture
def engine(place: Place) -> Iterator[Engine]:
    opened = open_engine(place("index"))
    yield opened
    opened.close()


def oai(server: Server, name: str = "made", **settings: Any) -> Feed:
    return configured(
        name,
        {
            "protocol": "oai_pmh",
            "endpoint": server.url + "/oai",
            "private_hosts": [server.host],
            "rate": 0,
            "attempts": 2,
            "first_wait": 0.01,
            **settings,
        },
    )


def stored(engine: Engine) -> dict[str, Any]:
    return {r.record_id: r.to_dict() for r in engine.scan() if not r.deleted}


def one(accounts: Sequence[Ledger]) -> Ledger:
    assert len(accounts) == 1
    assert accounts[0].closes
    return accounts[0]


def test_a_harvest_stores_all_and_its_counts_close(engine: Engine) -> None:
    with serving(Provider(made_items(20), page_size=6)) as server:
        ledger = one(harvest(engine, [oai(server)], HarvestPlan()))

    assert ledger.state == checkpoints.COMPLETE
    assert (ledger.fetched, ledger.new + ledger.deleted, ledger.planned) == (20, 20, 20)
    assert len(stored(engine)) == 16
    assert [kept.summary for kept in checkpoints.ledgers(engine, "made")] == ["complete"]


def test_the_same_pages_again_change_nothing(engine: Engine) -> None:
    with serving(Provider(made_items(20), page_size=6)) as server:
        harvest(engine, [oai(server)], HarvestPlan())
        before = stored(engine)
        ledger = one(harvest(engine, [oai(server)], HarvestPlan(full=True)))

    assert stored(engine) == before
    assert (ledger.new, ledger.updated, ledger.fetched) == (0, 0, 20)


def test_a_second_harvest_brings_only_what_changed(engine: Engine) -> None:
    items = made_items(20)
    provider = Provider(items, page_size=6)
    with serving(provider) as server:
        harvest(engine, [oai(server)], HarvestPlan())
        changed = Item(items[0].identifier, "2024-07-01T00:00:00Z", "Another title", sets=("a",))
        fresh = Item("oai:made.example:new", "2024-07-01T00:00:00Z", "A new title", sets=("a",))
        gone = Item(items[1].identifier, "2024-07-01T00:00:00Z", deleted=True)
        provider.items = [changed, gone, *items[2:], fresh]
        ledger = one(harvest(engine, [oai(server)], HarvestPlan()))

    assert (ledger.fetched, ledger.updated, ledger.new, ledger.deleted) == (3, 1, 1, 1)
    assert stored(engine)[f"made:{items[0].identifier}"]["title"] == "Another title"
    assert f"made:{items[1].identifier}" not in stored(engine)


def test_an_older_version_never_overwrites_a_newer(engine: Engine) -> None:
    new = Item("oai:x:1", "2024-05-02T00:00:00Z", "The newer title")
    old = Item("oai:x:1", "2024-05-01T00:00:00Z", "The older title")
    provider = Provider([new])
    with serving(provider) as server:
        harvest(engine, [oai(server)], HarvestPlan())
        provider.items = [old]
        ledger = one(harvest(engine, [oai(server)], HarvestPlan(full=True)))

    assert ledger.older == 1
    assert stored(engine)["made:oai:x:1"]["title"] == "The newer title"


def test_what_cannot_be_read_is_a_dead_letter_and_stops_nothing(engine: Engine) -> None:
    items = [
        *made_items(3),
        Item("oai:x:bad", "2024-01-01T00:00:00Z", metadata="<m:mystery xmlns:m='urn:m'/>"),
    ]
    with serving(Provider(items)) as server:
        ledger = one(harvest(engine, [oai(server)], HarvestPlan()))

    kept = list(letters(engine))
    assert (ledger.state, ledger.rejected) == (checkpoints.COMPLETE, 1)
    assert len(kept) == 1
    assert b"mystery" in kept[0].raw


def test_a_dead_letter_read_again_is_the_record_that_the_feed_meant(engine: Engine) -> None:
    """A reader that has learnt the format since finds it under the same identity."""
    page = made_items(1)
    with serving(Provider(page)) as server:
        harvest(engine, [oai(server)], HarvestPlan())
        raw = Provider(page)._record(page[0]).encode()
    (known,) = stored(engine)

    (row,) = read_bytes(raw, "made")

    assert isinstance(row, Occurrence)
    assert row.record.record_id == known


def test_a_short_harvest_is_incomplete_with_the_number_missing(engine: Engine) -> None:
    rows = made_rows("openalex", 12)

    def answer(ask: Ask) -> Reply:
        meta = {"count": 20, "next_cursor": None}
        return cursor_apis.json_reply({"meta": meta, "results": rows})

    with serving(answer) as server:
        feed = configured(
            "openalex", {"endpoint": server.url, "private_hosts": [server.host], "rate": 0}
        )
        ledger = one(harvest(engine, [feed], HarvestPlan()))

    assert ledger.summary == "incomplete (8 missing)"
    assert len(stored(engine)) == 12


def test_a_feed_that_fails_stops_alone_and_goes_on_where_it_was(engine: Engine) -> None:
    """One sick service among several; the next harvest takes up its checkpoint."""
    sick = Provider(made_items(20), page_size=5)
    sick.after = lambda ask, body: (
        Reply(b"", 500) if "|10|" in ask.params.get("resumptionToken", "") else None
    )
    with serving(sick) as ill, serving(Provider(made_items(30))) as well:
        feeds = [oai(ill, "ill"), oai(well, "well")]
        first = harvest(engine, feeds, HarvestPlan())
        sick.after = lambda ask, body: None
        second = harvest(engine, feeds[:1], HarvestPlan())
        asked = [ask.params.get("resumptionToken", "") for ask in ill.asked[-4:]]

    assert [ledger.state for ledger in first] == [checkpoints.INCOMPLETE, checkpoints.COMPLETE]
    assert first[0].missing == 10
    assert "500" in first[0].reason
    assert one(second).state == checkpoints.COMPLETE
    assert one(second).fetched == 10
    assert any("|10|" in token for token in asked)
    assert len(stored(engine)) == 16 + 24


def test_a_limit_leaves_the_rest_for_the_next_harvest(engine: Engine) -> None:
    with serving(Provider(made_items(20), page_size=5)) as server:
        first = one(harvest(engine, [oai(server)], HarvestPlan(max_records=7)))
        second = one(harvest(engine, [oai(server)], HarvestPlan()))

    assert (first.state, first.fetched) == (checkpoints.LIMITED, 10)
    assert (second.state, second.fetched) == (checkpoints.COMPLETE, 10)


def test_a_dry_run_stores_nothing(engine: Engine) -> None:
    with serving(Provider(made_items(20))) as server:
        accounts = harvest(engine, [oai(server)], HarvestPlan(dry_run=True))

    assert (accounts[0].state, accounts[0].fetched) == (checkpoints.COMPLETE, 20)
    assert stored(engine) == {}
    assert checkpoints.read_cursor(engine, "made") is None


def test_an_explicit_window_leaves_the_feed_s_checkpoint_alone(engine: Engine) -> None:
    with serving(Provider(made_items(20))) as server:
        harvest(engine, [oai(server)], HarvestPlan())
        before = checkpoints.read_cursor(engine, "made")
        plan = HarvestPlan(since="2024-01-05", until="2024-01-07")
        ledger = one(harvest(engine, [oai(server)], plan))
        after = checkpoints.read_cursor(engine, "made")

    assert ledger.fetched == 3
    assert before == after
    assert checkpoints.read_cursor(engine, "made@2024-01-05..2024-01-07") is None


def test_a_stop_stores_the_page_in_hand_and_no_more(engine: Engine) -> None:
    stop = Event()
    with serving(Provider(made_items(40), page_size=5)) as server:
        accounts = harvest(
            engine, [oai(server)], HarvestPlan(), stop=stop, on_page=lambda ledger: stop.set()
        )
        rest = one(harvest(engine, [oai(server)], HarvestPlan()))

    assert one(accounts).state == checkpoints.STOPPED
    assert one(accounts).fetched == 5
    assert (rest.state, rest.fetched) == (checkpoints.COMPLETE, 35)


def test_two_harvests_of_one_feed_keep_apart(engine: Engine) -> None:
    held = engine.lease("harvest made", 60)
    with serving(Provider(made_items(3))) as server, held, pytest.raises(BackendBusy):
        harvest(engine, [oai(server)], HarvestPlan())


def test_what_changed_is_told_once_it_is_durable(engine: Engine) -> None:
    told: list[str] = []

    def arrived(ids: Sequence[str]) -> None:
        assert {i for i in ids if int(i.rpartition(":")[2]) % 5 != 4} <= set(engine.get(list(ids)))
        told.extend(ids)

    with serving(Provider(made_items(10))) as server:
        ingestion = Ingestion(engine, arrived)
        harvest(engine, [oai(server)], HarvestPlan(), ingestion=ingestion)
        first = list(told)
        harvest(engine, [oai(server)], HarvestPlan(full=True), ingestion=ingestion)

    assert len(first) >= 8
    assert told == first


def test_a_record_absent_from_two_sweeps_is_deleted(engine: Engine) -> None:
    """One list that was short must not empty a collection."""
    items = [Item(f"oai:x:{n}", "2024-01-01T00:00:00Z", f"Title {n}") for n in range(8)]
    provider = Provider(items, deleted_record="no")
    with serving(provider) as server:
        harvest(engine, [oai(server)], HarvestPlan(sweep=True))
        provider.items = items[:6]
        first = one(harvest(engine, [oai(server)], HarvestPlan(sweep=True)))
        provider.items = items[:7]
        second = one(harvest(engine, [oai(server)], HarvestPlan(sweep=True)))

    assert (first.swept, second.swept) == (0, 1)
    assert sorted(stored(engine)) == [f"made:oai:x:{n}" for n in range(7)]


def test_what_a_new_dump_lacks_is_deleted_by_sweeps(engine: Engine, tmp_path: Path) -> None:
    """DBLP names no deletions: an entry that is gone was withdrawn."""
    entries = [
        f'<article key="journals/made/{n}"><title>Title {n}.</title></article>' for n in range(6)
    ]
    feed = configured("dblp", {"endpoint": str(tmp_path / "dblp"), "settled": 0})

    def dump(count: int) -> Ledger:
        (tmp_path / "dblp").mkdir(exist_ok=True)
        (tmp_path / "dblp" / "dblp.xml").write_text(f"<dblp>{''.join(entries[:count])}</dblp>")
        return one(harvest(engine, [feed], HarvestPlan(sweep=True)))

    swept = [dump(count).swept for count in (6, 5, 5)]

    assert swept == [0, 0, 1]
    assert len(stored(engine)) == 5


def test_a_folder_that_is_no_whole_dump_is_not_swept(engine: Engine, tmp_path: Path) -> None:
    feed = configured("inbox", {"protocol": "folder", "endpoint": str(tmp_path / "inbox")})
    (tmp_path / "inbox").mkdir()

    ledger = one(harvest(engine, [feed], HarvestPlan(sweep=True)))

    assert ledger.state == checkpoints.INCOMPLETE
    assert "not known to hold all" in ledger.reason
