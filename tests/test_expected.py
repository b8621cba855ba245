"""How many mistakes to expect: joins are counted, judged ones are not, and the bounds are true."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks.quality.expectation import WEIGHTS, as_text, without
from detector.decision.verdicts import Verdict
from detector.decision.weights import Weights
from detector.evaluation.expected import JoinsTaken, expected_of, strongest
from detector.evaluation.expecting import expected_in, expected_of_index
from detector.evaluation.reliability import (
    EDGES,
    NOTE,
    Fate,
    LabelledPairs,
    Reliability,
    counted,
    measured,
)
from detector.works.judgements import Judgement
from tests.made_records import made_collection
from tests.one_shot import answer, deduplicated, write

NOTHING = np.array([], np.float64)


def test_a_work_of_n_records_counts_n_less_one_joins_the_strongest() -> None:
    """Three records, three links: the weakest ties nothing that is not tied."""
    left, right = np.array([7, 7, 9, 1]), np.array([9, 12, 12, 2])

    rows = strongest(left, right, np.array([0.99, 0.85, 0.9, 0.8]))

    assert rows.tolist() == [0, 2, 3]


@given(st.lists(st.tuples(st.integers(0, 12), st.integers(0, 12), st.floats(0, 1)), max_size=40))
def test_strongest_ties_hold_together_what_all_ties_do(ties: list[tuple[int, int, float]]) -> None:
    """The components are those of all ties, by as few of them as that takes."""
    left, right, rank = (np.array([tie[n] for tie in ties]) for n in range(3))

    rows = strongest(left.astype(np.int64), right.astype(np.int64), rank.astype(np.float64))

    every, chosen = _components(ties), _components([ties[row] for row in rows.tolist()])
    assert chosen == {group for group in every if len(group) > 1}
    assert len(rows) == sum(len(group) - 1 for group in every)


def _components(ties: list[tuple[int, int, float]]) -> set[frozenset[int]]:
    groups = {node: {node} for left, right, _ in ties for node in (left, right)}
    for left, right, _ in ties:
        joined = groups[left] | groups[right]
        for node in joined:
            groups[node] = joined
    return {frozenset(group) for group in groups.values()}


def test_the_expected_number_is_what_probabilities_leave() -> None:
    """Of ten joins at 0.9 one is expected to be false; of four open pairs at 0.25 one to be one."""
    taken = JoinsTaken(np.full(10, 0.9), NOTHING, np.full(4, 0.25))

    found = expected_of(taken, Reliability.of(Weights.load()))

    assert found.false_merges.expected == pytest.approx(1.0)
    assert found.missed.expected == pytest.approx(1.0)
    assert found.false_merges.low <= 1 <= found.false_merges.high < 10


def test_where_no_labelled_pair_speaks_everything_is_possible() -> None:
    """And it is said."""
    taken = JoinsTaken(np.full(200, 0.999), NOTHING, NOTHING)

    found = expected_of(taken, Reliability.none())

    assert found.false_merges.high > 150
    assert found.unlabelled == 200
    assert "No labelled pairs are known" in found.words


def test_labelled_pairs_that_are_wrong_move_the_bounds() -> None:
    """A probability is believed as far as labelled pairs bear it out."""
    good, bad = (_known(true) for true in (1.0, 0.5))
    taken = JoinsTaken(np.full(100, 0.99), NOTHING, NOTHING)

    believed, doubted = expected_of(taken, good).false_merges, expected_of(taken, bad).false_merges

    assert believed.expected == doubted.expected == pytest.approx(1.0)
    assert believed.high < 6
    assert doubted.high > 35
    assert doubted.wrong == 2000


def _known(true: float) -> Reliability:
    """Two sets of 2,000 pairs joined at 0.99, this share of them of one work."""
    label = np.arange(2000) < 2000 * true
    said = np.full(2000, 0.99)
    some = LabelledPairs("made", said, label, np.ones(2000, bool))
    return measured([some, replace(some, name="made too")], 0.8, 0.5)


def test_bounds_hold_the_count_about_nineteen_times_of_twenty() -> None:
    """Collections drawn of the probabilities that they state, and as many labelled pairs."""
    draw = np.random.default_rng(7)
    held = 0
    for _ in range(200):
        said = draw.choice([0.85, 0.93, 0.97, 0.985, 0.995, 0.999], (5, 400))
        label = draw.random((5, 400)) < said
        free = np.ones(400, bool)
        sets = [LabelledPairs(str(n), said[n], label[n], free) for n in range(4)]
        taken = JoinsTaken(said[4], NOTHING, NOTHING)
        found = expected_of(taken, measured(sets, 0.8, 0.5)).false_merges
        held += found.low <= int((~label[4]).sum()) <= found.high
    assert held >= 190


def test_a_guarded_pair_is_counted_as_left_to_a_person() -> None:
    """Its probability is high, and means less."""
    free = np.array([True, False, True, True])
    said, label = np.array([0.9, 0.9, 0.6, 0.01]), np.array([True, False, True, False])

    table = measured([LabelledPairs("made", said, label, free)], 0.8, 0.5)

    assert [int(table.totals(one)[0].sum()) for one in Fate] == [1, 2, 0]
    assert [int(table.totals(one)[1].sum()) for one in Fate] == [1, 1, 0]


def test_the_shipped_weights_carry_the_counts_of_labelled_pairs() -> None:
    """Read as they are written, and unseen by what names the weights."""
    weights = Weights.load()
    known = Reliability.of(weights)

    assert len(known.sets) == 8
    assert known.totals(Fate.JOINED)[0].sum() > 25_000
    assert Reliability.of(replace(weights, notes={NOTE: known.noted()})).noted() == known.noted()
    assert replace(weights, notes={}).digest == weights.digest
    assert not Reliability.of(replace(weights, notes={})).sets


def test_the_labelled_counts_are_written_into_the_weights_as_they_stand() -> None:
    """Lists of numbers on one line; without a set, nothing of it is left."""
    text = WEIGHTS.read_text("utf-8")
    known = Reliability.of(Weights.load())

    fewer = without(known, "sr_srsr")

    assert as_text(json.loads(text)) == text
    assert set(known.sets) - set(fewer.sets) == {"sr_srsr"}
    gone = known.pairs[Fate.JOINED][known.sets.index("sr_srsr")]
    assert (fewer.totals(Fate.JOINED)[0] + gone == known.totals(Fate.JOINED)[0]).all()


def test_bins_begin_at_their_edges() -> None:
    """What is below the first is not counted."""
    counts = counted(np.array([0.0199, *EDGES, 1.0]))

    assert counts.tolist() == [1] * (len(EDGES) - 1) + [2]


def test_a_run_expects_of_its_joins_and_not_of_what_people_judged(tmp_path: Path) -> None:
    """A judged pair is no guess: it leaves the joins of the program."""
    records = write(tmp_path / "r.jsonl", [one.to_dict() for one in made_collection(7, 30)])
    with deduplicated(tmp_path / "a", [records]) as run:
        before = expected_in(run)
        link = next(one for one in run.decisions() if one.verdict is Verdict.DUPLICATE)
        several = sum(len(work.records) - 1 for work in run.detection.works.works)
    said = Judgement(link.left, link.right, Verdict.DUPLICATE)
    with deduplicated(tmp_path / "b", [records], lambda names: [said]) as run:
        after = expected_in(run)

    assert before.false_merges.of == several > 0
    assert before.by_people == 0
    assert (after.by_people, after.false_merges.of) == (1, several - 1)


def test_an_index_expects_what_a_run_over_its_records_does(tmp_path: Path) -> None:
    """But for pairs called distinct, which it does not store; judged pairs are counted alike."""
    records = write(tmp_path / "r.jsonl", [one.to_dict() for one in made_collection(7, 30)])
    with deduplicated(tmp_path / "a", [records]) as run:
        link = next(one for one in run.decisions() if one.verdict is Verdict.DUPLICATE)
        lone = [work.records[0] for work in run.detection.works.works if len(work.records) == 1]
    said = [
        Judgement(link.left, link.right, Verdict.DUPLICATE),
        Judgement(lone[0], lone[1], Verdict.DISTINCT),
    ]
    with deduplicated(tmp_path / "b", [records], lambda names: said) as run:
        ours, theirs = expected_in(run), expected_of_index(run.detector)

    assert theirs.false_merges == ours.false_merges
    assert theirs.by_people == ours.by_people == 1
    assert theirs.missed.of <= ours.missed.of


def test_works_that_a_person_keeps_apart_are_not_missed(tmp_path: Path) -> None:
    """The open pairs of the two works are closed by one judgement."""
    title = "On the sediment memory of braided rivers in the north"
    rows = [
        {"id": "a", "title": title, "year": 2018},
        {"id": "b", "title": title, "year": 2018},
    ]
    records = write(tmp_path / "r.jsonl", rows)
    with deduplicated(tmp_path / "a", [records]) as run:
        before = expected_in(run)
        pair = run.detection.record_ids
    said = Judgement(pair[0], pair[1], Verdict.DISTINCT)
    with deduplicated(tmp_path / "b", [records], lambda names: [said]) as run:
        after = expected_in(run)

    assert before.missed.of == 1
    assert after.missed.of == 0


def test_summary_and_report_say_what_to_expect(tmp_path: Path) -> None:
    """The same sentence in both, and numbers for programs."""
    records = write(tmp_path / "r.jsonl", [one.to_dict() for one in made_collection(7, 20)])

    answer(tmp_path / "out", records)

    told = json.loads((tmp_path / "out" / "summary.json").read_bytes())["expected_mistakes"]
    report = (tmp_path / "out" / "report.html").read_text("utf-8")
    assert told["false_merges"]["low"] <= told["false_merges"]["expected"]
    assert told["false_merges"]["labelled_pairs"] > 0
    assert told["labelled_sets"] == list(Reliability.of(Weights.load()).sets)
    assert told["words"] in report
