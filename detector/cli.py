"""The command `samework`."""

from importlib.metadata import version
from typing import Annotated

import typer

app = typer.Typer(
    name="samework",
    help="Find records that describe the same scholarly work, and say why.",
    no_args_is_help=True,
    add_completion=False,
)


def _print_version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"samework {version('samework')}")
        raise typer.Exit


@app.callback()
def samework(
    show_version: Annotated[
        bool,
        typer.Option(
            "--version", callback=_print_version, is_eager=True, help="Print the version and stop."
        ),
    ] = False,
) -> None:
    """Find records that describe the same scholarly work, and say why."""


def main() -> None:
    """Run the command line."""
    app()
