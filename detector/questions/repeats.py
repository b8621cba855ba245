"""
Repeats: which of the rows that are asked about describe the same work as an earlier one.

    rows that an index does not have, in their order  ->  the row each repeats, or none

Rows are compared as everywhere, under the epoch of the index they are new to, and stored
in a temporary index of their own. Does not: look into the index (`matching.py`).
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing
from dataclasses import replace
from itertools import islice
from typing import Final

from detector.decision.verdicts import SAME_WORK
from detector.detecting.deciding import proposed_by
from detector.detecting.pipeline import Detector
from detector.questions.matching import BATCH, Match, decisions_on, epoch_of, matches
from indexer.fields import fields_of
from indexer.index.opening import open_engine
from indexer.keys import keys_of
from indexer.keys.epoch import Epoch
from indexer.records import Occurrence

_ID: Final = "{:012d}"  # ids ascend as the rows came: of equal records the first is found


def matches_once(rows: Iterable[Occurrence], detector: Detector) -> Iterator[Match]:
    """What the index has of each row; for a row it does not have, which earlier row it repeats."""
    answers = matches(rows, detector)
    with closing(Repeats(detector, epoch_of(detector))) as repeats:
        while batch := list(islice(answers, BATCH)):
            fresh = [at for at, match in enumerate(batch) if not match.there]
            first = repeats.of([batch[at].row for at in fresh])
            for at, earlier in zip(fresh, first, strict=True):
                batch[at] = replace(batch[at], repeats=earlier)
            yield from batch


class Repeats:
    """The rows seen so far, in a temporary index; `close` removes it."""

    def __init__(self, detector: Detector, epoch: Epoch) -> None:
        self._epoch = epoch
        self._folder = tempfile.TemporaryDirectory(prefix="samework-")
        self._among = Detector(open_engine(self._folder.name), detector.weights, stores=False)
        self._among.use_decider(detector.decider(epoch))
        self._rows: list[Occurrence] = []
        self._first: dict[str, str] = {}  # of each row that repeats, the one that it repeats

    def of(self, rows: Sequence[Occurrence]) -> list[Occurrence | None]:
        """For each of these rows the first row of its work, None where that is itself."""
        ids = [_ID.format(len(self._rows) + at) for at in range(len(rows))]
        self._rows += rows
        records = [replace(row.record, record_id=name) for row, name in zip(rows, ids, strict=True)]
        fields = [fields_of(record) for record in records]
        keys = keys_of(fields)
        self._among.engine.put(records, keys)
        self._among.engine.make_visible()
        pairs = self._among.engine.candidates(keys, self._epoch)
        place = {name: at for at, name in enumerate(ids)}
        near = [(place[max(pair)], min(pair), bits) for *pair, bits in proposed_by(pairs)]
        same = sorted(
            (ids[at], earlier)
            for at, earlier, decision in decisions_on(fields, near, self._among, self._epoch)
            if decision.verdict in SAME_WORK
        )
        for later, earlier in same:
            self._first.setdefault(later, self._first.get(earlier, earlier))
        first = (self._first.get(later) for later in ids)
        return [self._rows[int(earlier)] if earlier else None for earlier in first]

    def close(self) -> None:
        """Forget all rows."""
        self._among.engine.close()
        self._folder.cleanup()
