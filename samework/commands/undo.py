"""`samework undo`: take a run or an event back, or show the runs there are."""

from __future__ import annotations

from typing import Annotated, Final

import typer

import samework as sw
from detector.runs.undo_plan import UndoPlan
from indexer.scheduling.times import span_of
from samework.commands.options import (
    DEFAULT_INDEX,
    DEFAULT_PATIENCE,
    ByOption,
    IndexOption,
    JsonOption,
    PatienceOption,
    WeightsOption,
)
from samework.commands.terminal import Status, emit, emit_json, resume_by, say

__all__ = ["DEFAULT_INDEX", "undo"]

COUNTED: Final = {
    "new": ("record", "brought"),
    "before": ("record", "replaced"),
    "judged": ("judgement", ""),
    "took_back": ("judgement", "taken back"),
    "chosen": ("choice", ""),
    "unchosen": ("choice", "taken back"),
}


def undo(
    name: Annotated[
        str, typer.Argument(metavar="RUN|EVENT", help="r000012, or the number of an event.")
    ] = "",
    dry_run: Annotated[bool, typer.Option(help="Show what would change; change nothing.")] = False,
    list_: Annotated[bool, typer.Option("--list", help="Show the runs, the latest last.")] = False,
    by: ByOption = "",
    index: IndexOption = DEFAULT_INDEX,
    patience: PatienceOption = DEFAULT_PATIENCE,
    weights: WeightsOption = "",
    json: JsonOption = False,
) -> None:
    """
    Take back what one command stored: judgements, a choice, an ingest, a harvest, an undo.

    Works, their ids, judgements and records are then as if it had not been, also when works grew
    since; what came later and stands in the way is named. First it is shown what will change. An
    undo is a run itself, and can be undone. Exit status: 0 done, 1 error, 3 when records wait to
    be compared.

    Example: samework undo r000012 --dry-run --index catalogue
    """
    resume_by("the same command goes on; `samework undo --list` says what is undone")
    seconds = span_of(patience, "--patience").total_seconds()
    with sw.open(index, weights=weights) as catalogue:
        if list_:
            _list(catalogue, as_json=json)
            return
        if not name:
            raise typer.BadParameter("name a run or the number of an event, or ask for --list")
        done = catalogue.undo(
            name, dry_run=dry_run, by=by or None, shown=_quiet if json else _show,
            patience=seconds, told=say,
        )  # fmt: skip
    if json:
        emit_json(done.to_dict())
    elif done.run:
        emit(f"undone as {done.run}")
        say(f"brought back by `samework undo {done.run}`")
    if done.waiting:
        say(done.waiting)
        raise typer.Exit(Status.INCOMPLETE)


def _show(plan: UndoPlan) -> None:
    for line in plan.lines:
        emit(line)


def _quiet(plan: UndoPlan) -> None:
    """What is asked for as JSON is told at the end."""


def _list(catalogue: sw.OpenIndex, *, as_json: bool) -> None:
    for row in catalogue.runs():
        if as_json:
            emit_json(row)
            continue
        counts = ", ".join(_counted(name, count) for name, count in row["counts"].items())
        undone = f"; undone by {row['undone_by']}" if row["undone_by"] else ""
        by = f" by {row['by']}" if row["by"] else ""
        told = f"{row['run']}  {row['began']}  {row['command']}{by}"
        emit(f"{told}: {row['state']}{undone}; {counts or 'nothing'}")


def _counted(name: str, count: int) -> str:
    what, became = COUNTED[name]
    return f"{count:,} {what}{'s' * (count != 1)} {became}".rstrip()
