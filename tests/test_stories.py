"""What became of works: their stories, the ids that lead to them, the feed; on both engines."""

from __future__ import annotations

import io
import json
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import samework as sw
from detector.decision.verdicts import Verdict
from detector.detecting.judging import judge
from detector.detecting.pipeline import Detector
from detector.questions.shown_work import EndedWork, ShownWork
from detector.store.events import events_of
from detector.store.holdings import Holdings
from detector.store.stories import NOTED, about, events_about
from detector.works.judgements import Judgement
from indexer.index.contract import Engine
from indexer.index.opening import open_engine
from samework.index import OpenIndex
from tests.command import SAMEWORK, here
from tests.engines import Place
from tests.one_shot import write

OPERATIONS = Path(__file__).resolve().parents[1] / "docs/operations.md"
RIVERS: dict[str, Any] = {"title": "Sediment memory of braided rivers", "year": 2018}
FIRST = [
    {"id": "a", "source": "one", "authors": ["Okonjo, Amara"], **RIVERS},
    {"id": "c", "source": "one", "title": "Counting eels in muddy water", "year": 2017},
]
LATER = [{"id": "b", "source": "two", "authors": ["Okonjo, A."], **RIVERS}]
EELS, FIRST_RIVER, SECOND_RIVER = "one:c", "one:a", "two:b"


def lived(catalogue: OpenIndex, where: str) -> None:
    """A year in short: a record joins, is judged apart and back, another goes and returns."""
    catalogue.ingest(FIRST)
    catalogue.ingest(LATER)
    engine = open_engine(where, create=False)
    detector = Detector(engine)
    for verdict, why in (("distinct", "two rivers"), ("duplicate", "one after all")):
        said = Judgement(FIRST_RIVER, SECOND_RIVER, Verdict(verdict), by="ana", why=why)
        judge(detector, [said])
    engine.delete([EELS])
    detector.arrived([EELS])
    engine.close()


@pytest.fixture
def where(place: Place) -> str:
    return place("lived")


@pytest.fixture
def catalogue(where: str) -> Iterator[OpenIndex]:
    with sw.open(where) as opened:
        lived(opened, where)
        yield opened


@pytest.fixture
def engine(where: str, catalogue: OpenIndex) -> Iterator[Engine]:
    opened = open_engine(where, create=False)
    yield opened
    opened.close()


def told(catalogue: OpenIndex, name: str) -> list[tuple[str, str]]:
    """Who tells what."""
    return [(line.work_id, line.told) for line in catalogue.history(name).lines]


def test_a_story_tells_what_came_and_who_said_what_in_order(catalogue: OpenIndex) -> None:
    river = catalogue.work(FIRST_RIVER).meant.work_id
    (split,) = (event["work_id"] for event in catalogue.events() if event["event"] == "split")

    assert told(catalogue, SECOND_RIVER) == [
        (river, "the work began with one:a"),
        (river, "two:b joined: duplicate of one:a, 0.96"),
        (
            river,
            "ana judged that one:a and two:b are two works (“two rivers”); "
            "the program had said duplicate 0.96",
        ),
        (river, f"two:b became a work of its own, {split}"),
        (split, f"the work began with two:b, split from {river}"),
        (
            river,
            "ana judged that one:a and two:b are one (“one after all”); "
            "the program had said duplicate 0.96",
        ),
        (split, f"it was merged into {river}, which its id leads to"),
        (river, f"{split} was merged into it, with two:b: judged duplicate of one:a"),
    ]


def test_a_story_says_why_the_pair_belongs_together_and_who_parted_it(
    catalogue: OpenIndex,
) -> None:
    lines = catalogue.history(FIRST_RIVER).lines

    (joined,) = (line for line in lines if line.event["event"] == "joined")
    assert joined.reasons[0] == "the titles are the same"
    (left,) = (line for line in lines if line.event["event"] == "left")
    (judged, _) = (line for line in lines if line.event["event"] == "judged")
    assert left.cause == f"since ana judged so, {judged.number}"


def test_the_story_of_a_work_that_ended_ends_there_and_goes_on_when_it_returns(
    catalogue: OpenIndex,
) -> None:
    (row,) = catalogue.ended()

    assert row["records"] == [EELS]
    assert [line for _, line in told(catalogue, row["id"])] == [
        "the work began with one:c",
        "its last records left the collection (one:c), and the work ended",
    ]
    catalogue.ingest(FIRST[1:])
    last = told(catalogue, EELS)[-1]
    assert last == (row["id"], "one:c came back, and the work lives again under its id")
    assert list(catalogue.ended()) == []


def test_a_retired_id_shows_the_work_that_took_it_in(catalogue: OpenIndex) -> None:
    (row,) = catalogue.redirects()
    shown = catalogue.work(row["id"])

    assert isinstance(shown, ShownWork)
    assert shown.meant.via == (row["id"],)
    assert shown.work.work_id == row["work_id"] == row["to"]
    assert shown.retired == (row["id"],)
    assert f"asked for as {row['id']}, which leads here" in str(shown)
    assert "1 record joined; 1 work merged into it; 1 record left" in str(shown)
    assert catalogue.history(row["id"]).work_id == row["work_id"]


def test_an_id_whose_work_ended_says_when_and_what_it_held(catalogue: OpenIndex) -> None:
    (row,) = catalogue.ended()
    shown = catalogue.work(row["id"])

    assert isinstance(shown, EndedWork)
    assert f"{row['id']}  ended {row['at'][:10]}" in str(shown)
    assert "it held one:c, which left the collection" in str(shown)


def test_what_people_said_is_shown_with_what_the_program_had_said(catalogue: OpenIndex) -> None:
    shown = catalogue.work(FIRST_RIVER).to_dict()

    said = [(one["judgement"], one["by"], one["said"]) for one in shown["judgements"]]
    assert said == [("distinct", "ana", "duplicate 0.96"), ("duplicate", "ana", "duplicate 0.96")]


def test_a_pair_judged_apart_that_a_third_record_ties_is_shown_with_its_path(
    catalogue: OpenIndex, engine: Engine
) -> None:
    detector = Detector(engine)
    catalogue.ingest([{"id": "d", "source": "three", "authors": ["Okonjo, A."], **RIVERS}])
    judge(detector, [Judgement(FIRST_RIVER, SECOND_RIVER, Verdict.DISTINCT, by="ana")])

    for name in (FIRST_RIVER, SECOND_RIVER):
        shown = catalogue.work(name)
        (conflict,) = shown.to_dict()["conflicts"]
        assert list(conflict["path"]) == [FIRST_RIVER, "three:d", SECOND_RIVER]
        assert f"{FIRST_RIVER} - three:d - {SECOND_RIVER}: " in str(shown)


def test_every_event_is_found_by_each_work_that_it_is_about(engine: Engine) -> None:
    expected: dict[str, list[int]] = {}
    for event in events_of(engine):
        for work_id in about(event):
            expected.setdefault(work_id, []).append(event["number"])

    for work_id, numbers in expected.items():
        assert [one["number"] for one in events_about(engine, work_id)] == numbers
    assert len(expected) == 3


def test_events_that_a_kill_kept_from_being_noted_are_found_all_the_same(engine: Engine) -> None:
    """They are read from the log, and noted with the next events."""
    river = Holdings(engine).work_ids_of([FIRST_RIVER])[FIRST_RIVER]
    before = events_about(engine, river)
    engine.remove("story", [name for name, _ in engine.documents("story")])
    engine.remove(NOTED, [NOTED])

    assert events_about(engine, river) == before
    engine.delete([SECOND_RIVER])
    Detector(engine).arrived([SECOND_RIVER])
    assert events_about(engine, river)[:-1] == before
    assert int(engine.read(NOTED, [NOTED])[NOTED].body) == engine.append([])


def test_a_batch_notes_its_own_events_and_reads_no_others(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    behind: list[int] = []
    log = engine.log

    def noted(after: int = 0) -> Iterator[tuple[int, bytes]]:
        behind.append(after)
        return log(after)

    monkeypatch.setattr(engine, "log", noted)
    engine.delete([SECOND_RIVER])
    end = engine.append([])
    Detector(engine).arrived([SECOND_RIVER])

    assert set(behind) == {end}


def copied(lines: str, monkeypatch: pytest.MonkeyPatch) -> dict[str, dict[str, Any]]:
    """What the reader that docs/operations.md shows makes of events."""
    page = OPERATIONS.read_text("utf-8").partition("## Copy the works elsewhere")[2]
    (code, *_) = re.findall(r"```python\n(.*?)```", page, re.DOTALL)
    names: dict[str, Any] = {}
    monkeypatch.setattr(sys, "stdin", io.StringIO(lines))
    exec(compile(code, str(OPERATIONS), "exec"), names)
    works: dict[str, dict[str, Any]] = names["works"]
    return works


def test_the_reader_that_the_page_shows_has_the_works_as_they_are(
    catalogue: OpenIndex, where: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """After a join, a split, a merge, a deletion and a return; from the first event on."""
    catalogue.ingest(FIRST[1:])

    done = here("works", "events", "--index", where)

    works = copied(done.stdout, monkeypatch)
    stored = {row["work_id"]: row for row in catalogue.works()}
    assert works.keys() == stored.keys()
    for work_id, work in works.items():
        assert sorted(work["records"]) == stored[work_id]["records"]
        assert sorted(map(sorted, work["groups"])) == stored[work_id]["version_groups"]


def test_redirects_are_written_as_openalex_publishes_merged_ids(
    catalogue: OpenIndex, where: str
) -> None:
    (row,) = catalogue.redirects()

    merged = here("works", "redirects", "--format", "openalex", "--index", where)
    plain = here("works", "redirects", "--index", where)

    day = row["at"][:10]
    assert merged.stdout == f"merge_date,id,merge_into_id\n{day},{row['id']},{row['work_id']}\n"
    assert plain.stdout.splitlines()[0] == "id,work_id,to,at"
    assert "1 ids lead to no living work: --ended lists them" in merged.stderr
    refused = here("works", "redirects", "--format", "mag", "--index", where)
    assert refused.returncode == 2
    assert "'mag' is no format; expected csv or openalex" in refused.stderr


def test_ids_whose_work_ended_are_listed_apart(catalogue: OpenIndex, where: str) -> None:
    (row,) = catalogue.ended()

    done = here("works", "redirects", "--ended", "--index", where)
    lines = here("works", "redirects", "--ended", "--json", "--index", where)

    assert done.stdout == f"id,ended,at,records\n{row['id']},{row['id']},{row['at']},{EELS}\n"
    assert json.loads(lines.stdout) == row


def test_events_begin_behind_a_number_and_end_at_a_limit(catalogue: OpenIndex, where: str) -> None:
    done = here("works", "events", "--after", "2", "--limit", "3", "--index", where)

    numbers = [json.loads(line)["number"] for line in done.stdout.splitlines()]
    assert numbers == [3, 4, 5]


@pytest.mark.parametrize("by", [signal.SIGINT, signal.SIGTERM])
def test_a_follower_prints_what_is_to_come_and_ends_when_asked(
    tmp_path: Path, by: signal.Signals
) -> None:
    write(tmp_path / "first.jsonl", FIRST)
    write(tmp_path / "later.jsonl", LATER)
    here("ingest", "first.jsonl", "--detect", "--index", "catalogue", cwd=tmp_path)
    following = subprocess.Popen(
        [str(SAMEWORK), "works", "events", "--follow", "--index", "catalogue"],
        cwd=tmp_path, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    assert following.stdout is not None
    try:
        first = [json.loads(following.stdout.readline()) for _ in FIRST]
        here("ingest", "later.jsonl", "--detect", "--index", "catalogue", cwd=tmp_path)
        joined = json.loads(following.stdout.readline())
        following.send_signal(by)
        rest, said = following.communicate(timeout=30)
    finally:
        following.kill()
        following.wait()

    assert [event["event"] for event in [*first, joined]] == ["created", "created", "joined"]
    assert (rest, following.returncode) == ("", 0)
    assert "stopped behind event 3; go on with --after 3" in said


def test_history_is_told_by_the_command(catalogue: OpenIndex, where: str) -> None:
    done = here("works", "history", SECOND_RIVER, "--index", where)
    lines = here("works", "history", SECOND_RIVER, "--json", "--index", where)

    assert "two:b joined: duplicate of one:a, 0.96 (the titles are the same; " in done.stdout
    told_by_library = [line.told for line in catalogue.history(SECOND_RIVER).lines]
    assert [json.loads(line)["told"] for line in lines.stdout.splitlines()] == told_by_library


def test_works_that_were_there_from_the_first_say_why_as_it_is_decided_now(place: Place) -> None:
    """The first works of an index are logged without their ties."""
    with sw.open(place("first")) as catalogue:
        catalogue.ingest([*FIRST, *LATER])

        (line,) = catalogue.history(FIRST_RIVER).lines

    assert "because" not in line.event
    assert line.told == ("the work began with one:a and two:b: duplicate, 0.96 as is decided now")
    assert line.reasons[0] == "the titles are the same"


def test_what_several_runs_brought_is_told_run_by_run(place: Place) -> None:
    """What waits from several runs is compared in one step."""
    with sw.open(place("waiting")) as catalogue:
        catalogue.ingest(FIRST[:1], detect=False)
        catalogue.ingest(LATER, detect=False)
        catalogue.ingest(FIRST[1:])
        (line,) = catalogue.history(FIRST_RIVER).lines
        (alone,) = catalogue.history(EELS).lines

    assert re.match(
        r"one:a brought by r000001 \(ingest .*; two:b brought by r000002 \(ingest .*", line.cause
    )
    assert alone.cause.startswith("one:c brought by r000003")


def test_what_was_undone_is_told_and_replayed_as_it_is_stored(
    catalogue: OpenIndex, where: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A judgement that parted is taken back, then the record that came by one run."""
    (first,) = (event["number"] for event in catalogue.events() if event["event"] == "joined")
    pair = {"left": FIRST_RIVER, "right": SECOND_RIVER, "judgement": "different"}
    said = catalogue.judge([{**pair, "why": "two after all"}], by="ben")
    assert catalogue.work(FIRST_RIVER).meant.work_id != catalogue.work(SECOND_RIVER).meant.work_id

    catalogue.undo(said.run, by="ana")

    lines = [line.told for line in catalogue.history(SECOND_RIVER).lines[-3:]]
    assert lines[0].startswith("taken back: ben judged that one:a and two:b are two works")
    assert lines[2].endswith("was merged into it, with two:b: judged duplicate of one:a")
    assert first < len(list(catalogue.events()))
    works = copied(here("works", "events", "--index", where).stdout, monkeypatch)
    stored = {row["work_id"]: row["records"] for row in catalogue.works()}
    assert {name: sorted(work["records"]) for name, work in works.items()} == stored
