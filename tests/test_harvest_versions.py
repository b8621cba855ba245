"""What OAI-PMH repositories do with the versions of a record, on the way into an index."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from detector.checking.findings import Finding, Grade
from detector.runs.health import examine
from indexer.feeds.opening import configured
from indexer.harvesting import checkpoints
from indexer.harvesting.checkpoints import Ledger
from indexer.harvesting.fetching import HarvestPlan
from indexer.harvesting.harvest import harvest
from indexer.index.contract import Engine
from indexer.index.opening import open_engine
from tests.engines import Place
from tests.servers.loopback import Ask, Reply, Server, serving
from tests.servers.oai_provider import Item, Provider, made_items

OLD, NEW = "2024-01-01T00:00:00Z", "2024-02-01T00:00:00Z"


@pytest.fixture
def engine(place: Place) -> Iterator[Engine]:
    opened = open_engine(place("index"))
    yield opened
    opened.close()


def harvested(engine: Engine, server: Server, plan: HarvestPlan | None = None) -> Ledger:
    settings: dict[str, Any] = {
        "protocol": "oai_pmh", "endpoint": server.url + "/oai", "private_hosts": [server.host],
        "rate": 0, "attempts": 2, "first_wait": 0.01,
    }  # fmt: skip
    (ledger,) = harvest(engine, [configured("made", settings)], plan or HarvestPlan())
    assert ledger.closes
    return ledger


def titles(engine: Engine) -> dict[str, str]:
    return {one.source_id: one.title for one in engine.scan() if not one.deleted}


@pytest.mark.parametrize("order", [(OLD, NEW), (NEW, OLD)])
def test_of_one_record_on_two_pages_the_newer_stays(engine: Engine, order: tuple[str, str]) -> None:
    """A list that moves while it is read gives a record twice, in either order."""
    twice = [Item("oai:x:1", date, f"As of {date}") for date in order]
    others = [Item(f"oai:x:{n}", OLD, f"Title {n}") for n in (2, 3, 4)]
    with serving(Provider([twice[0], *others, twice[1]], page_size=2)) as server:
        ledger = harvested(engine, server)

    assert (ledger.fetched, ledger.state) == (5, checkpoints.COMPLETE)
    assert titles(engine)["oai:x:1"] == f"As of {NEW}"
    assert len(titles(engine)) == 4


def test_a_record_that_was_deleted_and_restored_is_there_again(engine: Engine) -> None:
    """A repository that hides a record for a week must not lose it for ever."""
    item = Item("oai:x:1", "2024-07-01T00:00:00Z", "A title")
    with serving(provider := Provider([item])) as server:
        harvested(engine, server)
        gone = replace(item, datestamp="2024-07-02T00:00:00Z", deleted=True)
        provider.items = [gone]
        harvested(engine, server)
        assert titles(engine) == {}
        provider.items = [replace(item, datestamp="2024-07-03T00:00:00Z", title="A title again")]
        harvested(engine, server)

    assert titles(engine) == {"oai:x:1": "A title again"}


def test_a_date_in_the_future_hides_nothing_that_comes_before_it(engine: Engine) -> None:
    """The next harvest begins at the repository's clock, not at the latest date seen."""
    ahead = Item("oai:x:1", "2999-01-01T00:00:00Z", "From the year 2999")
    with serving(provider := Provider([ahead])) as server:
        harvested(engine, server)
        provider.items = [ahead, Item("oai:x:2", "2024-06-02T00:00:00Z", "Of the next day")]
        harvested(engine, server)

    assert set(titles(engine)) == {"oai:x:1", "oai:x:2"}


def test_an_error_beside_records_is_not_the_end_of_the_list(engine: Engine) -> None:
    """Records, a token and an error in one answer: the source contradicts itself."""

    def contradict(ask: Ask, body: bytes) -> Reply | None:
        if "resumptionToken" in ask.params:
            return None
        error = b'<error code="badArgument">made</error></OAI-PMH>'
        return Reply(body.replace(b"</OAI-PMH>", error), 200, {"Content-Type": "text/xml"})

    provider = Provider(made_items(9), page_size=3, after=contradict)
    with serving(provider) as server:
        ledger = harvested(engine, server)
        provider.after = lambda ask, body: None
        again = harvested(engine, server)

    assert ledger.state == checkpoints.INCOMPLETE
    assert (again.state, len(titles(engine))) == (checkpoints.COMPLETE, 8)


def test_the_doctor_tells_how_each_feed_was_left(engine: Engine) -> None:
    """Who looks in the morning must see which feed fell short, and what to do."""

    def told() -> Finding:
        return next(one for one in examine(engine) if one.subject == "harvest")

    with serving(Provider(made_items(5))) as server:
        harvested(engine, server, HarvestPlan(max_records=2))
        short = told()
        harvested(engine, server)
        whole = told()
    checkpoints.write_ledger(engine, Ledger("made", checkpoints.now()))
    killed = told()

    assert (short.grade, short.text.split(";")[0]) == (Grade.NOTE, "made: limited")
    assert short.advice.startswith("`samework harvest made --index")
    assert (whole.grade, whole.text.split(";")[0]) == (Grade.WELL, "made: complete")
    assert (killed.grade, "was killed" in killed.text) == (Grade.NOTE, True)
