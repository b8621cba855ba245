"""Options that several commands take: one spelling, one help text."""

from __future__ import annotations

from typing import Annotated

import typer

from indexer.errors import SettingsError
from indexer.running.workers import workers_for
from indexer.settings import DEFAULT_INDEX, INDEX_VARIABLES
from samework.commands.choices import kinds

IndexOption = Annotated[
    str,
    typer.Option(envvar=INDEX_VARIABLES, help="A folder, or https://… of OpenSearch."),
]
WeightsOption = Annotated[
    str,
    typer.Option(envvar="SAMEWORK_WEIGHTS", help="A file of match weights; empty: those shipped."),
]


def _workers(asked: str) -> str:
    try:
        workers_for(asked, 0)
    except SettingsError as error:
        raise typer.BadParameter(str(error)) from error
    return asked


WorkersOption = Annotated[
    str,
    typer.Option(
        envvar="SAMEWORK_WORKERS",
        metavar="auto|N",
        callback=_workers,
        help="Processes that share the work; auto: all cores where the input is worth it.",
    ),
]
PatienceOption = Annotated[
    str,
    typer.Option(
        envvar="SAMEWORK_PATIENCE",
        metavar="10m",
        help="With --detect: how long to wait for another process that changes works.",
    ),
]
BlindOption = Annotated[
    bool,
    typer.Option("--blind", help="Hide probability, verdict and all that gives them away."),
]
JudgePatienceOption = Annotated[
    str,
    typer.Option(
        envvar="SAMEWORK_PATIENCE",
        metavar="10m",
        help="How long to wait for another process that changes works.",
    ),
]
DryRunOption = Annotated[
    bool, typer.Option("--dry-run", help="Say what would change; store nothing.")
]
JsonOption = Annotated[bool, typer.Option("--json", help="JSON on stdout, one object a line.")]
ByOption = Annotated[
    str, typer.Option(envvar="SAMEWORK_BY", help="Who says so; empty: your login name.")
]
OverwriteOption = Annotated[
    bool, typer.Option("--overwrite", help="Replace output files that are there already.")
]
FilesArgument = Annotated[
    list[str], typer.Argument(metavar="FILE…", help="Files or folders; '-' reads stdin.")
]

CollapseOption = Annotated[
    list[str] | None,
    typer.Option(
        metavar="POLICY",
        autocompletion=kinds,
        # by hand: the table of policies loads numpy, and a test holds the two together
        help="What is one work; repeatable. Joined unless no-NAME is said or --level version: "
        "preprint, manuscript, update, edition, translation, deposit. Apart unless named: "
        "conference, publication, thesis, other kinds of related works, or related for all.",
    ),
]

DEFAULT_PATIENCE = "10m"

__all__ = [
    "DEFAULT_INDEX",
    "DEFAULT_PATIENCE",
    "BlindOption",
    "ByOption",
    "CollapseOption",
    "DryRunOption",
    "FilesArgument",
    "IndexOption",
    "JsonOption",
    "JudgePatienceOption",
    "OverwriteOption",
    "PatienceOption",
    "WeightsOption",
    "WorkersOption",
]
