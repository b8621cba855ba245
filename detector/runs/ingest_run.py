"""
A run of `ingest`: records of files put into an index, and compared as they come.

    files  ->  Ingestion  ->  Arrivals, if works are wanted  ->  Ingested

Does not: store (`indexer.ingesting` does) or compare (`incremental.py` has it done).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING

from detector.detecting.pipeline import Detector
from detector.runs.incremental import Arrivals
from detector.runs.one_shot import Progress
from indexer.index.contract import Engine
from indexer.ingesting.dead_letters import Unusable
from indexer.ingesting.ingest import BATCH, IngestCounts, Ingestion
from indexer.ingesting.runs import begin_run

if TYPE_CHECKING:  # every format, which is slow to load
    from indexer.feeds.formats.files_read import FilesRead


@dataclass(slots=True)
class Ingested:
    """What became of the rows that were put into an index."""

    counts: IngestCounts = field(default_factory=IngestCounts)
    rejected: Unusable = field(default_factory=Unusable)
    compared: bool = True  # False: records wait for the next run
    nothing: str = ""  # why no row was read, where none was


def ingest(
    engine: Engine,
    files: FilesRead,
    arrivals: Arrivals | None = None,
    batch: int = BATCH,
    progress: Progress | None = None,
) -> Ingested:
    """Put the rows of files into an index; compare them where `arrivals` are given."""
    tell = progress or (lambda stage, more, share: None)
    ingested = Ingested()
    made = arrivals.detector.arriving.take if arrivals else None
    ingestion = Ingestion(engine, arrivals, made=made, refused=ingested.rejected, batch=batch)
    with begin_run(engine, f"ingest {files.called}") as ingestion.noted_in:
        ingestion.run(files.rows(partial(tell, "storing")), ingested.counts)
    if arrivals:
        ingested.compared = arrivals.finish(partial(tell, "comparing"))
    else:
        engine.make_visible()
    if not ingested.counts.read:
        ingested.nothing = files.nothing()
    return ingested


def ingest_alone(
    detector: Detector, files: FilesRead, progress: Progress | None = None
) -> Ingested:
    """
    Put the rows of files into an index that lasts no longer than the questions it is asked.

    Fields stay at hand, and no run is noted: nothing of it will be undone.
    """
    tell = progress or (lambda stage, more, share: None)
    ingested = Ingested()
    ingestion = Ingestion(
        detector.engine,
        made=detector.arriving.take,
        refused=ingested.rejected,
    )
    ingestion.run(files.rows(partial(tell, "reading")), ingested.counts)
    if not ingested.counts.read:
        ingested.nothing = files.nothing()
    return ingested
