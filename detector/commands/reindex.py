"""`samework reindex`: new keys for an index, while readers and writers go on."""

from __future__ import annotations

from typing import Annotated

import typer

from detector.commands.ingest import DEFAULT_INDEX
from detector.commands.terminal import Stages, emit_named


def reindex(
    index: Annotated[
        str, typer.Option(envvar="SAMEWORK_INDEX", help="A folder, or https://… of OpenSearch.")
    ] = DEFAULT_INDEX,
    plan: Annotated[
        bool, typer.Option("--plan", help="Say what and how long; do nothing.")
    ] = False,
    rollback: Annotated[
        bool, typer.Option("--rollback", help="Go back to the keys the last swap replaced.")
    ] = False,
    json: Annotated[bool, typer.Option("--json", help="The outcome as JSON on stdout.")] = False,
) -> None:
    """
    Build an index's keys anew beside those in use, verify them, and swap at one moment.

    Readers see the old or the new, never a mixture; what is written meanwhile is in
    both. A run that was killed goes on where it ended. When the keys changed, the
    records are judged again afterwards. Exit status: 0 done, 1 error.

    Example: samework reindex --index catalogue --plan
    """
    from dataclasses import asdict

    from detector.pipeline import Detector
    from indexer import reindex as steps
    from indexer.backends.opening import open_engine

    engine = open_engine(index, create=False)
    try:
        if rollback:
            answer: dict[str, object] = {"in_use": engine.roll_back()}
        elif plan:
            planned = steps.plan(engine)
            answer = {**asdict(planned), "needed": planned.needed}
        else:
            with Stages({"building": "records"}).shown() as stages:
                done = steps.reindex(engine, lambda more: stages("building", more))
            settled = Detector(engine).settle()
            answer = {**asdict(done), "judged_again": settled}
    finally:
        engine.close()
    emit_named(answer, as_json=json)
