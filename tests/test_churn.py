"""Works that merge, come apart and merge again, and people who contradict each other about them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import pairwise
from pathlib import Path

import pytest

from detector.decision.verdicts import Verdict
from detector.store.events import events_of
from indexer.index.contract import Engine
from indexer.index.opening import open_engine
from tests.both_engines import BOTH_ENGINES
from tests.living_index import LivingIndex, told
from tests.replaying import stored

TIMES = 12
pytestmark = pytest.mark.timeout(900)


@pytest.fixture(params=BOTH_ENGINES)
def index(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[LivingIndex]:
    """Some records, settled."""
    location = str(tmp_path / "index")
    if request.param == "opensearch":
        url, prefix = (request.getfixturevalue(f"opensearch_{name}") for name in ("url", "prefix"))
        location = f"{url}/{prefix}index"
    made = LivingIndex(_opens(location))
    yield made
    made.engine.close()


def _opens(location: str) -> Callable[[], Engine]:
    return lambda: open_engine(location)


def log_of(index: LivingIndex) -> list[str]:
    return [event["event"] for event in events_of(index.engine)]


def test_of_works_merged_and_split_again_and_again_the_elder_has_its_id(index: LivingIndex) -> None:
    """The other has a new one after each split, and the log grows by the same few events."""
    first, second = index.firsts(0, 1)
    ids = index.detector.holdings.work_ids_of([first, second]).values()
    before = stored(index.engine)
    lengths = []
    for _ in range(TIMES):
        index.judged([(first, second, Verdict.DUPLICATE)], "ada")
        assert len(stored(index.engine)) == len(before) - 1
        index.judged([(first, second, Verdict.DISTINCT)], "bo")
        lengths.append(len(log_of(index)))
        index.checked()

    steps = {later - earlier for earlier, later in pairwise(lengths)}
    assert len(steps) == 1
    elder, younger = ids
    now = index.detector.holdings.work_ids_of([first, second])
    assert now[first] == elder
    assert index.detector.holdings.living(younger).work_id == elder
    assert len(index.detector.holdings.retired()) == TIMES
    index.settled()


def test_a_merge_undone_and_brought_back_again_and_again_leaves_nothing(index: LivingIndex) -> None:
    first, second = index.firsts(0, 1)
    before = index.state()
    for _ in range(TIMES // 3):
        index.undone_at_once(lambda: index.judged([(first, second, Verdict.DUPLICATE)]))
        assert index.undone(-1)
        assert index.state() == before
    index.settled()


def test_what_ties_two_works_judged_apart_stands_as_one_conflict_until_somebody_agrees(
    index: LivingIndex,
) -> None:
    """A third record bridges them, is deleted, comes back; the conflict comes and goes with it."""
    index.described([("f:0", (0, 0)), ("f:1", (0, 1))])
    index.judged([("f:0", "f:1", Verdict.DISTINCT)])
    homes = index.detector.holdings.work_ids_of(["f:0", "f:1"])
    assert homes["f:0"] != homes["f:1"]
    for _ in range(3):
        index.described([("f:2", (0, 2))])
        assert {(one.left, one.right) for one in told(index.detector.holdings)} == {("f:0", "f:1")}
        index.checked()
        index.deleted(["f:2"])
        index.checked()
    index.described([("f:2", (0, 2))])
    index.judged([("f:1", "f:2", Verdict.DUPLICATE), ("f:0", "f:2", Verdict.DUPLICATE)], "bo")
    index.checked()
    assert len(told(index.detector.holdings)) == 1
    index.judged([("f:0", "f:1", Verdict.VERSION)], "chi")

    assert told(index.detector.holdings) == set()
    assert len(set(index.detector.holdings.work_ids_of(["f:0", "f:1", "f:2"]).values())) == 1
    index.settled()
