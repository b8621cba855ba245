"""`samework explain`: why two records are one work, or why not."""

from __future__ import annotations

from typing import Annotated

import typer

import samework as sw
from samework.commands.options import DEFAULT_INDEX, IndexOption, JsonOption, WeightsOption
from samework.commands.terminal import emit, emit_json, resume_by, say


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
    with (
        sw.dedupe(records, weights=weights) if records else sw.open(index, weights=weights) as asked
    ):
        if isinstance(asked, sw.Run):
            for line in asked.rejected.told():
                say(line)
        pair = asked.explain(left, right)
    if json:
        emit_json(pair.to_dict())
    else:
        emit(str(pair))
