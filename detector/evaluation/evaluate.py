"""
Evaluation: what a run found, against a truth.

    ScoredRun, Truth  ->  precision, recall, F1, B-cubed, candidate recall, calibration, review

Everything is scored end to end, after works are formed: a true pair that no key proposed
counts as missed, a chain that joins two works as many false pairs. Two rows always:
`automatic`, review pairs not joined, and `best`, review pairs with p >= 0.5 joined.
Runs nothing: `evaluation_run.py` makes the ScoredRun, the command prints the Evaluation.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from itertools import combinations
from typing import Any, Final

import numpy as np

from detector.decision.verdicts import Verdict
from detector.evaluation.calibration import Calibration, calibration_of, wilson
from detector.evaluation.truth import Pair, Truth, pair_of

TWINS: Final = "identical"  # found_by of records equal in every compared field
Works = Sequence[Collection[str]]


@dataclass(frozen=True, slots=True)
class ScoredRun:
    """What a run over a collection found."""

    sources: Mapping[str, str]  # record id -> source, every record of the run
    found_by: Mapping[Pair, tuple[str, ...]]  # every candidate pair -> what found it
    probability: Mapping[Pair, float]  # of every candidate
    verdicts: Mapping[Pair, Verdict]  # of every candidate; missing means distinct
    automatic: Works  # works of two or more records, review pairs not joined
    best: Works


@dataclass(frozen=True, slots=True)
class Scope:
    """Which pairs are scored."""

    cross_source: bool = False  # only pairs across two sources count
    labelled_only: bool = False  # only labelled pairs are counted, found in the whole file

    def of(self, truth: Truth) -> Scope:
        """This scope for a truth: without clusters, only labelled pairs count."""
        partial = not truth.clusters and not self.cross_source
        return replace(self, labelled_only=self.labelled_only or partial)


@dataclass(frozen=True, slots=True)
class Score:
    """True, false and missed pairs."""

    true: int
    false: int
    missed: int

    @property
    def precision(self) -> float:
        """Share of the pairs joined that are true; 1 when none is joined."""
        return self.true / (self.true + self.false) if self.true + self.false else 1.0

    @property
    def recall(self) -> float:
        """Share of the true pairs that are joined; 1 when there are none."""
        return self.true / (self.true + self.missed) if self.true + self.missed else 1.0

    @property
    def f1(self) -> float:
        """Harmonic mean of precision and recall."""
        both = 2 * self.true + self.false + self.missed
        return 2 * self.true / both if both else 1.0

    def interval(self) -> tuple[float, float]:
        """Wilson's 95 % bounds of precision."""
        return wilson(self.true, self.true + self.false)


@dataclass(frozen=True, slots=True)
class SourceRecall:
    """What one source of candidates brings."""

    recall: float  # of all true pairs
    marginal: float  # recall lost without it
    pairs_a_record: float
    alone_a_record: float  # pairs that only it proposes


@dataclass(frozen=True, slots=True)
class Review:
    """The pairs left to a person."""

    pairs: int
    labelled: int
    true: int


@dataclass(frozen=True, slots=True)
class Evaluation:
    """Everything `samework evaluate` prints."""

    automatic: Score
    best: Score
    b_cubed: tuple[float, float] | None  # precision and recall of `best`; clusters only
    candidates: Mapping[str, SourceRecall]  # "all" first
    calibration: Calibration
    review: Review
    by_how: Mapping[str, tuple[Score, Score]] = field(default_factory=dict)  # automatic, best
    false_pairs: tuple[Pair, ...] = ()  # of `best`, for reading
    missed_pairs: tuple[Pair, ...] = ()

    @property
    def b_cubed_f1(self) -> float | None:
        """Harmonic mean of B-cubed precision and recall; None where there are no clusters."""
        if self.b_cubed is None:
            return None
        precision, recall = self.b_cubed
        return 2 * precision * recall / (precision + recall) if precision + recall else 0.0

    def to_dict(self) -> dict[str, Any]:
        """The evaluation as plain values."""
        plain = asdict(self)
        for name in ("automatic", "best"):
            plain[name] |= _rates(getattr(self, name))
        plain["by_how"] = {
            how: {"automatic": _rates(first), "best": _rates(second)}
            for how, (first, second) in self.by_how.items()
        }
        return plain


def evaluate(run: ScoredRun, truth: Truth, scope: Scope | None = None) -> Evaluation:
    """Score a run against a truth; the module says what is counted."""
    scope = (scope or Scope()).of(truth)
    true = {pair for pair in truth.same_pairs() if _in_scope(run, scope, pair)}
    joined = {name: set(_joined(run, truth, scope, name)) for name in ("automatic", "best")}
    best, automatic = (_score(true, joined[name]) for name in ("best", "automatic"))
    said, label = _labelled_candidates(run, truth, scope)
    return Evaluation(
        automatic=automatic,
        best=best,
        b_cubed=b_cubed(run.best, truth.clusters, run.sources) if truth.clusters else None,
        candidates=_candidate_recall(run, true),
        calibration=calibration_of(said, label),
        review=_review(run, truth, scope),
        by_how=_by_how(truth, true, joined),
        false_pairs=tuple(sorted(joined["best"] - true)),
        missed_pairs=tuple(sorted(true - joined["best"])),
    )


def joined_by(works: Works) -> Callable[[Pair], bool]:
    """What tells whether the two records of a pair are in one of these works."""
    work_of = {record: number for number, work in enumerate(works) for record in work}
    return lambda pair: pair[0] in work_of and work_of[pair[0]] == work_of.get(pair[1])


def b_cubed(
    works: Works, clusters: Mapping[str, str], records: Iterable[str]
) -> tuple[float, float]:
    """B-cubed precision and recall: a record's mean, so that one giant work is one work."""
    work_of = {record: number for number, work in enumerate(works) for record in work}
    known = [record for record in records if record in clusters]
    ours = [str(work_of.get(record, f"alone {record}")) for record in known]
    theirs = [clusters[record] for record in known]
    both = Counter(zip(ours, theirs, strict=True))
    of_work, of_cluster = Counter(ours), Counter(theirs)
    count = max(len(known), 1)
    precision = sum(n * n / of_work[work] for (work, _), n in both.items()) / count
    recall = sum(n * n / of_cluster[cluster] for (_, cluster), n in both.items()) / count
    return precision, recall


def _rates(score: Score) -> dict[str, float]:
    low, high = score.interval()
    return {"precision": score.precision, "recall": score.recall, "f1": score.f1,
            "true": score.true, "false": score.false, "missed": score.missed,
            "precision_low": low, "precision_high": high}  # fmt: skip


def _score(true: set[Pair], joined: set[Pair]) -> Score:
    hit = len(true & joined)
    return Score(hit, len(joined) - hit, len(true) - hit)


def _in_scope(run: ScoredRun, scope: Scope, pair: Pair) -> bool:
    return not scope.cross_source or run.sources.get(pair[0]) != run.sources.get(pair[1])


def _joined(run: ScoredRun, truth: Truth, scope: Scope, row: str) -> Iterator[Pair]:
    """The pairs of one row's works that the scope counts."""
    works: Works = getattr(run, row)
    if scope.labelled_only and truth.pairs:
        together = joined_by(works)
        yield from (pair for pair in truth.pairs
                    if together(pair) and _in_scope(run, scope, pair))  # fmt: skip
        return
    for work in works:
        for pair in (pair_of(*both) for both in combinations(sorted(work), 2)):
            counted = not scope.labelled_only or truth.same(*pair) is not None
            if counted and _in_scope(run, scope, pair):
                yield pair


def _labelled_candidates(run: ScoredRun, truth: Truth, scope: Scope) -> tuple[Any, Any]:
    """Probability and label of every candidate that the truth speaks of."""
    closed = not truth.clusters and not scope.labelled_only  # what is not named is different
    rows = [
        (probability, bool(truth.same(*pair)))
        for pair, probability in run.probability.items()
        if _in_scope(run, scope, pair) and (closed or truth.same(*pair) is not None)
    ]
    said = np.array([row[0] for row in rows], np.float64)
    return said, np.array([row[1] for row in rows], np.bool_)


def _candidate_recall(run: ScoredRun, true: set[Pair]) -> dict[str, SourceRecall]:
    """
    Recall and cost by candidate source.

    Of records equal in every field only the first is paired with others, so a true pair is
    looked up under the first records of its two sides.
    """
    records, wanted = max(len(run.sources), 1), max(len(true), 1)
    lead = {right: left for (left, right), by in run.found_by.items() if TWINS in by}
    led = [pair_of(lead.get(a, a), lead.get(b, b)) for a, b in true]
    sources_of_true = [run.found_by.get(pair, (TWINS,)) for pair in led
             if pair in run.found_by or pair[0] == pair[1]]  # fmt: skip
    pairs = Counter(source for sources in run.found_by.values() for source in sources)
    alone = Counter(sources[0] for sources in run.found_by.values() if len(sources) == 1)
    everything = SourceRecall(
        len(sources_of_true) / wanted,
        len(sources_of_true) / wanted,
        len(run.found_by) / records,
        0.0,
    )
    return {"all": everything} | {
        source: SourceRecall(
            sum(source in sources for sources in sources_of_true) / wanted,
            sum(sources == (source,) for sources in sources_of_true) / wanted,
            pairs[source] / records,
            alone[source] / records,
        )
        for source in sorted(pairs)
    }


def _review(run: ScoredRun, truth: Truth, scope: Scope) -> Review:
    pairs = [pair for pair, verdict in run.verdicts.items() if verdict is Verdict.REVIEW]
    pairs = [pair for pair in pairs if _in_scope(run, scope, pair)]
    closed = not truth.clusters and not scope.labelled_only
    labels = [truth.same(*pair) for pair in pairs]
    labelled = len(labels) if closed else sum(label is not None for label in labels)
    return Review(len(pairs), labelled, sum(label is True for label in labels))


def _by_how(
    truth: Truth, true: set[Pair], joined: Mapping[str, set[Pair]]
) -> dict[str, tuple[Score, Score]]:
    """The scores of each way in which labels were made, where the truth says."""
    out: dict[str, tuple[Score, Score]] = {}
    for how in sorted({label.how for label in truth.pairs.values()} - {""}):
        of_it = {pair for pair, label in truth.pairs.items() if label.how == how}
        out[how] = (
            _score(true & of_it, joined["automatic"] & of_it),
            _score(true & of_it, joined["best"] & of_it),
        )
    return out
