"""
Putting records: read the stored versions, write what replaces them, and begin again for
those that somebody else changed in between.

    records, keys  ->  versions by _id  ->  outcomes (ordering.py)  ->  bulk, if unchanged

A version is read by _id and replaced under its sequence number, so of two writers
neither loses the other's record, and a newer version is never overwritten.
Does not: search; a write is found by searches after the next refresh.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from itertools import chain
from typing import Final

from indexer.errors import BackendError, WriteConflict
from indexer.index.counts import PutCounts, Refusal
from indexer.index.opensearch.bulk import CONFLICT, Write, WritesBlocked, Written, write
from indexer.index.opensearch.client import ClusterClient
from indexer.index.opensearch.indices import Indices
from indexer.index.opensearch.leases import is_held
from indexer.index.opensearch.names import document_id
from indexer.index.opensearch.pagination import get_all
from indexer.index.opensearch.retries import pause
from indexer.index.opensearch.sources import VERSION_FIELDS, Sources, hole, tombstone, version_of
from indexer.index.ordering import Form, PutOutcome, Version, counts_of, form_of, outcome_of
from indexer.keys import Keys
from indexer.records import Record

AT_ONCE: Final = 250  # records read, decided on and written in one round
SENDERS: Final = 4  # rounds side by side
# When so many of a round were new, the next is written without reading first: what is there
# already is refused, then read. Reading takes a quarter of the time of writing new records.
MOSTLY_NEW: Final = 0.8
REINDEX: Final = "reindex"  # the lock of `indexer.ingesting.reindex`
LONGEST_PAUSE: Final = 6  # the attempt from which pauses grow no more
TRIES: Final = 10  # of one record; each try that fails is another writer's success


@dataclass(frozen=True, slots=True)
class _Stored:
    """A stored version, and by what it may be replaced."""

    version: Version | None  # None where a record was taken out
    seen: tuple[int, int]


@dataclass(slots=True)
class _Plan:
    """What the deliveries of one record come to, given what is stored."""

    outcomes: list[PutOutcome]
    winner: int  # the position to store, -1 for none
    intended: Version | None


class OpenSearchWriting:
    """The part of `Records` that changes them."""

    _client: ClusterClient
    _indices: Indices
    _expect_new = False  # whether most records of the last round were

    def put(self, records: Sequence[Record], keys: Keys, forms: Sequence[Form] = ()) -> PutCounts:
        """Store records under their keys; see `Records.put`."""
        self._indices.check_keys()
        batch = _Batch(records, keys, forms)
        names = list(batch.positions)
        parts = [names[start : start + AT_ONCE] for start in range(0, len(names), AT_ONCE)]
        # The cluster works on some parts while we read and write others.
        with ThreadPoolExecutor(SENDERS) as senders:
            list(senders.map(partial(self._put_some, batch), parts))
        refusals = sorted(batch.refusals, key=lambda refusal: refusal.at)
        refused = {refusal.at for refusal in refusals}
        stored = [at for at in range(len(records)) if at not in refused]
        counts = counts_of(
            (records[at].record_id for at in stored), [batch.outcomes[at] for at in stored]
        )
        counts.rejected, counts.refusals = len(refusals), refusals
        return counts

    def delete(self, record_ids: Iterable[str]) -> int:
        """
        Take records out; how many there were.

        A hole stays where a record was: a re-index that runs meanwhile learns of it.
        """
        ids = list(dict.fromkeys(record_ids))
        there = 0
        for attempt in range(TRIES):
            stored = self._stored(ids)
            there_now = {name for name, hit in stored.items() if hit.version is not None}
            gone = [name for name in ids if name in there_now]
            writes = [
                Write(self._records, document_id(name), hole(name), stored[name].seen)
                for name in gone
            ]
            done = self._write(writes)
            _check_stored(done, writes)
            outcomes = zip(gone, done, strict=True)
            ids = [name for name, outcome in outcomes if outcome.status == CONFLICT]
            there += len(gone) - len(ids)
            if not ids:
                return there
            pause(min(attempt + 1, LONGEST_PAUSE))
        raise _contended(ids)

    @property
    def _records(self) -> str:
        return self._indices.names.records

    def _put_some(self, batch: _Batch, waiting: list[str]) -> None:
        batch.read(waiting)
        doubtful: dict[str, _Plan] = {}  # done or not: an answer was lost
        attempt = 0
        stored, guessed = ({}, True) if self._expect_new else (self._stored(waiting), False)
        asked = len(waiting)
        while attempt < TRIES:
            plans = {name: batch.plan(name, stored.get(name)) for name in waiting}
            for name, plan in doubtful.items():
                if (now := stored.get(name)) and now.version == plan.intended:
                    plans[name] = _Plan(plan.outcomes, -1, None)
            doubtful = {}
            waiting, refused = self._carry_out(batch, plans, stored, doubtful)
            if attempt == 0:
                known = len(waiting) if guessed else len(stored)
                self._expect_new = known <= (1 - MOSTLY_NEW) * asked
            if not waiting:
                return
            if not refused and not guessed:  # a refused delivery is one less to come
                attempt += 1
                pause(min(attempt + 1, LONGEST_PAUSE))
            stored, guessed = self._stored(waiting), False
        raise _contended(waiting)

    def _carry_out(
        self,
        batch: _Batch,
        plans: dict[str, _Plan],
        stored: dict[str, _Stored],
        doubtful: dict[str, _Plan],
    ) -> tuple[list[str], bool]:
        """Write what the plans ask for; the ids to be planned again, and if any was refused."""
        todo = {name: plan for name, plan in plans.items() if plan.winner >= 0}
        writes = [batch.write(self._records, plan, stored) for plan in todo.values()]
        written = self._write(writes)
        _check_stored(written, writes, refusals=True)
        again = []
        for (name, plan), done in zip(todo.items(), written, strict=True):
            if done.status == CONFLICT:
                again.append(name)
                if done.repeated:
                    doubtful[name] = plan
            elif done.refused:
                again.append(name)
                batch.refuse(plan.winner, done.reason)
        batch.note({name: plan for name, plan in plans.items() if name not in set(again)})
        return again, any(done.refused for done in written)

    def _write(self, writes: Sequence[Write]) -> list[Written]:
        try:
            return write(self._client, writes)
        except WritesBlocked:
            # a re-index that was killed in its last second left the index closed
            if is_held(self._client, self._indices.names.documents, REINDEX):
                raise
            self._indices.unblock(self._records)
            return write(self._client, writes)

    def _stored(self, record_ids: Sequence[str]) -> dict[str, _Stored]:
        names = [document_id(record_id) for record_id in record_ids]
        hits = get_all(self._client, self._records, names, VERSION_FIELDS)
        return {
            record_id: _Stored(version_of(hit["_source"]), (hit["_seq_no"], hit["_primary_term"]))
            for record_id, hit in zip(record_ids, hits, strict=True)
            if hit is not None
        }


class _Batch:
    """The records of one put: several deliveries of one record are taken in their order."""

    def __init__(self, records: Sequence[Record], keys: Keys, forms: Sequence[Form]) -> None:
        self._records = records
        self._forms = forms
        self._sources = Sources(keys)
        self._json: dict[int, bytes] = {}
        self._versions: dict[int, Version] = {}
        self.outcomes: list[PutOutcome] = [PutOutcome.UNCHANGED] * len(records)
        self.refusals: list[Refusal] = []
        self.positions: dict[str, list[int]] = {}
        for at, record in enumerate(records):
            self.positions.setdefault(record.record_id, []).append(at)

    def read(self, record_ids: Iterable[str]) -> None:
        """Make the JSON and the version of every delivery of these records."""
        for at in chain.from_iterable(self.positions[name] for name in record_ids):
            record = self._records[at]
            self._versions[at], self._json[at] = self._forms[at] if self._forms else form_of(record)

    def plan(self, record_id: str, stored: _Stored | None) -> _Plan:
        """What becomes of each delivery of a record, and which of them is to be stored."""
        current = stored.version if stored else None
        plan = _Plan([], -1, None)
        for at in self.positions[record_id]:
            outcome = outcome_of(current, self._versions[at])
            plan.outcomes.append(outcome)
            if outcome.replaces:
                current = plan.intended = self._versions[at]
                plan.winner = at
        return plan

    def write(self, alias: str, plan: _Plan, stored: dict[str, _Stored]) -> Write:
        """The write that a plan asks for."""
        record = self._records[plan.winner]
        before = stored.get(record.record_id)
        what = (record.record_id, self._versions[plan.winner], self._json[plan.winner])
        source = tombstone(*what) if record.deleted else self._sources.living(*what, plan.winner)
        return Write(alias, document_id(record.record_id), source, before.seen if before else None)

    def refuse(self, at: int, reason: str) -> None:
        """Go on without a delivery: an earlier one of the same record may be the one to store."""
        record_id = self._records[at].record_id
        self.positions[record_id].remove(at)
        self.refusals.append(Refusal(at, record_id, reason))

    def note(self, plans: dict[str, _Plan]) -> None:
        """Note the outcomes of plans that were carried out."""
        for name, plan in plans.items():
            for at, outcome in zip(self.positions[name], plan.outcomes, strict=True):
                self.outcomes[at] = outcome


def _check_stored(done: Sequence[Written], writes: Sequence[Write], refusals: bool = False) -> None:
    """Raise for what is neither stored nor changed by another, nor refused where that may be."""
    for outcome, write_ in zip(done, writes, strict=True):
        if not (outcome.stored or outcome.status == CONFLICT or (refusals and outcome.refused)):
            raise BackendError(
                f"{write_.index!r} did not store {write_.name[:200]!r} ({outcome.status}: "
                f"{outcome.reason}); the others of its batch are stored: run this again, and "
                "`samework doctor` where that does not help"
            )


def _contended(record_ids: Sequence[str]) -> WriteConflict:
    return WriteConflict(
        f"{len(record_ids)} records were changed by others {TRIES} times while they were being "
        f"written ({record_ids[0][:200]!r}); expected fewer writers of one feed at once: run "
        "this again"
    )
