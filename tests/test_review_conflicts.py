"""Conflicts in the queue: first of all, with the pair that may end each."""

from __future__ import annotations

import pytest

from detector.review.queue import ReviewQueue
from detector.store.holdings import Holdings
from detector.works.joining.tied import Conflict
from indexer.index.contract import Engine
from tests.made_doubts import doubt, stored
from tests.made_works import decided, judged


@pytest.fixture
def holdings(engine: Engine) -> Holdings:
    """a and d were judged different; b ties them, over c."""
    made = Holdings(engine)
    stored(made, ["ab", "cd", "efg", "hij"], [doubt("e", "h", 0.5), decided("b", "c", p=0.97)])
    made.store_conflicts([Conflict("a", "d", ("b", "c"), 0.97, "said", ("a", "b", "c", "d"))], [])
    made.add_judgements([judged("a", "d", "distinct", "2026-02")])
    return made


def asked(holdings: Holdings) -> tuple[str, ...]:
    return ReviewQueue(holdings).best(1)[0].pair


def test_a_conflict_comes_before_whatever_would_move_more(holdings: Holdings) -> None:
    first, second = ReviewQueue(holdings).best(5)

    assert (first.pair, first.conflict is None, first.moved) == (("b", "c"), False, 2)
    assert (second.pair, second.conflict, second.moved) == (("e", "h"), None, 3)


def test_the_first_unjudged_pair_on_the_way_is_asked(holdings: Holdings) -> None:
    """That which was refused, then those that lead there from either record."""
    for left, right in (("b", "c"), ("a", "b"), ("c", "d")):
        assert asked(holdings) == (left, right)
        holdings.add_judgements([judged(left, right, "duplicate", "2026-03")])


def test_where_all_is_judged_what_was_said_first_is_asked_again(holdings: Holdings) -> None:
    holdings.add_judgements(
        judged(left, right, "duplicate", "2026-03")
        for left, right in (("b", "c"), ("a", "b"), ("c", "d"))
    )

    assert asked(holdings) == ("a", "d")


def test_a_conflict_that_ended_need_not_be_asked(holdings: Holdings) -> None:
    (first, _) = ReviewQueue(holdings).best(2)
    assert ReviewQueue(holdings).still(first) == first

    holdings.replace_conflicts([])

    assert ReviewQueue(holdings).still(first) is None
    assert asked(holdings) == ("e", "h")
