"""Records that an index does not take: each a dead letter with its place, the rest goes on."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx
import pytest

from indexer import keys as keys_module
from indexer.feeds.opening import configured
from indexer.fields import fields_of
from indexer.harvesting.fetching import HarvestPlan
from indexer.harvesting.harvest import harvest
from indexer.index.contract import Engine
from indexer.index.opening import open_engine
from indexer.index.opensearch.mapping import records_body
from indexer.ingesting.dead_letters import letters
from indexer.keys import keys_of
from indexer.records import Record
from tests.command import here
from tests.engines import Place
from tests.one_shot import write
from tests.opensearch_node.fixtures import StartNode
from tests.servers.loopback import serving
from tests.servers.oai_provider import Provider, made_items

TAKEN_ID = 32_766  # bytes that Lucene takes as one term
ROWS = [
    {"id": "1", "source": "made", "title": "Ice of the upper rivers", "year": "2001"},
    {"id": "2", "source": "made", "title": "Ice of the lower rivers", "year": "forthcoming"},
    {"id": "3", "source": "made", "title": "Breakup of river ice", "year": "2003"},
]


def put(engine: Engine, *records: Record) -> Any:
    return engine.put(records, keys_of([fields_of(one) for one in records]))


def made(name: str, title: str, **rest: Any) -> Record:
    return Record(record_id=f"made:{name}", source="made", source_id=name, title=title, **rest)


@pytest.fixture
def engine(place: Place) -> Iterator[Engine]:
    opened = open_engine(place("index"))
    yield opened
    opened.close()


@pytest.fixture
def drifted(opensearch_url: str, opensearch_prefix: str) -> str:
    """An index whose mapping somebody has changed: years are numbers, titles are one term."""
    body = records_body(1, keys_module.version())
    body["mappings"]["properties"]["record"] = {
        "type": "object",
        "dynamic": False,
        "properties": {"year": {"type": "integer"}, "title": {"type": "keyword"}},
    }
    body["aliases"] = {f"{opensearch_prefix}-records": {}}
    with httpx.Client(base_url=opensearch_url, timeout=60, trust_env=False) as client:
        client.put(f"/{opensearch_prefix}-records-drifted-1", json=body).raise_for_status()
    return f"{opensearch_url}/{opensearch_prefix}"


def test_counts_close_whatever_the_engine_does_not_take(engine: Engine) -> None:
    """The embedded engine takes every record; OpenSearch no id longer than a term of Lucene."""
    long = made("x" * TAKEN_ID, "Long of name")
    records = (made("1", "Ice of the upper rivers"), long, made("3", "Breakup of river ice"))

    counts = put(engine, *records)

    refused = [one.record_id for one in counts.refusals]
    assert counts.outcomes == counts.new + counts.rejected == 3
    assert counts.rejected == len(refused)
    assert set(refused) <= {long.record_id}
    assert set(engine.ids()) == {one.record_id for one in records} - set(refused)
    assert set(counts.changed_ids) == set(engine.ids())


def test_earlier_delivery_stands_where_the_later_is_refused(drifted: str) -> None:
    """A page may hold a record twice: what can be stored of it is stored, and counted."""
    engine = open_engine(drifted)
    first, second = made("1", "Ice", year="2001"), made("1", "Ice again", year="soon")
    third = made("1", "Ice once more", year="later")

    counts = put(engine, first, second, third)

    assert [(one.at, one.record_id) for one in sorted(counts.refusals, key=lambda r: r.at)] == [
        (1, "made:1"),
        (2, "made:1"),
    ]
    assert (counts.new, counts.rejected, counts.changed_ids) == (1, 2, ["made:1"])
    assert engine.get(["made:1"])["made:1"].title == "Ice"
    assert "year" in counts.refusals[0].reason
    engine.close()


def test_refused_row_is_a_dead_letter_until_the_index_takes_it(
    drifted: str, tmp_path: Path
) -> None:
    """One row costs no other; the same command again doubles nothing; a repair lets it in."""
    file = write(tmp_path / "rows.jsonl", ROWS)

    def told(*words: str, status: int = 0) -> str:
        done = here(*words, "--index", drifted)
        assert done.returncode == status, done.stderr
        return done.stdout

    first = json.loads(told("ingest", str(file), "--detect", "--json", status=3))
    again = json.loads(told("ingest", str(file), "--detect", "--json", status=3))

    assert (first["read"], first["new"], first["rejected"]) == (3, 2, 1)
    assert (again["read"], again["unchanged"], again["rejected"]) == (3, 2, 1)
    (letter,) = map(json.loads, told("dead-letters", "list", "--json").splitlines())
    line = file.read_bytes().splitlines()[1]
    where = (letter["feed"], letter["row"], letter["position"], letter["tries"])
    assert where == (str(file), 2, file.read_bytes().index(line), 2)
    assert "forthcoming" in letter["reason"]
    assert told("dead-letters", "show", letter["id"]).strip() == line.decode()

    still = json.loads(told("dead-letters", "replay", "--json"))
    assert (still["new"], still["rejected"]) == (0, 1)
    (kept,) = map(json.loads, told("dead-letters", "list", "--json").splitlines())
    assert (kept["id"], kept["row"], kept["tries"]) == (letter["id"], 2, 3)

    told("reindex")
    let_in = json.loads(told("dead-letters", "replay", "--json"))
    assert (let_in["new"], let_in["rejected"]) == (1, 0)
    assert told("dead-letters", "list") == ""
    done = json.loads(told("ingest", str(file), "--detect", "--json"))
    assert (done["unchanged"], done["rejected"]) == (3, 0)
    assert json.loads(told("query", "lower rivers", "--json").splitlines()[0])["record"] == "made:2"


def test_harvest_goes_on_past_a_refused_record(drifted: str) -> None:
    """A page is stored but for the one record, its checkpoint too; the account says so."""
    engine = open_engine(drifted)
    items = made_items(8)
    items[4] = replace(items[4], title="word " * TAKEN_ID, deleted=False)
    with serving(Provider(items, page_size=3)) as server:
        feed = configured("made", {
            "protocol": "oai_pmh", "endpoint": server.url + "/oai",
            "private_hosts": [server.host], "rate": 0,
        })  # fmt: skip
        (ledger,) = harvest(engine, [feed], HarvestPlan())
    kept = {one.record_id for one in engine.scan()}

    assert ledger.closes
    assert (ledger.state, ledger.fetched, ledger.rejected) == ("complete", 8, 1)
    (letter,) = letters(engine)
    assert (letter.feed, letter.row) == ("made", 2)  # of the second page of three
    assert "title" in letter.reason
    assert kept == {f"made:{one.identifier}" for one in items if one is not items[4]}
    engine.close()


@pytest.mark.timeout(300)
def test_record_too_long_for_the_cluster_is_refused_alone(start_node: StartNode) -> None:
    """A gateway may take less at once than a batch has: halves are sent, down to one record."""
    node = start_node({"http.max_content_length": "200kb"})
    engine = open_engine(f"{node.url}/short")
    records = [made(str(n), f"Ice {n}", abstract="word " * 400) for n in range(300)]
    records[7] = made("7", "Ice at length", abstract="word " * 80_000)

    counts = put(engine, *records)

    assert [one.record_id for one in counts.refusals] == ["made:7"]
    assert (counts.new, counts.rejected) == (299, 1)
    engine.close()
