"""The doctor: what it finds in an index, and that each finding says what to do."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import httpx
import orjson
import pytest

from detector.checking.findings import Finding, Grade
from detector.detecting.pipeline import WORKS_LEASE, Detector
from detector.runs.health import examine
from detector.store.stored_ids import MEMBER, WORK
from indexer.feeds.formats import read_files
from indexer.index.contract import Engine
from indexer.index.embedded import EmbeddedEngine
from indexer.index.opening import open_engine
from indexer.index.opensearch.mapping import MAPPING_VERSION
from indexer.ingesting.ingest import PENDING, Ingestion
from tests.command import here
from tests.engines import Place
from tests.made_records import made_collection
from tests.one_shot import write


@pytest.fixture
def engine(place: Place, tmp_path: Path) -> Iterator[Engine]:
    """An index, compared, of some made works."""
    rows = [one.to_dict() for one in made_collection(5, 20)]
    for row in rows:
        row["id"] = row.pop("source_id")
        row.pop("record_id")
    engine = open_engine(place("index"))
    Ingestion(engine).run(read_files([str(write(tmp_path / "made.jsonl", rows))]))
    Detector(engine).whole()
    yield engine
    engine.close()


def found(engine: Engine) -> dict[str, Finding]:
    """Findings by subject, the worst of each."""
    order = [Grade.WELL, Grade.NOTE, Grade.FAULT]
    return {one.subject: one for one in sorted(examine(engine), key=lambda f: order.index(f.grade))}


def test_a_sound_index_has_no_fault(engine: Engine) -> None:
    findings = found(engine)

    findings.pop("disks", None)  # what else fills this machine is not the index's fault
    assert [one for one in findings.values() if one.grade is not Grade.WELL] == []
    assert "each once" in findings["works"].text


def test_rows_that_wait_are_told_with_what_to_do(engine: Engine) -> None:
    """A stopped run leaves records uncompared; that is no fault, but somebody must know."""
    engine.write(PENDING, {"x": orjson.dumps(["made:1", "made:2"])})

    comparing = found(engine)["comparing"]

    assert comparing.grade is Grade.NOTE
    assert comparing.text.startswith("2 records")
    assert "--detect" in comparing.advice


@pytest.mark.parametrize("harm", ["lost member", "foreign record", "lost work"])
def test_works_that_are_not_whole_are_a_fault(engine: Engine, harm: str) -> None:
    """Each record in exactly one work, each work's records in the index."""
    works = {name: orjson.loads(stored.body) for name, stored in engine.documents(WORK)}
    name, work = next(iter(works.items()))
    if harm == "lost member":
        work["records"] = work["records"][1:]
        engine.write(WORK, {name: orjson.dumps(work)})
    elif harm == "foreign record":
        engine.delete(work["records"])
    else:
        engine.remove(WORK, [name])
        engine.remove(MEMBER, work["records"])

    fault = found(engine)["works"]

    assert fault.grade is Grade.FAULT
    assert fault.advice


def test_keys_of_another_release_are_a_fault(engine: Engine) -> None:
    """Such an index refuses every question; the doctor still answers."""
    if isinstance(engine, EmbeddedEngine):
        connection = engine._database.connection
        connection.execute("UPDATE meta SET value = 'keys-0' WHERE name LIKE 'keys_version_%'")
    else:
        older = {"_meta": {"mapping": MAPPING_VERSION, "keys": "keys-0"}}
        answer = httpx.put(f"{engine.location}-records/_mapping", json=older, trust_env=False)
        answer.raise_for_status()

    keys = next(one for one in examine(engine) if one.subject == "keys")

    assert keys.grade is Grade.FAULT
    assert "samework reindex" in keys.advice


def test_who_holds_the_works_is_named(engine: Engine) -> None:
    with engine.lease(WORKS_LEASE, 60):
        assert "is held by" in found(engine)["locks"].text


def test_a_fault_makes_the_exit_status_1(engine: Engine) -> None:
    """Monitoring needs no more."""
    well = here("doctor", "--index", engine.location)
    engine.remove(WORK, [next(iter(engine.documents(WORK)))[0]])

    ill = here("doctor", "--index", engine.location)

    assert (well.returncode, ill.returncode) == (0, 1), well.stdout
    assert "FAULT" in ill.stdout
    assert "-> " in ill.stdout
