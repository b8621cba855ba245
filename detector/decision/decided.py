"""
Decided pairs as columns: what is said of many pairs in some sixty bytes a pair.

    Decider.decide, `Decision` values  ->  DecisionColumns  ->  works, counts, stored decisions

A `Decision` with its reasons is made of a row only where it is written or shown
(`telling.py`). Does not: decide, or know what becomes of the pairs.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from detector.comparisons import COMPARISONS, NAMES, Levels
from detector.decision.guards import ALL_GUARDS
from detector.decision.verdicts import Decision, Verdict, decision_of
from indexer.keys import TWIN_SOURCE, Kind
from indexer.keys.gathered import ids_at
from indexer.keys.pairs import TWIN_BIT, sources_of

VERDICTS: Final = tuple(Verdict)
CODE_OF: Final = {verdict: code for code, verdict in enumerate(VERDICTS)}
Rows = NDArray[np.int64]

_AT_ONCE: Final = 10_000  # pairs named at once
_SOURCE_BIT: Final = {TWIN_SOURCE: 1 << TWIN_BIT, **{kind.source: 1 << kind for kind in Kind}}
_GUARD_BIT: Final = {guard.name: 1 << number for number, guard in enumerate(ALL_GUARDS)}
_LEVEL_CODE: Final = {
    comparison.name: {level.name: code for code, level in enumerate(comparison.levels)}
    for comparison in COMPARISONS
}


@dataclass(frozen=True, slots=True, eq=False)
class DecisionColumns:
    """
    Decisions as columns: row n is said of `ids[left[n]]`, the smaller id, and `ids[right[n]]`.

    The ids stand once, whatever the number of pairs, and are not copied.
    """

    ids: Sequence[str]
    left: NDArray[np.int32]  # place of the record in `ids`
    right: NDArray[np.int32]
    verdict: NDArray[np.uint8]  # place in VERDICTS
    kind: NDArray[np.uint8]  # place in `kinds`
    probability: NDArray[np.float64]
    found_by: NDArray[np.uint16]  # bits of the candidate sources
    guards: NDArray[np.uint32]  # bits in the order of ALL_GUARDS
    levels: Levels
    kinds: tuple[str, ...] = ("",)

    def __len__(self) -> int:
        return len(self.left)

    @classmethod
    def none(cls, ids: Sequence[str] = ()) -> DecisionColumns:
        """No decision about these records."""
        return cls.of((), ids)

    @classmethod
    def of(cls, decisions: Iterable[Decision], ids: Sequence[str] | None = None) -> DecisionColumns:
        """
        The columns of `Decision` values, without their reasons.

        Raises:
            ValueError: a decision names a record that is not among the ids.
        """
        decided = list(decisions)
        if ids is None:
            ids = sorted({record_id for one in decided for record_id in one.pair})
        number = {record_id: at for at, record_id in enumerate(ids)}
        kinds = {"": 0}
        levels = np.zeros((len(decided), len(NAMES)), np.int8)
        for row, one in enumerate(decided):
            for name, level in one.levels.items():
                levels[row, NAMES.index(name)] = _LEVEL_CODE[name][level]
        return cls(
            ids,
            np.array([_place(number, one.left, one) for one in decided], np.int32),
            np.array([_place(number, one.right, one) for one in decided], np.int32),
            np.array([CODE_OF[one.verdict] for one in decided], np.uint8),
            np.array([kinds.setdefault(one.kind, len(kinds)) for one in decided], np.uint8),
            np.array([one.probability for one in decided], np.float64),
            np.array([_bits(_SOURCE_BIT, one.found_by) for one in decided], np.uint16),
            np.array([_bits(_GUARD_BIT, one.guards) for one in decided], np.uint32),
            levels,
            tuple(kinds),
        )

    @classmethod
    def join(cls, parts: Sequence[DecisionColumns]) -> DecisionColumns:
        """The rows of all parts, in their order; the parts number their records alike."""
        if len(parts) < 2:
            return parts[0] if parts else cls.none()
        kinds = tuple(dict.fromkeys(kind for part in parts for kind in part.kinds))
        codes = [np.array([kinds.index(kind) for kind in part.kinds], np.uint8) for part in parts]

        def joined(column: Callable[[DecisionColumns], NDArray[Any]]) -> NDArray[Any]:
            return np.concatenate([column(part) for part in parts])

        return cls(
            parts[0].ids,
            joined(lambda part: part.left),
            joined(lambda part: part.right),
            joined(lambda part: part.verdict),
            np.concatenate([code[part.kind] for code, part in zip(codes, parts, strict=True)]),
            joined(lambda part: part.probability),
            joined(lambda part: part.found_by),
            joined(lambda part: part.guards),
            joined(lambda part: part.levels),
            kinds,
        )

    def take(self, rows: Rows | NDArray[np.bool_]) -> DecisionColumns:
        """These rows alone."""
        return replace(
            self,
            left=self.left[rows],
            right=self.right[rows],
            verdict=self.verdict[rows],
            kind=self.kind[rows],
            probability=self.probability[rows],
            found_by=self.found_by[rows],
            guards=self.guards[rows],
            levels=self.levels[rows],
        )

    def numbered(self, ids: Sequence[str], places: NDArray[np.int64]) -> DecisionColumns:
        """The same decisions, the record in place n here being in `places[n]` of `ids`."""
        left, right = places[self.left].astype(np.int32), places[self.right].astype(np.int32)
        return replace(self, ids=ids, left=left, right=right)

    def among(self, ids: Sequence[str]) -> DecisionColumns:
        """The decisions of which both records are among these, numbered by them."""
        if ids is self.ids:
            return self
        number = {record_id: at for at, record_id in enumerate(ids)}
        places = np.array([number.get(record_id, -1) for record_id in self.ids], np.int64)
        kept = (places[self.left] >= 0) & (places[self.right] >= 0)
        return self.take(kept).numbered(ids, places)

    def placed(self, ids: Sequence[str]) -> DecisionColumns:
        """
        The same decisions, numbered by these ids.

        Raises:
            ValueError: a decision names a record that is not among the ids.
        """
        if ids is self.ids:
            return self
        placed = self.among(ids)
        if len(placed) < len(self):
            number = {record_id: at for at, record_id in enumerate(ids)}
            for row in range(len(self)):
                for record_id in self.pair(row):
                    _place(number, record_id, self.short(row))
        return placed

    def by_pair(self) -> Rows:
        """The rows in the order of their pairs; the ids are ascending."""
        return np.lexsort((self.right, self.left))

    def said(self, *verdicts: Verdict) -> NDArray[np.bool_]:
        """Where one of these verdicts is said."""
        return np.isin(self.verdict, [CODE_OF[verdict] for verdict in verdicts])

    def of_kind(self, *kinds: str) -> NDArray[np.bool_]:
        """Where one of these kinds is said."""
        return np.isin(self.kind, [at for at, kind in enumerate(self.kinds) if kind in kinds])

    def pair(self, row: int) -> tuple[str, str]:
        """The two records of a row, the smaller id first."""
        return self.ids[self.left[row]], self.ids[self.right[row]]

    def pairs(self, rows: Rows | None = None) -> Iterator[tuple[str, str]]:
        """The two records of all rows, or of these."""
        left, right = (
            (self.left, self.right) if rows is None else (self.left[rows], self.right[rows])
        )
        for start in range(0, len(left), _AT_ONCE):
            part = slice(start, start + _AT_ONCE)
            ends = ids_at(self.ids, left[part].tolist()), ids_at(self.ids, right[part].tolist())
            yield from zip(*ends, strict=True)

    def shorts(self, rows: Rows) -> Iterator[Decision]:
        """`short` of each of these rows."""
        said = zip(
            self.pairs(rows),
            self.verdict[rows].tolist(),
            self.kind[rows].tolist(),
            self.probability[rows].tolist(),
            self.found_by[rows].tolist(),
            self.guards[rows].tolist(),
            strict=True,
        )
        for (left, right), verdict, kind, p, found_by, guards in said:
            yield decision_of(
                left,
                right,
                VERDICTS[verdict],
                self.kinds[kind],
                p,
                found_names(found_by),
                guards=guard_names(guards),
            )

    def short(self, row: int) -> Decision:
        """The decision of a row without what follows from its records: reasons and weights."""
        return next(self.shorts(np.array([row])))


@lru_cache(maxsize=4096)
def found_names(bits: int) -> tuple[str, ...]:
    """The names of candidate sources as a decision holds them, sorted."""
    return tuple(sorted(set(sources_of(bits))))


@lru_cache(maxsize=4096)
def guard_names(bits: int) -> tuple[str, ...]:
    """The names of the guards that fired."""
    return tuple(guard.name for number, guard in enumerate(ALL_GUARDS) if bits >> number & 1)


def _bits(table: Mapping[str, int], names: Iterable[str]) -> int:
    return sum({table.get(name, 0) for name in names})


def _place(number: Mapping[str, int], record_id: str, decision: Decision) -> int:
    if record_id in number:
        return number[record_id]
    raise ValueError(
        f"decision on {decision.left!r} and {decision.right!r}: record {record_id!r} is not among "
        f"the {len(number)} records given; decide over the same collection"
    )
