"""
Telling types: which of several types that a record states is to be its type.

    "Research Support, Non-U.S. Gov't", "Published Erratum"  ->  "Published Erratum"

A type that only says "journal article", or nothing that is known, gives way to one that
says more.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from indexer.fields.kinds import KINDS, kind_of

# What a general type may turn out to be; a "model" or "collection" of a free text is none.
SPECIAL: Final = frozenset(
    {"correction", "retraction", "review", "comment", "letter", "editorial", "thesis", "preprint"}
    | {"conference"}
)
PLAIN: Final = "Journal Article"  # "Review" and "Clinical Trial" say more
_RANKS: Final = {kind: rank for rank, kind in enumerate(KINDS)}
GENERAL: Final = frozenset({"", "article"})


def most_telling(types: Iterable[str]) -> str:
    """The type that says most of what kind of work it is; the first where none says anything."""

    def vagueness(type_: str) -> tuple[int, bool]:
        return _RANKS.get(kind_of(type_), len(_RANKS)), type_ == PLAIN

    return min((type_ for type_ in types if type_), key=vagueness, default="")


def refined(type_: str, others: Iterable[str]) -> str:
    """A type, or the first of others that says what it leaves open ("JOUR", "Erratum")."""
    if kind_of(type_) in GENERAL:
        return next((other for other in others if kind_of(other) in SPECIAL), type_)
    return type_
