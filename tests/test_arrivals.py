"""When what arrives is compared: two processes, each engine."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from threading import Event

import pytest

from detector.detecting.pipeline import Detector
from detector.runs.incremental import Arrivals
from indexer.feeds.formats import read_files
from indexer.fields import Fields, fields_of_batch
from indexer.index.embedded import EmbeddedEngine
from indexer.index.opening import open_engine
from indexer.ingesting.ingest import PENDING, Ingestion
from indexer.records import Occurrence, Record
from samework.commands.detectors import arrivals_of
from tests.engines import Place
from tests.made_records import made_collection

pytestmark = pytest.mark.timeout(600)

HOLDER = """
import sys
from detector.detecting.pipeline import WORKS_LEASE
from indexer.index.opening import open_engine
engine = open_engine(sys.argv[1])
with engine.lease(WORKS_LEASE, 60):
    print("held", flush=True)
    sys.stdin.readline()
engine.close()
"""


@pytest.fixture
def feed(tmp_path: Path) -> Path:
    path = tmp_path / "made.jsonl"
    lines = [one.to_json().replace(b'"record_id":', b'"id":') for one in made_collection(41, 40)]
    path.write_bytes(b"\n".join(lines) + b"\n")
    return path


@contextmanager
def held_by_another(location: str) -> Iterator[subprocess.Popen[str]]:
    """A process that changes works, until its stdin says otherwise."""
    holder = subprocess.Popen(
        [sys.executable, "-c", HOLDER, location],
        text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
    )  # fmt: skip
    assert holder.stdout
    assert holder.stdout.readline() == "held\n"
    try:
        yield holder
    finally:
        holder.communicate("done\n", timeout=60)


def ingesting(feed: Path, location: str, *more: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "samework.cli", "ingest", str(feed), "--index", location,
         "--detect", *more],
        text=True, env=dict(os.environ), stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    )  # fmt: skip


def counted(location: str) -> tuple[int, int, int]:
    """Records, lists of records that wait, works."""
    engine = open_engine(location, create=False)
    try:
        return sum(1 for _ in engine.scan()), engine.count(PENDING), engine.count("work")
    finally:
        engine.close()


def test_records_are_stored_while_another_process_changes_works(place: Place, feed: Path) -> None:
    """Ten feeds a night share the works: none may fail because another is at them."""
    location, rows = place("shared"), len(feed.read_bytes().splitlines())
    with held_by_another(location):
        process = ingesting(feed, location)
        while (found := counted(location))[0] < rows and process.poll() is None:
            time.sleep(0.2)
        time.sleep(1)
        assert process.poll() is None
        assert found[0] == rows
        assert found[1:] == (1, 0)
    _, said = process.communicate(timeout=300)

    assert process.returncode == 0, said
    assert "all is stored; waiting up to 600 s to compare it: 'works' is held by" in said
    assert counted(location)[1] == 0
    assert counted(location)[2] > 0


def test_patience_has_an_end_and_loses_nothing(place: Place, feed: Path) -> None:
    """A night must not hang on a process that is stuck; the next run compares what waits."""
    location, rows = place("stuck"), len(feed.read_bytes().splitlines())
    with held_by_another(location):
        process = ingesting(feed, location, "--patience", "1s")
        _, said = process.communicate(timeout=300)
        assert process.returncode == 3, said
        assert f"{rows} records are stored and wait to be compared" in said
    again = ingesting(feed, location)
    _, said = again.communicate(timeout=300)

    assert again.returncode == 0, said
    assert f"compared {rows} records" in said
    assert counted(location)[1] == 0


def test_batches_wait_while_works_are_held_and_are_compared_then(place: Place, feed: Path) -> None:
    """In the middle of a harvest nobody waits for the lease: the next batch is stored."""
    told: list[str] = []
    engine = open_engine(place("batches"))
    Ingestion(engine).run(read_rows(made_collection(45, 3)))
    detector = Detector(engine)
    detector.settle()
    works = engine.count("work")
    detector.whole_from = 1e9  # no batch is left for a whole run
    arrivals = Arrivals(detector, told.append, at_once=1)
    with held_by_another(place("batches")):
        Ingestion(engine, arrivals, batch=10).run(read_files([str(feed)]))
        assert engine.count("work") == works
    assert [one.partition(":")[0] for one in told] == ["comparing is put off, storing goes on"]
    arrivals.settle()

    assert engine.count(PENDING) == 0
    stored = {record for work in detector.holdings.all_works() for record in work.records}
    assert stored == set(engine.ids())
    engine.close()


def test_records_compared_elsewhere_meanwhile_are_read_anew(place: Place) -> None:
    """A long run keeps fields of records; another process may change these records."""
    one, two = (Detector(open_engine(place("two"))) for _ in range(2))
    for detector in (one, two):
        detector.whole_from = 1e9
    records = made_collection(43, 6)
    first, second = records[0], records[1]
    one.settle()
    rows = read_rows(records)
    Ingestion(one.engine, one.arrived).run(rows)
    Ingestion(two.engine, two.arrived).run(
        read_rows([replace(second, title="Another title altogether", doi="")])
    )
    asked = one.fields.of([second.record_id])[second.record_id]
    Ingestion(one.engine, one.arrived).run(read_rows([replace(first, language="ro")]))

    assert "another" not in asked.title.words
    assert "another" in one.fields.of([second.record_id])[second.record_id].title.words
    for detector in (one, two):
        detector.engine.close()


def read_rows(records: Sequence[Record]) -> list[Occurrence]:
    return [Occurrence(one, "made.jsonl", at, at + 1) for at, one in enumerate(records)]


def test_an_id_is_not_given_twice_when_its_founder_went_and_came_back(tmp_path: Path) -> None:
    """The work keeps the id of a founder that left it; the founder's next work needs another."""
    detector = Detector(EmbeddedEngine(str(tmp_path / "index")))
    detector.whole_from = 1e9
    founder, *others = (
        replace(made_collection(44, 1)[0], record_id=f"made:{name}", source_id=name)
        for name in "abc"
    )
    detector.settle()
    ingestion = Ingestion(detector.engine, detector.arrived)
    ingestion.run(read_rows([founder, *others]))
    ingestion.run(read_rows([replace(founder, deleted=True)]))
    ingestion.run(read_rows([replace(founder, title="Nothing of the kind at all", doi="",
                                     authors=(), volume="", pages="")]))  # fmt: skip

    works = list(detector.holdings.all_works())
    assert sorted(len(work.records) for work in works) == [1, 2]
    assert {r for work in works for r in work.records} == set(detector.engine.ids())
    detector.engine.close()


def test_a_signal_stops_the_comparing_of_a_whole_collection(
    tmp_path: Path, feed: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Twenty million records take hours; a machine that shuts down gives a minute."""
    engine = EmbeddedEngine(str(tmp_path / "index"))
    arrivals = arrivals_of(engine, "", "10m", stop := Event())
    Ingestion(engine, arrivals).run(read_files([str(feed)]))
    stop.set()

    assert not arrivals.finish()
    assert "wait to be compared; the same command does: a signal" in capsys.readouterr().err
    assert (engine.count("work"), engine.count(PENDING)) == (0, 1)
    stop.clear()
    assert arrivals.finish()
    assert engine.count("work") > 0
    engine.close()


def test_a_large_collection_is_settled_when_a_share_of_it_changed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Ten feeds a night must not read the keys of twenty million records ten times."""
    monkeypatch.setattr("detector.runs.incremental.SMALL", 10)
    monkeypatch.setattr("detector.runs.incremental.SETTLED_FROM", 0.2)
    engine = EmbeddedEngine(str(tmp_path / "index"))
    records = made_collection(46, 30)
    bulk, first, second = records[:-12], records[-12:-6], records[-6:]
    numbers = []
    for some in (bulk, first, second):
        arrivals = Arrivals(Detector(engine), lambda text: None)
        Ingestion(engine, arrivals).run(read_rows(some))
        arrivals.settle(always=False)
        assert engine.count(PENDING) == 0
        epoch = arrivals.detector.holdings.epoch()
        assert epoch is not None
        numbers.append((epoch.number, arrivals.detector.holdings.changed()))

    assert [number for number, _ in numbers] == [1, 1, 2]
    assert [changed for _, changed in numbers] == [0, 6, 0]
    engine.close()


def test_a_record_that_arrives_has_its_fields_made_once(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    """By an ingest and by the pages of a harvest, those of the first batch too."""
    made: Counter[str] = Counter()

    def counted_fields(records: Sequence[Record]) -> list[Fields]:
        made.update(record.record_id for record in records)
        return fields_of_batch(records)

    engine = open_engine(place("once"))
    records = made_collection(47, 30)
    Ingestion(engine).run(read_rows(records[:15]))
    Detector(engine).settle()
    monkeypatch.setattr("indexer.ingesting.making.fields_of_batch", counted_fields)
    monkeypatch.setattr("detector.detecting.field_cache.fields_of_batch", counted_fields)
    detector = Detector(engine, whole_from=1e9)
    ingestion = Arrivals(detector, lambda text: None, at_once=1).ingestion()

    for page in (records[15:22], records[22:]):
        changed = ingestion.store(list(read_rows(page)), counted_fields(page)).changed_ids
        ingestion.finish(changed)

    assert {made[record.record_id] for record in records[15:]} == {1}
    assert engine.count(PENDING) == 0
    engine.close()
