"""
Comparisons: how alike two records are, field by field, as levels.

    (Fields, Fields), Epoch  ->  levels int8 [n_pairs, n_comparisons]

One module a field; this one holds the table of them all. Knows no weight and no
verdict, nor how a pair was found. A new comparison is a function with a one-line
claim, a row of its module's table, and a row of the weights file (`samework tune`).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

import numpy as np

from detector.comparisons.base import Comparison, Level, Levels, Tally
from detector.comparisons.profile import EpochCounts, Profile, profile_of
from detector.comparisons.table import FIELD_COMPARISONS
from detector.comparisons.tallies import TALLIES
from indexer.fields import Fields
from indexer.keys.epoch import Epoch

COMPARISONS: Final[tuple[Comparison | Tally, ...]] = (*FIELD_COMPARISONS, *TALLIES)
NAMES: Final = tuple(comparison.name for comparison in COMPARISONS)
MOST_PROFILES: Final = 20_000  # records, which hold their fields
COLUMN: Final = {name: number for number, name in enumerate(NAMES)}


class Comparer:
    """Compares pairs under one epoch; keeps what follows from a record between pairs."""

    def __init__(self, epoch: Epoch) -> None:
        self.counts = EpochCounts(epoch)
        self._profiles: dict[str, Profile] = {}

    def profile(self, fields: Fields) -> Profile:
        """The record's profile, made the first time it is asked for."""
        profile = self._profiles.get(fields.record_id)
        if profile is None or profile.fields is not fields:
            if len(self._profiles) >= MOST_PROFILES:
                self._profiles.clear()  # pairs come in the order of ids: the old are done with
            profile = self._profiles[fields.record_id] = profile_of(fields, self.counts)
        return profile

    def forget(self, record_ids: Iterable[str]) -> None:
        """Drop the profiles of records that changed."""
        for record_id in record_ids:
            self._profiles.pop(record_id, None)

    def compare(self, pairs: Iterable[tuple[Fields, Fields]]) -> Levels:
        """The levels of all comparisons, one row a pair, whichever record is on the left."""
        return compare_profiles(
            [(self.profile(ours), self.profile(theirs)) for ours, theirs in map(ordered, pairs)]
        )


def ordered(pair: tuple[Fields, Fields]) -> tuple[Fields, Fields]:
    """The pair with the smaller record id on the left: an alignment may depend on the side."""
    return pair if pair[0].record_id <= pair[1].record_id else (pair[1], pair[0])


def compare(pairs: Iterable[tuple[Fields, Fields]], epoch: Epoch) -> Levels:
    """The levels of all comparisons, one row a pair, columns in the order of COMPARISONS."""
    return Comparer(epoch).compare(pairs)


def compare_profiles(pairs: Sequence[tuple[Profile, Profile]]) -> Levels:
    """The levels of pairs of profiles: field comparisons pair by pair, tallies at once."""
    out = np.zeros((len(pairs), len(COMPARISONS)), np.int8)
    functions = [comparison.function for comparison in FIELD_COMPARISONS]
    rows = [[function(ours, theirs) for function in functions] for ours, theirs in pairs]
    if rows:
        out[:, : len(functions)] = rows
    return tallied(out)


def tallied(out: Levels) -> Levels:
    """The levels with the tallies counted from the others."""
    columns = {name: out[:, number] for name, number in COLUMN.items()}
    for tally in TALLIES:
        out[:, COLUMN[tally.name]] = tally.function(columns)
    return out


__all__ = ["COLUMN", "COMPARISONS", "FIELD_COMPARISONS", "NAMES", "TALLIES", "Comparer",
           "Comparison", "Level", "Levels", "Profile", "Tally", "compare",
           "compare_profiles", "profile_of", "tallied"]  # fmt: skip
