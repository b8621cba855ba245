"""
Values of options that are one of few: an error names the value and all of them.

A shell completes them by TAB: what begins with the letters typed.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import typer

import samework as sw
from detector.errors import UnknownValue


@contextmanager
def usage() -> Iterator[None]:
    """A value that is none of those that there are is an error of usage."""
    try:
        yield
    except UnknownValue as error:
        raise typer.BadParameter(str(error)) from error


def levels(incomplete: str) -> list[str]:
    """The levels that begin so."""
    return _starting("level", incomplete)


def kinds(incomplete: str) -> list[str]:
    """The policies that begin so."""
    return _starting("collapse", incomplete)


def exports_known(incomplete: str) -> list[str]:
    """The formats to export that begin so."""
    return _starting("export", incomplete)


def parts(incomplete: str) -> list[str]:
    """The parts of an answer that begin so; behind commas the last."""
    before, comma, last = incomplete.rpartition(",")
    return [f"{before}{comma}{name}" for name in _starting("write", last)]


def keeps(incomplete: str) -> list[str]:
    """The values of --keep that begin so."""
    return _starting("keep", incomplete)


def keepers(incomplete: str) -> list[str]:
    """The rules to keep records by that begin so."""
    return _starting("keeper", incomplete)


def _starting(option: str, incomplete: str) -> list[str]:
    return [name for name in sw.choices[option] if name.startswith(incomplete)]
