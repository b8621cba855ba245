"""
What a comparison is: a name, its levels in order, and a function over two profiles.

    Comparison(name, function, levels)  ->  one column of the levels array

Knows no field and no weight. Level 0 is always `missing`: a comparison that cannot
be made says nothing, and its weight is 0 by definition.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Final

import numpy as np
from numpy.typing import NDArray

from detector.comparisons.profile import Profile

MISSING: Final = 0

Levels = NDArray[np.int8]  # [n_pairs, n_comparisons], columns in the order of COMPARISONS
Values = tuple[str, str]
Order = tuple[str, ...]  # names of levels, from most to least alike


@dataclass(frozen=True, slots=True)
class Level:
    """One outcome of a comparison; `phrase` becomes the reason, {left} and {right} filled in."""

    name: str
    phrase: str


NO_LEVEL: Final = Level("missing", "one side does not say")


def levels(*rows: tuple[str, str]) -> tuple[Level, ...]:
    """The levels of a comparison: `missing` first, then the rows from most alike to least."""
    return (NO_LEVEL, *(Level(name, phrase) for name, phrase in rows))


@dataclass(frozen=True, slots=True)
class Comparison:
    """
    One comparison of two records: a row of COMPARISONS and of the weights file.

    `function` returns the number of a level; its docstring is the claim that the
    documentation shows. `values` gives what stood on both sides, for `explain` only.
    Levels that agree never weigh against a pair, those that conflict never for it, and
    along each order no weight rises from left to right.
    """

    name: str
    function: Callable[[Profile, Profile], int]
    levels: tuple[Level, ...]
    values: Callable[[Profile, Profile], Values]
    agree: tuple[Order, ...] = ()
    conflict: tuple[Order, ...] = ()
    # What `values` gives at levels that tell it themselves, sooner found.
    values_at: Mapping[str, Callable[[Profile, Profile], Values]] = field(default_factory=dict)

    @property
    def claim(self) -> str:
        """The comparison in one sentence."""
        return (self.function.__doc__ or "").strip().splitlines()[0]


@dataclass(frozen=True, slots=True)
class Tally:
    """
    A comparison that counts the outcomes of others: the one interaction of the model.

    `function` sees the columns it counts by name, for all pairs at once.
    """

    name: str
    function: Callable[[Mapping[str, Levels]], Levels]
    levels: tuple[Level, ...]
    agree: tuple[Order, ...] = ()
    conflict: tuple[Order, ...] = ()

    @property
    def claim(self) -> str:
        """The comparison in one sentence."""
        return (self.function.__doc__ or "").strip().splitlines()[0]


def codes(table: tuple[Level, ...]) -> dict[str, int]:
    """Level name -> number, as the levels array holds it."""
    return {level.name: number for number, level in enumerate(table)}
