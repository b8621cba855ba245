"""Cohen's kappa of people who judged the same pairs."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from detector.decision.verdicts import Verdict
from detector.judgements.agreement_of_judges import agreements_of, cohens_kappa
from detector.works.judgements import Judgement

WORDS = ("same", "different", "unsure")


def said(by: str, verdicts: dict[str, str], at: str = "2026-01-01") -> list[Judgement]:
    return [
        Judgement(pair[0], pair[1], Verdict(verdict), at, by) for pair, verdict in verdicts.items()
    ]


def test_kappa_of_a_table_in_a_textbook() -> None:
    """Fifty proposals, both yes 20, both no 15, apart 5 and 10: p_o 0.7, p_e 0.5."""
    table = [("y", "y")] * 20 + [("n", "n")] * 15 + [("y", "n")] * 5 + [("n", "y")] * 10

    assert cohens_kappa(table) == pytest.approx(0.4)


@pytest.mark.parametrize(
    ("pairs", "kappa"),
    [
        ([], None),
        ([("same", "same")] * 3, None),  # chance alone explains it
        ([("same", "same"), ("different", "different")], 1.0),
        ([("same", "different"), ("different", "same")], -1.0),
        ([("same", "same"), ("same", "different")], 0.0),
    ],
)
def test_kappa_at_its_ends(pairs: list[tuple[str, str]], kappa: float | None) -> None:
    assert cohens_kappa(pairs) == kappa


@given(st.lists(st.tuples(st.sampled_from(WORDS), st.sampled_from(WORDS))))
def test_kappa_is_symmetric_and_at_most_one(pairs: list[tuple[str, str]]) -> None:
    kappa = cohens_kappa(pairs)

    assert kappa == cohens_kappa([(theirs, ours) for ours, theirs in pairs])
    assert kappa is None or -1 <= kappa <= 1
    if kappa is not None:
        assert (kappa == 1) == all(ours == theirs for ours, theirs in pairs)


def test_every_two_judges_are_compared_on_the_pairs_that_both_judged() -> None:
    ada = said("ada", {"ab": "duplicate", "cd": "distinct", "ef": "version", "gh": "review"})
    bo = said("bo", {"ba": "version", "cd": "related", "ef": "version", "xy": "distinct"})
    cy = said("cy", {"xy": "distinct"})

    first, second = agreements_of([*bo, *ada, *cy])

    assert first.judges == ("ada", "bo")
    assert (first.works.pairs, first.works.agreed, first.works.kappa) == (3, 3, 1.0)
    assert (first.versions.pairs, first.versions.agreed, first.versions.kappa) == (2, 1, 0.0)
    assert [ours.pair for ours, _ in first.apart] == [("a", "b"), ("c", "d")]
    assert (second.judges, second.works.pairs, second.works.kappa) == (("bo", "cy"), 1, None)


def test_of_one_judge_the_last_counts_and_nobody_agrees_with_themselves() -> None:
    before = said("ada", {"ab": "distinct", "cd": "distinct"}, "2025-01-01")
    after = said("ada", {"ab": "duplicate"})
    bo = said("bo", {"ab": "duplicate", "cd": "duplicate"})

    (found,) = agreements_of([*after, *before, *bo])

    assert (found.works.pairs, found.works.agreed) == (2, 1)


def test_judgements_without_a_name_count_for_nobody() -> None:
    assert agreements_of(said("", {"ab": "distinct"}) + said("bo", {"ab": "distinct"})) == []
