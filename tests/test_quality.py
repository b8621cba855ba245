"""The measuring of quality: what is kept between runs changes no figure; records are made."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pytest

from benchmarks.quality.kept import Hidden, KeptRun
from benchmarks.quality.worst import worst
from detector.candidates import TITLE_BUCKETS
from detector.comparisons import COLUMN
from detector.decision.guards import BARRED
from detector.decision.weights import Weights
from detector.evaluation.evaluate import ScoredRun
from detector.evaluation.evaluation_run import run_over
from detector.evaluation.truth import Label, Truth
from detector.works.joining.policies import RELATED_KINDS
from detector.works.work_rules import WorkRules
from indexer.index.embedded import EmbeddedEngine
from indexer.keys import Kind
from indexer.records import Occurrence
from tests.pair_tables import cases_of, tables


def made_rows() -> list[Occurrence]:
    """A third of the made pairs of each hard kind, in one collection."""
    cases = [case for table in tables() for case in cases_of(table)[::3]]
    records = [record for case in cases for record in (case.left, case.right)]
    return [
        Occurrence(one, "made.jsonl", at, at + 1, one.record_id) for at, one in enumerate(records)
    ]


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Iterator[KeptRun]:
    engine = EmbeddedEngine(str(tmp_path_factory.mktemp("index")))
    try:
        yield KeptRun.of(made_rows(), engine)
    finally:
        engine.close()


def moved_weights(seed: int) -> Weights:
    """Weights that no fit would give."""
    shipped = Weights.load()
    noise = np.random.default_rng(seed).normal(1.0, 0.4, shipped.table.shape)
    return replace(shipped, table=shipped.table * noise, merge_at=0.7, review_at=0.2)


@pytest.mark.parametrize("rules", [
    WorkRules(),
    WorkRules(collapse=RELATED_KINDS),
    WorkRules(unique_sources=frozenset({"made-left"})),
])  # fmt: skip
def test_other_weights_over_a_kept_run_give_what_a_real_run_gives(
    kept: KeptRun, rules: WorkRules, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """Every figure over seeds and left-out sets is taken from kept comparisons."""
    weights = moved_weights(7)
    engine = EmbeddedEngine(str(tmp_path_factory.mktemp("index")))
    try:
        real = run_over(made_rows(), engine, weights, rules)
    finally:
        engine.close()

    found = kept.under(weights, rules)

    assert found.probability == real.probability
    assert found.verdicts == real.verdicts
    assert found.found_by == real.found_by
    assert found.sources == real.sources
    assert set(found.automatic) == set(real.automatic)
    assert set(found.best) == set(real.best)


def test_what_is_hidden_is_missing_in_tallies_too(kept: KeptRun) -> None:
    """An agreement of years must not speak through a count once the year is left out."""
    whole = kept.comparer.compare(kept.pairs)

    partial = kept.without(Hidden(comparisons=frozenset({"year"})))
    rows = partial.comparer.compare(partial.pairs)

    assert not rows[:, COLUMN["year"]].any()
    assert (rows[:, COLUMN["agreements"]] != whole[:, COLUMN["agreements"]]).any()
    same = [at for name, at in COLUMN.items() if name in ("title", "authors", "volume")]
    assert (rows[:, same] == whole[:, same]).all()


def test_pairs_that_only_a_hidden_source_proposes_are_gone(kept: KeptRun) -> None:
    """Recall without a source counts what nothing else would have found."""
    only = 1 << Kind.IDENTIFIER

    partial = kept.without(Hidden(kinds=only))

    left = {(ours.record_id, theirs.record_id) for ours, theirs in partial.pairs}
    gone = {
        bits
        for (ours, theirs), bits in zip(kept.pairs, kept.found_by, strict=True)
        if (ours.record_id, theirs.record_id) not in left
    }
    assert only in gone
    assert all(bits & ~TITLE_BUCKETS == only for bits in gone)  # the cut of LSH alone
    assert not any(bits & only for bits in partial.found_by)


def test_without_guards_only_weights_decide(kept: KeptRun) -> None:
    """The made pairs that guards keep apart show what they are worth."""
    weights = Weights.load()

    _, barred = kept.decisions(weights, WorkRules())
    _, free = kept.without(Hidden(guards=True)).decisions(weights, WorkRules())

    assert barred.guards.any()
    assert not free.guards.any()
    told = barred.probability != free.probability
    assert told.any()
    assert (barred.probability[told] == BARRED).all()
    assert (free.probability[told] > BARRED).all()


def test_worst_errors_are_told_once_a_work() -> None:
    """Ten pairs lost with one record are one thing to read."""
    clusters = {"a1": "a", "a2": "a", "a3": "a", "b1": "b", "c1": "c"}
    truth = Truth(clusters=clusters)
    run = ScoredRun(
        sources=dict.fromkeys(clusters, "x"),
        found_by={},
        probability={("a1", "a3"): 0.1, ("a2", "a3"): 0.3, ("b1", "c1"): 0.9},
        verdicts={},
        automatic=[],
        best=[["a1", "a2"], ["b1", "c1"]],
    )

    found = worst(run, truth, [("b1", "c1")], [("a1", "a3"), ("a2", "a3")])

    assert [(fault.false, fault.pair, fault.pairs) for fault in found] == [
        (True, ("b1", "c1"), 1),
        (False, ("a2", "a3"), 2),
    ]


def test_labelled_pairs_of_one_work_are_told_once() -> None:
    """Three records of one work that nothing joined are one thing to read, not three."""
    same = Label("same")
    truth = Truth(pairs={
        ("a", "b"): same, ("b", "c"): same, ("x", "y"): same, ("a", "x"): Label("different"),
    })  # fmt: skip
    run = ScoredRun(dict.fromkeys("abcxy", "s"), {}, {}, {}, [], [])

    found = worst(run, truth, [], [("a", "b"), ("b", "c"), ("x", "y")])

    assert [(fault.pair, fault.pairs) for fault in found] == [(("a", "b"), 2), (("x", "y"), 1)]
