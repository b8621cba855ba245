"""
Expected: how many mistakes to expect of what was joined and of what was left apart.

    probabilities of joins, of what is left to a person, of what is apart; labelled pairs
        ->  false merges and missed ones, each with bounds, and what they rest on

What is counted are joins: a work of n records was made by n - 1 of them, and those of a work
are its strongest links that hold it together (`strongest`). So a false merge is a record
too many in a work, whatever the number of its links, and a missed one a join that would still be
made: works are tied by their pairs in the same way.

The expected number is the sum over joins of what the probabilities leave for the other
answer. Its bounds hold two things: chance, were each probability true, and that probabilities are
only known as well as labelled pairs of the same fate and probability show. For the second, sets
are drawn with repetition (collections differ more than their pairs do), for each bin a share
that agrees with what was counted there, and of that share the number that is wrong. Shares are
drawn as Clopper and Pearson bound them: of none wrong the least share is 0, and of a bin without
labelled pairs everything is possible. Both are 95 %. Pure: reads nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from detector.evaluation.reliability import EDGES, Fate, Reliability, bins_of
from detector.works.linking.constrained_union_find import ConstrainedUnionFind

DRAWS: Final = 1_000
BOUNDS: Final = (0.025, 0.975)
_SEED: Final = 16  # of the draws: the same run says the same

Floats = NDArray[np.float64]
Ends = NDArray[np.int64]
Rows = NDArray[np.int64]


@dataclass(frozen=True, slots=True, eq=False)
class JoinsTaken:
    """What a run or an index did and did not join, as the probabilities of joins."""

    joined: Floats  # made without a person
    review: Floats  # that pairs left to a person would make
    apart: Floats  # that other pairs from LIKELY on would make
    by_people: int = 0  # joins that a judgement made
    by_policy: int = 0  # joins of works that are two by default and one by what was asked


@dataclass(frozen=True, slots=True)
class Mistakes:
    """How many of some joins to expect wrong, with 95 % bounds, and the labelled pairs behind."""

    of: int
    expected: float
    low: int
    high: int
    labelled: int  # labelled pairs of the same fate, in the bins of these joins
    wrong: int  # of these

    def to_dict(self) -> dict[str, Any]:
        """As plain values."""
        return {
            "of": self.of,
            "expected": round(self.expected, 2),
            "low": self.low,
            "high": self.high,
            "labelled_pairs": self.labelled,
            "labelled_wrong": self.wrong,
        }


@dataclass(frozen=True, slots=True)
class ExpectedMistakes:
    """The mistakes to expect: of what was joined without a person, and of what was left apart."""

    false_merges: Mistakes
    missed: Mistakes
    sets: tuple[str, ...]  # that the labelled pairs are of
    by_people: int
    by_policy: int
    unlabelled: int  # joins of probabilities that no labelled pair has

    def to_dict(self) -> dict[str, Any]:
        """As plain values, the words among them."""
        return {
            "false_merges": self.false_merges.to_dict(),
            "missed": self.missed.to_dict(),
            "joined_by_people": self.by_people,
            "joined_by_policy": self.by_policy,
            "unlabelled": self.unlabelled,
            "labelled_sets": list(self.sets),
            "words": self.words,
        }

    @property
    def words(self) -> str:
        """What a person reads of it."""
        joined, left = self.false_merges, self.missed
        said = [f"{_joins(joined.of)} {_were(joined.of)} made without a person"]
        if joined.of:
            said[0] += f"; {_number(joined)} of them expected to be false"
        said[0] += f"; {_joins(left.of)} more would join what is left apart"
        if left.of:
            said[0] += f", {_number(left)} of them expected to be missing"
        said[0] += "."
        if not self.sets:
            said.append("No labelled pairs are known for these weights: the bounds say nothing.")
        elif joined.of or left.of:
            said.append(
                f"This rests on {joined.labelled:,} labelled pairs that were joined with such "
                f"probabilities, {joined.wrong:,} of them wrongly, and {left.labelled:,} left "
                f"apart, {left.wrong:,} of them wrongly, of {len(self.sets)} collections; records "
                "unlike theirs may do worse."
            )
        if self.unlabelled and self.sets:
            said.append(f"Of {_joins(self.unlabelled)} no labelled pair has the probability.")
        if self.by_policy:
            said.append(f"{_joins(self.by_policy)} by a policy of this run are not counted.")
        return " ".join(said)


def expected_of(taken: JoinsTaken, reliability: Reliability) -> ExpectedMistakes:
    """How many mistakes to expect of what was taken, by the probabilities and labelled pairs."""
    joined = {Fate.JOINED: taken.joined}
    left = {Fate.REVIEW: taken.review, Fate.APART: taken.apart}
    labelled = {fate: reliability.totals(fate)[0] for fate in Fate}
    unlabelled = sum(
        int((labelled[fate][bins_of(said)] == 0).sum()) for fate, said in (joined | left).items()
    )
    return ExpectedMistakes(
        _mistakes(joined, reliability),
        _mistakes(left, reliability),
        reliability.sets,
        taken.by_people,
        taken.by_policy,
        unlabelled,
    )


def strongest(left: Ends, right: Ends, rank: Floats) -> Rows:
    """
    The rows of the ties that hold each component together, the highest rank first.

    Args:
        left: one end of each tie, any number that stands for a record or a work.
        right: the other.
        rank: how strong each tie is.
    """
    nodes, ends = np.unique(np.concatenate((left, right)), return_inverse=True)
    ours, theirs = ends[: len(left)], ends[len(left) :]
    ties = np.bincount(ends, minlength=len(nodes))
    lone = (ties[ours] == 1) & (ties[theirs] == 1)  # most of them, and no question
    chosen = np.flatnonzero(lone).tolist()
    rows = np.flatnonzero(~lone & (ours != theirs))
    rows = rows[np.argsort(-rank[rows], kind="stable")]
    forest = ConstrainedUnionFind(len(nodes) if len(rows) else 0)
    for row, a, b in zip(rows.tolist(), ours[rows].tolist(), theirs[rows].tolist(), strict=True):
        if not forest.together(a, b):
            forest.join(a, b)
            chosen.append(row)
    return np.sort(np.array(chosen, np.int64))


def _mistakes(of: dict[Fate, Floats], reliability: Reliability) -> Mistakes:
    """The mistakes of joins of some fates."""
    draws = np.random.default_rng(_SEED)
    said, least, most = (np.zeros(DRAWS, np.int64) for _ in range(3))
    expected, labelled, wrong = 0.0, 0, 0
    for fate, probability in of.items():
        # nobody was asked of what is below the first edge: it is as the first bin's
        bins = np.maximum(bins_of(probability), 0)
        amount = np.bincount(bins, minlength=len(EDGES))
        mistaken = 1.0 - probability if fate is Fate.JOINED else probability
        total = np.bincount(bins, mistaken, minlength=len(EDGES))
        expected += float(total.sum())
        said += draws.binomial(amount, total / np.maximum(amount, 1), (DRAWS, len(EDGES))).sum(1)
        pairs, amiss = _labelled(reliability, fate)
        for counts, share in zip((least, most), _shares(draws, pairs, amiss), strict=True):
            counts += draws.binomial(amount, share).sum(axis=1)
        labelled += int(pairs[:, amount > 0].sum())
        wrong += int(amiss[:, amount > 0].sum())
    low = min(np.quantile(counts, BOUNDS[0]) for counts in (said, least))
    high = max(np.quantile(counts, BOUNDS[1]) for counts in (said, most))
    count = sum(map(len, of.values()))
    return Mistakes(count, expected, int(np.floor(low)), int(np.ceil(high)), labelled, wrong)


def _labelled(reliability: Reliability, fate: Fate) -> tuple[Rows, Rows]:
    """The labelled pairs of a fate, and those whose label is another than what was done."""
    pairs, true = reliability.pairs[fate], reliability.true[fate]
    return pairs, pairs - true if fate is Fate.JOINED else true


def _shares(draws: np.random.Generator, pairs: Rows, amiss: Rows) -> tuple[Floats, Floats]:
    """Draws of the share that is wrong in each bin, the least and the most that counts allow."""
    sets = len(pairs)
    times = draws.multinomial(sets, [1 / sets] * sets, DRAWS) if sets else np.zeros((DRAWS, 0))
    known, bad = times @ pairs, times @ amiss
    good = known - bad
    least = np.where(bad > 0, draws.beta(np.maximum(bad, 1), good + 1), 0.0)
    most = np.where(good > 0, draws.beta(bad + 1, np.maximum(good, 1)), 1.0)
    return least, most


def _joins(count: int) -> str:
    return f"{count:,} join{'s' * (count != 1)}"


def _were(count: int) -> str:
    return "was" if count == 1 else "were"


def _number(mistakes: Mistakes) -> str:
    expected = mistakes.expected
    told = f"{expected:,.0f}" if expected >= 10 else f"{expected:.1f}"
    return f"{told} ({mistakes.low:,} to {mistakes.high:,})"
