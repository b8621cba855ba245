"""`samework explain`: why two records are one work, or why not."""

from __future__ import annotations

from typing import Annotated

import typer

from detector.questions.explaining import explain_stored, resolve
from samework.commands.options import (
    DEFAULT_INDEX,
    IndexOption,
    JsonOption,
    WeightsOption,
    detector_of_files,
    stored_detector,
)
from samework.commands.terminal import emit, emit_json, resume_by


def explain(
    left: Annotated[str, typer.Argument(metavar="A", help="A record id.")],
    right: Annotated[str, typer.Argument(metavar="B", help="Another.")],
    index: IndexOption = DEFAULT_INDEX,
    records: Annotated[
        list[str] | None,
        typer.Option(help="Compare in a collection of these files alone; may be repeated."),
    ] = None,
    weights: WeightsOption = "",
    json: JsonOption = False,
) -> None:
    """
    Say why two records describe one work, or why not: keys, weights, guards, verdict.

    Reads and never writes the index. A pair that no key found is compared all the same.

    Example: samework explain ia:9609 openalex:W4226067207 --records examples/seed.jsonl
    """
    resume_by("nothing was stored; run the same command again")
    asked = detector_of_files(records, weights) if records else stored_detector(index, weights)
    with asked as detector:
        if records:
            detector.whole()
        found = explain_stored(detector, resolve(detector, left), resolve(detector, right))
    if json:
        emit_json(found.to_dict())
    else:
        emit(str(found))
