"""A check names what was broken by hand, its repair mends it, and then nothing is left to name."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing

import orjson
import pytest

from detector.checking import decided_levels, replay
from detector.checking.census import Census
from detector.checking.checking import Checked, check, works_findings
from detector.checking.drift import sampled
from detector.checking.findings import Grade
from detector.checking.mending import mended
from detector.decision.verdicts import Verdict
from detector.detecting.judging import judge
from detector.detecting.pipeline import Detector
from detector.runs.one_shot import deduplicate
from detector.store.events import Event, EventKind, Occasion, events_of, log_events
from detector.store.holdings import DECISIONS, Holdings
from detector.store.stored_conflicts import CONFLICT
from detector.store.stored_ids import MEMBER, WORK
from detector.works.joining.tied import Conflict
from detector.works.judgements import Judgement
from detector.works.work_rules import WorkLevel, WorkRules
from detector.works.works import Work
from indexer.index.contract import Engine
from indexer.index.opening import open_engine
from indexer.ingesting.ingest import PENDING, queue_entries
from tests.engines import Place
from tests.replaying import replayed, stored
from tests.works_compared import RECORDS, compared, rows

EVERY = 10_000  # works in a sample: all of them
NOWHERE, ELSEWHERE = "w00000000000000aa", "w00000000000000bb"


def works_by_size(holdings: Holdings) -> list[Work]:
    return sorted(holdings.all_works(), key=lambda work: (-len(work.records), work.work_id))


def largest(detector: Detector) -> Work:
    return works_by_size(detector.holdings)[0]


def loners(detector: Detector) -> list[Work]:
    return works_by_size(detector.holdings)[-2:]


def delete_a_record(detector: Detector) -> None:
    detector.engine.delete([largest(detector).records[0]])
    detector.engine.make_visible()


def hold_a_record_twice(detector: Detector) -> None:
    mine, other = largest(detector), loners(detector)[0]
    held = (*other.records, mine.records[0])
    detector.holdings.store_works([Work(other.work_id, tuple(sorted(held)), (held,))], [])


def forget_a_work(detector: Detector) -> None:
    work = loners(detector)[0]
    detector.engine.remove(WORK, [work.work_id])
    detector.engine.remove(MEMBER, work.records)


def forget_a_work_but_not_its_records(detector: Detector) -> None:
    detector.engine.remove(WORK, [largest(detector).work_id])


def file_elsewhere(detector: Detector) -> None:
    record = largest(detector).records[0]
    detector.engine.write(MEMBER, {record: b"%b 1" % loners(detector)[0].work_id.encode()})


def forget_a_version(detector: Detector) -> None:
    work = largest(detector)
    detector.holdings.store_works([Work(work.work_id, work.records, (work.records[:1],))], [])


def judge_apart_unheard(detector: Detector) -> None:
    left, right = largest(detector).records[:2]
    detector.holdings.add_judgements([Judgement(left, right, Verdict.DISTINCT, "2026-01-01")])


def judge_same_unheard(detector: Detector) -> None:
    one, other = loners(detector)
    said = Judgement(one.records[0], other.records[0], Verdict.DUPLICATE, "2026-01-01")
    detector.holdings.add_judgements([said])


def leave_a_conflict(detector: Detector) -> None:
    one, other = (work.records[0] for work in loners(detector))
    conflict = Conflict(one, other, (one, other), 0.9, "made", (one, other))
    detector.holdings.store_conflicts([conflict], [one])


def lose_a_conflict(detector: Detector) -> None:
    left, right = largest(detector).records[:2]
    judge(detector, [Judgement(left, right, Verdict.DISTINCT, "2026-01-01")])
    stored_at = [name for name, _ in detector.engine.documents(CONFLICT)]
    assert stored_at
    detector.engine.remove(CONFLICT, stored_at)


def lead_to_nothing(detector: Detector) -> None:
    detector.holdings.retire({NOWHERE: ELSEWHERE}, {}, "2026-01-01")


def lead_in_a_circle(detector: Detector) -> None:
    detector.holdings.retire({NOWHERE: ELSEWHERE, ELSEWHERE: NOWHERE}, {}, "2026-01-01")


def lead_away_from_a_living_work(detector: Detector) -> None:
    one, other = loners(detector)
    detector.holdings.retire({one.work_id: other.work_id}, {}, "2026-01-01")


def call_a_living_work_deleted(detector: Detector) -> None:
    work = loners(detector)[0]
    detector.holdings.retire({}, {work.work_id: work.records}, "2026-01-01")


def decide_otherwise(detector: Detector) -> None:
    for name in largest(detector).records:
        document = detector.engine.read(DECISIONS, [name])[name]
        told = [one | {"probability": 0.42} for one in orjson.loads(document.body)]
        detector.engine.write(DECISIONS, {name: orjson.dumps(told)})


def decide_at_one_side(detector: Detector) -> None:
    detector.engine.remove(DECISIONS, largest(detector).records[:1])


def part_a_work(detector: Detector) -> None:
    work = largest(detector)
    kept, gone = work.records[:1], work.records[1:]
    parts = [Work(work.work_id, kept, (kept,)), Work(NOWHERE, gone, (gone,))]
    detector.holdings.store_works(parts, [])
    homes = detector.holdings.homes(gone)
    detector.holdings.store_homes(
        {name: home._replace(work_id=NOWHERE) for name, home in homes.items()}
    )


def tell_what_never_was(detector: Detector) -> None:
    went = largest(detector).records[:1]
    events = [Event(EventKind.LEFT, largest(detector).work_id, went=went)]
    log_events(detector.engine, events, Occasion.now())


def tell_of_a_work_that_is_none(detector: Detector) -> None:
    events = [Event(EventKind.CREATED, NOWHERE, came=("made:none",))]
    log_events(detector.engine, events, Occasion.now())


def leave_records_waiting(detector: Detector) -> None:
    detector.engine.write(PENDING, queue_entries(list(largest(detector).records)))


BREAKS: dict[Callable[[Detector], None], str] = {
    delete_a_record: "dangling",
    hold_a_record_twice: "in-two-works",
    forget_a_work: "in-no-work",
    forget_a_work_but_not_its_records: "in-no-work",
    file_elsewhere: "filed-elsewhere",
    forget_a_version: "versions-not-its-records",
    judge_apart_unheard: "judged-apart-and-joined",
    judge_same_unheard: "judged-one-and-apart",
    leave_a_conflict: "conflict-over",
    lose_a_conflict: "conflicts-otherwise",
    lead_to_nothing: "redirect-to-nothing",
    lead_in_a_circle: "redirect-in-a-circle",
    lead_away_from_a_living_work: "redirect-of-a-living-work",
    call_a_living_work_deleted: "deleted-and-living",
    decide_otherwise: "decided-otherwise",
    decide_at_one_side: "decided-at-one-side",
    part_a_work: "formed-otherwise",
    tell_what_never_was: "replay-differs",
    tell_of_a_work_that_is_none: "replay-differs",
    leave_records_waiting: "waiting",
}


def named(checked: Checked) -> set[str]:
    return {fault.name for fault in checked.faults}


def test_an_index_as_it_is_made_is_well(detector: Detector) -> None:
    """No finding, whatever was judged, deleted, changed and merged before."""
    work = largest(detector)
    judge(detector, [Judgement(work.records[0], work.records[1], Verdict.DISTINCT)])
    one, other = (lone.records[0] for lone in loners(detector))
    judge(detector, [Judgement(one, other, Verdict.DUPLICATE)])

    found = check(detector, EVERY)

    assert named(found) <= {"unsettled"}
    assert found.well
    assert found.sample.works == found.works


@pytest.mark.parametrize("breaks", BREAKS, ids=lambda breaks: breaks.__name__)
def test_what_is_broken_is_named_and_mended(
    detector: Detector, breaks: Callable[[Detector], None]
) -> None:
    """By name, with what and how many; after the repair nothing is."""
    breaks(detector)
    before = {work.work_id: work for work in detector.holdings.all_works()}

    found = check(detector, EVERY)
    done = mended(detector, EVERY)

    fault = next(fault for fault in found.faults if fault.name == BREAKS[breaks])
    assert fault.count
    assert all(fault.which)
    assert fault.advice
    assert found.well == (fault.grade is Grade.NOTE)
    assert named(done.after) <= {"unsettled"}, [one.finding for one in done.after.faults]
    assert replayed(detector.engine) == stored(detector.engine)
    assert before.keys() & {work.work_id for work in detector.holdings.all_works()}


def test_a_repair_forms_what_a_full_pass_would(detector: Detector) -> None:
    """Every break at once that leaves the records: the works are those of before."""
    before = {work.records: work.work_id for work in detector.holdings.all_works()}
    for breaks in (forget_a_version, decide_at_one_side, file_elsewhere, hold_a_record_twice):
        breaks(detector)

    mended(detector, EVERY)

    assert {work.records: work.work_id for work in detector.holdings.all_works()} == before


def test_the_events_of_a_repair_say_so(detector: Detector) -> None:
    """Who copies the works learns why they changed."""
    judge_apart_unheard(detector)

    done = mended(detector, EVERY)

    events = list(events_of(detector.engine, done.events[0]))
    assert events
    assert all(event["cause"] == {"repair": True} for event in events)
    assert done.events[1] == events[-1]["number"]


def test_other_weights_are_named_and_left_to_a_reindex(detector: Detector) -> None:
    """They ask for all decisions anew: said, not done."""
    detector.holdings.store_weights("0123456789abcdef")

    done = mended(detector, EVERY)

    fault = next(fault for fault in done.after.faults if fault.name == "old-levels")
    assert "reindex" in fault.advice
    assert not done.after.well
    assert not done.after.sample.works


def test_works_are_formed_again_by_the_rules_that_formed_them(engine: Engine) -> None:
    """Those of a one-shot run with policies: a check finds nothing, a judgement parts nothing."""
    source = frozenset({RECORDS[0].source})
    rules = WorkRules(level=WorkLevel.VERSION, unique_sources=source)
    deduplicate(rows(RECORDS), Detector(engine, rules=rules))
    later = Detector(engine)
    before = {work.records for work in later.holdings.all_works()}
    one, other = (lone.records[0] for lone in loners(later))

    judge(later, [Judgement(one, other, Verdict.DISTINCT)])

    assert later.rules == rules
    assert {work.records for work in later.holdings.all_works()} == before
    assert check(later, EVERY).well
    assert "formed-otherwise" in named(check(Detector(engine, rules=WorkRules()), EVERY))


def test_a_sample_is_drawn_by_its_seed_half_of_works_of_several(detector: Detector) -> None:
    """The same seed asks the same works; another one others."""
    census = Census.of(detector.engine)
    first, again, other = (sampled(detector, census, 10, seed) for seed in (1, 1, 2))

    assert first.records == again.records
    assert first.works <= 10
    assert first.records >= first.works + 4  # of several records, half of them
    assert other.works <= 10


def test_events_are_applied_a_few_at_a_time(
    detector: Detector, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever came, went and came again in other portions."""
    monkeypatch.setattr(replay, "AT_ONCE", 7)
    left, right = largest(detector).records[:2]
    judge(detector, [Judgement(left, right, Verdict.DISTINCT)])
    judge(detector, [Judgement(left, right, Verdict.VERSION)])

    assert list(replay.replay_faults(detector.engine)) == []
    tell_what_never_was(detector)
    (fault,) = replay.replay_faults(detector.engine)
    assert fault.which == [largest(detector).work_id]


def test_a_large_collection_is_not_counted_anew(
    detector: Detector, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What came since it was counted is said in its place: a note."""
    monkeypatch.setattr(decided_levels, "MOST_LEARNT", 1)
    assert "unsettled" not in named(check(detector, 0))

    detector.holdings.count_changed(3)

    (note,) = check(detector, 0).faults
    assert (note.name, note.count, note.grade) == ("unsettled", 3, Grade.NOTE)


def test_doctor_names_the_same_in_words(detector: Detector) -> None:
    """Each with some of the names and what to do."""
    delete_a_record(detector)

    found = [one for one in works_findings(detector.engine) if one.grade is Grade.FAULT]

    assert any("records of works are not in the index: " in one.text for one in found)
    assert all("--repair" in one.advice for one in found)


@pytest.mark.parametrize("point", ["within-repair", "within-works", "after-repair"])
def test_a_repair_that_is_killed_is_finished_by_the_next(place: Place, point: str) -> None:
    """As if nothing had killed it, on an engine without transactions too."""
    index = place("killed")
    with closing(open_engine(index)) as engine:
        detector = compared(engine)
        before = {work.records: work.work_id for work in detector.holdings.all_works()}
        for breaks in (forget_a_version, hold_a_record_twice, part_a_work, lead_to_nothing):
            breaks(detector)
        engine.make_visible()
    repair = [sys.executable, "-m", "samework.cli", "works", "check", "--repair", "--index", index]

    killed = subprocess.run(repair, env={**os.environ, "SAMEWORK_DIE_AT": point}, check=False)
    again = subprocess.run([*repair, "--sample", str(EVERY)], check=False, capture_output=True)

    assert killed.returncode == -signal.SIGKILL
    assert again.returncode == 0, again.stdout
    with closing(open_engine(index, create=False)) as engine:
        works = Holdings(engine).all_works()
        assert {work.records: work.work_id for work in works} == before
        assert replayed(engine) == stored(engine)
