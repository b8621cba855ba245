"""Reading files under a progress bar: rows counted, and what is said of those not usable."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from indexer.ingesting.dead_letters import Unusable
from indexer.ingesting.ingest import Row
from samework.commands.terminal import Stages, say


def counted(rows: Iterable[Row], stages: Stages, stage: str) -> Iterator[Row]:
    """The rows, each told to the progress."""
    for row in rows:
        yield row
        stages(stage, 1)


def tell_unusable(unusable: Unusable, index: object) -> None:
    """Say how many rows could not be used, the first of them with why, and how to see all."""
    told = list(unusable.told())
    for line in told:
        say(line)
    if told:
        say(f"see them with: samework dead-letters list --index {index}")
