"""The pipeline: the same works whatever the order and batching in which records arrive."""

from __future__ import annotations

import dataclasses
import random
from collections.abc import Sequence
from pathlib import Path

import pytest

from detector.comparisons import Comparer
from detector.decision.verdicts import Decision, Verdict
from detector.detecting.pipeline import Detector
from detector.works.judgements import Judgement
from indexer.fields import fields_of
from indexer.index.embedded import EmbeddedEngine
from indexer.ingesting.ingest import Ingestion
from indexer.keys import keys_of
from indexer.keys.epoch import Epoch
from indexer.records import Record
from tests.made_records import made_collection
from tests.works_compared import rows

Sets = frozenset[frozenset[str]]


def works_of(detector: Detector) -> Sets:
    return frozenset(frozenset(work.records) for work in detector.holdings.all_works())


def in_one_run(folder: Path, records: Sequence[Record]) -> Sets:
    detector = Detector(EmbeddedEngine(str(folder)))
    Ingestion(detector.engine).run(rows(records))
    detector.whole()
    found = works_of(detector)
    detector.engine.close()
    return found


def as_they_arrive(folder: Path, batches: Sequence[Sequence[Record]]) -> Detector:
    detector = Detector(EmbeddedEngine(str(folder)))
    for batch in batches:
        Ingestion(detector.engine, lambda ids: _ignore(detector.arrived(ids))).run(rows(batch))
    detector.settle()
    return detector


def _said(decision: Decision) -> tuple[str, str, Verdict, tuple[str, ...]]:
    return decision.left, decision.right, decision.verdict, decision.found_by


def _ignore(_: object) -> None:
    return None


def cut_randomly(records: Sequence[Record], choose: random.Random) -> list[list[Record]]:
    shuffled = list(records)
    choose.shuffle(shuffled)
    batches, at = [], 0
    while at < len(shuffled):
        size = choose.randint(1, 40)
        batches.append(shuffled[at : at + size])
        at += size
    return batches


@pytest.mark.parametrize("seed", range(3))
def test_any_order_and_batching_ends_in_the_works_of_one_run(tmp_path: Path, seed: int) -> None:
    """Feeds arrive as they please (docs/design.md, "Works")."""
    records = made_collection(seed, 60)
    wanted = in_one_run(tmp_path / "whole", records)

    choose = random.Random(seed)
    detector = as_they_arrive(tmp_path / "arriving", cut_randomly(records, choose))

    assert any(len(work) > 2 for work in wanted)
    assert works_of(detector) == wanted
    detector.engine.close()


@pytest.mark.parametrize("seed", range(3))
def test_settling_judges_again_what_a_changed_count_touches(tmp_path: Path, seed: int) -> None:
    """Not the whole collection, and yet the works are those of one run over it."""
    records = made_collection(20 + seed, 80)
    wanted = in_one_run(tmp_path / "whole", records)
    detector = Detector(EmbeddedEngine(str(tmp_path / "index")), whole_from=1.0)
    again = []
    for batch in cut_randomly(records, random.Random(seed)):
        Ingestion(detector.engine, lambda ids: _ignore(detector.arrived(ids))).run(rows(batch))
        again.append((detector.settle(), len(list(detector.engine.scan()))))

    assert works_of(detector) == wanted
    assert any(0 < judged < stored for judged, stored in again)
    decided = list(detector.holdings.all_decisions())
    detector.whole()
    assert {_said(one) for one in decided} == {_said(d) for d in detector.holdings.all_decisions()}
    detector.engine.close()


def test_updates_and_deletions_end_in_the_works_of_what_is_left(tmp_path: Path) -> None:
    """A record that changed or went must leave no trace in works."""
    records = made_collection(5, 50)
    choose = random.Random(5)
    detector = as_they_arrive(tmp_path / "arriving", cut_randomly(records, choose))
    gone = {one.record_id for one in choose.sample(records, 10)}
    changed = {
        one.record_id: dataclasses.replace(one, title=choose.choice(records).title)
        for one in choose.sample(records, 10)
    }
    ended = [changed.get(one.record_id, one) for one in records]
    tombstones = [
        dataclasses.replace(one, deleted=True) if one.record_id in gone else one for one in ended
    ]
    Ingestion(detector.engine, lambda ids: _ignore(detector.arrived(ids))).run(rows(tombstones))
    detector.settle()

    left = [one for one in ended if one.record_id not in gone]

    assert works_of(detector) == in_one_run(tmp_path / "left", left)
    detector.engine.close()


def test_work_keeps_its_id_as_it_grows(tmp_path: Path) -> None:
    """An id that somebody cited yesterday still names the same work today."""
    records = made_collection(8, 40)
    half = len(records) // 2
    detector = as_they_arrive(tmp_path / "index", [records[:half]])
    before = {record: w.work_id for w in detector.holdings.all_works() for record in w.records}

    Ingestion(detector.engine, lambda ids: _ignore(detector.arrived(ids))).run(rows(records[half:]))
    detector.settle()

    kept = {w.work_id for w in detector.holdings.all_works()}
    redirected = detector.holdings.retired()
    assert set(before.values()) <= kept | redirected
    assert len(set(before.values()) & kept) > 0.9 * len(set(before.values()))
    detector.engine.close()


def test_same_batch_again_changes_nothing(tmp_path: Path) -> None:
    """Exactly-once effect: neither works nor events grow by a replay."""
    records = made_collection(3, 40)
    detector = as_they_arrive(tmp_path / "index", [records])
    before = works_of(detector), list(detector.engine.log())

    Ingestion(detector.engine, lambda ids: _ignore(detector.arrived(ids))).run(rows(records))

    assert (works_of(detector), list(detector.engine.log())) == before
    detector.engine.close()


def test_what_a_killed_run_left_unjudged_is_judged_next(tmp_path: Path) -> None:
    """Records that were put and never judged wait in the collection."""
    records = made_collection(4, 40)
    detector = Detector(EmbeddedEngine(str(tmp_path / "index")))
    fields = [fields_of(one) for one in records]
    Ingestion(detector.engine, lambda ids: None).store(list(rows(records)), fields)

    detector.arrived(())
    detector.settle()

    assert works_of(detector) == in_one_run(tmp_path / "whole", records)
    detector.engine.close()


def test_judged_apart_stays_apart_when_records_arrive(tmp_path: Path) -> None:
    """A judgement "not the same" is never bridged by a later record."""
    records = made_collection(6, 30)
    detector = as_they_arrive(tmp_path / "index", [records])
    work = max(detector.holdings.all_works(), key=lambda one: len(one.records))
    left, right = work.records[:2]
    detector.holdings.add_judgements([Judgement(left, right, Verdict.DISTINCT, "2026-01-01", "me")])

    detector.arrived([left, right])
    bridge = dataclasses.replace(
        detector.engine.get([left])[left], record_id="late:1", source="late", source_id="1"
    )
    Ingestion(detector.engine, lambda ids: _ignore(detector.arrived(ids))).run(rows([bridge]))

    homes = detector.holdings.work_ids_of([left, right])
    assert homes[left] != homes[right]
    detector.engine.close()


def test_detection_that_keeps_nothing_leaves_the_collection_as_it_was(tmp_path: Path) -> None:
    """`match` and `evaluate` ask; they never store."""
    records = made_collection(7, 20)
    engine = EmbeddedEngine(str(tmp_path / "index"))
    engine.put(records, keys_of([fields_of(one) for one in records]))
    engine.make_visible()

    found = Detector(engine, stores=False).whole()

    assert found.works.works
    assert engine.count("work") == 0
    assert engine.count("decisions") == 0
    engine.close()


def test_profiles_are_kept_while_the_epoch_stands(tmp_path: Path) -> None:
    """Small batches would otherwise make the profiles of what they touch again and again."""
    records = made_collection(3, 20)
    detector = as_they_arrive(tmp_path, [records])
    stored = detector.holdings.epoch()
    assert stored

    kept = detector.decider(stored)
    again = detector.holdings.epoch()

    assert again is stored
    assert detector.decider(again) is kept
    assert detector.decider(detector.engine.learn(9)) is not kept


def test_which_record_is_on_the_left_makes_no_difference() -> None:
    """Two engines hand pairs over in different orders and must say the same of them."""
    records = [fields_of(one) for one in made_collection(31, 40)]
    pairs = [(left, right) for left in records for right in records if left is not right]
    comparer = Comparer(Epoch.empty())

    one_way = comparer.compare(pairs)
    other_way = comparer.compare([(right, left) for left, right in pairs])

    assert (one_way == other_way).all()
