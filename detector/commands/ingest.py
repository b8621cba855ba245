"""`samework ingest`: put records of files into an index."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from detector.commands.terminal import Stages, Status, emit, emit_json, say

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from indexer.ingest import Row

DEFAULT_INDEX = ".samework"


def ingest(
    files: Annotated[
        list[str], typer.Argument(metavar="FILE…", help="Files or folders; '-' reads stdin.")
    ],
    index: Annotated[
        str, typer.Option(envvar="SAMEWORK_INDEX", help="A folder, or https://… of OpenSearch.")
    ] = DEFAULT_INDEX,
    detect: Annotated[
        bool, typer.Option(help="Judge the records as they come and update the works.")
    ] = False,
    weights: Annotated[Path | None, typer.Option(help="A weights file of `samework tune`.")] = None,
    json: Annotated[bool, typer.Option("--json", help="The counts as JSON on stdout.")] = False,
) -> None:
    """
    Put records of files into an index; the same file again changes nothing.

    What cannot be used goes to the dead letters and the rest goes on. A run that was
    killed is finished by the same command. Exit status: 0 done, 1 error, 3 when rows
    could not be used.

    Example: samework ingest openalex.jsonl.gz --index catalogue --detect
    """
    from detector.pipeline import Detector
    from detector.weights import Weights
    from indexer.backends.opening import open_engine
    from indexer.feeds.formats import read_files
    from indexer.ingest import IngestCounts, Ingestion

    rows = read_files(files)
    engine = open_engine(index)
    counts = IngestCounts()
    try:
        with Stages({"storing": "rows"}).shown() as stages:
            if detect:
                detector = Detector(engine, Weights.load(weights))
                detector.arrived(())

                def arrived(changed: Sequence[str]) -> None:
                    detector.arrived(changed)

                Ingestion(engine, arrived).run(_counted(rows, stages), counts)
                detector.settle()
            else:
                Ingestion(engine).run(_counted(rows, stages), counts)
                engine.make_visible()
    finally:
        engine.close()
    plain = asdict(counts)
    if json:
        emit_json(plain)
    else:
        emit(" ".join(f"{name}={value}" for name, value in plain.items()))
    if counts.rejected:
        say(f"{counts.rejected} rows could not be used: samework dead-letters list --index {index}")
        raise typer.Exit(Status.INCOMPLETE)


def _counted(rows: Iterable[Row], stages: Stages) -> Iterator[Row]:
    for row in rows:
        yield row
        stages("storing", 1)
