"""The queue: what is asked, in which order, and what need not be asked any more."""

from __future__ import annotations

import random
import tracemalloc
from pathlib import Path

import pytest

from detector.review.queue import ReviewQueue, entropy
from detector.store.holdings import Holdings
from indexer.index.contract import Engine
from indexer.index.embedded import EmbeddedEngine
from tests.made_doubts import doubt, stored
from tests.made_works import decided, judged


@pytest.fixture
def holdings(engine: Engine) -> Holdings:
    return Holdings(engine)


def pairs(queue: ReviewQueue, count: int = 10) -> list[str]:
    return [" ".join(doubt.pair) for doubt in queue.best(count)]


def test_what_an_answer_changes_comes_first(holdings: Holdings) -> None:
    """A coin toss about three records goes before one about a single record, and that before a
    pair that is all but sure."""
    works = ["abc", "def", "g", "h", "i", "j"]
    stored(holdings, works, [doubt("i", "j", 0.95), doubt("g", "h"), doubt("a", "d")])

    assert pairs(ReviewQueue(holdings)) == ["a d", "g h", "i j"]


def test_a_large_work_weighs_only_where_the_other_is_large_too(holdings: Holdings) -> None:
    """What moves is the smaller work."""
    stored(holdings, ["abcdef", "g", "hi", "jk"], [doubt("a", "g"), doubt("h", "j")])

    assert [one.moved for one in ReviewQueue(holdings).best(2)] == [2, 1]
    assert pairs(ReviewQueue(holdings)) == ["h j", "a g"]


def test_between_two_works_only_the_most_doubtful_pair_is_asked(holdings: Holdings) -> None:
    """One look settles them all."""
    stored(
        holdings, ["ab", "cd"], [doubt("a", "c", 0.7), doubt("b", "c", 0.55), doubt("b", "d", 0.8)]
    )

    assert pairs(ReviewQueue(holdings)) == ["b c"]
    assert len(list(ReviewQueue(holdings).all())) == 3


@pytest.mark.parametrize("verdict", ["related", "distinct", "review", "duplicate"])
def test_works_between_which_somebody_judged_a_pair_are_not_asked_about(
    holdings: Holdings, verdict: str
) -> None:
    """Another pair of them than the one judged, from either side."""
    stored(holdings, ["ab", "cde", "f", "g"], [doubt("a", "c"), doubt("f", "g")])
    holdings.add_judgements([judged("e", "b", verdict)])

    assert pairs(ReviewQueue(holdings)) == ["f g"]


def test_a_judgement_about_a_third_work_leaves_a_pair_in_the_queue(holdings: Holdings) -> None:
    stored(holdings, ["a", "b", "c"], [doubt("a", "b")])
    holdings.add_judgements([judged("a", "c", "distinct")])

    assert pairs(ReviewQueue(holdings)) == ["a b"]


def test_only_review_is_asked_and_only_of_records_that_are_there(holdings: Holdings) -> None:
    made = [decided("a", "b"), decided("a", "c", "related"), doubt("b", "gone"), doubt("b", "c")]
    stored(holdings, ["a", "b", "c"], made)

    assert pairs(ReviewQueue(holdings)) == ["b c"]


def test_a_pair_that_was_judged_since_need_not_be_asked(holdings: Holdings) -> None:
    stored(holdings, ["a", "b"], [doubt("a", "b")])
    (asked,) = ReviewQueue(holdings).best(1)
    assert ReviewQueue(holdings).still(asked) == asked

    holdings.add_judgements([judged("a", "b", "distinct")])

    assert ReviewQueue(holdings).still(asked) is None


def test_a_pair_whose_record_is_gone_need_not_be_asked(holdings: Holdings) -> None:
    stored(holdings, ["a", "b"], [doubt("a", "b")])
    (asked,) = ReviewQueue(holdings).best(1)

    holdings.store_works([], ["wb"])

    assert ReviewQueue(holdings).still(asked) is None


def test_pairs_passed_over_make_room_for_the_next(holdings: Holdings) -> None:
    stored(holdings, ["a", "b", "c"], [doubt("a", "b", 0.5), doubt("a", "c", 0.9)])

    assert [one.pair for one in ReviewQueue(holdings).best(1, {("a", "b")})] == [("a", "c")]


def test_the_best_of_a_stream_are_those_of_the_whole_sorted(tmp_path: Path) -> None:
    """The heap is cut on the way, and nothing that belongs to the best is lost by that."""
    engine = EmbeddedEngine(str(tmp_path / "index"))
    holdings, choose = Holdings(engine), random.Random(5)
    ids = [f"{n:04d}" for n in range(900)]
    works = [ids[at : at + choose.choice((1, 2, 5))] for at in range(0, 900, 5)]
    members = [record for work in works for record in work]
    made = {}
    for _ in range(3_000):
        left, right = sorted(choose.sample(members, 2))
        made[left, right] = doubt(left, right, choose.choice((0.5, 0.6, 0.7, 0.9)))
    stored(holdings, works, made.values())

    every: dict[frozenset[str], tuple[bool, float, tuple[str, str]]] = {}
    for one in ReviewQueue(holdings).all():
        every[one.between] = min(one.rank, every.get(one.between, one.rank))

    assert [one.rank for one in ReviewQueue(holdings).best(40)] == sorted(every.values())[:40]
    engine.close()


def test_memory_follows_what_is_asked_for_not_what_waits(tmp_path: Path) -> None:
    engine = EmbeddedEngine(str(tmp_path / "index"))
    holdings = Holdings(engine)
    ids = [f"{n:06d}" for n in range(24_000)]
    waiting = map(doubt, ids[::2], ids[1::2])
    stored(holdings, [[one] for one in ids], waiting)

    tracemalloc.start()
    best = ReviewQueue(holdings).best(5)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()

    assert len(best) == 5
    assert peak < 8_000_000  # all 12,000 of them held take 20 million
    engine.close()


@pytest.mark.parametrize("p", [0.0, 1.0])
def test_what_is_sure_tells_nothing(p: float) -> None:
    assert entropy(p) == 0.0
    assert entropy(0.5) == 1.0
    assert entropy(0.9) == pytest.approx(entropy(0.1))
