"""`samework reindex`: new keys for an index, while readers and writers go on."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated

import typer

from detector.runs.reindexing import CURRENT, Reindexing, Wish
from indexer.ingesting.reindex import plan
from samework.commands.detectors import stored_detector
from samework.commands.options import (
    DEFAULT_INDEX,
    IndexOption,
    JsonOption,
    WeightsOption,
    WorkersOption,
)
from samework.commands.terminal import Stages, duration, emit, emit_json, emit_named


def reindex(
    index: IndexOption = DEFAULT_INDEX,
    plan: Annotated[
        bool, typer.Option("--plan", help="Say what, why and how long; do nothing.")
    ] = False,
    if_needed: Annotated[
        bool, typer.Option("--if-needed", help="Only where keys, mapping or weights changed.")
    ] = False,
    resume: Annotated[
        bool, typer.Option("--resume", help="Only go on with what is unfinished; begin nothing.")
    ] = False,
    fresh: Annotated[
        bool, typer.Option("--fresh", help="Begin anew instead of going on where one was killed.")
    ] = False,
    rollback: Annotated[
        bool, typer.Option("--rollback", help="Go back to the keys the last swap replaced.")
    ] = False,
    workers: WorkersOption = "auto",
    weights: WeightsOption = "",
    json: JsonOption = False,
) -> None:
    """
    Build an index's keys anew beside those in use, verify them, and swap at one moment.

    Readers see the old or the new, never a mixture; what is written meanwhile is in
    both. A run that was killed goes on where it ended. When the keys or the weights
    changed, the records are compared again afterwards. Exit status: 0 done, 1 error.

    Example: samework reindex --index catalogue --plan
    """
    if sum((plan, rollback, resume, fresh)) > 1:
        raise typer.BadParameter("--plan, --rollback, --resume and --fresh: only one of them")
    with stored_detector(index, weights, workers) as detector:
        if rollback:
            emit_named({"in_use": detector.engine.roll_back()}, as_json=json)
            return
        reindexing = Reindexing(detector, Wish(if_needed, resume, fresh), detector.workers)
        if plan:
            _tell_plan(reindexing, json)
        else:
            emit_named(_run(reindexing), as_json=json)


def _run(reindexing: Reindexing) -> dict[str, object]:
    with Stages({"building": "records", "comparing": "pairs"}).shown() as stages:
        answer = reindexing.build(lambda more: stages("building", more))
        if not answer.needed:
            return {"done": CURRENT}
        again = reindexing.detector.settle(lambda more, share: stages("comparing", more, share))
    told: dict[str, object] = asdict(answer.done) if answer.done else {"records": 0}
    if answer.discarded:
        told["discarded"] = answer.discarded
    return {**told, "judged_again": again}


def _tell_plan(reindexing: Reindexing, as_json: bool) -> None:
    planned = plan(reindexing.detector.engine, reindexing.workers.count)
    reasons = reindexing.reasons()
    if as_json:
        emit_json({**asdict(planned), "reasons": reasons, "needed": bool(reasons)})
        return
    rate = planned.records / max(planned.seconds, 1e-9)
    why = reasons or ("no need: keys, mapping and weights are current",)
    emit(f"records     {planned.records:,}")
    emit("why         " + "\n            ".join(why))
    emit(f"how long    {duration(planned.seconds)} to make keys, {rate:,.0f} records/s in a sample")
    emit("            writing them and comparing again come on top")
    emit(
        f"disk        {planned.bytes / 1e6:,.0f} MB more, until the re-index after this one begins"
    )
    if planned.built:
        emit(f"unfinished  {planned.built:,} records are built; a re-index goes on from there")
