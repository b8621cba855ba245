"""
Works: which records describe one work, from decisions and judgements.

    record ids, decisions, judgements  ->  components  ->  verification  ->  Works

A pure function: the same input in any order gives the same works. Duplicates and
versions link; components of three and more, and those that a judgement touches, are
verified record by record (`joining/tied.py`). Works stand as arrays, and are made to be seen.

Does not: know works over time (`work_ids.py` does), or merge records (`canonical.py`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from copy import copy
from dataclasses import dataclass
from itertools import accumulate, pairwise
from typing import Final, NamedTuple, overload

import numpy as np
from numpy.typing import NDArray

from detector.decision.decided import DecisionColumns, Rows
from detector.decision.verdicts import Verdict
from detector.works.joining.tied import Conflict, PartedRecords, Score, TiedRecords
from detector.works.judgements import Judgement
from detector.works.version_groups import NOTHING_STATED, VersionFacts
from detector.works.work_ids import work_id_of, work_number_of
from detector.works.work_rules import WorkLevel, WorkRules
from indexer.keys.batch import positions
from indexer.keys.components import Places, components_of
from indexer.keys.gathered import ids_at

# What records state of their source and version; one that is not answered states nothing.
FactsOf = Callable[[Sequence[str]], Mapping[str, VersionFacts]]
FACTS_AT_ONCE: Final = 5_000  # records
WORKS_AT_ONCE: Final = 5_000  # made while they are iterated


@dataclass(frozen=True, slots=True)
class Work:
    """Records of one work; single records are works too."""

    work_id: str
    records: tuple[str, ...]  # sorted
    version_groups: tuple[tuple[str, ...], ...]  # a partition of the records


class WorkRows(NamedTuple):
    """Works that follow one another, as plain lists."""

    ids: list[str]  # of the records of one work after the other
    sizes: list[int]  # of the works
    groups: list[int]  # of each record its version group in its work
    called: Mapping[str, str] = {}  # see `WorkColumns`

    def works(self) -> Iterator[Work]:
        """Each work."""
        for end, size in zip(accumulate(self.sizes), self.sizes, strict=True):
            yield _work(self.ids[end - size : end], self.groups[end - size : end], self.called)


class WorkColumns(Sequence[Work]):
    """
    Works of all records, sorted by their first; each `Work` is made when it is asked for.

    Args:
        ids: of all records, ascending.
        first: for each record the place of the first record of its work.
        group: for each record the number of its version group in its work.
    """

    def __init__(self, ids: Sequence[str], first: Places, group: Places) -> None:
        self.ids = ids
        self.called: Mapping[str, str] = {}  # ids of works not called by it, by first record
        self._rows = np.argsort(first, kind="stable").astype(np.int32)
        firsts = np.flatnonzero(first == np.arange(len(first)))
        self._starts = np.searchsorted(first[self._rows], [*firsts.tolist(), len(first)])
        self._groups, self._first = group[self._rows], first

    @classmethod
    def none(cls) -> WorkColumns:
        """No works."""
        return cls((), np.empty(0, np.int32), np.empty(0, np.int32))

    def __len__(self) -> int:
        return len(self._starts) - 1

    @overload
    def __getitem__(self, at: int) -> Work: ...
    @overload
    def __getitem__(self, at: slice) -> Sequence[Work]: ...
    def __getitem__(self, at: int | slice) -> Work | Sequence[Work]:
        if isinstance(at, slice):
            return [self[one] for one in range(*at.indices(len(self)))]
        at = range(len(self))[at]
        start, end = int(self._starts[at]), int(self._starts[at + 1])
        names = ids_at(self.ids, self._rows[start:end].tolist())
        return _work(names, self._groups[start:end].tolist(), self.called)

    def __iter__(self) -> Iterator[Work]:
        for rows in self.parts(WORKS_AT_ONCE):
            yield from rows.works()

    def parts(self, size: int) -> Iterator[WorkRows]:
        """All works, so many at a time, as they are sent to other processes."""
        for begin in range(0, len(self), size):
            yield self.rows(np.arange(begin, min(begin + size, len(self))))

    def rows(self, works: Rows) -> WorkRows:
        """The works in these places."""
        sizes = self._starts[works + 1] - self._starts[works]
        at = positions(self._starts[works], sizes)
        ids, groups = ids_at(self.ids, self._rows[at].tolist()), self._groups[at].tolist()
        own = (
            {name: self.called[name] for name in ids if name in self.called} if self.called else {}
        )
        return WorkRows(ids, sizes.tolist(), groups, own)

    def firsts(self) -> list[str]:
        """The first record of each work, by which works are called where nothing else is said."""
        return ids_at(self.ids, self._rows[self._starts[:-1]].tolist())

    def named(self, ids: Mapping[str, str]) -> WorkColumns:
        """The same works under the ids that they have elsewhere, by their first records."""
        works = copy(self)
        works.called = {name: own for name, own in ids.items() if own != work_id_of(name)}
        return works

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Sequence) and [*self] == [*other]

    __hash__ = None  # type: ignore[assignment]  # as of other values that hold arrays

    @property
    def sizes(self) -> Rows:
        """How many records each work has."""
        return np.diff(self._starts)

    def alone(self) -> Rows:
        """The places of records that are works alone."""
        places: Rows = self._rows[self._starts[:-1][self.sizes == 1]].astype(np.int64)
        return places

    def several(self) -> Iterator[Work]:
        """The works of several records."""
        return map(self.__getitem__, np.flatnonzero(self.sizes > 1).tolist())

    def numbers(self) -> NDArray[np.uint64]:
        """What the id of each work is made of."""
        return np.fromiter(map(work_number_of, self.firsts()), np.uint64, len(self))

    def homes(self) -> Rows:
        """For each record the place of its work."""
        places: Rows = (np.cumsum(self._first == np.arange(len(self._first))) - 1)[self._first]
        return places

    def first_of(self, ids: Sequence[str]) -> Rows:
        """For each of these records the place of the first record of its work; -1: in no work."""
        if ids is self.ids:
            return self._first.astype(np.int64)
        place = {record_id: at for at, record_id in enumerate(self.ids)}
        places = np.array([place.get(record_id, -1) for record_id in ids], np.int64)
        return np.where(places < 0, -1, self._first[places] if len(self._first) else -1)


@dataclass(frozen=True, slots=True)
class Works:
    """A partition of the records into works, sorted by first record, and what it parted."""

    works: WorkColumns
    conflicts: tuple[Conflict, ...] = ()
    cut: tuple[tuple[str, str], ...] = ()  # linked pairs that verification kept apart


def _work(names: Sequence[str], groups: Sequence[int], called: Mapping[str, str]) -> Work:
    records = tuple(names)
    work_id = called.get(records[0]) or work_id_of(records[0])
    if not any(groups):
        return Work(work_id, records, (records,))
    parts: dict[int, list[str]] = {}
    for record_id, group in zip(records, groups, strict=True):
        parts.setdefault(group, []).append(record_id)
    return Work(work_id, records, tuple(tuple(p) for p in parts.values()))


def form_works(
    record_ids: Iterable[str],
    decisions: DecisionColumns,
    score: Score,
    facts_of: FactsOf,
    judgements: Iterable[Judgement] = (),
    rules: WorkRules | None = None,
) -> Works:
    """
    Partition records into works.

    Args:
        record_ids: every record, each becoming part of exactly one work.
        decisions: of pairs of these records, one a pair; distinct ones may be left out.
        score: probabilities of pairs, the smaller id first, that no decision is about.
        facts_of: gives each record's source and what it states of its version; asked only of
            records that a decision or judgement ties.
        judgements: any; of each pair the latest stands, unknown records are passed over.
        rules: how to join; the defaults where None.

    Raises:
        ValueError: a decision names a record that is not among the ids.
    """
    ids = record_ids if isinstance(record_ids, Sequence) else list(record_ids)
    if not all(left < right for left, right in pairwise(ids)):
        ids = sorted(set(ids))
    forming = _Forming(ids, decisions.placed(ids), facts_of, rules or WorkRules())
    return forming.works(list(judgements), score)


class _Forming:
    """One call of `form_works`: records are numbered in the order of their ids."""

    def __init__(
        self, ids: Sequence[str], decisions: DecisionColumns, facts_of: FactsOf, rules: WorkRules
    ) -> None:
        self.ids, self.decisions, self.facts_of, self.rules = ids, decisions, facts_of, rules

    def works(self, judgements: Sequence[Judgement], score: Score) -> Works:
        said = self._judged(judgements)
        links = self.rules.linking(self.decisions)
        # a judgement "same" ties as a link does; one "not the same" lets nothing be joined blindly
        left = np.concatenate((self.decisions.left[links], said[:, 0]))
        right = np.concatenate((self.decisions.right[links], said[:, 1]))
        component = components_of(len(self.ids), left, right)
        size = np.bincount(component, minlength=len(self.ids))
        exact = size > (1 if self.rules.unique_sources or self.rules.apart else 2)
        exact[component[said.ravel()]] = True
        first, group = np.arange(len(self.ids), dtype=np.int32), np.zeros(len(self.ids), np.int32)
        alone = np.flatnonzero(links & ~exact[component[self.decisions.left]])
        self._pairs(alone, first, group)
        parted = self._parted(component, exact, judgements, score)
        number = {record_id: at for at, record_id in self._of(exact[component])}
        for groups in parted.works:
            rows = [[number[record_id] for record_id in records] for records in groups]
            least = min(records[0] for records in rows)
            for at, records in enumerate(rows):
                first[records], group[records] = least, at
        return Works(WorkColumns(self.ids, first, group), parted.conflicts, parted.cut)

    def _of(self, which: NDArray[np.bool_]) -> list[tuple[int, str]]:
        rows = np.flatnonzero(which).tolist()
        return list(zip(rows, ids_at(self.ids, rows), strict=True))

    def _judged(self, judgements: Sequence[Judgement]) -> NDArray[np.int32]:
        """The ends of pairs of these records that somebody judged."""
        names = {name for judgement in judgements for name in judgement.pair}
        number = {name: at for at, name in enumerate(self.ids) if name in names} if names else {}
        pairs = (judgement.pair for judgement in judgements)
        ends = [(number[a], number[b]) for a, b in pairs if a in number and b in number]
        return np.array(ends, np.int32).reshape(-1, 2)

    def _pairs(self, rows: Rows, first: Places, group: Places) -> None:
        """Join the two of each of these decisions, which nothing else ties to anything."""
        left, right = self.decisions.left[rows], self.decisions.right[rows]
        one_version = self._one_version(rows)
        if self.rules.level is WorkLevel.WORK:
            first[right] = left
            group[right] = ~one_version
        else:
            first[right[one_version]] = left[one_version]

    def _one_version(self, rows: Rows) -> NDArray[np.bool_]:
        """Where two records are one version: what `version_groups` says of a work of two."""
        columns = self.decisions
        may = columns.said(Verdict.DUPLICATE)[rows]
        may |= columns.said(Verdict.REVIEW)[rows] & columns.of_kind("")[rows]
        asked = np.flatnonzero(may)
        for start in range(0, len(asked), FACTS_AT_ONCE):
            part = asked[start : start + FACTS_AT_ONCE]
            pairs = list(columns.pairs(rows[part]))
            facts = self.facts_of(sorted({name for pair in pairs for name in pair}))
            may[part] = [
                facts.get(a, NOTHING_STATED).agrees_with(facts.get(b, NOTHING_STATED))
                for a, b in pairs
            ]
        return may

    def _parted(
        self,
        component: Places,
        exact: NDArray[np.bool_],
        judgements: Sequence[Judgement],
        score: Score,
    ) -> PartedRecords:
        """The works of the components that are looked at record by record."""
        names = [name for _, name in self._of(exact[component])]
        if not names:
            return PartedRecords(())
        ends = component[self.decisions.left], component[self.decisions.right]
        inside = self.decisions.take(exact[ends[0]] & (ends[0] == ends[1]))
        tied = TiedRecords(names, inside, self.facts_of(names), judgements, self.rules)
        return tied.parted(score)
