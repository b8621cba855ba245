"""Decisions as columns: what a row says is what the `Decision` said that it was made of."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from detector.decision.decided import DecisionColumns
from detector.decision.decision import Decider
from detector.decision.guards import ALL_GUARDS
from detector.decision.verdicts import Decision, Verdict
from detector.decision.weights import Weights
from indexer.fields import fields_of
from indexer.keys import TWIN_SOURCE, Kind
from indexer.keys.epoch import Epoch
from tests.pair_tables import cases_of, tables

IDS = [f"r{number}" for number in range(9)]
SOURCES = sorted({TWIN_SOURCE, *(kind.source for kind in Kind)})
DECISIONS = st.lists(
    st.builds(
        lambda pair, verdict, kind, p, found, guards: Decision(
            pair[0], pair[1], verdict, kind, p, tuple(sorted(found)), guards=guards
        ),
        st.tuples(st.sampled_from(IDS), st.sampled_from(IDS)).filter(lambda two: two[0] < two[1]),
        st.sampled_from(Verdict),
        st.sampled_from(["", "preprint", "thesis", "a kind of tomorrow"]),
        st.floats(0, 1),
        st.sets(st.sampled_from(SOURCES)),
        st.lists(st.sampled_from(range(len(ALL_GUARDS))), unique=True).map(
            lambda rows: tuple(ALL_GUARDS[row].name for row in sorted(rows))
        ),
    )
)


@given(DECISIONS, DECISIONS)
def test_columns_give_back_what_they_were_made_of(
    first: list[Decision], second: list[Decision]
) -> None:
    """In parts or whole, numbered by other ids or not."""
    parts = [DecisionColumns.of(first, IDS), DecisionColumns.of(second, IDS)]
    joined = DecisionColumns.join(parts)

    assert [joined.short(row) for row in range(len(joined))] == [*first, *second]
    assert list(joined.pairs()) == [one.pair for one in (*first, *second)]
    some = IDS[2:]
    kept = joined.among(some)
    wanted = [one for one in (*first, *second) if {*one.pair} <= {*some}]
    assert [kept.short(row) for row in range(len(kept))] == wanted
    order = joined.by_pair()
    assert list(joined.pairs(order)) == sorted(joined.pairs())


def test_reasons_made_in_a_batch_are_those_of_each_pair_alone() -> None:
    """What is written of a pair must not depend on when it is made readable."""
    cases = [case for table in tables() for case in cases_of(table)]
    pairs = [(fields_of(case.left), fields_of(case.right)) for case in cases]
    fields = {one.record_id: one for pair in pairs for one in pair}
    assert len(fields) == 2 * len(pairs)
    ids = sorted(fields)
    decider = Decider(Epoch.empty(), Weights.load())
    decided = decider.decide(pairs)
    left, right = ([ids.index(pair[side].record_id) for pair in pairs] for side in (0, 1))
    columns = decided.columns(ids, np.array(left), np.array(right), np.zeros(len(pairs), np.uint16))

    told = list(decider.teller.decisions(columns, np.arange(len(columns)), fields))

    alone = [decider.decision(decided, row) for row in range(len(pairs))]
    assert told == [one for one in alone if one.verdict is not Verdict.DISTINCT]
