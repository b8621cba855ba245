"""`samework dead-letters`: what could not be used, raw, and what to do about it."""

from __future__ import annotations

import sys
from dataclasses import asdict

import typer

from indexer.index.opening import open_engine
from indexer.ingesting.dead_letters import KIND, DeadLetter, letters
from indexer.ingesting.replay import replay as replay_letters
from samework.commands.options import DEFAULT_INDEX, IndexOption, JsonOption
from samework.commands.terminal import Status, emit, emit_json, emit_named, say

app = typer.Typer(
    no_args_is_help=True,
    rich_markup_mode=None,
    help="List, show, replay and drop what could not be used.",
)


@app.command("list")
def list_(index: IndexOption = DEFAULT_INDEX, json: JsonOption = False) -> None:
    """
    List all dead letters: id, feed or file, row, position and reason.

    Example: samework dead-letters list --index catalogue
    """
    engine = open_engine(index, create=False)
    try:
        for one in letters(engine):
            if json:
                plain = {"id": one.letter_id, "feed": one.feed, "row": one.row}
                plain |= {"position": one.position, "reason": one.reason, "tries": one.tries}
                emit_json(plain)
            else:
                where = f"{one.feed} row {one.row} byte {one.position}"
                emit(f"{one.letter_id}  {where}: {one.reason}")
    finally:
        engine.close()


@app.command()
def show(letter: str, index: IndexOption = DEFAULT_INDEX) -> None:
    """
    Print the raw bytes of one dead letter; a row of a table under its header.

    Example: samework dead-letters show 0a1b2c > row.csv
    """
    engine = open_engine(index, create=False)
    try:
        stored = engine.read(KIND, [letter])
    finally:
        engine.close()
    if letter not in stored:
        _unknown(letter)
    sys.stdout.buffer.write(DeadLetter.from_json(letter, stored[letter].body).readable)


@app.command()
def replay(index: IndexOption = DEFAULT_INDEX, json: JsonOption = False) -> None:
    """
    Read all dead letters again, after an update or a repair; what works is stored.

    Example: samework dead-letters replay --index catalogue
    """
    engine = open_engine(index, create=False)
    try:
        counts = replay_letters(engine)
    finally:
        engine.close()
    emit_named(asdict(counts), as_json=json)


@app.command()
def drop(letters: list[str], index: IndexOption = DEFAULT_INDEX, json: JsonOption = False) -> None:
    """
    Forget dead letters that are not worth keeping.

    Example: samework dead-letters drop 0a1b2c
    """
    engine = open_engine(index, create=False)
    try:
        gone = engine.remove(KIND, letters)
    finally:
        engine.close()
    if json:
        emit_json({"dropped": gone, "asked": len(letters)})
    else:
        emit(f"{gone} of {len(letters)} dropped")


def _unknown(letter: str) -> None:
    say(f"there is no dead letter {letter!r}; `samework dead-letters list` shows them all")
    raise typer.Exit(Status.ERROR)
