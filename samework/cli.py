"""
The command `samework`: its sub-commands, and what every one of them does alike.

    argv  ->  the module of `commands` that was asked for  ->  exit status

Only that module is imported, with all that does its work: `--help` needs none of them,
since COMMANDS has their summaries. Errors are one line with value, expectation and next
step; `--debug` shows the traceback. Settings of samework.toml become the options' defaults.
Does not: any work of its own.
"""

from __future__ import annotations

import gc
import os
import sys
from functools import cache
from importlib import import_module
from importlib.metadata import version
from pathlib import Path
from typing import Annotated, Any, Final

import typer

from detector.errors import DetectorError
from indexer.errors import BackendIncomplete, IndexerError
from indexer.faults import told as machine
from indexer.running.workers import UNHURRIED
from indexer.settings import Settings, load
from samework.commands.stopping import remember_interrupts
from samework.commands.terminal import Status, after_stop, be_quiet, emit, say, stopped

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
# Options that mean something else behind their command: that two records are two versions.
OWN: Final = {"judge": frozenset({"--version"})}

# Each command with the first sentence of its help; its module is named like it.
COMMANDS: Final = {
    "dedupe": "Find the works in files, and say why: no set-up, no server, nothing deleted.",
    "match": "Say of each record given whether its work is there already, and why.",
    "query": "Look a work up: by title, author, identifier, URL, or a citation as it stands in a "
    "list.",
    "ingest": "Put records of files into an index; the same file again changes nothing.",
    "harvest": "Read feeds side by side, each at its own rate, from where they were left.",
    "works": "Show a work and its history, follow what becomes of works, and choose its fields.",
    "undo": "Take back what one command stored: judgements, a choice, an ingest, a harvest, an "
    "undo.",
    "explain": "Say why two records describe one work, or why not: keys, weights, guards, verdict.",
    "evaluate": "Say how good a run over these records is: precision, recall, F1, after works "
    "are formed.",
    "audit": "Hold somebody's works against ours: which are wrongly split, which wrongly merged, "
    "and why.",
    "tune": "Refit the match weights to your own judgements, and say whether that helped.",
    "doctor": "Look an index over: engine, keys, locks, disk, what waits, whether works are whole.",
    "backup": "Copy an index of one moment to a file, while others read and write it.",
    "reindex": "Build an index's keys anew beside those in use, verify them, and swap at one "
    "moment.",
    "schedule": "Run the jobs of samework.toml (harvest, reindex, settle) at their times, until "
    "stopped.",
    "judge": "Say that two records or works are one, or not; obeyed at once, and in every later "
    "run.",
    "review": "Decide the pairs that the program leaves to people: one by one, or many alike at "
    "once.",
    "dead-letters": "List, show, replay and drop what could not be used.",
}


class Commands(typer.core.TyperGroup):
    """The commands, each imported when it is asked for."""

    def list_commands(self, ctx: Any) -> list[str]:
        """Names in the order in which people meet them."""
        return list(COMMANDS)

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        """The command of that name, made from its module."""
        return command_of(cmd_name) if cmd_name in COMMANDS else None

    def format_commands(self, ctx: Any, formatter: Any) -> None:
        """List the commands with their summaries; no module is imported for it."""
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))


@cache  # a run asks twice: for the defaults of its options, and to be run
def command_of(name: str) -> Any:
    """What parses the arguments of a command: a function with options, or a group of them."""
    function = name.replace("-", "_")
    module = import_module(f"samework.commands.{function}")
    app = getattr(module, "app", None)
    if app is None:
        app = typer.Typer(**MANNERS)
        app.command()(getattr(module, function))
    made = typer.main.get_command(app)
    made.name = name
    return made


# Plain help: rich would take a quarter of a second to load, and boxes break in narrow windows.
MANNERS: Final[dict[str, Any]] = {
    "pretty_exceptions_enable": False,
    "rich_markup_mode": None,
    "add_completion": False,
    "context_settings": {"help_option_names": ["-h", "--help"]},
}
app = typer.Typer(
    name="samework",
    help="Find records that describe the same scholarly work, and say why.",
    cls=Commands,
    invoke_without_command=True,
    **{**MANNERS, "add_completion": True},
)

_running: dict[str, bool] = {"debug": False}


def _print_version(wanted: bool) -> None:
    if wanted:
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
    settings = load(config)
    if table := settings.table("opensearch"):
        # few have it, and it loads the client of OpenSearch
        from indexer.index.opensearch.location import fill_in

        fill_in(table, os.environ)
    if quiet:
        be_quiet()
    _running["debug"] = debug or bool(settings.values.get("debug", False))
    context.obj = settings
    group: Any = context.command
    if command := group.get_command(context, context.invoked_subcommand):
        context.default_map = {context.invoked_subcommand: defaults_of(command, settings)}


def defaults_of(command: Any, settings: Settings) -> dict[str, Any]:
    """The file's values as defaults of the options of that name, those of sub-commands too."""
    options = {param.name for param in command.params}
    defaults = {name: value for name, value in settings.values.items() if name in options}
    for name, sub in getattr(command, "commands", {}).items():
        defaults[name] = defaults_of(sub, settings)
    return defaults


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
        say(f"error: {error_line(error)}")
        sys.exit(Status.ERROR)


def error_line(error: Exception) -> str:
    """An error in one line: ours as it is, the machine's by its file, a fault of ours named so."""
    follows = isinstance(error, BackendIncomplete)  # it may, from a damaged file
    if isinstance(error, DetectorError | IndexerError) and not follows:
        return str(error)
    if isinstance(error, OSError | MemoryError):
        return f"{machine(error)}; then: {after_stop()}"
    # loads the engines, which a run that failed at work has at hand already
    from indexer.index.opening import damage_of_opened

    if damaged := damage_of_opened():
        return damaged
    if follows:
        return str(error)
    kind = type(error).__name__
    return f"{kind}: {error}; this is a fault of samework, `--debug` shows where to report it"


def _anywhere(argv: list[str]) -> list[str]:
    """`samework dedupe FILE --debug` means `samework --debug dedupe FILE`; so for ANYWHERE."""
    end = argv.index("--") if "--" in argv else len(argv)
    options = argv[1:end]
    command = next((option for option in options if option in COMMANDS), "")
    own = OWN.get(command, frozenset())
    behind = options.index(command) if command else 0
    general = [
        option in ANYWHERE and not (option in own and at > behind)
        for at, option in enumerate(options)
    ]
    moved = [option for option, moves in zip(options, general, strict=True) if moves]
    rest = [option for option, moves in zip(options, general, strict=True) if not moves]
    return [argv[0], *moved, *rest, *argv[end:]]


if __name__ == "__main__":
    main()
