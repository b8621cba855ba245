"""
Names: the byline of a record as comparable personal names.

    Record.authors  ->  Names(Name(family, given, ...), ...)

Does not: compare two bylines (`detector.comparisons.authors` does), or know who
a person is. A new particle, suffix or group word is one entry in its table below
and one line in tests/cases/names.csv.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from indexer.records import Author
from indexer.text import fold, repair


@dataclass(frozen=True, slots=True)
class Name:
    """One author; `given` is empty when only a family name or a group's name is known."""

    text: str  # repaired, for display
    family: str  # folded, particles joined by a space: "van der waals"
    given: tuple[
        str, ...
    ] = ()  # folded given names or single-letter initials, in order
    suffix: str = ""  # "jr", "sr", "2", "3", ...
    group: bool = (
        False  # a consortium, collaboration or organisation: family is its whole name
    )


@dataclass(frozen=True, slots=True)
class Names:
    """The byline of a record, in order."""

    names: tuple[Name, ...] = ()
    truncated: bool = False  # the byline says that it goes on: "et al."
    scrambled: bool = (
        False  # one run-together string had to be split: borders are guesses
    )


def names_of(authors: Sequence[Author]) -> Names:
    """The authors of a record as names; an empty byline gives no names."""
    names = []
    for author in authors:
        family, _, given = author.display.partition(",")
        if not given and not author.family:
            *rest, family = author.display.split() or [""]
            given = " ".join(rest)
        if folded := fold(author.family or family):
            names.append(
                Name(
                    repair(author.display),
                    folded,
                    tuple(fold(author.given or given).split()),
                )
            )
    return Names(tuple(names))


def name_key(name: Name) -> str:
    """The family name and the first initial, "van der waals j": what names are counted by."""
    return f"{name.family} {name.given[0][0]}" if name.given else name.family
