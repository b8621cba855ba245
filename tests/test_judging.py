"""What a person says acts at once, on both engines, and is told by the events."""

from __future__ import annotations

import dataclasses

from detector.decision.verdicts import Verdict
from detector.detecting.judging import judge, preview
from detector.detecting.pipeline import Detector
from detector.store.events import events_of
from detector.works.judgements import Judgement
from indexer.ingesting.ingest import PENDING
from indexer.records import Record
from tests.replaying import replayed, stored
from tests.works_compared import arrive, homes, largest, loners


def said(left: str, right: str, verdict: Verdict, at: str = "") -> Judgement:
    return Judgement(left, right, verdict, at=at, by="ada")


def test_records_judged_the_same_are_one_work_at_once(detector: Detector) -> None:
    left, right = loners(detector)[:2]
    before = homes(detector, left, right)

    acted = judge(detector, [said(left, right, Verdict.DUPLICATE)], run="r7")

    ours, theirs = homes(detector, left, right)
    assert ours == theirs
    assert ours in before
    retired = next(work_id for work_id in before if work_id != ours)
    assert detector.holdings.living(retired).work_id == ours
    assert [event["event"] for event in acted.events] == ["redirected", "merged"]
    logged = {event["number"]: event for event in events_of(detector.engine)}
    told = logged[acted.events[-1]["number"]]
    assert (told["event"], told["run"], told["work_id"]) == ("merged", "r7", ours)
    assert told["because"] == [[*sorted((left, right)), "judged duplicate", 1.0]]
    judged = logged[acted.events[0]["number"] - 1]
    assert judged["event"] == "judged"
    assert judged["said"] == acted.judgements[0].to_dict()
    assert replayed(detector.engine) == stored(detector.engine)
    assert not detector.engine.count(PENDING)


def test_preview_tells_what_a_judgement_would_do_and_stores_nothing(detector: Detector) -> None:
    left, right = loners(detector)[:2]
    log = list(detector.engine.log())
    works = stored(detector.engine)

    would = preview(detector, [said(left, right, Verdict.DUPLICATE)])

    assert (list(detector.engine.log()), stored(detector.engine)) == (log, works)
    done = judge(detector, [said(left, right, Verdict.DUPLICATE)])
    assert [event["event"] for event in would.events] == [event["event"] for event in done.events]
    assert would.moved == done.moved == 1


def test_judged_apart_is_a_split_that_no_third_record_bridges(detector: Detector) -> None:
    """What would bridge it stands as a conflict, with the records it leads over."""
    first, *_, last = largest(detector)
    (work_id,) = set(homes(detector, first, last))

    judge(detector, [said(first, last, Verdict.DISTINCT)])

    assert len(set(homes(detector, first, last))) == 2
    assert work_id in homes(detector, first, last)
    assert replayed(detector.engine) == stored(detector.engine)
    held = detector.engine.get([first])[first]
    arrive(detector, [dataclasses.replace(held, record_id="late:1", source_id="1", source="late")])
    assert len(set(homes(detector, first, last))) == 2
    (conflict,) = detector.holdings.conflicts()
    assert {conflict.left, conflict.right} == {first, last}
    assert (conflict.path[0], conflict.path[-1]) == (conflict.left, conflict.right)
    assert len(conflict.path) > 2

    judge(detector, [said(first, last, Verdict.DUPLICATE)])

    assert not detector.holdings.conflicts()
    assert len(set(homes(detector, first, last))) == 1
    assert replayed(detector.engine) == stored(detector.engine)


def test_both_of_two_judgements_are_kept_and_the_later_stands(detector: Detector) -> None:
    left, right = loners(detector)[:2]
    judge(detector, [said(left, right, Verdict.DUPLICATE, "2026-02-01T00:00:00+00:00")])
    judge(detector, [said(right, left, Verdict.DISTINCT, "2026-01-01T00:00:00+00:00")])

    held = detector.holdings.judgements([left])

    assert [one.number for one in held] == [1, 2]
    assert [one.verdict for one in held] == [Verdict.DUPLICATE, Verdict.DISTINCT]
    assert held == list(detector.holdings.all_judgements())
    assert len(set(homes(detector, left, right))) == 1
    detector.holdings.take_back(held[:1])
    assert detector.holdings.judgements([right]) == held[1:]


def test_of_works_that_merge_the_elder_id_stays(detector: Detector) -> None:
    """Whatever the ids are: a work that came later gives way."""
    elder = max(loners(detector))
    fresh = Record(
        "a:0", source="a", source_id="0", title="Otters of the Upper Danube", year="1911"
    )
    arrive(detector, [fresh])
    ours, theirs = homes(detector, elder, "a:0")
    assert ours != theirs

    judge(detector, [said(elder, "a:0", Verdict.DUPLICATE)])

    assert homes(detector, elder, "a:0") == [ours, ours]
    assert detector.holdings.living(theirs).via == (theirs,)


def test_a_deleted_work_says_what_it_held_and_comes_back_under_its_id(detector: Detector) -> None:
    record_id = loners(detector)[0]
    held = detector.engine.get([record_id])[record_id]
    (work_id,) = homes(detector, record_id)
    arrive(detector, [dataclasses.replace(held, deleted=True, updated="2026-12-01")])

    ended = detector.holdings.living(work_id)
    assert (ended.work_id, ended.known) == ("", True)
    assert ended.gone is not None
    assert ended.gone["records"] == [record_id]
    assert replayed(detector.engine) == stored(detector.engine)

    arrive(detector, [dataclasses.replace(held, updated="2027-01-01")])

    assert homes(detector, record_id) == [work_id]
    assert detector.holdings.living(work_id).gone is None
    assert [event["event"] for event in events_of(detector.engine)][-1] == "returned"
    assert replayed(detector.engine) == stored(detector.engine)
