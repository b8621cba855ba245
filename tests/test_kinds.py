"""The made pairs of kinds: both answers of each, the same ones each time, no base used twice."""

import gzip
import json
from collections import Counter
from pathlib import Path

import pytest

from benchmarks.quality.kinds.__main__ import explained
from benchmarks.quality.kinds.base import FROM
from benchmarks.quality.kinds.making import KINDS, made
from benchmarks.quality.kinds.policy_pairs import MAKERS
from benchmarks.quality.policies import made_records
from benchmarks.quality.sets import DevelopmentSet, kept_run
from detector.decision.weights import Weights
from detector.evaluation.truth import Pair, Truth, read_truth
from detector.works.joining.policies import POLICIES
from tests.conftest import SHARED, SHARED_IS_MISSING

TURNS = 3
pytestmark = pytest.mark.skipif(not SHARED.is_dir(), reason=SHARED_IS_MISSING)


@pytest.fixture(scope="module")
def kinds(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """Records and labels of three turns of every kind."""
    return made(tmp_path_factory.mktemp("kinds"), TURNS)


def test_every_kind_has_as_many_pairs_of_one_work_as_of_two(kinds: tuple[Path, Path]):
    labels = read_truth(kinds[1]).pairs.values()

    counts = Counter((label.how, label.same_work) for label in labels)
    assert counts == {(kind, same): TURNS for kind in KINDS for same in (True, False)}


def test_the_same_pairs_are_made_each_time(kinds: tuple[Path, Path], tmp_path: Path):
    again = made(tmp_path, TURNS)

    assert again[1].read_text() == kinds[1].read_text()
    first, second = (gzip.decompress(path.read_bytes()) for path in (kinds[0], again[0]))
    assert first == second


def test_no_two_kinds_are_made_of_one_record(kinds: tuple[Path, Path]):
    with gzip.open(kinds[0], "rt") as lines:
        authors = {row["id"]: tuple(row["authors"]) for row in map(json.loads, lines)}
    kind_of: dict[tuple[str, ...], set[str]] = {}
    for pair, label in read_truth(kinds[1]).pairs.items():
        for name in pair:
            if len(authors[name]) > 3:
                kind_of.setdefault(authors[name], set()).add(label.how)

    assert kind_of
    assert all(len(kinds) == 1 for kinds in kind_of.values())


def test_a_pair_says_whose_records_it_is_made_of(kinds: tuple[Path, Path]):
    rows = [line.split("\t") for line in kinds[1].read_text().splitlines()[1:]]

    assert {name for *_, bases in rows for name in bases.split()} <= set(FROM)
    assert all(bases for *_, bases in rows)


def test_every_policy_has_made_pairs_that_are_the_same_each_time():
    """One maker for each row of the policies."""
    assert set(MAKERS) == {policy.name for policy in POLICIES}
    assert list(made_records(2)) == list(made_records(2))


def test_a_pair_of_each_kind_is_explained(kinds: tuple[Path, Path], tmp_path: Path):
    records, labels = kinds
    truth, weights = read_truth(labels), Weights.load()
    dataset = DevelopmentSet(records.parent.name, place=records.parent.parent)

    with kept_run(dataset, str(tmp_path)) as kept:
        decided = kept.under(weights)
        told = list(explained(kept, truth, weights))

    heads = [line.strip() for line in told if line.startswith("\n")]
    assert [head.partition(":")[0] for head in heads] == list(KINDS)
    for head, (kind, pair) in zip(heads, first_of_one_work(truth).items(), strict=True):
        said = f"{kind}: {decided.verdicts[pair]}"
        assert head.startswith(said)
        assert head.endswith(f"{decided.probability[pair]:.4f}")
    assert sum(line.startswith("  - ") for line in told) == 3 * len(KINDS)


def first_of_one_work(truth: Truth) -> dict[str, Pair]:
    """The first such pair of each kind."""
    first: dict[str, Pair] = {}
    for pair, label in truth.pairs.items():
        if label.same_work:
            first.setdefault(label.how, pair)
    return first
