"""
Kinds of work compared, only where they contradict each other.

    Profile, Profile  ->  kind

Two equal kinds are worth nothing: what a feed calls its records tells the feed, not
the work. Nor are preprint and article apart: they are versions.
"""

from __future__ import annotations

from typing import Final

from detector.comparisons.base import MISSING, Comparison, Values, codes, levels
from detector.comparisons.profile import Profile

# One side a whole of its own, the other something about it, in it or made from it.
APART: Final = frozenset(
    {"thesis", "dataset", "registration", "slides", "patent", "component", "review"}
)
BOOKS: Final = frozenset({"book", "proceedings"})
PARTS: Final = frozenset({"chapter", "article", "conference", "preprint"})

KIND: Final = levels(
    ("apart", "one is a {left}, the other a {right}"),
    ("book", "one is a {left}, the other a {right}: a part and its whole"),
)
_K: Final = codes(KIND)


def compare_kinds(left: Profile, right: Profile) -> int:
    """The two are of kinds that one work cannot be."""
    return kind_level(left.fields.kind, right.fields.kind)


def kind_level(ours: str, theirs: str) -> int:
    """The level of two kinds."""
    if not ours or not theirs or ours == theirs:
        return MISSING
    if (ours in APART) != (theirs in APART):
        return _K["apart"]
    if {ours, theirs} & BOOKS and {ours, theirs} & PARTS:
        return _K["book"]
    return MISSING


def _shown(left: Profile, right: Profile) -> Values:
    return left.fields.kind or "-", right.fields.kind or "-"


KINDS: Final = (Comparison("kind", compare_kinds, KIND, _shown, (), (("book",), ("apart",))),)
