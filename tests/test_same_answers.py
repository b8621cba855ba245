"""One collection on both engines: the same answers to the letter, deletions or not."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from detector.detecting.pipeline import Detector
from detector.questions.citations import citation_of
from detector.questions.matching import matches
from detector.questions.query import ask
from indexer.index.opening import open_engine
from indexer.ingesting.ingest import Ingestion
from indexer.records import Author, Occurrence, Record
from tests.command import here
from tests.made_records import made_collection

MADE = made_collection(17, 120)
QUESTIONS = (
    "romanian berts teachers",
    "sediment river ice breakup in alpine valleys",
    "a survey of coral bleaching",
    "soil nitrogen cycling, Okafor 2001",
    "10.5555/made.7",
    "nothing of the kindd",
    "title:* OR _exists_:doi AND ((((",
    MADE[0].title,
    MADE[1].title[5:-5],
)


def rows(records: list[Record]) -> list[Occurrence]:
    return [Occurrence(one, "made.jsonl", at, at + 1) for at, one in enumerate(records)]


@pytest.fixture(scope="module")
def both(
    tmp_path_factory: pytest.TempPathFactory, shared_prefix: tuple[str, str]
) -> Iterator[tuple[Detector, Detector]]:
    """Detectors over the same records, put in two batches and judged, some then taken out."""
    url, prefix = shared_prefix
    places = (str(tmp_path_factory.mktemp("same") / "index"), f"{url}/{prefix}")
    detectors = tuple(Detector(open_engine(place)) for place in places)
    for one in detectors:
        Ingestion(one.engine, one.arrived, batch=150).run(rows(MADE))
        one.engine.delete([record.record_id for record in MADE[5::40]])
        one.engine.make_visible()
        one.settle()
    yield detectors[0], detectors[1]
    for one in detectors:
        one.engine.close()


@pytest.mark.parametrize("text", QUESTIONS)
def test_questions_are_answered_alike(both: tuple[Detector, Detector], text: str) -> None:
    """Whoever moves from a folder to a cluster must not see other works, or another order."""
    (ours, told), (theirs, also_told) = (ask(citation_of(text), text, one, 50) for one in both)

    assert [one.to_dict() for one in ours] == [one.to_dict() for one in theirs]
    assert (told.keys, told.words) == (also_told.keys, also_told.words)
    assert bool(ours) == (text not in QUESTIONS[5:7])


def test_authors_are_asked_alike(both: tuple[Detector, Detector]) -> None:
    """The one question that reads the whole index."""
    record = Record("", authors=(Author(name="Ana Okafor"),))

    ours, theirs = (ask(record, "", one, 50)[0] for one in both)

    assert [one.to_dict() for one in ours] == [one.to_dict() for one in theirs] != []


def test_rows_are_matched_alike(both: tuple[Detector, Detector]) -> None:
    """The same verdicts, reasons and works for what comes in."""
    other = [dataclasses.replace(one, record_id=f"x:{at}") for at, one in enumerate(MADE[:60])]
    incoming = rows([*other, *made_collection(18, 10)])

    ours, theirs = ([one.to_dict() for one in matches(incoming, each)] for each in both)

    assert ours == theirs
    assert {"duplicate", "new"} <= {str(one["verdict"]) for one in ours}


def test_commands_print_alike(both: tuple[Detector, Detector], tmp_path: Path) -> None:
    """What people see names no engine."""
    (match,) = (one for one in matches(rows(MADE[:1]), both[0]))
    left, right = MADE[0].record_id, match.hits[-1].record_id
    for asked in (
        ("query", MADE[0].title, "--json", "--explain"),
        ("explain", left, right, "--json"),
    ):
        ours, theirs = (here(*asked, "--index", one.engine.location) for one in both)

        assert ours.returncode == theirs.returncode == 0, ours.stderr + theirs.stderr
        assert (ours.stdout, ours.stderr) == (theirs.stdout, theirs.stderr)
        assert json.loads(ours.stdout.splitlines()[0])
