"""
A run made to be scored: everything that a one-shot run knows of its pairs.

    rows  ->  the pipeline, unchanged  ->  ScoredRun

Records are named as the input named them, since a truth names them so.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from detector.decision.decision import Decisions
from detector.decision.verdicts import Verdict
from detector.decision.weights import Weights
from detector.detecting.pipeline import Detector
from detector.evaluation.evaluate import ScoredRun
from detector.evaluation.truth import pair_of
from detector.runs.one_shot import Progress, deduplicate
from detector.works.work_rules import WorkRules
from detector.works.works import Work
from indexer.index.contract import Engine
from indexer.ingesting.ingest import Row
from indexer.keys.pairs import sources_of


def run_over(
    rows: Iterable[Row],
    engine: Engine,
    weights: Weights,
    rules: WorkRules,
    progress: Progress | None = None,
) -> ScoredRun:
    """Run the pipeline over an empty engine; return what both rows of an evaluation need."""
    said: list[tuple[str, str, int, float, Verdict]] = []

    def observe(found_by: Sequence[int], decisions: Decisions) -> None:
        columns = (decisions.pairs, found_by, decisions.probability.tolist(), decisions.verdicts)
        for (left, right), bits, probability, verdict in zip(*columns, strict=True):
            said.append((left.record_id, right.record_id, bits, probability, verdict))

    detector = Detector(engine, weights, rules, stores=False, observe=observe)
    run = deduplicate(rows, detector, progress)
    best = detector.works_by_rules(replace(rules, join_review=True), run.detection).works
    names = run.names()
    pairs = [pair_of(names[left], names[right]) for left, right, *_ in said]
    fields = detector.fields.of(run.record_ids)
    return ScoredRun(
        sources={names[record_id]: fields[record_id].source for record_id in run.record_ids},
        found_by={pair: sources_of(row[2]) for pair, row in zip(pairs, said, strict=True)},
        probability={pair: row[3] for pair, row in zip(pairs, said, strict=True)},
        verdicts={pair: row[4] for pair, row in zip(pairs, said, strict=True)},
        automatic=_named(run.detection.works.works, names),
        best=_named(best, names),
    )


def _named(works: Iterable[Work], names: Mapping[str, str]) -> list[frozenset[str]]:
    """Works of two or more records, by the names of the input."""
    return [
        frozenset(names[record_id] for record_id in work.records)
        for work in works
        if len(work.records) > 1
    ]
