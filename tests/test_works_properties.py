"""
Promises of the works that hold for any decisions and judgements, in any order.

Graphs of nine made records: small enough that hypothesis meets every kind of conflict.
"""

import itertools
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from random import Random

from hypothesis import given
from hypothesis import strategies as st

from detector.decision.decided import DecisionColumns
from detector.decision.verdicts import Decision, Verdict
from detector.works.joining.tied import TiedRecords
from detector.works.judgements import Judgement
from detector.works.version_groups import VersionFacts
from detector.works.work_rules import WorkLevel, WorkRules
from detector.works.works import form_works
from tests.made_works import stating

IDS = [f"r{number}" for number in range(9)]
PAIRS = st.tuples(st.sampled_from(IDS), st.sampled_from(IDS)).filter(lambda pair: pair[0] < pair[1])
LINKING = st.tuples(
    st.sampled_from([Verdict.DUPLICATE, Verdict.VERSION]), st.sampled_from([0.6, 0.7, 0.9, 0.99])
)
OTHER = st.tuples(
    st.sampled_from([Verdict.REVIEW, Verdict.RELATED, Verdict.DISTINCT]),
    st.sampled_from([0.02, 0.4, 0.5, 0.7, 0.99]),
)
DECISIONS = st.dictionaries(PAIRS, LINKING | OTHER).map(
    lambda found: [Decision(*pair, v, probability=p) for pair, (v, p) in found.items()]
)
JUDGEMENTS = st.lists(
    st.builds(
        lambda pair, verdict, at: Judgement(pair[0], pair[1], verdict, at),
        PAIRS,
        st.sampled_from(Verdict),
        st.sampled_from(["", "2026-01-01", "2026-02-01"]),
    ),
    max_size=5,
)
SOURCES = st.fixed_dictionaries({one: st.sampled_from("st") for one in IDS})
RULES = st.builds(
    WorkRules,
    level=st.sampled_from(WorkLevel),
    join_review=st.booleans(),
    unique_sources=st.sampled_from([frozenset(), frozenset("s"), frozenset("st")]),
)
FORMS = st.fixed_dictionaries(
    {one: st.sampled_from(["", "", "preprint", "article"]) for one in IDS}
)


def made_up(pairs: Sequence[tuple[str, str]]) -> list[float]:
    """A score that depends on the pair alone and looks like nothing."""
    return [(int(left[1:]) * 7 + int(right[1:]) * 13) % 10 / 10 for left, right in pairs]


def facts_from(sources: dict[str, str], forms: dict[str, str]) -> dict[str, VersionFacts]:
    return {one: VersionFacts(source=sources[one], form=forms[one]) for one in IDS}


def same_groups(judgements: Iterable[Judgement]) -> Callable[[str], str]:
    """The records that words of "same" tie, by plain search, to check against."""
    name = {one: one for one in IDS}
    for _ in IDS:
        for judgement in judgements:
            if judgement.same:
                least = min(name[judgement.left], name[judgement.right])
                name[judgement.left] = name[judgement.right] = least
    return name.__getitem__


@given(DECISIONS, JUDGEMENTS, SOURCES, FORMS, RULES, st.randoms(use_true_random=False))
def test_any_order_of_input_gives_the_same_works(
    decisions: list[Decision],
    judgements: list[Judgement],
    sources: dict[str, str],
    forms: dict[str, str],
    rules: WorkRules,
    random: Random,
) -> None:
    """Works are a function of what was found, not of when."""
    facts = facts_from(sources, forms)
    once = form_works(
        IDS, DecisionColumns.of(decisions), made_up, stating(facts), judgements, rules
    )
    ids = random.sample(IDS, len(IDS))
    random.shuffle(decisions)
    random.shuffle(judgements)

    assert (
        form_works(ids, DecisionColumns.of(decisions), made_up, stating(facts), judgements, rules)
        == once
    )


@given(DECISIONS, JUDGEMENTS, SOURCES, FORMS, RULES)
def test_works_by_arrays_are_those_of_every_record_looked_at(
    decisions: list[Decision],
    judgements: list[Judgement],
    sources: dict[str, str],
    forms: dict[str, str],
    rules: WorkRules,
) -> None:
    """Single records and lone pairs take a short way, to the same works."""
    facts = facts_from(sources, forms)
    columns = DecisionColumns.of(decisions)
    exact = TiedRecords(IDS, columns, facts, judgements, rules).parted(made_up)

    found = form_works(IDS, columns, made_up, stating(facts), judgements, rules)

    groups = [work.version_groups for work in found.works]
    assert groups == sorted(exact.works, key=lambda work: min(work[0]))
    assert (found.conflicts, found.cut) == (exact.conflicts, exact.cut)
    assert [found.works[at] for at in range(len(found.works))] == list(found.works)
    assert found.works.sizes.tolist() == [len(work.records) for work in found.works]


@given(DECISIONS, RULES, st.sampled_from([set(), {"part"}, {"thesis"}]))
def test_links_of_many_decisions_are_those_of_each(
    decisions: list[Decision], rules: WorkRules, collapse: set[str]
) -> None:
    """The scalar rule is the definition."""
    rules = replace(rules, collapse=frozenset(collapse))
    kinds = itertools.cycle(["", "part", "thesis"])
    decisions = [replace(one, kind=next(kinds)) for one in decisions]

    linking = rules.linking(DecisionColumns.of(decisions)).tolist()

    assert linking == [rules.links(one) for one in decisions]


@given(DECISIONS, JUDGEMENTS, SOURCES, FORMS, RULES)
def test_promises_of_a_partition_hold(
    decisions: list[Decision],
    judgements: list[Judgement],
    sources: dict[str, str],
    forms: dict[str, str],
    rules: WorkRules,
) -> None:
    """Every record in one work and one group; no judgement and no unique source violated."""
    facts = facts_from(sources, forms)
    found = form_works(
        IDS, DecisionColumns.of(decisions), made_up, stating(facts), judgements, rules
    )
    tied = same_groups(judgements)

    assert sorted(one for work in found.works for one in work.records) == IDS
    assert len({work.work_id for work in found.works}) == len(found.works)
    for work in found.works:
        groups = [one for group in work.version_groups for one in group]
        assert sorted(groups) == list(work.records)
        for source in rules.unique_sources:
            held = {tied(one) for one in work.records if sources[one] == source}
            assert len(held) <= 1
    work_of = {one: work.work_id for work in found.works for one in work.records}
    latest = {one.pair: one for one in sorted(judgements, key=lambda j: (j.at, j.not_same))}
    for pair, judgement in latest.items():
        if judgement.not_same:
            assert work_of[pair[0]] != work_of[pair[1]]


@given(DECISIONS, st.booleans())
def test_every_work_hangs_together_by_links(decisions: list[Decision], best: bool) -> None:
    """No record is in a work to which no accepted decision ties it."""
    rules = WorkRules(join_review=best)
    found = form_works(IDS, DecisionColumns.of(decisions), made_up, stating({}), rules=rules)

    for work in found.works:
        reached = {work.records[0]}
        for _ in work.records:
            for one in decisions:
                ends = {one.left, one.right}
                if rules.links(one) and ends & reached and ends <= set(work.records):
                    reached |= {one.left, one.right}
        assert reached == set(work.records)


@given(DECISIONS, PAIRS)
def test_one_more_judgement_same_joins_two_works_and_changes_no_other(
    decisions: list[Decision], pair: tuple[str, str]
) -> None:
    """A yes never costs a record its place."""
    others = [one for one in decisions if (one.left, one.right) != pair]
    columns = DecisionColumns.of(others)
    before = form_works(IDS, columns, made_up, stating({}))
    after = form_works(IDS, columns, made_up, stating({}), [Judgement(*pair, Verdict.DUPLICATE)])

    parts = {work.records for work in before.works}
    ours, theirs = (next(part for part in parts if one in part) for one in pair)
    joined = tuple(sorted({*ours, *theirs}))
    assert {work.records for work in after.works} == (parts - {ours, theirs}) | {joined}


@given(DECISIONS, PAIRS)
def test_not_the_same_of_two_works_changes_nothing(
    decisions: list[Decision], pair: tuple[str, str]
) -> None:
    """A no to what was never joined is no news."""
    others = [one for one in decisions if (one.left, one.right) != pair]
    columns = DecisionColumns.of(others)
    before = form_works(IDS, columns, made_up, stating({}))
    after = form_works(IDS, columns, made_up, stating({}), [Judgement(*pair, Verdict.DISTINCT)])

    if not any(set(pair) <= set(work.records) for work in before.works):
        assert after.works == before.works
