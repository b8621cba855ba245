"""Options that several commands take: one spelling, one help text."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager
from typing import TYPE_CHECKING, Annotated

import typer

from indexer.settings import DEFAULT_INDEX, INDEX_VARIABLES

if TYPE_CHECKING:
    from detector.pipeline import Detector

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
JsonOption = Annotated[bool, typer.Option("--json", help="JSON on stdout, one object a line.")]
FilesArgument = Annotated[
    list[str], typer.Argument(metavar="FILE…", help="Files or folders; '-' reads stdin.")
]

CollapseOption = Annotated[
    list[str] | None,
    typer.Option(
        metavar="KIND",
        help="Join related works of this kind too: conference, thesis, … or related; repeatable.",
    ),
]

__all__ = [
    "DEFAULT_INDEX",
    "CollapseOption",
    "FilesArgument",
    "IndexOption",
    "JsonOption",
    "WeightsOption",
    "WorkersOption",
]


@contextmanager
def stored_detector(index: str, weights: str = "", workers: int = 1) -> Iterator[Detector]:
    """A detector over an index that is there, closed afterwards with its workers."""
    from detector.decision.weights import Weights
    from detector.pipeline import Detector
    from indexer.backends.opening import open_engine
    from indexer.workers import Workers

    table = Weights.load(weights)
    engine = open_engine(index, create=False)
    with closing(engine), closing(Workers(workers)) as many:
        yield Detector(engine, table, workers=many)


@contextmanager
def detector_of_files(files: Iterable[str], weights: str = "") -> Iterator[Detector]:
    """A detector over an index of these files alone, gone afterwards; nothing is judged."""
    import tempfile

    from detector.decision.weights import Weights
    from detector.pipeline import Detector
    from indexer.backends.opening import open_engine
    from indexer.feeds.formats import read_files
    from indexer.ingest import Ingestion

    rows = read_files(files)
    with tempfile.TemporaryDirectory(prefix="samework-") as folder:
        engine = open_engine(folder)
        try:
            detector = Detector(engine, Weights.load(weights))
            Ingestion(
                engine,
                seen=lambda _, fields: detector.fields.seed(fields),
                keep_occurrences=False,
            ).run(rows)
            yield detector
        finally:
            engine.close()
