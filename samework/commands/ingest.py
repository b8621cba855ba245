"""`samework ingest`: put records of files into an index."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated

import typer

import samework as sw
from indexer.scheduling.times import span_of
from samework.commands.options import (
    DEFAULT_INDEX,
    DEFAULT_PATIENCE,
    FilesArgument,
    IndexOption,
    JsonOption,
    PatienceOption,
    WeightsOption,
)
from samework.commands.reading import tell_unusable
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
        list[str] | None, typer.Option(hidden=True, help="Refused; of `samework dedupe`.")
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
        sheet = judgements[0]
        raise typer.BadParameter(
            f"--judgements {sheet}: records are stored without them; afterwards "
            f"`samework judge {sheet} --index {index}` or `samework review import {sheet}` does it"
        )
    resume_by("what was stored stays; the same command goes on")
    seconds = span_of(patience, "--patience").total_seconds() if detect else 0.0
    units = {"storing": "rows", "comparing": "pairs"}
    with sw.open(index, weights=weights) as catalogue, Stages(units).shown() as stages:
        ingested = catalogue.ingest(
            files, detect=detect, batch=batch, patience=seconds, progress=stages, told=say
        )
    emit_named(asdict(ingested.counts), as_json=json)
    tell_unusable(ingested.rejected, index)
    if ingested.nothing:
        say(ingested.nothing)
    if ingested.counts.rejected or ingested.nothing or not ingested.compared:
        raise typer.Exit(Status.INCOMPLETE)
