"""
Values of options that are one of few: an error names the value and all of them.

A shell completes them by TAB: what begins with the letters typed.
"""

from __future__ import annotations

from collections.abc import Iterable

import typer

from detector.decision.relations import KINDS
from detector.reports.exports.exports import EXPORTS, KEEPS
from detector.works.merging.keepers import KEEPERS
from detector.works.work_rules import WorkLevel, WorkRules


def one_of(text: str, choices: Iterable[str], what: str) -> str:
    """The text, which has to be one of the known ones."""
    names = list(choices)
    if text not in names:
        known = f"{', '.join(names[:-1])} or {names[-1]}" if len(names) > 1 else "".join(names)
        raise typer.BadParameter(f"{text!r} is no {what}; expected {known}")
    return text


def levels(incomplete: str) -> list[str]:
    """The levels that begin so."""

    return _starting((level.value for level in WorkLevel), incomplete)


def kinds(incomplete: str) -> list[str]:
    """The kinds of related works that begin so."""

    return _starting(("related", *KINDS), incomplete)


def exports_known(incomplete: str) -> list[str]:
    """The formats to export that begin so."""

    return _starting(EXPORTS, incomplete)


def keeps(incomplete: str) -> list[str]:
    """The values of --keep that begin so."""

    return _starting(KEEPS, incomplete)


def keepers(incomplete: str) -> list[str]:
    """The rules to keep records by that begin so."""

    return _starting(KEEPERS, incomplete)


def _starting(known: Iterable[str], incomplete: str) -> list[str]:
    return [name for name in known if name.startswith(incomplete)]


def level_of(text: str) -> WorkLevel:
    """The level that --level names."""

    return WorkLevel(one_of(text, (level.value for level in WorkLevel), "level"))


def rules_of(level: str, unique: Iterable[str] | None, collapse: Iterable[str] | None) -> WorkRules:
    """The rules of works that --level, --unique-source and --collapse name."""

    said = level_of(level)
    known = ("related", *KINDS)
    joined = frozenset(one_of(kind, known, "kind of related works") for kind in collapse or ())
    if joined and said is not WorkLevel.WORK:
        raise typer.BadParameter("--collapse joins whole works and needs --level work")
    return WorkRules(level=said, unique_sources=frozenset(unique or ()), collapse=joined)


def export_of(text: str) -> str:
    """The format that --export names."""

    return one_of(text, EXPORTS, "format to export")


def keep_of(text: str) -> str:
    """What --keep names."""

    return one_of(text, KEEPS, "value of --keep")


def keeper_of(text: str) -> str:
    """The rule that --keeper names."""

    return one_of(text, KEEPERS, "rule to keep records by")
