"""`samework ingest`: put records of files into an index."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated

import typer

from detector.commands.options import (
    DEFAULT_INDEX,
    FilesArgument,
    IndexOption,
    JsonOption,
    WeightsOption,
)
from detector.commands.reading import BytesRead, counted
from detector.commands.terminal import Stages, Status, emit_named, resume_by, say

__all__ = ["DEFAULT_INDEX", "ingest"]


def ingest(
    files: FilesArgument,
    index: IndexOption = DEFAULT_INDEX,
    detect: Annotated[
        bool, typer.Option(help="Judge the records as they come and update the works.")
    ] = False,
    batch: Annotated[
        int, typer.Option(min=1, help="Records a step; each step is durable and judged.")
    ] = 2_000,
    weights: WeightsOption = "",
    json: JsonOption = False,
) -> None:
    """
    Put records of files into an index; the same file again changes nothing.

    What cannot be used goes to the dead letters and the rest goes on. A run that was
    killed is finished by the same command. Exit status: 0 done, 1 error, 3 when rows
    could not be used.

    Example: samework ingest openalex.jsonl.gz --index catalogue --detect
    """
    from detector.decision.weights import Weights
    from detector.pipeline import Detector
    from indexer.backends.opening import open_engine
    from indexer.feeds.formats import read_files
    from indexer.ingest import IngestCounts, Ingestion

    resume_by("what was stored stays; the same command goes on")
    progress = BytesRead(files)
    rows = read_files(files, progress.settings())
    engine = open_engine(index)
    counts = IngestCounts()
    try:
        with Stages({"storing": "rows"}, {"storing": progress.share}).shown() as stages:
            if detect:
                detector = Detector(engine, Weights.load(weights))
                detector.arrived(())
                ingestion = Ingestion(engine, detector.arrived, batch=batch)
                ingestion.run(counted(rows, stages, "storing"), counts)
                detector.settle()
            else:
                Ingestion(engine, batch=batch).run(counted(rows, stages, "storing"), counts)
                engine.make_visible()
    finally:
        engine.close()
    emit_named(asdict(counts), as_json=json)
    if counts.rejected:
        say(f"{counts.rejected} rows could not be used: samework dead-letters list --index {index}")
        raise typer.Exit(Status.INCOMPLETE)
