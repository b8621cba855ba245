"""A field of a merged record that a person chose: kept, told, and taken along; on both engines."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest

import samework as sw
from detector.decision.verdicts import Verdict
from detector.detecting.judging import judge
from detector.detecting.pipeline import WORKS_LEASE, Detector
from detector.errors import UnknownValue, UnusableChoice
from detector.questions.shown_work import ShownWork
from detector.store.holdings import Holdings
from detector.works.judgements import Judgement
from indexer.errors import BackendBusy
from indexer.index.contract import Engine
from indexer.index.opening import open_engine
from indexer.ingesting.runs import parts, runs
from samework.index import OpenIndex
from tests.command import here
from tests.engines import Place

RIVERS: dict[str, Any] = {"year": 2018, "container": "Journal of Made Hydrology"}
SHOUTED, PLAIN = "SEDIMENT MEMORY OF BRAIDED RIVERS", "Sediment memory of braided rivers"
ROWS = [
    {"id": "a", "source": "one", "title": SHOUTED, "authors": ["Okonjo, Amara"], **RIVERS},
    {
        "id": "b",
        "source": "two",
        "title": PLAIN,
        "authors": ["Okonjo, A."],
        "pages": "3-9",
        **RIVERS,
    },
    {"id": "c", "source": "one", "title": "Counting eels in muddy water", "year": 2017},
]
A, B, C = "one:a", "two:b", "one:c"


@pytest.fixture
def where(place: Place) -> str:
    return place("chosen")


@pytest.fixture
def catalogue(where: str) -> Iterator[OpenIndex]:
    with sw.open(where) as opened:
        opened.ingest(ROWS)
        yield opened


@pytest.fixture
def engine(where: str, catalogue: OpenIndex) -> Iterator[Engine]:
    opened = open_engine(where, create=False)
    yield opened
    opened.close()


def merged(catalogue: OpenIndex, name: str) -> dict[str, Any]:
    shown = catalogue.work(name)
    assert isinstance(shown, ShownWork)
    return shown.canonical


def test_a_field_is_from_the_record_that_was_chosen_and_says_by_whom(
    catalogue: OpenIndex,
) -> None:
    assert merged(catalogue, A)["title"] == PLAIN

    done = catalogue.choose(A, "title", A, why="as printed", by="ana")

    shown = catalogue.work(A)
    assert f"title            {SHOUTED}  [one:a, chosen by ana]" in str(shown)
    (row,) = (row for row in catalogue.works() if A in row["records"])
    assert row["canonical"]["title"] == SHOUTED
    assert row["canonical"]["origin"]["title"] == A
    assert row["canonical"]["chosen"]["title"] == done.choice.to_dict()
    assert (done.choice.by, done.choice.why, done.choice.number) == ("ana", "as printed", 1)


def test_other_works_have_nothing_chosen(catalogue: OpenIndex) -> None:
    catalogue.choose(A, "title", A)

    assert "chosen" not in merged(catalogue, C)
    assert [bool(row["canonical"].get("chosen")) for row in catalogue.works()].count(True) == 1


def test_the_place_of_printing_may_be_chosen_field_by_field(catalogue: OpenIndex) -> None:
    catalogue.choose(B, "pages", B)

    assert merged(catalogue, A)["chosen"]["pages"]["record"] == B


def test_the_latest_choice_of_a_field_stands(catalogue: OpenIndex) -> None:
    catalogue.choose(A, "title", A)
    catalogue.choose(A, "title", B)

    assert merged(catalogue, A)["title"] == PLAIN
    assert merged(catalogue, A)["chosen"]["title"]["record"] == B


def test_a_choice_survives_an_update_and_goes_with_its_record_through_a_split_and_a_merge(
    catalogue: OpenIndex, engine: Engine
) -> None:
    catalogue.choose(A, "title", A)
    catalogue.ingest([{**ROWS[0], "title": f"{SHOUTED}: a study", "updated": "2030-01-01"}])
    assert merged(catalogue, A)["title"] == f"{SHOUTED}: a study"

    judge(Detector(engine), [Judgement(A, B, Verdict.DISTINCT)])
    assert merged(catalogue, A)["chosen"]["title"]["record"] == A
    assert "chosen" not in merged(catalogue, B)

    catalogue.choose(B, "title", B)
    judge(Detector(engine), [Judgement(A, B, Verdict.DUPLICATE)])
    assert merged(catalogue, A)["chosen"]["title"]["record"] == B


def test_a_record_that_says_the_field_no_longer_leaves_it_to_the_others(
    catalogue: OpenIndex,
) -> None:
    catalogue.choose(B, "pages", B)
    catalogue.ingest([{**ROWS[1], "pages": "", "updated": "2030-01-01"}])

    assert "pages" not in merged(catalogue, A)
    assert "chosen" not in merged(catalogue, A)


def test_a_choice_waits_for_a_record_that_is_gone_and_stands_when_it_returns(
    catalogue: OpenIndex, engine: Engine
) -> None:
    catalogue.choose(A, "title", A)
    engine.delete([A])
    Detector(engine).arrived([A])
    assert "chosen" not in merged(catalogue, B)

    catalogue.ingest(ROWS[:1])
    assert merged(catalogue, B)["chosen"]["title"]["record"] == A


def test_what_cannot_be_chosen_is_refused_with_what_can(catalogue: OpenIndex) -> None:
    with pytest.raises(UnknownValue, match=r"'keywords' is no field .* expected title, authors"):
        catalogue.choose(A, "keywords", A)
    with pytest.raises(UnusableChoice, match=r"'one:c' is no record of w.*; expected one:a, two:b"):
        catalogue.choose(A, "title", C)
    with pytest.raises(UnusableChoice, match="'one:a' says no pages; expected two:b"):
        catalogue.choose(A, "pages", A)
    assert [event["event"] for event in catalogue.events()] == ["created", "created"]


def test_a_choice_is_an_event_and_a_run_that_notes_what_it_replaced(
    catalogue: OpenIndex, engine: Engine
) -> None:
    first = catalogue.choose(A, "title", A, by="ana")
    second = catalogue.choose(A, "title", A, by="ben", why="sure")

    told = [line.told for line in catalogue.history(A).lines[-2:]]
    assert told == ["ana chose its title from one:a", "ben chose its title from one:a (“sure”)"]
    events = {event["number"]: event for event in catalogue.events()}
    assert events[second.event]["said"] == second.choice.to_dict()
    assert events[second.event]["run"] == second.run == runs(engine)[-1].run
    noted = {"choice": second.choice.to_dict(), "before": first.choice.to_dict()}
    assert list(parts(engine, second.run)) == [{"chosen": [noted]}]


def test_a_choice_is_taken_back_unless_a_later_one_stands_in_the_way(
    catalogue: OpenIndex, engine: Engine
) -> None:
    first = catalogue.choose(A, "title", A, by="ana")
    second = catalogue.choose(A, "title", A, by="ben")
    holdings = Holdings(engine)

    assert holdings.take_back_choice(first.choice, first.before) == second.choice
    assert holdings.take_back_choice(second.choice, second.before) is None
    assert holdings.choices([A]) == [first.choice]
    assert holdings.take_back_choice(first.choice, first.before) is None
    assert holdings.choices([A]) == []
    assert "chosen" not in merged(catalogue, A)


def test_the_command_says_what_it_did_and_how_it_is_undone(
    catalogue: OpenIndex, where: str
) -> None:
    done = here("works", "choose", A, "title", A, "--by", "ana", "--index", where)
    plain = here("works", "choose", A, "title", B, "--json", "--index", where)
    refused = here("works", "choose", A, "colour", A, "--index", where)

    assert done.stdout.endswith("its title is from one:a\n")
    assert "undone by `samework undo 3`" in done.stderr
    assert json.loads(plain.stdout)["record"] == B
    assert refused.returncode == 2
    assert "'colour' is no field of a merged record" in refused.stderr


def test_a_choice_waits_for_who_changes_works_and_stores_nothing_where_that_takes_too_long(
    catalogue: OpenIndex, engine: Engine
) -> None:
    told: list[str] = []
    with engine.lease(WORKS_LEASE, 60.0), pytest.raises(BackendBusy):
        catalogue.choose(A, "title", A, patience=3.0, told=told.append)

    assert told[0].startswith("waiting up to 3 s")
    assert Holdings(engine).choices([A]) == []
    assert [run.command.split()[0] for run in runs(engine)] == ["ingest"]


def test_a_choice_is_undone_and_brought_back_as_a_judgement_is(
    catalogue: OpenIndex, where: str
) -> None:
    before = merged(catalogue, A)
    done = catalogue.choose(A, "title", A, by="ana")
    after = merged(catalogue, A)

    undone = catalogue.undo(str(done.event), by="ben")
    assert merged(catalogue, A) == before
    told = catalogue.history(A).lines[-1]
    assert told.told == "taken back: ana chose its title from one:a"
    assert told.cause.endswith("by ben)") or ", ben)" in told.cause

    catalogue.undo(undone.run)
    assert merged(catalogue, A) == after
