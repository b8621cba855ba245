"""
The command `samework`: its sub-commands, and what every one of them does alike.

    argv  ->  a module of `commands`  ->  exit status

Errors are one line with value, expectation and next step; `--debug` shows the
traceback. Settings of samework.toml become the options' defaults. Does not: any work
of its own.
"""

from __future__ import annotations

import gc
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final

import typer

from indexer.workers import UNHURRIED
from samework.commands import (
    backup,
    dead_letters,
    dedupe,
    doctor,
    evaluate,
    explain,
    harvest,
    ingest,
    match,
    query,
    reindex,
    schedule,
    tune,
)
from samework.commands.stopping import remember_interrupts
from samework.commands.terminal import Status, after_stop, be_quiet, emit, say, stopped

if TYPE_CHECKING:
    from indexer.settings import Settings

FIRST_STEPS = """\
samework finds records that describe the same scholarly work, and says why.

Try it on files you have, whatever mix of RIS, BibTeX, CSV, JSON Lines:

  samework dedupe scopus.ris pubmed.csv --out answer    the works in them; nothing is deleted
  samework match new.ris --against library.bib          which of these do I have already?

Or keep an index that grows:

  samework ingest library.bib --detect                  put it in
  samework query "romanian berts, avram 2022"           ask it
  samework doctor                                       is all well with it?

`samework COMMAND --help` says more of each; `samework --help` lists them all.
"""

DEBUG: Final = ("--debug",)
QUIET: Final = ("--quiet", "-q")
VERSION: Final = ("--version", "-V")
ANYWHERE: Final = frozenset({*DEBUG, *QUIET, *VERSION})  # options that every command takes

# Plain help: rich would take a quarter of a second to load, and boxes break in narrow windows.
app = typer.Typer(
    name="samework",
    help="Find records that describe the same scholarly work, and say why.",
    invoke_without_command=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"]},
)
app.command()(dedupe.dedupe)
app.command()(match.match)
app.command()(query.query)
app.command()(ingest.ingest)
app.command()(harvest.harvest)
app.command()(explain.explain)
app.command()(evaluate.evaluate)
app.command()(tune.tune)
app.command()(doctor.doctor)
app.command()(backup.backup)
app.command()(reindex.reindex)
app.command()(schedule.schedule)
app.add_typer(dead_letters.app, name="dead-letters")

_running: dict[str, bool] = {"debug": False}


def _print_version(wanted: bool) -> None:
    if wanted:
        from importlib.metadata import version

        typer.echo(f"samework {version('samework')}")
        raise typer.Exit


@app.callback()
def samework(
    context: typer.Context,
    debug: Annotated[
        bool, typer.Option(*DEBUG, envvar="SAMEWORK_DEBUG", help="Show where an error arose.")
    ] = False,
    config: Annotated[
        Path | None, typer.Option(help="A settings file instead of ./samework.toml.")
    ] = None,
    show_version: Annotated[
        bool,
        typer.Option(
            *VERSION, callback=_print_version, is_eager=True, help="Print the version and stop."
        ),
    ] = False,
    quiet: Annotated[
        bool, typer.Option(*QUIET, help="Show no progress; errors and what is missing are said.")
    ] = False,
) -> None:
    """
    Find records that describe the same scholarly work, and say why.

    Data goes to stdout, everything else to stderr. Exit status: 0 done, 1 error,
    2 usage, 3 incomplete, 4 and 5 only with --fail-on-duplicates and --fail-on-review.

    Example: samework dedupe scopus.ris pubmed.csv --out answer
    """
    if context.invoked_subcommand is None:
        emit(FIRST_STEPS)
        return
    from indexer.settings import load

    settings = load(config)
    if table := settings.table("opensearch"):
        from indexer.index.opensearch.location import fill_in

        fill_in(table, os.environ)
    if quiet:
        be_quiet()
    _running["debug"] = debug or bool(settings.values.get("debug", False))
    context.obj = settings
    context.default_map = defaults_of(context.command, settings)


def defaults_of(command: Any, settings: Settings) -> dict[str, Any]:
    """The file's values as defaults of every sub-command that has an option of that name."""
    found: dict[str, Any] = {}
    for name, sub in getattr(command, "commands", {}).items():
        options = {param.name for param in sub.params}
        found[name] = {k: v for k, v in settings.values.items() if k in options}
        found[name].update(defaults_of(sub, settings))
    return found


def main() -> None:
    """Run the command line; an error is one line on stderr, without a traceback."""
    sys.argv = _anywhere(sys.argv)
    gc.set_threshold(*UNHURRIED)
    remember_interrupts()
    try:
        app()
    except SystemExit as leaving:
        if leaving.code == Status.STOPPED:
            say(stopped())
        raise
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(Status.DONE)
    except Exception as error:
        if _running["debug"]:
            raise
        say(f"error: {told(error)}")
        sys.exit(Status.ERROR)


def told(error: Exception) -> str:
    """An error in one line: ours as it is, the machine's by its file, a fault of ours named so."""
    from detector.errors import DetectorError
    from indexer.errors import BackendIncomplete, IndexerError
    from indexer.faults import told as machine
    from indexer.index.opening import damage_of_opened

    if isinstance(error, DetectorError | IndexerError):
        follows = isinstance(error, BackendIncomplete)  # it may, from a damaged file
        return (follows and damage_of_opened()) or str(error)
    if isinstance(error, OSError | MemoryError):
        return f"{machine(error)}; then: {after_stop()}"
    if damaged := damage_of_opened():
        return damaged
    kind = type(error).__name__
    return f"{kind}: {error}; this is a fault of samework, `--debug` shows where to report it"


def _anywhere(argv: list[str]) -> list[str]:
    """`samework dedupe FILE --debug` means `samework --debug dedupe FILE`; so for ANYWHERE."""
    end = argv.index("--") if "--" in argv else len(argv)
    options = argv[1:end]
    moved = [one for one in options if one in ANYWHERE]
    return [argv[0], *moved, *(one for one in options if one not in ANYWHERE), *argv[end:]]


if __name__ == "__main__":
    main()
