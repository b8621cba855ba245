"""What is told of many pairs by columns is what is said of each when it is asked singly."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from detector.columns import Batch, levels_of
from detector.comparisons import COMPARISONS
from detector.decision.decided import VERDICTS
from detector.decision.decision import Decider
from detector.decision.guards import GUARDS
from detector.decision.plain_verdicts import KINDS, PairEvidence, plain_verdicts
from detector.decision.verdicts import Verdict
from detector.decision.weights import Weights
from indexer.fields import Fields, fields_of
from tests.made_records import made_collection
from tests.pair_tables import cases_of, tables
from tests.test_columns import RECORDS, all_pairs, learnt

WEIGHTS = Weights.load()
MARKS = (WEIGHTS.review_at, WEIGHTS.merge_at, 0.002)
PROBABILITIES = (0.0001, 0.4, 1.0, *MARKS, *(mark - 1e-9 for mark in MARKS))
BARS = (0, 0, 0, *(1 << bit for bit in range(len(GUARDS))))


def told_alike(records: list[Fields], seed: int) -> set[Verdict]:
    """Compare pairs of these as they are and as they might be; what was said of those told."""
    pairs, decider, chance = all_pairs(records), Decider(learnt(records), WEIGHTS), np.random
    draw = chance.default_rng(seed)
    batch = Batch(pairs, decider.comparer.profile, decider.comparer.counts)
    levels = levels_of(batch)
    others = [draw.integers(0, len(one.levels), len(pairs)) for one in COMPARISONS]
    for held in (levels, np.stack(others, axis=1).astype(np.int8)):
        probability = draw.choice(PROBABILITIES, len(pairs))
        guards = draw.choice(BARS, len(pairs)).astype(np.uint32)
        evidence = PairEvidence(batch, np.arange(len(pairs)), held, probability, guards)
        told = plain_verdicts(evidence, WEIGHTS)
        for row in np.flatnonzero(~told.asked).tolist():
            singly = decider.verdict_of(
                pairs[row], held[row], float(probability[row]), int(guards[row])
            )
            verdict = VERDICTS[told.verdicts[row]]
            assert (verdict, KINDS[told.kinds[row]]) == singly, pairs[row]
    return {VERDICTS[code] for code in told.verdicts[~told.asked].tolist()}


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(RECORDS, st.integers(0, 1000))
def test_many_pairs_are_told_as_each_is_when_asked(records: list[Fields], seed: int) -> None:
    """Records of fragments that feeds mix up, with levels of their own and of any others."""
    told_alike(records, seed)


@pytest.mark.parametrize("table", tables())
def test_the_hard_kinds_are_told_as_each_is_when_asked(table: str) -> None:
    """Records of a table against each other."""
    held = [fields_of(one) for case in cases_of(table)[:20] for one in (case.left, case.right)]
    unlike = {record.record_id: record for record in held}

    told_alike(list(unlike.values()), 1)


def test_most_verdicts_are_told_without_asking() -> None:
    """All verdicts are among them."""
    records = [fields_of(record) for record in made_collection(3, 60)][:60]

    assert told_alike(records, 5) == set(Verdict)
