"""`samework backup`: a copy of an index, while others write to it."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from indexer.faults import naming
from indexer.index.embedded import back_up
from samework.commands.options import DEFAULT_INDEX, IndexOption, JsonOption
from samework.commands.terminal import emit_named, resume_by


def backup(
    to: Annotated[
        Path, typer.Argument(metavar="TO", help="The file to make, or a folder to make it in.")
    ],
    index: IndexOption = DEFAULT_INDEX,
    json: JsonOption = False,
) -> None:
    """
    Copy an index of one moment to a file, while others read and write it.

    The copy is checked, and never replaces a file. Made in an empty folder it is an index
    itself: --index that folder. A cluster takes snapshots instead.

    Example: samework backup catalogue-2026-01-31.sqlite --index catalogue
    """
    if index.startswith("http"):
        raise typer.BadParameter(
            "an index on OpenSearch is backed up by its own snapshots of PREFIX-*: see Snapshots "
            "in docs/operations.md"
        )

    resume_by("nothing was changed; run it again")
    with naming(to):
        made = back_up(Path(index), to)
    emit_named({"backup": str(made), "bytes": made.stat().st_size}, as_json=json)
