"""Events say whose arrival, which epoch, weights or undo made works what they are; both engines."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

from detector.decision.weights import Weights
from detector.detecting.pipeline import Detector
from detector.runs.incremental import Arrivals
from detector.store.events import events_of
from detector.store.waiting import occasion_of, queued_by_epoch
from indexer.index.contract import Engine
from indexer.index.embedded import EmbeddedEngine
from indexer.ingesting.ingest import queue_entries
from indexer.ingesting.runs import begin_run
from indexer.records import Record
from tests.made_records import made_collection
from tests.test_runs import taken_back
from tests.works_compared import rows


def ingested(detector: Detector, records: list[Record]) -> str:
    """Store records as a command does, and compare them; the name of the run."""
    arrivals = Arrivals(detector, str, at_once=1)
    ingestion = arrivals.ingestion()
    with begin_run(detector.engine, "ingest made.ris", "ana") as ingestion.noted_in:
        ingestion.run(rows(records))
    arrivals.settle()
    return ingestion.noted_in.run


def told(engine: Engine, after: int = 0) -> list[tuple[str, str, dict[str, Any]]]:
    """Of each event what it is, of which run and why."""
    return [(one["event"], one["run"], one["cause"]) for one in events_of(engine, after)]


def test_events_name_the_run_whose_arrival_caused_them(engine: Engine) -> None:
    """Of the first records, which are decided as a whole, and of those that come later."""
    detector = Detector(engine, whole_from=1e9)
    records = made_collection(3, 20)
    first = ingested(detector, records)
    known = len(told(engine))
    again = replace(records[0], record_id="late:1", source="late", source_id="1")

    second = ingested(detector, [again])

    assert {(run, tuple(cause["arrival"])) for _, run, cause in told(engine)[:known]} == {
        (first, (first,))
    }
    assert told(engine, known) == [("joined", second, {"arrival": [second]})]


def test_events_of_an_undo_name_it_and_what_it_undoes(engine: Engine) -> None:
    """As soon as what it put back is compared."""
    detector = Detector(engine, whole_from=1e9)
    records = made_collection(3, 20)
    ingested(detector, records)
    second = ingested(detector, [replace(records[0], record_id="late:1", source_id="late")])
    known = len(told(engine))

    undo = taken_back(engine, second)
    Arrivals(detector, str).settle()

    assert told(engine, known) == [("left", undo.run, {"undo": second})]


def test_events_name_the_weights_that_all_was_decided_again_by(tmp_path: Path) -> None:
    """A number in a name: the digest of the table."""
    engine = EmbeddedEngine(str(tmp_path / "index"))
    ours = Weights.load()
    ingested(Detector(engine, ours), made_collection(3, 20))
    known = len(told(engine))
    other = replace(ours, prior=ours.prior - 40.0)
    Detector(engine, other).settle()

    causes = [cause for _, _, cause in told(engine, known)]
    assert causes
    assert {cause["weights"] for cause in causes} == {other.digest}
    assert all("epoch" in cause for cause in causes)
    engine.close()


def test_what_waits_for_an_epoch_and_for_an_arrival_is_told_apart() -> None:
    """By the names of the lists; several runs are no one run's."""
    epoch = queue_entries(["a"], queued_by_epoch(7))
    one, two = queue_entries(["a"], "r000002"), queue_entries(["a"], "r000001")
    undo = queue_entries(["a"], "r000009", "r000002")

    assert occasion_of(epoch, 1).cause == {"epoch": 7}
    assert occasion_of([*one, *epoch], 1).cause == {"arrival": ["r000002"], "epoch": 7}
    assert occasion_of([*one, *epoch], 1).run == "r000002"
    both = occasion_of([*one, *two], 1)
    assert (both.cause, both.run) == ({"arrival": ["r000001", "r000002"]}, "")
    assert (occasion_of(undo, 1).cause, occasion_of(undo, 1).run) == (
        {"undo": "r000002"},
        "r000009",
    )
    assert occasion_of(["x"], 1).cause == {"arrival": []}
