"""Stories and retired ids after random histories, on both engines: nothing is missing."""

from __future__ import annotations

import random

import pytest

from detector.decision.verdicts import Verdict
from detector.detecting.judging import judge
from detector.detecting.pipeline import Detector
from detector.questions.redirects import ended_rows, redirect_rows
from detector.questions.shown_work import EndedWork, ShownWork, shown_work
from detector.questions.story import story_of
from detector.store.events import events_of
from detector.store.stories import about
from detector.works.judgements import Judgement
from indexer.index.contract import Engine
from indexer.ingesting.ingest import Ingestion
from tests.made_records import made_collection
from tests.works_compared import rows

RECORDS = made_collection(11, 40)
VERDICTS = (Verdict.DUPLICATE, Verdict.VERSION, Verdict.DISTINCT, Verdict.DISTINCT)


def lived(engine: Engine, seed: int, steps: int) -> Detector:
    """Batches of records, deletions, returns and judgements in a random order."""
    draw = random.Random(seed)
    detector = Detector(engine)
    ingestion = Ingestion(engine, lambda ids: detector.arrived() and None)
    ingestion.run(rows(RECORDS[:20]))
    detector.settle()
    for _ in range(steps):
        some = draw.sample(RECORDS, 4)
        names = [record.record_id for record in some]
        match draw.randrange(4):
            case 0:
                engine.delete(names[:2])
                detector.arrived(names[:2])
            case 1:
                ingestion.run(rows(some))
            case 2:
                detector.settle()
            case _:
                verdict = draw.choice(VERDICTS)
                judge(detector, [Judgement(names[0], names[1], verdict, by="ana")])
    return detector


@pytest.mark.parametrize("seed", range(3))
def test_a_story_tells_how_every_record_of_a_work_came_into_it(engine: Engine, seed: int) -> None:
    detector = lived(engine, seed, 25)
    logged = {event["number"]: event for event in events_of(engine)}

    for work in detector.holdings.all_works():
        lines = story_of(detector, work.work_id).lines
        came = {record for line in lines for record in line.event.get("came", ())}
        assert came >= set(work.records)
        numbers = [line.number for line in lines]
        assert numbers == sorted(set(numbers))
        own = {number for number, one in logged.items() if one["work_id"] == work.work_id}
        assert own <= set(numbers)
        assert all(line.told for line in lines)


@pytest.mark.parametrize("seed", range(3))
def test_every_id_that_was_ever_given_shows_a_living_work_or_how_it_ended(
    engine: Engine, seed: int
) -> None:
    detector = lived(engine, seed, 25)
    alive = {work.work_id for work in detector.holdings.all_works()}
    retired = {name for event in events_of(engine) for name in about(event)} - alive

    assert retired
    led = {row["id"]: row["work_id"] for row in redirect_rows(detector.holdings)}
    ended = {row["id"] for row in ended_rows(detector.holdings)}
    assert led.keys() | ended == retired
    assert led.keys().isdisjoint(ended)
    assert set(led.values()) <= alive
    for name in retired:
        shown = shown_work(detector, name)
        assert isinstance(shown, EndedWork if name in ended else ShownWork)
        assert story_of(detector, name).lines
    for work_id in alive:
        of = shown_work(detector, work_id)
        assert isinstance(of, ShownWork)
        assert set(of.retired) == {name for name, home in led.items() if home == work_id}
