"""
Named pairs: which two records of an index a person means who names records or works.

    "arxiv:2112.12650", "w0123456789abcdef"  ->  Named, Named  ->  a pair of record ids, or why not

A record is named by its id or by the one that its input gave; a work by its id, a retired one too.
Works are judged on one pair of their records: that of the strongest decision between them, else
the first of each. Names that are no ids cost one pass over the collection, however many they are.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final

from detector.detecting.pipeline import Detector
from detector.errors import UnknownRecord, UnknownWork
from detector.questions.work_names import WORK_ID
from detector.store.holdings import Pair
from indexer.ingesting.ingest import batches

_AT_ONCE: Final = 5_000  # names
_SHOWN: Final = 5  # records of a list that may be long


@dataclass(frozen=True, slots=True)
class Named:
    """What a name means: a record, a work with its records, or nothing."""

    name: str
    records: tuple[str, ...] = ()
    work_id: str = ""  # where it names a work
    fault: str = ""  # why it means nothing


@dataclass(slots=True)
class PairNames:
    """The names of records and works of an index, looked up many at a time."""

    detector: Detector
    _named: dict[str, Named] = field(default_factory=dict)

    def look_up(self, names: Iterable[str]) -> Mapping[str, Named]:
        """What each of these names means."""
        fresh = sorted({name for name in names if name not in self._named})
        for batch in batches(fresh, _AT_ONCE):
            records = self.detector.engine.get(batch)
            self._named |= {name: Named(name, (name,)) for name in records}
        missing = [name for name in fresh if name not in self._named]
        for name in missing:
            if WORK_ID.fullmatch(name):
                self._named[name] = self._work(name)
        self._named |= self._by_given_ids({name for name in missing if name not in self._named})
        return self._named

    def records(self, names: Iterable[str]) -> dict[str, str]:
        """The record that each of these names means, without those that mean none or a work."""
        told = self.look_up(names)
        return {
            name: named.records[0]
            for name, named in told.items()
            if len(named.records) == 1 and not named.work_id
        }

    def pair(self, left: str, right: str) -> Pair:
        """
        The two records on which a person judges who names these two.

        Raises:
            ValueError: they are not two records or works, or one is unknown; with what to do.
        """
        if left == right:
            raise ValueError(f"{left!r} is named on both sides; expected two records or works")
        named = self.look_up((left, right))
        ours, theirs = named[left], named[right]
        if faults := [side.fault for side in (ours, theirs) if side.fault]:
            raise ValueError("; ".join(faults))
        if ours.work_id and ours.work_id == theirs.work_id:
            raise ValueError(
                f"{left!r} and {right!r} are one work by now, {ours.work_id}; name two of its "
                f"records to part it: {_some(ours.records)}"
            )
        if shared := set(ours.records) & set(theirs.records):
            if not ours.work_id and not theirs.work_id:
                raise ValueError(
                    f"{left!r} and {right!r} are one record, {ours.records[0]}; expected two"
                )
            raise ValueError(
                f"{_some(shared)} is a record of the work {ours.work_id or theirs.work_id}; name "
                "the record of it that it should be judged with"
            )
        return self._strongest(ours.records, theirs.records)

    def _strongest(self, ours: tuple[str, ...], theirs: tuple[str, ...]) -> Pair:
        """The pair with the strongest decision between these records, else the first of each."""
        if len(ours) == len(theirs) == 1:
            return ours[0], theirs[0]
        fewer, others = sorted((ours, theirs), key=len)
        far = set(others)
        near = set(fewer)
        between = [
            decision
            for pair, decision in self.detector.holdings.decisions_about(fewer).items()
            if near & set(pair) and far & set(pair)
        ]
        if not between:
            return ours[0], theirs[0]
        return max(between, key=lambda one: (one.probability, one.pair)).pair

    def _work(self, name: str) -> Named:
        living = self.detector.holdings.living(name)
        if living.work_id:
            work = self.detector.holdings.works([living.work_id])[living.work_id]
            return Named(name, work.records, work.work_id)
        if not living.gone:
            return Named(name, fault=str(UnknownWork(name, self.detector.engine.location)))
        held = _some(living.gone["records"])
        ended = f"was deleted on {living.gone['at'][:10]}; it held {held}"
        return Named(name, fault=f"{name!r} {ended}; name a record that is there")

    def _by_given_ids(self, names: Collection[str]) -> dict[str, Named]:
        """The records whose input gave them these ids."""
        meant: dict[str, list[str]] = {name: [] for name in names}
        for record in self.detector.engine.scan() if names else ():
            if record.source_id in meant:
                meant[record.source_id].append(record.record_id)
        where = self.detector.engine.location
        return {
            name: Named(name, (ids[0],))
            if len(ids) == 1
            else Named(name, fault=str(UnknownRecord(name, where, ids)))
            for name, ids in meant.items()
        }


def _some(records: Iterable[str]) -> str:
    """The first of a list, and how many more there are."""
    ids = sorted(records)
    more = f" and {len(ids) - _SHOWN} more" if len(ids) > _SHOWN else ""
    return ", ".join(ids[:_SHOWN]) + more
