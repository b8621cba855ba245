"""`samework ingest`: put records of files into an index."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated

import typer

from indexer.feeds.formats import read_files
from indexer.feeds.reading.bytes_read import BytesRead
from indexer.index.opening import open_engine
from indexer.ingesting.dead_letters import Unusable
from indexer.ingesting.ingest import IngestCounts, Ingestion
from samework.commands.options import (
    DEFAULT_INDEX,
    DEFAULT_PATIENCE,
    FilesArgument,
    IndexOption,
    JsonOption,
    PatienceOption,
    WeightsOption,
    arrivals_of,
    compared_at_last,
)
from samework.commands.reading import counted, tell_unusable
from samework.commands.terminal import Stages, Status, emit_named, resume_by, say

__all__ = ["DEFAULT_INDEX", "ingest"]


def ingest(
    files: FilesArgument,
    index: IndexOption = DEFAULT_INDEX,
    detect: Annotated[
        bool, typer.Option(help="Compare the records as they come and update the works.")
    ] = False,
    batch: Annotated[
        int, typer.Option(min=1, help="Records a step; each step is durable and compared.")
    ] = 2_000,
    patience: PatienceOption = DEFAULT_PATIENCE,
    judgements: Annotated[
        list[str] | None, typer.Option(hidden=True, help="Not taken yet.")
    ] = None,
    weights: WeightsOption = "",
    json: JsonOption = False,
) -> None:
    """
    Put records of files into an index; the same file again changes nothing.

    What cannot be used goes to the dead letters and the rest goes on. A run that was
    killed is finished by the same command. The first records of an index are compared
    together at the end. Exit status: 0 done, 1 error, 3 when no rows were read, rows
    could not be used, or stored records not be compared yet.

    Example: samework ingest openalex.jsonl.gz --index catalogue --detect
    """
    if judgements:
        raise typer.BadParameter(
            "an index that grows takes no sheets of judgements; `samework dedupe FILE… "
            f"--judgements {judgements[0]}` does, over the files"
        )
    resume_by("what was stored stays; the same command goes on")
    progress = BytesRead(files)
    rows = read_files(files, progress.settings())
    engine = open_engine(index)
    counts, unusable = IngestCounts(), Unusable()
    compared = True
    try:
        arrivals = arrivals_of(engine, weights, patience, at_once=batch) if detect else None
        units = {"storing": "rows", "comparing": "pairs"}
        with Stages(units, {"storing": progress.share}).shown() as stages:
            ingestion = Ingestion(engine, arrivals, refused=unusable, batch=batch)
            ingestion.run(counted(rows, stages, "storing"), counts)
            if arrivals:
                compared = compared_at_last(arrivals, stages)
            else:
                engine.make_visible()
    finally:
        engine.close()
    emit_named(asdict(counts), as_json=json)
    tell_unusable(unusable, index)
    if not counts.read:
        say(progress.nothing())
    if counts.rejected or not counts.read or not compared:
        raise typer.Exit(Status.INCOMPLETE)
