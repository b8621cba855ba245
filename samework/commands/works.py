"""`samework works`: the works of an index: one of them shown, and what became of them."""

from __future__ import annotations

from typing import Annotated

import typer

import samework as sw
from samework.commands.options import DEFAULT_INDEX, IndexOption, JsonOption
from samework.commands.terminal import emit, emit_json, resume_by

app = typer.Typer(
    no_args_is_help=True,
    rich_markup_mode=None,
    help="Show a work and its history, follow what becomes of works, and choose its fields.",
)

NameArgument = Annotated[
    str, typer.Argument(metavar="ID|RECORD", help="A work's id, also a retired one; or a record.")
]


@app.command()
def show(name: NameArgument, index: IndexOption = DEFAULT_INDEX, json: JsonOption = False) -> None:
    """
    Show one work: its versions and records, its merged record, what people said of it.

    A retired id leads to the work that took it in. Of the merged record each field says which
    record it is from. Reads and never writes.

    Example: samework works show arxiv:2112.12650 --index catalogue
    """
    resume_by("nothing was stored; ask again")
    with sw.open(index) as catalogue:
        shown = catalogue.work(name)
    if json:
        emit_json(shown.to_dict())
    else:
        emit(str(shown))


@app.command()
def events(
    after: Annotated[
        int, typer.Option(min=0, metavar="N", help="Only events behind that number.")
    ] = 0,
    index: IndexOption = DEFAULT_INDEX,
) -> None:
    """
    Print what became of works, in order, as JSON Lines; each event has a number.

    Example: samework works events --after 1200 --index catalogue
    """
    resume_by("go on behind the number of the last event that was printed: --after N")
    with sw.open(index) as catalogue:
        for event in catalogue.events(after):
            emit_json(event)
