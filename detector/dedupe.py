"""
The one-shot run: rows in, a detection with the rows it came from out.

    rows of files  ->  ingest into an index of the run's own  ->  pipeline  ->  Deduplication

The same steps as continuous ingestion, over a collection that is begun anew each
time, so that a run killed anywhere ends the same when it is repeated. Does not:
read files, write outputs or print (`reports` and `commands` do).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

from detector.pipeline import Detection, Detector
from indexer.fields import Fields
from indexer.ingest import Ingestion, IngestCounts, Row
from indexer.records import Occurrence

Progress = Callable[[str, int], None]  # called with the stage and how many more are done


@dataclass(frozen=True, slots=True)
class Place:
    """Where a row of input stood, and the record it became."""

    record_id: str
    file: str
    position: int
    row: int
    given_id: str


@dataclass(slots=True)
class Deduplication:
    """What a one-shot run found, and from what."""

    detector: Detector
    detection: Detection
    counts: IngestCounts
    places: list[Place] = field(default_factory=list)  # one for each row that was used

    @property
    def record_ids(self) -> list[str]:
        """The distinct records, in the order of their first rows."""
        return list(dict.fromkeys(place.record_id for place in self.places))

    def names(self) -> dict[str, str]:
        """
        What outputs call each record: the id its input gave where that is unique.

        Two files may both number their rows from 1: their records are then
        "file:id", which is what a record id is when no source was named.
        """
        given = {place.record_id: place.given_id or place.record_id for place in self.places}
        carried = Counter(given.values())
        return {
            record_id: name if carried[name] == 1 else record_id
            for record_id, name in given.items()
        }


def deduplicate(
    rows: Iterable[Row], detector: Detector, progress: Progress | None = None
) -> Deduplication:
    """Put all rows into the detector's engine and judge the whole of it."""
    tell = progress or (lambda stage, more: None)
    places: list[Place] = []

    def seen(occurrences: Sequence[Occurrence], fields: Sequence[Fields]) -> None:
        detector.fields.seed(fields)
        places.extend(
            Place(one.record.record_id, one.file, one.position, one.row, one.given_id)
            for one in occurrences
        )
        tell("reading", len(occurrences))

    ingestion = Ingestion(detector.engine, seen=seen, keep_occurrences=False)
    counts = ingestion.run(rows)
    detection = detector.whole(lambda more: tell("comparing", more))
    return Deduplication(detector, detection, counts, places)
