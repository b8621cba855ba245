"""
Histories of an index: whatever happens, in whatever order, its promises hold.

Small indexes, so that hypothesis meets records that change their work, are judged against the
evidence and come back: `tests/living_index.py` does it and holds the promises.
"""

from __future__ import annotations

import dataclasses
import tempfile
from collections.abc import Callable
from pathlib import Path
from uuid import uuid4

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)

from detector.decision.verdicts import Verdict
from indexer.index.contract import Engine
from indexer.index.embedded import EmbeddedEngine
from indexer.index.opensearch import OpenSearchEngine
from indexer.index.opensearch.location import Location
from tests.living_index import CONTENTS, IDS, WEIGHTS, LivingIndex

SAID = st.lists(
    st.tuples(st.sampled_from(IDS), st.sampled_from(sorted(CONTENTS))), min_size=1, max_size=3
)
PAIR = st.permutations(IDS).map(lambda ids: (ids[0], ids[1]))
VERDICT = st.sampled_from([Verdict.DUPLICATE, Verdict.VERSION, Verdict.DISTINCT, Verdict.RELATED])
RUN_POINTS = st.sampled_from(["within-put", "after-put", "within-works", "after-works"])
JUDGED_POINTS = st.sampled_from(["within-judgement", "after-forming"])
KEYS_POINTS = st.sampled_from(["within-build", "after-build", "after-verify", "after-swap"])

pytestmark = pytest.mark.timeout(3_600)  # of waiting for disks and nodes; of CPU half a minute


class Histories(RuleBasedStateMachine):
    """Anything may happen at any time."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = tempfile.TemporaryDirectory()
        self.index = LivingIndex(self.place())

    def place(self) -> Callable[[], Engine]:
        """What opens the index of one history."""
        return lambda: EmbeddedEngine(str(Path(self.folder.name) / "index"))

    def teardown(self) -> None:
        try:
            self.index.settled()
        finally:
            self.index.engine.close()
            self.folder.cleanup()

    @initialize(said=SAID)
    def some_records_are_there(self, said: list[tuple[str, tuple[int, int]]]) -> None:
        self.index.described(said)

    @rule(said=SAID)
    def records_arrive_or_change(self, said: list[tuple[str, tuple[int, int]]]) -> None:
        self.index.described(said)

    @rule(record_id=st.sampled_from(IDS))
    def a_record_is_deleted(self, record_id: str) -> None:
        self.index.deleted([record_id])

    @rule(pair=PAIR, verdict=VERDICT, by=st.sampled_from(["ada", "bo"]))
    def somebody_judges(self, pair: tuple[str, str], verdict: Verdict, by: str) -> None:
        self.index.judged([(*pair, verdict)], by)

    @rule(said=st.lists(st.tuples(PAIR, VERDICT), min_size=2, max_size=3))
    def somebody_judges_several(self, said: list[tuple[tuple[str, str], Verdict]]) -> None:
        self.index.judged([(*pair, verdict) for pair, verdict in said])

    @rule(name=st.sampled_from(sorted(WEIGHTS)))
    def weights_are_others(self, name: str) -> None:
        self.index.reweighed(name)

    @rule()
    def another_process_goes_on(self) -> None:
        self.index.begin()

    @rule()
    def it_settles(self) -> None:
        self.index.settled()

    @rule()
    def keys_are_made_anew(self) -> None:
        self.index.reindexed()

    @rule(place=st.integers(0, 3))
    def a_work_is_judged_to_be_two(self, place: int) -> None:
        if ends := self.index.ends(place):
            self.index.judged([(*ends, Verdict.DISTINCT)])

    @rule(point=RUN_POINTS, said=SAID)
    def a_run_is_killed(self, point: str, said: list[tuple[str, tuple[int, int]]]) -> None:
        self.index.killed(point, lambda: self.index.described(said))

    @rule(places=st.tuples(st.integers(0, 9), st.integers(0, 9)))
    def two_works_are_judged_to_be_one(self, places: tuple[int, int]) -> None:
        first, second = self.index.firsts(*places)
        if first != second:
            self.index.judged([(first, second, Verdict.DUPLICATE)])

    @rule(record_id=st.sampled_from(IDS), content=st.none() | st.sampled_from(sorted(CONTENTS)))
    def a_record_goes_and_comes_back(self, record_id: str, content: tuple[int, int] | None) -> None:
        self.index.gone_and_back(record_id, content)

    @rule(said=SAID)
    def a_delivery_is_undone(self, said: list[tuple[str, tuple[int, int]]]) -> None:
        self.index.undone_at_once(lambda: self.index.described(said))

    @rule(record_id=st.sampled_from(IDS))
    def a_deletion_is_undone(self, record_id: str) -> None:
        self.index.undone_at_once(lambda: self.index.deleted([record_id]))

    @rule(said=st.lists(st.tuples(PAIR, VERDICT), min_size=1, max_size=3))
    def judgements_are_undone(self, said: list[tuple[tuple[str, str], Verdict]]) -> None:
        self.index.undone_at_once(
            lambda: self.index.judged([(*pair, verdict) for pair, verdict in said])
        )

    @rule(place=st.integers(0, 20))
    def something_earlier_is_undone(self, place: int) -> None:
        self.index.undone(place)

    @rule(point=KEYS_POINTS)
    def keys_are_killed(self, point: str) -> None:
        self.index.killed(point, self.index.reindexed)

    @rule(point=JUDGED_POINTS, pair=PAIR, verdict=VERDICT)
    def a_judgement_is_killed(self, point: str, pair: tuple[str, str], verdict: Verdict) -> None:
        self.index.killed(point, lambda: self.index.judged([(*pair, verdict)]))

    @invariant()
    def what_must_be_true_is(self) -> None:
        self.index.checked()


def histories(examples: int, steps: int) -> settings:
    """So many histories, of so many steps each."""
    return settings(
        max_examples=examples, stateful_step_count=steps, deadline=None,
        suppress_health_check=[HealthCheck.too_slow],
    )  # fmt: skip


@pytest.mark.parametrize(
    ("examples", "steps"), [(80, 14), pytest.param(1_000, 25, marks=pytest.mark.soak)]
)
def test_any_history_keeps_its_promises(examples: int, steps: int) -> None:
    run_state_machine_as_test(Histories, settings=histories(examples, steps))


@pytest.mark.opensearch
@pytest.mark.parametrize(
    ("examples", "steps"), [(2, 8), pytest.param(40, 15, marks=pytest.mark.soak)]
)
def test_any_history_keeps_its_promises_on_a_cluster(
    opensearch_url: str, opensearch_prefix: str, examples: int, steps: int
) -> None:
    """Where there are no transactions, a step that was killed is finished by the next."""
    location = Location.parse(f"{opensearch_url}/{opensearch_prefix}")

    class OnCluster(Histories):
        def place(self) -> Callable[[], Engine]:
            prefix = f"{location.prefix}{uuid4().hex[:8]}"
            return lambda: OpenSearchEngine(dataclasses.replace(location, prefix=prefix))

    run_state_machine_as_test(OnCluster, settings=histories(examples, steps))
