"""What is said of rows that could not be used."""

from __future__ import annotations

from typing import TYPE_CHECKING

from samework.commands.terminal import say

if TYPE_CHECKING:
    from indexer.ingesting.dead_letters import Unusable


def tell_unusable(unusable: Unusable, index: object) -> None:
    """Say how many rows could not be used, the first of them with why, and how to see all."""
    told = list(unusable.told())
    for line in told:
        say(line)
    if told:
        say(f"see them with: samework dead-letters list --index {index}")
