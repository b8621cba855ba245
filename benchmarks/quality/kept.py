"""
A run whose comparisons are kept: another table of weights only decides and forms works anew.

    rows  ->  the pipeline, once  ->  KeptRun.under(weights)  ->  ScoredRun, as often as asked

What a kept run gives is what a real run with these weights gives (a test compares the
two): levels depend on records and epoch alone. `without` is the same collection with
candidate sources or comparisons left out. Does not: fit, score or print.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from detector.candidates import worth_comparing
from detector.comparisons import COLUMN, NAMES, TALLIES, Comparer, Levels, Profile
from detector.decision.decision import Decider, Decisions
from detector.decision.weights import Weights
from detector.detecting.detection import Detection
from detector.detecting.pipeline import Detector
from detector.evaluation.evaluate import ScoredRun
from detector.evaluation.truth import Pair, Truth, pair_of
from detector.fitting.fit import LabelledSet
from detector.runs.one_shot import Deduplication, deduplicate
from detector.works.work_rules import WorkRules
from detector.works.works import Work
from indexer.fields import Fields
from indexer.index.contract import Engine
from indexer.ingesting.ingest import Row
from indexer.keys.epoch import Epoch
from indexer.keys.pairs import sources_of


class KeptComparer(Comparer):
    """Another comparer's levels and profiles, asked for once."""

    def __init__(self, inner: Comparer, epoch: Epoch) -> None:
        super().__init__(epoch)
        self.inner = inner
        self.rows: dict[Pair, Levels] = {}

    def profile(self, fields: Fields) -> Profile:
        """The record's profile."""
        return self.inner.profile(fields)

    def compare(self, pairs: Iterable[tuple[Fields, Fields]]) -> Levels:
        """The levels of all comparisons."""
        pairs = list(pairs)
        names = [pair_of(left.record_id, right.record_id) for left, right in pairs]
        fresh = [at for at, name in enumerate(names) if name not in self.rows]
        levels = self.inner.compare([pairs[at] for at in fresh])
        self.rows.update((names[at], row) for at, row in zip(fresh, levels, strict=True))
        if not pairs:
            return np.zeros((0, len(NAMES)), np.int8)
        return np.stack([self.rows[name] for name in names])


@dataclass(frozen=True, slots=True)
class Hidden:
    """What a run does without: bits of candidate kinds, comparisons by name, guards."""

    kinds: int = 0
    comparisons: frozenset[str] = frozenset()
    guards: bool = False

    def levels(self, rows: Levels) -> Levels:
        """The rows with these comparisons missing, and the tallies counted without them."""
        if not self.comparisons:
            return rows
        rows = rows.copy()
        for name in self.comparisons:
            rows[:, COLUMN[name]] = 0
        columns = {name: rows[:, at] for name, at in COLUMN.items()}
        for tally in TALLIES:
            if tally.name not in self.comparisons:
                rows[:, COLUMN[tally.name]] = tally.function(columns)
        return rows


class PartialComparer(Comparer):
    """A comparer that shows another's rows without what is hidden."""

    def __init__(self, inner: Comparer, epoch: Epoch, hidden: Hidden) -> None:
        super().__init__(epoch)
        self.inner, self.hidden = inner, hidden

    def profile(self, fields: Fields) -> Profile:
        """The record's profile."""
        return self.inner.profile(fields)

    def compare(self, pairs: Iterable[tuple[Fields, Fields]]) -> Levels:
        """The levels of the comparisons that are not hidden."""
        return self.hidden.levels(self.inner.compare(pairs))


class Unguarded(Decider):
    """Decides by weights alone, but for what sources promise."""

    def barred(self, levels: Levels) -> NDArray[np.uint32]:
        """No guard fires."""
        return np.zeros(len(levels), np.uint32)


@dataclass(slots=True)
class KeptRun:
    """The candidates of one collection, compared; the engine stays open beside it."""

    detector: Detector
    deduplication: Deduplication
    epoch: Epoch  # by which pairs are compared
    comparer: Comparer
    pairs: list[tuple[Fields, Fields]]
    found_by: list[int]
    hidden: Hidden = field(default_factory=Hidden)

    @classmethod
    def of(cls, rows: Iterable[Row], engine: Engine) -> KeptRun:
        """Read rows into an empty engine and compare their candidates."""
        pairs: list[tuple[Fields, Fields]] = []
        bits: list[int] = []
        levels: list[Levels] = []

        def observe(found_by: Sequence[int], decisions: Decisions) -> None:
            pairs.extend(decisions.pairs)
            bits.extend(found_by)
            levels.append(decisions.levels)

        detector = Detector(engine, stores=False, observe=observe)
        deduplication = deduplicate(rows, detector)
        epoch = deduplication.detection.epoch
        comparer = KeptComparer(detector.decider(epoch).comparer, epoch)
        names = (pair_of(left.record_id, right.record_id) for left, right in pairs)
        comparer.rows.update(zip(names, (row for part in levels for row in part), strict=True))
        return cls(detector, deduplication, epoch, comparer, pairs, bits)

    @property
    def names(self) -> Mapping[str, str]:
        """What the input called each record."""
        return self.deduplication.names()

    def compared_under(self, epoch: Epoch) -> KeptRun:
        """The same candidates, compared under another epoch."""
        return replace(self, epoch=epoch, comparer=KeptComparer(Comparer(epoch), epoch))

    def without(self, hidden: Hidden) -> KeptRun:
        """The same run with less to go by."""
        kept = [at for at, bits in enumerate(self.found_by) if self._found(at, bits, hidden.kinds)]
        return replace(
            self,
            hidden=hidden,
            comparer=PartialComparer(self.comparer, self.epoch, hidden),
            pairs=[self.pairs[at] for at in kept],
            found_by=[self.found_by[at] & ~hidden.kinds for at in kept],
        )

    def _found(self, at: int, bits: int, kinds: int) -> bool:
        """Whether this pair would be compared if these kinds proposed nothing."""
        left = bits & ~kinds
        return bool(left) and worth_comparing(*self.pairs[at], left)

    def decisions(self, weights: Weights, rules: WorkRules) -> tuple[Detector, Decisions]:
        """Every candidate decided by these weights, and the detector that did so."""
        detector = Detector(self.detector.engine, weights, rules, stores=False)
        detector.fields = self.detector.fields
        kind = Unguarded if self.hidden.guards else Decider
        decider = kind(self.epoch, weights, rules.unique_sources)
        decider.comparer = self.comparer
        detector.use_decider(decider)
        return detector, decider.decide(self.pairs)

    def under(self, weights: Weights, rules: WorkRules | None = None) -> ScoredRun:
        """What a run with these weights and rules finds."""
        rules = rules or WorkRules()
        detector, decided = self.decisions(weights, rules)
        ids = sorted({record.record_id for pair in decided.pairs for record in pair})
        place = {record_id: at for at, record_id in enumerate(ids)}
        left, right = (
            np.array([place[pair[side].record_id] for pair in decided.pairs], np.int64)
            for side in (0, 1)
        )
        ties = decided.columns(ids, left, right, np.array(self.found_by, np.uint16))
        detection = Detection(ties, epoch=self.epoch, works=self.deduplication.detection.works)
        names = self.names
        pairs = [self._named(pair, names) for pair in self.pairs]
        fields = self.detector.fields.of(self.deduplication.record_ids)
        return ScoredRun(
            sources={
                names[record_id]: fields[record_id].source
                for record_id in self.deduplication.record_ids
            },
            found_by=dict(zip(pairs, map(sources_of, self.found_by), strict=True)),
            probability=dict(zip(pairs, decided.probability.tolist(), strict=True)),
            verdicts=dict(zip(pairs, decided.verdicts, strict=True)),
            automatic=_works(detector.works_by_rules(rules, detection).works, names),
            best=_works(
                detector.works_by_rules(replace(rules, join_review=True), detection).works, names
            ),
        )

    def labelled(self, truth: Truth, name: str, cross_source: bool = False) -> LabelledSet:
        """The candidates that the truth speaks of, to fit to."""
        levels = self.comparer.compare(self.pairs)
        names = self.names
        labels = [bool(truth.same(*self._named(pair, names))) for pair in self.pairs]
        kept = self._scored(truth, cross_source)
        return LabelledSet(name, levels[kept], np.array(labels, bool)[kept])

    def labelled_pairs(self, truth: Truth, cross_source: bool = False) -> list[Pair]:
        """The names of these candidates, in the order of `labelled`."""
        names = self.names
        kept = self._scored(truth, cross_source)
        return [self._named(self.pairs[at], names) for at in kept.tolist()]

    def _scored(self, truth: Truth, cross_source: bool) -> NDArray[np.int64]:
        """The candidates that count: across sources, or those that the truth names."""
        names = self.names
        if cross_source:
            scored = [left.source != right.source for left, right in self.pairs]
        else:
            scored = [truth.same(*self._named(pair, names)) is not None for pair in self.pairs]
        return np.flatnonzero(np.array(scored, bool))

    @staticmethod
    def _named(pair: tuple[Fields, Fields], names: Mapping[str, str]) -> Pair:
        return pair_of(names[pair[0].record_id], names[pair[1].record_id])


def _works(works: Iterable[Work], names: Mapping[str, str]) -> list[frozenset[str]]:
    """Works of two or more records, by the names of the input."""
    return [
        frozenset(names[record_id] for record_id in work.records)
        for work in works
        if len(work.records) > 1
    ]
