"""The hard kinds: what is one work is joined without a person, what is not never is."""

import pytest

from detector.comparisons import Comparer
from detector.decision.decision import Decider
from detector.decision.verdicts import SAME_WORK, Decision
from detector.decision.weights import Weights
from indexer.fields import fields_of
from indexer.keys import keys_of
from indexer.keys.gathered import GatheredKeys
from indexer.keys.learning import learn
from tests.pair_tables import Case, cases_of, tables

FEWEST = 500  # made pairs over all tables
SHARE_JOINED = 0.4


def decide(cases: list[Case]) -> list[Decision]:
    """The decisions of a table's cases; the table is the collection that is learnt from."""
    fields = [fields_of(record) for case in cases for record in (case.left, case.right)]
    keys = keys_of(fields)
    epoch = learn(GatheredKeys.of(lambda: iter([keys])), 1)
    decider = Decider(epoch, Weights.load())
    decisions = decider.decide(list(zip(fields[::2], fields[1::2], strict=True)))
    return [decider.decision(decisions, row) for row in range(len(cases))]


@pytest.mark.parametrize("table", tables())
def test_no_two_works_are_joined_without_a_person(table: str) -> None:
    """A false automatic merge destroys a record; the made hard sets allow none."""
    cases = cases_of(table)

    false = [
        f"{case.name} ({case.why}): {one.verdict}, p = {one.probability:.3f}; {one.reasons[:4]}"
        for case, one in zip(cases, decide(cases), strict=True)
        if not case.joined and one.verdict in SAME_WORK
    ]

    assert false == []


@pytest.mark.parametrize("table", tables())
def test_what_is_one_work_is_joined_without_a_person(table: str) -> None:
    """A guard that keeps everything apart would pass the test above."""
    cases = cases_of(table)

    missed = [
        f"{case.name} ({case.why}): {one.verdict} {one.guards}, p = {one.probability:.3f}"
        for case, one in zip(cases, decide(cases), strict=True)
        if case.joined and one.verdict not in SAME_WORK
    ]

    assert missed == []


@pytest.mark.parametrize("table", tables())
def test_every_reason_can_be_read(table: str) -> None:
    """No reason shows a hole where a value belongs, or says nothing."""
    for one in decide(cases_of(table)):
        assert all(reason.strip() and "{" not in reason for reason in one.reasons)


def test_the_tables_are_large_and_have_both_verdicts() -> None:
    """Twenty pairs a kind, five hundred in all, two in five of them true."""
    found = {table: cases_of(table) for table in tables()}
    everything = [case for cases in found.values() for case in cases]

    assert all(len(cases) >= 20 for cases in found.values())
    assert all({case.joined for case in cases} == {True, False} for cases in found.values())
    assert len(everything) >= FEWEST
    assert sum(case.joined for case in everything) >= SHARE_JOINED * len(everything)


def test_a_case_is_judged_alike_from_both_sides() -> None:
    """Which record comes first is chance: levels must not depend on it."""
    cases = [case for table in tables() for case in cases_of(table)]
    fields = [fields_of(record) for case in cases for record in (case.left, case.right)]
    keys = keys_of(fields)
    comparer = Comparer(learn(GatheredKeys.of(lambda: iter([keys])), 1))
    pairs = list(zip(fields[::2], fields[1::2], strict=True))

    ours = comparer.compare(pairs)
    theirs = comparer.compare([(right, left) for left, right in pairs])

    unlike = [case.name for row, case in enumerate(cases) if (ours[row] != theirs[row]).any()]
    assert unlike == []
