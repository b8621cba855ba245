"""The detectors of commands that look after an index that is there."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing, contextmanager
from threading import Event
from typing import Final

from detector.decision.weights import Weights
from detector.detecting.pipeline import Detector
from detector.runs.incremental import AT_ONCE, Arrivals
from indexer.index.contract import Engine
from indexer.index.opening import open_engine
from indexer.running.workers import AUTO, Workers, workers_for
from indexer.scheduling.times import span_of
from samework.commands.terminal import say

A_RECORD: Final = 1_000  # bytes


def arrivals_of(
    engine: Engine, weights: str, patience: str, stop: Event | None = None, at_once: int = 0
) -> Arrivals:
    """What compares the records that a command stores."""

    seconds = span_of(patience, "--patience").total_seconds()
    detector = Detector(engine, Weights.load(weights))
    return Arrivals(detector, say, stop or Event(), seconds, at_once or AT_ONCE)


@contextmanager
def stored_detector(index: str, weights: str = "", workers: int | str = 1) -> Iterator[Detector]:
    """A detector over an index that is there, closed afterwards with its workers."""

    table = Weights.load(weights)
    engine = open_engine(index, create=False)
    size = engine.totals().records * A_RECORD if workers == AUTO else 0
    with closing(engine), closing(Workers(workers_for(workers, size))) as many:
        yield Detector(engine, table, workers=many)
