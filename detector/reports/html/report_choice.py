"""
Report choice: which pairs and works the report shows where all of them would be too many.

    Deduplication, bytes  ->  Choice: pairs by row, works of several records

What a person would look at comes first: the pairs to check, the likeliest first; works that
judgements were in conflict over, then in turn those nearest to the border of decisions and
the largest; the other pairs, those nearest to a border first. Each kind leaves room for the
next. Everything, in the same order as ever, where everything has room.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Final, Generic, TypeVar

import numpy as np

from detector.decision.decided import VERDICTS, Rows
from detector.decision.verdicts import Verdict
from detector.runs.one_shot import Deduplication
from detector.works.works import Work, WorkColumns

# Bytes of a report that each takes at least: half of what it took in mixed real records.
RECORD: Final = 225
PAIR: Final = 25
WORK: Final = 345
# Shares of the room that are filled by pairs to check, works, other pairs, and again the first two.
SHARES: Final = (0.7, 0.85, 1.0, 1.0, 1.0)
MOST_OF_ONE: Final = 0.05  # of the room, that a single work may take
ORDER: Final = (Verdict.REVIEW, Verdict.RELATED, Verdict.VERSION, Verdict.DUPLICATE)

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Choice:
    """What is shown, each kind with what a person should see first before the rest."""

    run: Deduplication
    to_check: Rows
    works: Sequence[int]  # of several records, by their places among all works
    others: Rows  # other pairs
    least: float = 0.0  # bytes that a report of them takes at least

    @classmethod
    def of_none(cls, run: Deduplication) -> Choice:
        """No pair and no work."""
        return cls(run, _rows([]), [], _rows([]))

    @classmethod
    def all_of(cls, run: Deduplication) -> Choice:
        """Every pair that nobody judged, and every work of several records."""
        rows, to_check = run.unjudged(), run.to_check()
        return cls(
            run, to_check, _works_in_turn(run), _nearest_first(run, np.setdiff1d(rows, to_check))
        )

    def within(self, room: float) -> Choice:
        """The same as far as a report of so many bytes has room."""
        pair = self.run.detection.decisions.pair
        to_check = _Queue(self.to_check.tolist(), pair, PAIR)
        work = self.run.detection.works.works
        works = _Queue(self.works, lambda at: work[at].records, WORK)
        others = _Queue(self.others.tolist(), pair, PAIR)
        held: set[str] = set()
        spent = 0.0
        turns = zip((to_check, works, others, to_check, works), SHARES, strict=True)
        for queue, share in turns:
            spent = queue.take(held, spent, share * room, MOST_OF_ONE * room)
        taken = _rows(to_check.taken), works.taken, _rows(others.taken)
        return Choice(self.run, *taken, spent)

    def names(self) -> frozenset[str]:
        """The ids of the records and works that are shown."""
        pairs = chain.from_iterable(self.run.detection.decisions.pairs(self.rows))
        works = (name for work in self.in_order for name in (work.work_id, *work.records))
        return frozenset(chain(pairs, works))

    @property
    def rows(self) -> Rows:
        """The pairs, those to check first, the likeliest of them first; then the least sure."""
        columns, rows = self.run.detection.decisions, np.concatenate((self.to_check, self.others))
        place = np.array([ORDER.index(one) if one in ORDER else 0 for one in VERDICTS])
        order, likely = place[columns.verdict[rows]], columns.probability[rows]
        likely = np.where(columns.said(Verdict.REVIEW)[rows], -likely, likely)
        return rows[np.lexsort((columns.right[rows], columns.left[rows], likely, order))]

    @property
    def in_order(self) -> list[Work]:
        """The works in the order of all works."""
        works = self.run.detection.works.works
        return [works[at] for at in sorted(self.works)]


class _Queue(Generic[T]):
    """Pairs or works in the order in which they are taken; a record takes its bytes once."""

    def __init__(self, units: Iterable[T], records: Callable[[T], Iterable[str]], own: int) -> None:
        self.taken: list[T] = []
        self._units = iter(units)
        self._waiting: list[T] = []  # the first that had no room
        self._records = records
        self._own = own

    def take(self, held: set[str], spent: float, room: float, most: float) -> float:
        """Take what has room, add its records to those held; return the bytes spent by then."""
        waiting, self._waiting = self._waiting, []
        for unit in chain(waiting, self._units):
            fresh = {name for name in self._records(unit) if name not in held}
            cost = self._own + RECORD * len(fresh)
            if cost > most:
                continue
            if spent + cost > room:
                self._waiting = [unit]
                break
            spent += cost
            held |= fresh
            self.taken.append(unit)
        return spent


def _rows(rows: Sequence[int]) -> Rows:
    return np.array(rows, np.int64)


def _works_in_turn(run: Deduplication) -> list[int]:
    """Works in conflict, then in turn one near the border of decisions and one of the largest."""
    works, columns = run.detection.works.works, run.detection.decisions
    place = _places(works)
    first = works.first_of(columns.ids)
    left, right = first[columns.left], first[columns.right]
    inside = np.flatnonzero((left == right) & (left >= 0))
    distance = np.abs(columns.probability[inside] - run.detector.weights.merge_at)
    nearest = np.ones(len(works))
    np.minimum.at(nearest, place[left[inside]], distance)
    several = np.flatnonzero(works.sizes > 1)
    by_doubt = several[np.argsort(nearest[several], kind="stable")].tolist()
    by_size = several[np.argsort(-works.sizes[several], kind="stable")].tolist()
    told = [(one.left, one.right, *one.bridge) for one in run.detection.works.conflicts]
    conflicts = place[works.first_of(list(chain.from_iterable(told)))].tolist()
    turns = chain.from_iterable(zip(by_doubt, by_size, strict=True))
    held = set(by_size)
    return [at for at in dict.fromkeys((*conflicts, *turns)) if at in held]


def _places(works: WorkColumns) -> Rows:
    """For the place of the first record of a work, the place of the work."""
    first = works.first_of(works.ids)
    starts = first == np.arange(len(first))
    return np.cumsum(starts) - 1


def _nearest_first(run: Deduplication, rows: Rows) -> Rows:
    """Pairs by how near they are to a border of decisions."""
    columns, weights = run.detection.decisions, run.detector.weights
    probability = columns.probability[rows]
    borders = (weights.merge_at, weights.review_at)
    distance = np.minimum(*(np.abs(probability - border) for border in borders))
    return rows[np.lexsort((columns.right[rows], columns.left[rows], distance))]
