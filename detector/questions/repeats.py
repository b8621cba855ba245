"""
Repeats: which of the rows that are asked about describe the same work as an earlier one.

    rows that an index does not have, in their order  ->  the row each repeats, or none

Rows are compared as everywhere, under the epoch of the index they are new to, and stored
in a temporary index of their own. Does not: look into the index (`matching.py`).
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack, closing
from dataclasses import replace
from itertools import islice
from typing import Final

from detector.decision.verdicts import SAME_WORK
from detector.detecting.deciding import proposed_by
from detector.detecting.pipeline import Detector
from detector.questions.matching import BATCH, Match, decisions_on, epoch_of, matches
from indexer.fields import Fields, fields_of
from indexer.index.opening import open_engine
from indexer.keys import Keys, keys_of
from indexer.keys.epoch import Epoch
from indexer.records import Occurrence

_ID: Final = "{:012d}"  # ids ascend as the rows came: of equal records the first is found


def matches_once(rows: Iterable[Occurrence], detector: Detector) -> Iterator[Match]:
    """What the index has of each row; for a row it does not have, which earlier row it repeats."""
    answers = matches(rows, detector)
    with closing(Repeats(detector)) as repeats:
        while batch := list(islice(answers, BATCH)):
            fresh = [at for at, match in enumerate(batch) if not match.there]
            first = repeats.of([batch[at].row for at in fresh])
            for at, earlier in zip(fresh, first, strict=True):
                batch[at] = replace(batch[at], repeats=earlier)
            yield from batch


class Repeats:
    """
    The rows seen so far, in a temporary index; `close` removes it.

    It is made for the second row: one row repeats none, and is asked about in milliseconds.
    """

    def __init__(self, detector: Detector) -> None:
        self._detector = detector
        self._epoch: Epoch | None = None  # read for the second row too
        self._end = ExitStack()
        self._index: Detector | None = None
        self._rows: list[Occurrence] = []
        self._first: dict[str, str] = {}  # of each row that repeats, the one that it repeats

    def of(self, rows: Sequence[Occurrence]) -> list[Occurrence | None]:
        """For each of these rows the first row of its work, None where that is itself."""
        before = len(self._rows)
        self._rows += rows
        if len(self._rows) < 2:
            return [None for _ in rows]
        epoch = self._epoch = self._epoch or epoch_of(self._detector)
        among = self._index or self._made(self._rows[:before], epoch)
        ids, fields, keys = self._put(among, rows, before)
        pairs = among.engine.candidates(keys, epoch)
        place = {name: at for at, name in enumerate(ids)}
        near = [(place[max(pair)], min(pair), bits) for *pair, bits in proposed_by(pairs)]
        same = sorted(
            (ids[at], earlier)
            for at, earlier, decision in decisions_on(fields, near, among, epoch)
            if decision.verdict in SAME_WORK
        )
        for later, earlier in same:
            self._first.setdefault(later, self._first.get(earlier, earlier))
        first = (self._first.get(later) for later in ids)
        return [self._rows[int(earlier)] if earlier else None for earlier in first]

    def _put(
        self, among: Detector, rows: Sequence[Occurrence], first: int
    ) -> tuple[list[str], list[Fields], Keys]:
        """Put rows into the index, under ids that ascend from this number on."""
        ids = [_ID.format(first + at) for at in range(len(rows))]
        records = [replace(row.record, record_id=name) for row, name in zip(rows, ids, strict=True)]
        fields = [fields_of(record) for record in records]
        keys = keys_of(fields)
        among.engine.put(records, keys)
        among.engine.make_visible()
        return ids, fields, keys

    def _made(self, waiting: Sequence[Occurrence], epoch: Epoch) -> Detector:
        """The temporary index, with the row that waited for another."""
        folder = self._end.enter_context(tempfile.TemporaryDirectory(prefix="samework-"))
        engine = self._end.enter_context(closing(open_engine(folder)))
        self._index = Detector(engine, self._detector.weights, stores=False)
        self._index.use_decider(self._detector.decider(epoch))
        if waiting:
            self._put(self._index, waiting, 0)
        return self._index

    def close(self) -> None:
        """Forget all rows."""
        self._end.close()
