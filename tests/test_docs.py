"""Documentation cannot rot: every command has help with an example, and stands in the guide."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import typer

from indexer.settings import SETTINGS
from samework.cli import app

GUIDE = (Path(__file__).resolve().parents[1] / "docs/guide.md").read_text("utf-8")


def commands(group: Any, path: str = "samework") -> Iterator[tuple[str, Any]]:
    """Every command under a group, with the words that call it."""
    for name in group.list_commands(None):
        command = group.get_command(None, name)
        if hasattr(command, "commands"):
            yield from commands(command, f"{path} {name}")
        else:
            yield f"{path} {name}", command


ROOT_COMMAND: Any = typer.main.get_command(app)
COMMANDS = dict(commands(ROOT_COMMAND))


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_has_help_that_ends_in_an_example(name: str) -> None:
    """The example calls the command that it explains."""
    text = COMMANDS[name].help or ""

    example = text.partition("Example: ")[2]
    assert example.startswith(name), f"{name} has no example"


@pytest.mark.parametrize("name", COMMANDS)
def test_every_option_says_what_it_is_for(name: str) -> None:
    silent = [
        param.name
        for param in COMMANDS[name].params
        if param.param_type_name == "option" and param.name != "help" and not param.help
    ]

    assert silent == []


@pytest.mark.parametrize("name", sorted({" ".join(name.split()[:2]) for name in COMMANDS}))
def test_every_command_stands_in_the_guide(name: str) -> None:
    assert re.search(rf"`{name}\b", GUIDE)


@pytest.mark.parametrize("setting", SETTINGS, ids=lambda one: one.name)
def test_every_setting_is_an_option_of_the_same_name(setting: Any) -> None:
    """What a file may say, a flag may say too."""
    options = {param.name for command in COMMANDS.values() for param in command.params}
    options |= {param.name for param in ROOT_COMMAND.params}

    assert setting.name in options
