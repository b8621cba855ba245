"""Values of options that are one of few: an error names the value and all of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import typer

if TYPE_CHECKING:
    from detector.work_rules import Level


def level_of(text: str) -> Level:
    """The level that --level names."""
    from detector.work_rules import Level

    try:
        return Level(text)
    except ValueError:
        known = " or ".join(level.value for level in Level)
        raise typer.BadParameter(f"{text!r} is no level; expected {known}") from None
