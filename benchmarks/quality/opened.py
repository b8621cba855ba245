"""
The development sets, compared and held open, to be scored under as many tables as one likes.

    with opened(sets) as held: held["cora"].scored(weights, rules)  ->  Evaluation
"""

from __future__ import annotations

import gc
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace

from benchmarks.quality.kept import Hidden, KeptRun
from benchmarks.quality.seeds import Groups, groups_of
from benchmarks.quality.sets import DevelopmentSet, kept_run, labelled_of
from detector.decision.weights import Weights
from detector.evaluation.evaluate import Evaluation, Scope, evaluate
from detector.evaluation.truth import Truth, read_truth
from detector.fitting.fit import LabelledSet
from detector.works.work_rules import WorkRules
from indexer.keys.epoch import Epoch


@dataclass(frozen=True, slots=True)
class Opened:
    """One set with its compared candidates."""

    dataset: DevelopmentSet
    run: KeptRun
    truth: Truth
    labels: LabelledSet
    groups: Groups  # of the labelled candidates: what one draw takes or leaves together

    def scored(self, weights: Weights, rules: WorkRules | None = None) -> Evaluation:
        """The evaluation of a run with these weights."""
        scored_run = self.run.under(weights, rules)
        return evaluate(scored_run, self.truth, Scope(cross_source=self.dataset.cross_source))

    def without(self, hidden: Hidden) -> Opened:
        """The same set with less to go by."""
        return self._over(self.run.without(hidden))

    def compared_under(self, epoch: Epoch) -> Opened:
        """The same candidates, compared as if another collection had been learnt."""
        return self._over(self.run.compared_under(epoch))

    def _over(self, run: KeptRun) -> Opened:
        labels = labelled_of(self.dataset, run)
        return replace(
            self, run=run, labels=labels, groups=groups_of(run, self.truth, self.dataset)
        )


@contextmanager
def opened(sets: Iterable[DevelopmentSet]) -> Iterator[dict[str, Opened]]:
    """All of these sets, each over an engine of its own."""
    with ExitStack() as held:
        by_name: dict[str, Opened] = {}
        for dataset in sets:
            folder = held.enter_context(tempfile.TemporaryDirectory())
            run = held.enter_context(kept_run(dataset, folder))
            truth = read_truth(dataset.truth)
            groups = groups_of(run, truth, dataset)
            by_name[dataset.name] = Opened(dataset, run, truth, labelled_of(dataset, run), groups)
        gc.collect()
        gc.freeze()  # millions of kept values, looked through again and again for nothing
        yield by_name


def rows_of(dataset: DevelopmentSet) -> Iterator[tuple[str, WorkRules]]:
    """The rows in which a set is scored: as it is, and by what its labels assume."""
    yield dataset.name, WorkRules()
    if dataset.unique_sources:
        yield f"{dataset.name}, sources unique", WorkRules(unique_sources=dataset.unique_sources)
    if dataset.collapse:
        yield f"{dataset.name}, its own policy", WorkRules(collapse=dataset.collapse)
