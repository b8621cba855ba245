"""`samework works`: the works of an index: one of them shown, and what became of them."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from itertools import islice
from typing import Annotated, Final

import typer

import samework as sw
from detector.choices import one_of
from detector.questions.redirects import FORMATS
from detector.reports.exports.cells import csv_line
from detector.works.merging.canonical import CHOOSABLE
from indexer.scheduling.times import span_of
from samework.commands.choices import usage
from samework.commands.options import (
    DEFAULT_INDEX,
    DEFAULT_PATIENCE,
    ByOption,
    IndexOption,
    JsonOption,
    JudgePatienceOption,
)
from samework.commands.stopping import asked_to_stop
from samework.commands.terminal import emit, emit_json, resume_by, say
from samework.commands.works_check import check

SECONDS_BETWEEN: Final = 1.0  # two questions for more events

app = typer.Typer(
    no_args_is_help=True,
    rich_markup_mode=None,
    help="Show a work and its history, follow what becomes of works, and choose its fields.",
)

app.command()(check)

NameArgument = Annotated[
    str, typer.Argument(metavar="ID|RECORD", help="A work's id, also a retired one; or a record.")
]


def _fields(incomplete: str) -> list[str]:
    """The fields that a record may be chosen for that begin so."""
    return [name for name in CHOOSABLE if name.startswith(incomplete)]


def _forms(incomplete: str) -> list[str]:
    """The formats that begin so."""
    return [name for name in FORMATS if name.startswith(incomplete)]


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
def history(
    name: NameArgument, index: IndexOption = DEFAULT_INDEX, json: JsonOption = False
) -> None:
    """
    Tell what became of one work since its first record came, and why.

    Works that were merged into it tell their story too, behind their id. Each line begins with
    the number of the event, which `samework undo` takes. Reads and never writes.

    Example: samework works history arxiv:2112.12650 --index catalogue
    """
    resume_by("nothing was stored; ask again")
    with sw.open(index) as catalogue:
        story = catalogue.history(name)
    if json:
        for line in story.to_dicts():
            emit_json(line)
    else:
        emit(str(story))


@app.command("choose")
def choose_field(
    work: Annotated[str, typer.Argument(metavar="WORK", help="A work's id, or a record of it.")],
    field: Annotated[
        str,
        typer.Argument(
            metavar="FIELD", help="As title, authors, year, pages, doi.", autocompletion=_fields
        ),
    ],
    record: Annotated[str, typer.Argument(metavar="RECORD", help="A record of this work.")],
    why: Annotated[str, typer.Option(help="Why, in your words.")] = "",
    by: ByOption = "",
    patience: JudgePatienceOption = DEFAULT_PATIENCE,
    index: IndexOption = DEFAULT_INDEX,
    json: JsonOption = False,
) -> None:
    """
    Take a field of a work's merged record from the record that you name.

    Kept as judgements are: it outlives updates and re-indexing, goes with its record where works
    merge or split, and is undone by the number of its event. The latest choice of a field stands.

    Example: samework works choose w0123456789abcdef title made.bib:okonjo2018 --why "no caps"
    """
    resume_by("a choice that was not printed may be stored; `samework works show` says")
    seconds = span_of(patience, "--patience").total_seconds()
    with sw.open(index) as catalogue, usage():
        done = catalogue.choose(
            work, field, record, why=why, by=by or None, patience=seconds, told=say
        )
    if json:
        emit_json(done.to_dict())
    else:
        emit(f"{done.work_id}: its {field} is from {done.choice.record}")
        say(f"undone by `samework undo {done.event}`")


@app.command()
def events(
    after: Annotated[
        int, typer.Option(min=0, metavar="N", help="Only events behind that number.")
    ] = 0,
    limit: Annotated[int, typer.Option(min=0, help="At most so many events; 0: all.")] = 0,
    follow: Annotated[
        bool, typer.Option("--follow", "-f", help="Wait for more, until Ctrl-C or SIGTERM.")
    ] = False,
    index: IndexOption = DEFAULT_INDEX,
) -> None:
    """
    Print what became of works, in order, as JSON Lines; each event has a number.

    Who applies all of them in order has the works as they are. With --follow the index is asked
    each second for events behind the last; it ends within an event, never within a line.

    Example: samework works events --after 1200 --index catalogue
    """
    resume_by("go on behind the number of the last event that was printed: --after N")
    with sw.open(index) as catalogue:
        if follow:
            seen = _follow(catalogue, after, limit)
            say(f"stopped behind event {seen}; go on with --after {seen}")
        else:
            for event in islice(catalogue.events(after), limit or None):
                emit_json(event)


def _follow(catalogue: sw.OpenIndex, seen: int, limit: int) -> int:
    """Print events as they come until a signal asks to stop; the number of the last."""
    left = limit or sys.maxsize
    with asked_to_stop() as stopped_after:
        while True:
            for event in islice(catalogue.events(seen), left):
                emit_json(event)
                seen, left = event["number"], left - 1
                if stopped_after(0):
                    return seen
            if not left or stopped_after(SECONDS_BETWEEN):
                return seen


@app.command()
def redirects(
    form: Annotated[
        str,
        typer.Option(
            "--format",
            metavar="csv|openalex",
            autocompletion=_forms,
            help="csv: id, work_id, to, at; openalex: merge_date, id, merge_into_id.",
        ),
    ] = "csv",
    ended: Annotated[
        bool, typer.Option("--ended", help="The ids instead whose work is no more.")
    ] = False,
    index: IndexOption = DEFAULT_INDEX,
    json: JsonOption = False,
) -> None:
    """
    Print where retired ids lead, as CSV: each to a living work, the earliest first.

    `openalex` is the form in which OpenAlex publishes merged ids. Ids of works that ended, all
    their records being gone, lead nowhere: --ended lists them with what they held.

    Example: samework works redirects --format openalex --index catalogue > merged_ids.csv
    """
    with usage():
        columns, shaped = FORMATS[one_of(form, FORMATS, "format")]
    resume_by("nothing was stored; ask again")
    with sw.open(index) as catalogue:
        table = catalogue.ended() if ended else catalogue.redirects()
        columns, shaped = (table.columns, dict) if ended else (columns, shaped)
        if not json:
            emit(",".join(columns))
        for row in map(shaped, table):
            if json:
                emit_json(row)
            else:
                emit(_csv(row[name] for name in columns))
        others = len(catalogue.ended()) if not ended else 0
    if others:
        say(f"{others:,} ids lead to no living work: --ended lists them")


def _csv(values: Iterable[object]) -> str:
    """A line of CSV, every cell inert; the values of a list behind blanks."""
    cells = [" ".join(value) if isinstance(value, list) else value for value in values]
    return csv_line(cells).decode().rstrip("\r\n")
