"""
Judging runs: what people say at one time, stored as a run that can be undone.

    judgements  ->  one step: stored, logged, noted in the run, works formed again  ->  Judged

Does not: know where judgements come from (a command, a sheet, the queue).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from detector.detecting.judging import Acted, judge
from detector.detecting.pipeline import Detector
from detector.works.judgements import Judgement
from indexer.ingesting.runs import begin_run


class Judged(NamedTuple):
    """What a judging run did."""

    run: str  # "r000012"
    acted: Acted


def judged_in_run(
    detector: Detector, judgements: Sequence[Judgement], command: str, by: str | None = None
) -> Judged:
    """
    Store judgements and act on them, as one run.

    Args:
        detector: over the index.
        judgements: of pairs of records.
        command: what stores them, as a person would name it.
        by: whose run it is; None: `person()`.

    Raises:
        BackendBusy: another process changes works; nothing was stored.
    """
    with begin_run(detector.engine, command, by) as run:
        return Judged(run.run, judge(detector, judgements, run.run, run.note))
