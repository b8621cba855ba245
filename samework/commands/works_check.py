"""`samework works check`: are the works of an index as they should be?"""

from __future__ import annotations

from typing import Annotated

import typer

from detector.checking.drift import SAMPLE
from samework.commands.detectors import stored_detector
from samework.commands.options import DEFAULT_INDEX, IndexOption, JsonOption, WeightsOption
from samework.commands.terminal import Status, emit, emit_json, resume_by
from samework.opened.checked import checked_works


def check(
    index: IndexOption = DEFAULT_INDEX,
    sample: Annotated[
        int, typer.Option(min=0, metavar="N", help="How many works are made anew and compared.")
    ] = SAMPLE,
    seed: Annotated[int, typer.Option(help="Which works are drawn.")] = 0,
    repair: Annotated[bool, typer.Option("--repair", help="Mend what is named.")] = False,
    weights: WeightsOption = "",
    json: JsonOption = False,
) -> None:
    """
    Prove that the works of an index are what its records, decisions and judgements make them.

    Each record in one work and filed there; judgements obeyed; every old id leading somewhere;
    conflicts that still are some; decisions by what holds now; a sample of works decided and
    formed anew; the events, applied in order, giving the works stored. Says how many mistakes
    to expect. Reads only, unless --repair mends what it names, which events tell of.
    Exit status: 0 nothing is wrong, or only something waits; 1 a fault is left.

    Example: samework works check --repair --index catalogue
    """
    resume_by("what is stored is whole; run it again")
    with stored_detector(index, weights) as detector:
        found = checked_works(detector, sample, seed, repair)
    if json:
        emit_json(found.to_dict())
    else:
        emit(str(found))
    if not found.well:
        raise typer.Exit(Status.ERROR)
