"""Alike: which pairs wait for the same reason, and how many are answered together."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from detector.decision.verdicts import Verdict
from detector.detecting.judging import judge
from detector.detecting.pipeline import Detector
from detector.review.alike import alike
from detector.review.answering import Answering
from detector.review.queue import ReviewQueue
from detector.works.judgements import Judgement
from indexer.feeds.formats import read_files
from indexer.index.embedded import EmbeddedEngine
from indexer.ingesting.ingest import Ingestion
from tests.one_shot import write

TITLES = ("Made waters: a handbook", "Lichen atlas of granite walls", "Grammar without verbs",
          "Tin mines after dark")  # fmt: skip


def rows() -> list[dict[str, Any]]:
    """Four pairs that only a title supports, and one whose years are apart."""
    made: list[dict[str, Any]] = []
    for n, title in enumerate(TITLES):
        book = {"title": title, "year": 2011, "type": "book"}
        made += [{**book, "id": f"{n}a"}, {**book, "id": f"{n}b", "authors": [f"Moreau, {n}"]}]
    eels = {"title": "Counting eels in muddy water", "authors": ["Visser, M."], "type": "book"}
    return [*made, {**eels, "id": "xa", "year": 2011}, {**eels, "id": "xb", "year": 2014}]


@pytest.fixture
def detector(tmp_path: Path) -> Iterator[Detector]:
    file = write(tmp_path / "made.jsonl", rows())
    made = Detector(EmbeddedEngine(str(tmp_path / "index")))
    Ingestion(made.engine).run(read_files([str(file)]))
    made.whole()
    yield made
    made.engine.close()


def ends(pair: tuple[str, str]) -> tuple[str, str]:
    return pair[0][-2:], pair[1][-2:]


def test_pairs_that_the_same_guard_holds_back_are_alike_and_others_are_not(
    detector: Detector,
) -> None:
    waiting = ReviewQueue(detector.holdings).best(9)
    book = next(doubt for doubt in waiting if ends(doubt.pair) == ("2a", "2b"))
    eels = next(doubt for doubt in waiting if ends(doubt.pair) == ("xa", "xb"))

    books = alike(detector, book)
    alone = alike(detector, eels)

    assert books is not None
    assert alone is not None
    assert ends(books.doubts[0].pair) == ("2a", "2b")
    assert {ends(doubt.pair) for doubt in books.doubts} == {(f"{n}a", f"{n}b") for n in range(4)}
    assert "nothing but the title supports it" in str(books.likeness)
    assert [ends(doubt.pair) for doubt in alone.doubts] == [("xa", "xb")]
    assert dict(alone.likeness.against)["year"] == "three"


def test_no_more_are_answered_together_than_a_person_looks_through(detector: Detector) -> None:
    (first,) = ReviewQueue(detector.holdings).best(1, {("made.jsonl:xa", "made.jsonl:xb")})

    group = alike(detector, first, most=3)

    assert group is not None
    assert len(group.doubts) == 3
    assert group.pairs == 4


def test_what_was_passed_over_is_not_answered_with_the_others(detector: Detector) -> None:
    skipped = ("made.jsonl:3a", "made.jsonl:3b")
    (first,) = ReviewQueue(detector.holdings).best(1, {("made.jsonl:xa", "made.jsonl:xb"), skipped})

    group = alike(detector, first, {skipped})

    assert group is not None
    assert skipped not in {doubt.pair for doubt in group.doubts}


def test_a_conflict_is_answered_alone_and_ends_by_an_answer(detector: Detector) -> None:
    """Two records of one work judged different: the queue asks what ties them."""
    names = [f"made.jsonl:{n}{side}" for n in range(2) for side in "ab"]
    same = [Judgement(left, right, Verdict.DUPLICATE) for left, right in pairwise(names[:3])]
    judge(detector, [*same, Judgement(names[0], names[2], Verdict.DISTINCT)])
    answering = Answering(detector, "ana")

    first = answering.next()

    assert first is not None
    assert first.conflict is not None
    assert {first.conflict.left, first.conflict.right} == {names[0], names[2]}
    group = alike(detector, first)
    assert group is not None
    assert group.doubts == (first,)
    answering.answer([first], Verdict.DISTINCT)
    after = answering.next()
    assert after is not None
    assert after.conflict is None
