"""
Works: what joins, what a person says, what a source promises, and at which level.

All records are made; `far` and `near` answer for the pairs that no decision is about.
"""

import pytest

from detector.decision.decided import DecisionColumns
from detector.works.version_groups import VersionFacts
from detector.works.work_rules import WorkLevel, WorkRules
from detector.works.works import form_works
from tests.made_works import decided, judged, near, never, records_of, stating, works_of


def test_duplicates_and_versions_join_and_nothing_else_does() -> None:
    """Related, distinct and review pairs stay apart in the automatic row."""
    found = works_of(
        [
            decided("a", "b"),
            decided("c", "d", "version"),
            decided("e", "f", "related"),
            decided("g", "h", "distinct"),
            decided("i", "j", "review"),
        ],
        score=never,
    )

    assert records_of(found) == ["a b", "c d", "e", "f", "g", "h", "i", "j"]


def test_a_record_of_no_pair_is_a_work_of_its_own() -> None:
    """Every record is in exactly one work; most works have one record."""
    found = form_works(["a"], DecisionColumns.none(), never, stating({}))

    assert [(work.records, work.version_groups) for work in found.works] == [(("a",), (("a",),))]


def test_the_best_row_joins_review_pairs_from_one_half_on() -> None:
    """Evaluation shows what a person's yes to every likely pair would give."""
    found = works_of(
        [decided("a", "b", "review", 0.5), decided("c", "d", "review", 0.49)],
        rules=WorkRules(join_review=True),
    )

    assert records_of(found) == ["a b", "c", "d"]


def test_a_decision_about_a_record_that_was_not_given_is_an_error_that_names_it() -> None:
    """Decisions of another collection would give works that lack records in silence."""
    with pytest.raises(ValueError, match="record 'b' is not among the 1 records"):
        form_works(["a"], DecisionColumns.of([decided("a", "b")]), never, stating({}))


def test_a_copy_without_an_arxiv_id_does_not_join_two_works_that_have_one_each() -> None:
    """Two arXiv ids are two works; a copy that states none resembles both alike."""
    two_ids = decided("a", "b", "review", 0.95, guards=("arxiv-differs",))
    copies = [decided(paper, copy, p=0.99) for paper in "ab" for copy in ("c", "d")]

    found = works_of([two_ids, *copies, decided("c", "d", p=0.99)], score=near)

    assert not any({"a", "b"} <= set(work.records) for work in found.works)


def test_a_guard_against_one_pair_parts_no_work_whose_other_records_agree() -> None:
    """Most guards speak of two records as they are written, and a third shows the slip."""
    one_number = decided("a", "b", "review", 0.95, guards=("number-on-one-side",))

    found = works_of([one_number, decided("a", "c", p=0.99), decided("b", "c", p=0.99)], score=near)

    assert records_of(found) == ["a b c"]


def test_a_person_joins_what_a_guard_keeps_apart() -> None:
    """Two arXiv ids were once given to one paper; who looked is right."""
    two_ids = decided("a", "b", "review", 0.95, guards=("arxiv-differs",))

    found = works_of(
        [two_ids, decided("a", "c", p=0.99), decided("b", "c", p=0.99)],
        score=near,
        judgements=[judged("a", "b", "duplicate")],
    )

    assert records_of(found) == ["a b c"]


# --- judgements --------------------------------------------------------------------------


def test_judged_not_the_same_is_not_bridged_by_a_third_record() -> None:
    """A later record alike to both would undo in silence what a person decided."""
    found = works_of(
        [decided("a", "b", p=0.99), decided("b", "c", p=0.98)],
        score=near,
        judgements=[judged("a", "c", "distinct")],
    )

    assert records_of(found) == ["a b", "c"]
    [conflict] = found.conflicts
    assert (conflict.left, conflict.right, conflict.bridge) == ("a", "c", ("b", "c"))


def test_judged_same_joins_the_works_of_both() -> None:
    """A person's yes joins what the evidence had joined to each side."""
    found = works_of(
        [decided("a", "b"), decided("c", "d"), decided("b", "c", "distinct", 0.01)],
        judgements=[judged("b", "c", "duplicate")],
    )

    assert records_of(found) == ["a b c d"]


def test_a_judgement_overrides_a_decision_on_its_pair() -> None:
    """Duplicate by the program, related by a person: related."""
    found = works_of([decided("a", "b")], judgements=[judged("b", "a", "related")])

    assert records_of(found) == ["a", "b"]


def test_the_latest_judgement_of_a_pair_stands() -> None:
    """People change their minds; the order in which their words are read does not matter."""
    no = judged("a", "b", "distinct", at="2026-01-01")
    yes = judged("b", "a", "duplicate", at="2026-01-02")

    assert records_of(works_of([], judgements=[no, yes])) == ["a b"]
    assert records_of(works_of([], judgements=[yes, no])) == ["a b"]


def test_not_the_same_stands_where_two_judgements_contradict_it_over_a_chain() -> None:
    """a=b and b=c against a≠c: the latest "same" is heard first, the other is reported."""
    found = works_of(
        [],
        judgements=[
            judged("a", "b", "duplicate", at="2026-01-01"),
            judged("b", "c", "duplicate", at="2026-01-02"),
            judged("a", "c", "distinct", at="2026-01-03"),
        ],
    )

    assert records_of(found) == ["a", "b c"]
    assert [(one.left, one.right, one.bridge) for one in found.conflicts] == [
        ("a", "c", ("a", "b"))
    ]


def test_who_could_not_tell_changes_nothing() -> None:
    """A judgement `review` keeps the program's decision."""
    found = works_of([decided("a", "b")], judgements=[judged("a", "b", "review")])

    assert records_of(found) == ["a b"]


# --- unique sources ----------------------------------------------------------------------

ACM = {name: VersionFacts(source=name[:-1]) for name in ("acm1", "acm2", "dblp1", "dblp2")}
UNIQUE = WorkRules(unique_sources=frozenset({"acm"}))


def test_two_records_of_a_source_without_duplicates_share_no_work() -> None:
    """The strongest link wins, as in a one-to-one assignment."""
    found = works_of(
        [decided("acm1", "dblp1", p=0.98), decided("acm2", "dblp1", p=0.99)],
        score=near,
        rules=UNIQUE,
        facts=ACM,
    )

    assert records_of(found) == ["acm1", "acm2 dblp1"]


def test_only_the_declared_source_is_without_duplicates() -> None:
    """Two records of another source still share a work."""
    found = works_of([decided("dblp1", "dblp2")], rules=UNIQUE, facts=ACM)

    assert records_of(found) == ["dblp1 dblp2"]


def test_a_person_may_join_two_records_of_a_source_without_duplicates() -> None:
    """A source's promise is broken now and then; a person's word stands over it."""
    found = works_of([], judgements=[judged("acm1", "acm2", "duplicate")], rules=UNIQUE, facts=ACM)

    assert records_of(found) == ["acm1 acm2"]


# --- levels ------------------------------------------------------------------------------


def test_at_the_level_of_versions_only_duplicates_share_a_work() -> None:
    """One evidence, two levels: the finer works are the version groups of the coarser."""
    decisions = [decided("a", "b"), decided("b", "c", "version"), decided("a", "c", "version")]

    coarse = works_of(decisions)
    fine = works_of(decisions, rules=WorkRules(level=WorkLevel.VERSION))

    assert [work.version_groups for work in coarse.works] == [(("a", "b"), ("c",))]
    assert [work.records for work in fine.works] == [("a", "b"), ("c",)]
    assert len({work.work_id for work in fine.works}) == 2
