"""
The command `samework`: its sub-commands, and what every one of them does alike.

    argv  ->  a module of `commands`  ->  exit status

Does not: any work of its own.
"""

from __future__ import annotations

import os
import sys
from importlib.metadata import version
from typing import Annotated

import typer

from detector.commands import dead_letters, dedupe, evaluate, explain, ingest
from detector.commands.terminal import Status, say

app = typer.Typer(
    name="samework",
    help="Find records that describe the same scholarly work, and say why.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
)
app.command()(dedupe.dedupe)
app.command()(ingest.ingest)
app.command()(explain.explain)
app.command()(evaluate.evaluate)
app.add_typer(dead_letters.app, name="dead-letters")

_settings = {"debug": False}


def _print_version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"samework {version('samework')}")
        raise typer.Exit


@app.callback()
def samework(
    debug: Annotated[
        bool, typer.Option("--debug", envvar="SAMEWORK_DEBUG", help="Show where an error arose.")
    ] = False,
    show_version: Annotated[
        bool,
        typer.Option(
            "--version", callback=_print_version, is_eager=True, help="Print the version and stop."
        ),
    ] = False,
) -> None:
    """Find records that describe the same scholarly work, and say why."""
    _settings["debug"] = debug


def main() -> None:
    """Run the command line; an error of ours is one line on stderr, without a traceback."""
    try:
        app()
    except KeyboardInterrupt:
        say("stopped; nothing is lost, the same command goes on")
        sys.exit(130)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(Status.DONE)
    except Exception as error:
        from detector.errors import DetectorError
        from indexer.errors import IndexerError

        if _settings["debug"] or not isinstance(error, DetectorError | IndexerError):
            raise
        say(f"error: {error}")
        sys.exit(Status.ERROR)
