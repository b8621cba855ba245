"""What people say in the index of an answer is obeyed by the next run over it, and not lost."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import pytest

from detector.decision.verdicts import Verdict
from detector.detecting.judging import judge as judge_again
from detector.detecting.judging import log_said
from detector.detecting.pipeline import Detector
from detector.runs.judging_run import judged_in_run
from detector.store.events import EventKind, Occasion
from detector.works.judgements import Judgement
from indexer.index.embedded import EmbeddedEngine
from tests.command import here
from tests.one_shot import lines, write
from tests.test_since import DOUBTS, JANUARY, answer, row, sheet

ROWS: dict[str, list[dict[str, Any]]] = {
    "a.jsonl": [*map(row, JANUARY), *(one for pair in DOUBTS for one in pair)]
}


@contextmanager
def index(out: Path) -> Iterator[Detector]:
    """The index of an answer, as a command of judging opens it."""
    with closing(EmbeddedEngine(str(out / "index"), create=False)) as engine:
        yield Detector(engine)


def said(out: Path, *verdicts: Verdict) -> list[Judgement]:
    """Judge the pairs that the answer asks about, in its index, from the first on."""
    asked = [(one["left"], one["right"]) for one in sheet(out)]
    judgements = [
        Judgement(left, right, verdict, by="ana", why="looked at both")
        for (left, right), verdict in zip(asked, verdicts, strict=False)
    ]
    with index(out) as detector:
        return list(judged_in_run(detector, judgements, "judge", "ana").acted.judgements)


@pytest.fixture
def asked(tmp_path: Path) -> Path:
    """An answer that asks about four pairs."""
    assert answer(tmp_path, "out", ROWS)["pairs"]["review"] == 4
    return tmp_path


@pytest.mark.parametrize(
    ("into", "since"),
    [("out", ()), ("out", ("--since", "out")), ("other", ("--since", "out"))],
    ids=["again", "since itself", "since another"],
)
def test_a_run_obeys_what_was_judged_in_the_index(
    into: str, since: tuple[str, ...], asked: Path
) -> None:
    """Who said it, when and why stays with it, in judgements.jsonl and in the new index."""
    first = said(asked / "out", Verdict.DUPLICATE, Verdict.DISTINCT, Verdict.REVIEW)

    summary = answer(asked, into, ROWS, *since)

    assert summary["pairs"]["review"] == 1
    kept = {(one["by"], one["at"], one["why"]) for one in lines(asked / into / "judgements.jsonl")}
    assert kept == {("ana", one.at, "looked at both") for one in first}
    with index(asked / into) as detector:
        told = list(detector.holdings.all_judgements())
    assert {one.identity for one in told} == {one.identity for one in first}
    assert {(one.by, one.why, one.said[:6]) for one in told} == {
        ("ana", "looked at both", "review")
    }


@pytest.mark.parametrize("since", [(), ("--since", "out")], ids=["again", "since"])
def test_what_was_taken_back_in_the_index_is_forgotten(since: tuple[str, ...], asked: Path) -> None:
    """It would come back from judgements.jsonl with every run."""
    first, second, _ = said(asked / "out", Verdict.DUPLICATE, Verdict.DISTINCT, Verdict.REVIEW)
    answer(asked, "out", ROWS)
    with index(asked / "out") as detector:
        detector.holdings.take_back(
            [one for one in detector.holdings.all_judgements() if one.identity == first.identity]
        )
        log_said(detector, EventKind.UNDONE, [first], Occasion.now())

    summary = answer(asked, "out", ROWS, *since)

    assert summary["judged"] == 2
    assert summary["pairs"]["review"] == 2
    left = {one["judgement"] for one in lines(asked / "out/judgements.jsonl")}
    assert left == {"distinct", "review"}
    assert second.verdict is Verdict.DISTINCT


def test_the_last_judgement_may_be_taken_back(asked: Path) -> None:
    """Then nothing is left in judgements.jsonl, in which lines otherwise are never lost."""
    (first,) = said(asked / "out", Verdict.DUPLICATE)
    answer(asked, "out", ROWS)
    with index(asked / "out") as detector:
        detector.holdings.take_back(list(detector.holdings.all_judgements()))
        log_said(detector, EventKind.UNDONE, [first], Occasion.now())

    for _ in range(2):
        assert answer(asked, "out", ROWS)["pairs"]["review"] == 4
        assert (asked / "out/judgements.jsonl").read_bytes() == b""


def test_a_judgement_that_was_taken_back_and_said_again_stands(asked: Path) -> None:
    (first,) = said(asked / "out", Verdict.DUPLICATE)
    with index(asked / "out") as detector:
        log_said(detector, EventKind.UNDONE, [first], Occasion.now())
        judge_again(detector, [first])

    assert answer(asked, "out", ROWS)["judged"] == 1


def test_a_field_that_was_chosen_stays_chosen(asked: Path) -> None:
    rows = {"b.jsonl": [row(1, source="x", id="1"), row(1, source="y", id="2", year="1999")]}
    answer(asked, "small", rows)
    work = lines(asked / "small/works.jsonl")[0]["work_id"]
    chosen = here("works", "choose", work, "year", "y:2", "--index", "small/index", cwd=asked)
    assert chosen.returncode == 0, chosen.stderr

    answer(asked, "small", rows)
    answer(asked, "later", {"c.jsonl": [row(2)]}, "--since", "small")

    for out in ("small", "later"):
        told = {one["work_id"]: one["canonical"] for one in lines(asked / out / "works.jsonl")}
        assert told[work]["year"] == "1999"
        assert told[work]["chosen"]["year"]["record"] == "y:2"


def test_records_that_were_put_into_the_index_are_not_thrown_away(asked: Path) -> None:
    more = write(asked / "more.jsonl", [row(60)])
    run = here("ingest", more, "--detect", "--index", "out/index", cwd=asked)
    assert run.returncode == 0, run.stderr

    again = here("dedupe", asked / "out-files/a.jsonl", "--out", "out", cwd=asked)

    assert again.returncode == 1
    assert "was changed since samework wrote it" in again.stderr
    with index(asked / "out") as detector:
        assert len(list(detector.engine.ids())) == len(ROWS["a.jsonl"]) + 1
