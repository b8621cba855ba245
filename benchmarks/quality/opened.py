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

    one: DevelopmentSet
    run: KeptRun
    truth: Truth
    labels: LabelledSet
    groups: Groups  # of the labelled candidates: what one draw takes or leaves together

    def scored(self, weights: Weights, rules: WorkRules | None = None) -> Evaluation:
        """The evaluation of a run with these weights."""
        found = self.run.under(weights, rules)
        return evaluate(found, self.truth, Scope(cross_source=self.one.cross_source))

    def without(self, hidden: Hidden) -> Opened:
        """The same set with less to go by."""
        return self._over(self.run.without(hidden))

    def compared_under(self, epoch: Epoch) -> Opened:
        """The same candidates, compared as if another collection had been learnt."""
        return self._over(self.run.compared_under(epoch))

    def _over(self, run: KeptRun) -> Opened:
        labels = labelled_of(self.one, run)
        return replace(self, run=run, labels=labels, groups=groups_of(run, self.truth, self.one))


@contextmanager
def opened(sets: Iterable[DevelopmentSet]) -> Iterator[dict[str, Opened]]:
    """All of these sets, each over an engine of its own."""
    with ExitStack() as held:
        found: dict[str, Opened] = {}
        for one in sets:
            folder = held.enter_context(tempfile.TemporaryDirectory())
            run = held.enter_context(kept_run(one, folder))
            truth = read_truth(one.truth)
            groups = groups_of(run, truth, one)
            found[one.name] = Opened(one, run, truth, labelled_of(one, run), groups)
        gc.collect()
        gc.freeze()  # millions of kept values, looked through again and again for nothing
        yield found


def rows_of(one: DevelopmentSet) -> Iterator[tuple[str, WorkRules]]:
    """The rows in which a set is scored: as it is, and by what its labels assume."""
    yield one.name, WorkRules()
    if one.unique_sources:
        yield f"{one.name}, sources unique", WorkRules(unique_sources=one.unique_sources)
    if one.collapse:
        yield f"{one.name}, its own policy", WorkRules(collapse=one.collapse)
