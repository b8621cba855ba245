"""Options that several commands take: one spelling, one help text."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing, contextmanager
from threading import Event
from typing import Annotated

import typer

from detector.decision.weights import Weights
from detector.detecting.pipeline import Detector
from detector.runs.incremental import AT_ONCE, Arrivals
from indexer.index.contract import Engine
from indexer.index.opening import open_engine
from indexer.scheduling.times import span_of
from indexer.settings import DEFAULT_INDEX, INDEX_VARIABLES
from indexer.workers import Workers
from samework.commands.choices import kinds
from samework.commands.terminal import say

IndexOption = Annotated[
    str,
    typer.Option(envvar=INDEX_VARIABLES, help="A folder, or https://… of OpenSearch."),
]
WeightsOption = Annotated[
    str,
    typer.Option(envvar="SAMEWORK_WEIGHTS", help="A file of match weights; empty: those shipped."),
]
WorkersOption = Annotated[
    int,
    typer.Option(
        envvar="SAMEWORK_WORKERS", min=1, help="Processes that share the work; the answer is one."
    ),
]
PatienceOption = Annotated[
    str,
    typer.Option(
        envvar="SAMEWORK_PATIENCE",
        metavar="10m",
        help="With --detect: how long to wait for another process that changes works.",
    ),
]
JsonOption = Annotated[bool, typer.Option("--json", help="JSON on stdout, one object a line.")]
OverwriteOption = Annotated[
    bool, typer.Option("--overwrite", help="Replace output files that are there already.")
]
FilesArgument = Annotated[
    list[str], typer.Argument(metavar="FILE…", help="Files or folders; '-' reads stdin.")
]

CollapseOption = Annotated[
    list[str] | None,
    typer.Option(
        metavar="KIND",
        autocompletion=kinds,
        help="Join related works of this kind too: conference, thesis, … or related; repeatable.",
    ),
]

DEFAULT_PATIENCE = "10m"

__all__ = [
    "DEFAULT_INDEX",
    "DEFAULT_PATIENCE",
    "CollapseOption",
    "FilesArgument",
    "IndexOption",
    "JsonOption",
    "OverwriteOption",
    "PatienceOption",
    "WeightsOption",
    "WorkersOption",
]


def arrivals_of(
    engine: Engine, weights: str, patience: str, stop: Event | None = None, at_once: int = 0
) -> Arrivals:
    """What compares the records that a command stores."""

    seconds = span_of(patience, "--patience").total_seconds()
    detector = Detector(engine, Weights.load(weights))
    return Arrivals(detector, say, stop or Event(), seconds, at_once or AT_ONCE)


@contextmanager
def stored_detector(index: str, weights: str = "", workers: int = 1) -> Iterator[Detector]:
    """A detector over an index that is there, closed afterwards with its workers."""

    table = Weights.load(weights)
    engine = open_engine(index, create=False)
    with closing(engine), closing(Workers(workers)) as many:
        yield Detector(engine, table, workers=many)
