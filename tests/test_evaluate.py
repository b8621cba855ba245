"""Evaluation: pairs are counted end to end, after works are formed."""

from pathlib import Path

import numpy as np
import pytest

from detector.decision.verdicts import Decision, Verdict
from detector.errors import TruthError
from detector.evaluation.calibration import calibration_of
from detector.evaluation.evaluate import Scope, ScoredRun, b_cubed, evaluate
from detector.evaluation.truth import Label, Truth, pair_of, read_truth
from detector.works.work_rules import WorkRules

IDS = ("a1", "a2", "a3", "b1", "b2", "c1")
CLUSTERS = {"a1": "a", "a2": "a", "a3": "a", "b1": "b", "b2": "b", "c1": "c"}
SOURCES = {"a1": "x", "a2": "y", "a3": "x", "b1": "x", "b2": "y", "c1": "y"}


def made_run(automatic: list[list[str]], best: list[list[str]] | None = None) -> ScoredRun:
    found = {
        ("a1", "a2"): ("lsh", "title"),
        ("a2", "a3"): ("identifier",),
        ("b1", "b2"): ("lsh",),
        ("b2", "c1"): ("title",),
    }
    return ScoredRun(
        sources=SOURCES,
        found_by=found,
        probability={("a1", "a2"): 0.99, ("a2", "a3"): 0.95, ("b1", "b2"): 0.6, ("b2", "c1"): 0.3},
        verdicts={("b1", "b2"): Verdict.REVIEW, ("b2", "c1"): Verdict.REVIEW},
        automatic=automatic,
        best=automatic if best is None else best,
    )


def test_a_pair_that_no_key_found_is_missed_unless_a_chain_joins_it() -> None:
    """a1 and a3 were never candidates: the work joins them all the same."""
    chained = evaluate(made_run([["a1", "a2", "a3"]]), Truth(clusters=CLUSTERS)).automatic
    apart = evaluate(made_run([["a1", "a2"]]), Truth(clusters=CLUSTERS)).automatic

    assert (chained.true, chained.false, chained.missed) == (3, 0, 1)
    assert (apart.true, apart.false, apart.missed) == (1, 0, 3)


def test_automatic_and_best_are_two_rows() -> None:
    """`best` joins likely review pairs; what it gets wrong is its own."""
    found = evaluate(
        made_run([["a1", "a2", "a3"]], [["a1", "a2", "a3"], ["b1", "b2", "c1"]]),
        Truth(clusters=CLUSTERS),
    )

    assert (found.automatic.precision, found.automatic.recall) == (1.0, 0.75)
    assert (found.best.true, found.best.false) == (4, 2)
    assert found.false_pairs == (("b1", "c1"), ("b2", "c1"))


def test_only_pairs_across_sources_count_when_asked() -> None:
    """a1 and a3 are of one source."""
    found = evaluate(
        made_run([["a1", "a2", "a3"]]), Truth(clusters=CLUSTERS), Scope(cross_source=True)
    )

    assert (found.automatic.true, found.automatic.missed) == (2, 1)


def test_a_truth_of_pairs_judges_only_what_it_names() -> None:
    """Pairs that nobody labelled are neither true nor false."""
    truth = Truth(
        pairs={
            ("a1", "a2"): Label("same", "read"),
            ("b2", "c1"): Label("different", "read"),
            ("b1", "b2"): Label("version", "rule"),
        }
    )

    found = evaluate(made_run([["a1", "a2", "a3", "b2", "c1"]]), truth)

    assert (found.automatic.true, found.automatic.false, found.automatic.missed) == (1, 1, 1)
    assert found.by_how["read"][0].precision == 0.5
    assert found.by_how["rule"][0].recall == 0.0


def test_candidate_recall_says_what_each_source_brings() -> None:
    """Recall alone, and what would be lost without it."""
    found = evaluate(made_run([]), Truth(clusters=CLUSTERS)).candidates

    assert found["all"].recall == 0.75
    assert (found["lsh"].recall, found["lsh"].marginal) == (0.5, 0.25)
    assert found["title"].marginal == 0.0
    assert found["identifier"].alone_a_record == pytest.approx(1 / 6)


def test_the_review_band_says_how_much_of_it_is_true() -> None:
    """Its size is a person's time, its share of true pairs what that buys."""
    found = evaluate(made_run([]), Truth(clusters=CLUSTERS)).review

    assert (found.pairs, found.labelled, found.true) == (2, 2, 1)


def test_b_cubed_counts_records_and_not_pairs() -> None:
    """One giant work is one work: here each record's mean."""
    precision, recall = b_cubed([["a1", "a2"], ["b1", "b2", "c1"]], CLUSTERS, IDS)

    assert precision == pytest.approx((1 + 1 + 1 + 2 / 3 + 2 / 3 + 1 / 3) / 6)
    assert recall == pytest.approx((2 / 3 + 2 / 3 + 1 / 3 + 1 + 1 + 1) / 6)


def test_a_policy_joins_the_kinds_it_names() -> None:
    """Labels that count conference and journal paper as one are met without refitting."""
    tied = Decision("a", "b", Verdict.RELATED, kind="conference")
    thesis = Decision("a", "c", Verdict.RELATED, kind="thesis")

    ours, theirs = WorkRules(), WorkRules(collapse=frozenset({"conference"}))

    assert not ours.links(tied)
    assert theirs.links(tied)
    assert not theirs.links(thesis)


def test_wilson_bounds_are_honest_about_few_pairs() -> None:
    """Twenty of twenty true is no proof of 0.998."""
    low, high = evaluate(made_run([["a1", "a2", "a3"]]), Truth(clusters=CLUSTERS)).best.interval()

    assert low < 0.5
    assert high == pytest.approx(1.0)


def test_calibration_finds_a_probability_that_lies() -> None:
    """Pairs said to be 0.9 and true half the time are 0.4 off."""
    said = np.full(400, 0.9)
    honest = calibration_of(said, np.arange(400) % 10 > 0)
    lying = calibration_of(said, np.arange(400) % 2 > 0)

    assert honest.error < 0.03
    assert lying.error == pytest.approx(0.4, abs=0.05)
    assert lying.low < lying.error < lying.high


def test_calibration_leaves_out_what_is_plainly_distinct() -> None:
    """A million easy pairs would hide every fault."""
    assert calibration_of(np.zeros(1000), np.zeros(1000, bool)).pairs == 0


@pytest.mark.parametrize(
    ("text", "same"),
    [
        ("r1\tc1\nr2\tc1\nr3\tc3\n", {("r1", "r2"): True, ("r1", "r3"): False}),
        ("r2\tr1\t1\nr1\tr3\t0\n", {("r1", "r2"): True, ("r1", "r3"): False, ("r2", "r3"): None}),
        (
            "case\tleft\tright\tlabel\thow\n1\tr1\tr2\tversion\tread\n2\tr1\tr3\tunsure\tread\n",
            {("r1", "r2"): True, ("r1", "r3"): None},
        ),
    ],
)
def test_three_forms_of_truth(
    tmp_path: Path, text: str, same: dict[tuple[str, str], bool | None]
) -> None:
    """Clusters, pairs, and labels by name; unsure is no label."""
    path = tmp_path / "truth.tsv"
    path.write_text(text, encoding="utf-8")

    truth = read_truth(path)

    assert {pair: truth.same(*pair) for pair in same} == same


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("", "empty"),
        ("r1\tr2\tperhaps\n", "'perhaps'"),
        ("left\tright\tlabel\nr1\tr2\n", "line 2"),
        ("r1\tc1\nr2\n", "line 2"),
    ],
)
def test_a_truth_that_cannot_be_used_says_where(tmp_path: Path, text: str, fault: str) -> None:
    """File, line and value stand in the message."""
    path = tmp_path / "truth.tsv"
    path.write_text(text, encoding="utf-8")

    with pytest.raises(TruthError, match=fault):
        read_truth(path)


def test_pairs_are_kept_smaller_id_first() -> None:
    """The same pair from both sides is one key."""
    assert pair_of("b", "a") == pair_of("a", "b") == ("a", "b")
