"""Decisions: the printed weights sum to the printed odds, and guards bar by name."""

import json
import math
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from detector.comparisons import COLUMN, COMPARISONS
from detector.decision.decision import Decider, explain_pair
from detector.decision.guards import ALL_GUARDS, BARRED, GUARDS, Bar
from detector.decision.verdicts import Decision, Verdict
from detector.decision.weights import Weights, probability_of
from detector.errors import WeightsError
from indexer.fields import fields_of
from indexer.keys.epoch import Epoch
from indexer.records import Author, Record
from tests.pair_tables import cases_of, tables

BYLINE = ("Andrei-Marius Avram", "Darius Catrina", "Dumitru-Clementin Cercel", "Mihai Dascălu",
          "Traian Rebedea", "Vasile Păiş", "Dan Tufiş")  # fmt: skip
LEFT = Record(
    record_id="ia:960900110111723557",
    source="internet_archive",
    title="Distilling the Knowledge of Romanian BERTs Using Multiple Teachers",
    authors=tuple(Author(name=name.replace("ă", "Äƒ").replace("ş", "ÅŸ")) for name in BYLINE),
    date="2022-04-13",
    urls=("https://web.archive.org/web/20220523200334/https://arxiv.org/pdf/2112.12650v3.pdf",),
)
RIGHT = Record(
    record_id="openalex:W4226067207",
    source="openalex",
    title="Distilling the Knowledge of Romanian BERTs Using Multiple Teachers",
    authors=tuple(
        Author(name=name)
        for name in ("Andrei-Marius Avram", "D. Catrina", "Dumitru-Clementin Cercel",
                     "Mihai Dascalu", "Traian Rebedea", "V. Pais", "Dan Tufis")
    ),
    date="2021-12-23",
    container="arXiv (Cornell University)",
    doi="10.48550/arxiv.2112.12650",
    urls=("https://openalex.org/W4226067207", "https://arxiv.org/pdf/2112.12650"),
)  # fmt: skip


def explain(left: Record, right: Record) -> Decision:
    return explain_pair(fields_of(left), fields_of(right), Epoch.empty(), Weights.load())


def test_the_seed_case_is_a_duplicate_and_says_why() -> None:
    """One arXiv id, one title, 7 of 7 authors; months apart are no evidence against."""
    found = explain(LEFT, RIGHT)

    assert found.verdict is Verdict.DUPLICATE
    assert any("2112.12650" in reason for reason in found.reasons)
    assert any("titles are the same" in reason for reason in found.reasons)
    assert any("7 of 7 authors" in reason for reason in found.reasons)


def test_the_order_of_the_two_records_does_not_matter() -> None:
    """A pair is a set of two."""
    assert explain(LEFT, RIGHT) == explain(RIGHT, LEFT)


@pytest.mark.parametrize("table", tables())
def test_weights_and_prior_sum_exactly_to_the_odds(table: str) -> None:
    """The waterfall that `explain` draws ends at the probability it prints."""
    for case in cases_of(table):
        found = explain(case.left, case.right)
        odds = sum(found.weights.values())
        assert found.probability == pytest.approx(1 / (1 + 2**-odds), abs=1e-12)
        assert set(found.weights) - {"guard"} == set(found.levels) | {"prior"}


def test_a_guard_that_keeps_apart_leaves_hardly_a_probability() -> None:
    """ "Never one work" beside "0.9 likely one work" would be two answers."""
    decided = [explain(one.left, one.right) for table in tables() for one in cases_of(table)]
    kept_apart = {guard.name for guard in GUARDS if guard.bar is Bar.APART}
    barred = [one for one in decided if set(one.guards) & kept_apart]

    assert len(barred) > 50
    assert all(one.probability <= BARRED + 1e-12 for one in barred)
    assert all(one.weights["guard"] <= 0 for one in barred)
    assert not any("guard" in one.weights for one in decided if one not in barred)


def test_a_batch_decides_each_pair_as_alone() -> None:
    """A verdict must not depend on what else stands in the batch."""
    cases = [case for table in tables()[:6] for case in cases_of(table)]
    pairs = [(fields_of(case.left), fields_of(case.right)) for case in cases]
    decider = Decider(Epoch.empty(), Weights.load())
    decisions = decider.decide(pairs)

    together = [decider.decision(decisions, row) for row in range(len(pairs))]

    assert together == [explain_pair(*pair, Epoch.empty(), Weights.load()) for pair in pairs]


def test_a_source_that_promises_no_duplicates_is_believed() -> None:
    """`unique = true` makes two records of one source distinct, however alike."""
    twin = replace(RIGHT, record_id="openalex:W2")
    pair = (fields_of(RIGHT), fields_of(twin))

    promised = Decider(Epoch.empty(), Weights.load(), frozenset({"openalex"})).decide([pair])

    assert promised.verdicts == (Verdict.DISTINCT,)
    assert explain(RIGHT, twin).verdict is Verdict.DUPLICATE


def test_what_works_count_is_zero_where_a_guard_keeps_apart() -> None:
    """Average link must not be talked into joining part I and part II."""
    part = replace(RIGHT, doi="", urls=(), container="", title="On river ice. Part I")
    other = replace(part, record_id="made:2", title="On river ice. Part II")

    score = Decider(Epoch.empty(), Weights.load()).score([(fields_of(part), fields_of(other))])

    assert score.tolist() == [0.0]


def test_arxiv_versions_of_one_work_are_two_versions() -> None:
    """v1 and v3 are one work; a record that states no version is no other one."""
    first = replace(LEFT, record_id="arxiv:v1", urls=("https://arxiv.org/abs/2112.12650v1",))

    found = explain(LEFT, first)

    assert (found.verdict, found.kind) == (Verdict.VERSION, "revision")


def test_a_thesis_and_its_paper_are_related() -> None:
    """Tied, but another work."""
    paper = replace(LEFT, urls=(), type="article", authors=LEFT.authors[:1])
    thesis = replace(paper, record_id="made:thesis", type="thesis")

    found = explain(paper, thesis)

    assert (found.verdict, found.kind) == (Verdict.RELATED, "thesis")


@pytest.mark.parametrize(("authors", "barred"), [("one_full", True), ("all_two", False)])
def test_one_author_is_no_evidence_under_a_title_that_many_carry(
    authors: str, barred: bool
) -> None:
    """A columnist or an editor writes many of one title, a year after another or in one year."""
    levels = np.zeros((1, len(COMPARISONS)), np.int8)
    for name, level in (("title", "exact"), ("title_carriers", "many"), ("authors", authors)):
        names = [one.name for one in COMPARISONS[COLUMN[name]].levels]
        levels[0, COLUMN[name]] = names.index(level)

    fired = int(Decider(Epoch.empty(), Weights.load()).barred(levels)[0])

    generic = [guard.name for guard in ALL_GUARDS].index("generic-title")
    assert bool(fired >> generic & 1) is barred


def test_guards_have_distinct_names_and_say_when_they_fire() -> None:
    """They are shown by name in `explain` and in the documentation."""
    names = [guard.name for guard in ALL_GUARDS]

    assert len(set(names)) == len(names)
    assert all(guard.phrase for guard in ALL_GUARDS)


def test_decisions_survive_json() -> None:
    """pairs.jsonl is read back by other commands."""
    found = explain(LEFT, RIGHT).proposed_by(["lsh", "identifier"])

    assert Decision.from_dict(json.loads(json.dumps(found.to_dict()))) == found


def test_weights_survive_their_file(tmp_path: Path) -> None:
    """What `tune` writes is what `--weights` reads."""
    path = tmp_path / "weights.json"
    path.write_text(json.dumps(Weights.load().to_dict()))

    found = Weights.load(path)

    assert np.array_equal(found.table, Weights.load().table)
    assert found.prior == Weights.load().prior


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("no JSON", "Expecting value"),
        ('{"format": 99}', "format 99"),
        ('{"format": 1, "weights": {"aura": {}}}', "'aura'"),
        ('{"format": 1, "weights": {"year": {"moon": 1}}}', "'moon'"),
    ],
)
def test_weights_that_cannot_be_used_say_why(tmp_path: Path, text: str, fault: str) -> None:
    """The message names the value and what was expected."""
    path = tmp_path / "weights.json"
    path.write_text(text)

    with pytest.raises(WeightsError, match=fault):
        Weights.load(path)


def test_no_agreement_weighs_against_and_no_conflict_for() -> None:
    """The shipped weights keep the orders that the comparisons name; missing weighs nothing."""
    table = Weights.load().table
    assert not table[:, 0].any()
    for row, comparison in enumerate(COMPARISONS):
        number = {level.name: column for column, level in enumerate(comparison.levels)}
        for order in comparison.agree:
            bits = [table[row, number[name]] for name in order]
            assert [*bits, 0.0] == sorted([*bits, 0.0], reverse=True), comparison.name
        for order in comparison.conflict:
            bits = [table[row, number[name]] for name in order]
            assert [0.0, *bits] == sorted([0.0, *bits], reverse=True), comparison.name


def test_probability_is_the_inverse_of_log_odds() -> None:
    """Bits are log2 odds, and nothing overflows at the ends."""
    found = probability_of(np.array([0.0, 3.0, -500.0, 500.0]))

    assert found[0] == 0.5
    assert math.isclose(found[1], 8 / 9)
    assert 0 < found[2] < 1e-15 < found[3] <= 1


def test_a_pair_to_review_says_which_versions_the_two_would_be() -> None:
    """Whoever decides it sees that a preprint stands beside an article."""
    title = "Sediment budgets of braided rivers below retreating glaciers"
    posted = Record("ssrn:1", title=title, doi="10.2139/ssrn.555001", date="2011")
    printed = replace(posted, record_id="made:1", doi="10.5555/m1", date="2012")

    found = explain(posted, printed)

    assert (found.verdict, found.kind, found.saying) == ("review", "preprint", "review (preprint?)")
