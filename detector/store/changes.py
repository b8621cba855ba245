"""
Changes: what became of works when they were formed again.

    works before, works after  ->  named works, events, redirects

A work keeps its id as it grows; of merged works the elder's id stays and the others redirect;
of a work that is split the larger part keeps it. Does not: store anything
(`stored_works.py` does).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from detector.store.events import Event, EventKind, Tie
from detector.works.work_ids import Known, ids_of
from detector.works.works import Work

# The strongest ties of records to others of their work: what came, and all that are in it now.
TiesOf = Callable[[Sequence[str], Sequence[str]], tuple[Tie, ...]]


def no_ties(came: Sequence[str], records: Sequence[str]) -> tuple[Tie, ...]:
    """For who does not tell why records came together."""
    return ()


@dataclass(frozen=True, slots=True)
class Changed:
    """The difference between two states of some works."""

    works: tuple[Work, ...]  # that are new or other than before, under the ids they keep
    gone: Mapping[str, tuple[str, ...]]  # ids that no work has any more, with what they held
    redirects: Mapping[str, str]  # of these: the id that took it in
    events: tuple[Event, ...]
    lost: tuple[str, ...]  # records that are in no work any more

    @property
    def deleted(self) -> dict[str, tuple[str, ...]]:
        """The ids that nothing took in, with what they held."""
        return {name: held for name, held in self.gone.items() if name not in self.redirects}


def changes_between(
    before: Iterable[Work], after: Iterable[Work], known: Known, ties_of: TiesOf = no_ties
) -> Changed:
    """
    Give the works of `after` their ids, and tell what happened to those of `before`.

    Args:
        before: the stored works of all records concerned.
        after: the works as they were formed now, under provisional ids.
        known: the ids, arrivals and given ids that naming depends on.
        ties_of: why records came into a work.
    """
    old = {work.work_id: work for work in before}
    formed = tuple(after)
    ids = ids_of([work.records for work in formed], known)
    named = tuple(
        work if work.work_id == work_id else replace(work, work_id=work_id)
        for work, work_id in zip(formed, ids.ids, strict=True)
    )
    now = {work.work_id for work in named}
    alive = {record for work in named for record in work.records}
    home = {record: work.work_id for work in old.values() for record in work.records}
    gone = {name: old[name].records for name in sorted(old.keys() - now)}
    redirects = {name: ids.redirects[name] for name in gone if name in ids.redirects}
    redirects |= _taken_in({n: held for n, held in gone.items() if n not in redirects}, named)
    told = _Difference(old, home, frozenset(known.work_of.values()), ties_of)
    changed = tuple(work for work in named if old.get(work.work_id) != work)
    events = [*told.left(changed), *told.ended(gone, redirects), *told.came(changed, redirects)]
    lost = tuple(record for record in home if record not in alive)
    return Changed(changed, gone, redirects, tuple(events), lost)


def _taken_in(
    ended: Mapping[str, tuple[str, ...]], works: Iterable[Work]
) -> Iterator[tuple[str, str]]:
    """Of ids that went with no merge, as an undo leaves them, the work with most of the records."""
    lost = {record: name for name, held in ended.items() for record in held}
    parts: dict[str, Counter[str]] = {}
    for work in works if lost else ():
        for record in lost.keys() & set(work.records):
            parts.setdefault(lost[record], Counter())[work.work_id] += 1
    for name, counts in parts.items():
        yield name, min(counts, key=lambda work_id: (-counts[work_id], work_id))


@dataclass(frozen=True, slots=True)
class _Difference:
    """What is told of works against those before: what went first, so that no record is twice."""

    old: Mapping[str, Work]
    home: Mapping[str, str]  # record -> its work before
    remembered: frozenset[str]  # ids that are given to records that had them
    ties_of: TiesOf

    def left(self, works: Iterable[Work]) -> Iterator[Event]:
        """Works that lost records."""
        for work in works:
            was = self.old.get(work.work_id)
            went = sorted(set(was.records).difference(work.records)) if was else ()
            if went:
                groups = self._groups(work)
                yield Event(EventKind.LEFT, work.work_id, went=tuple(went), groups=groups)

    def ended(
        self, gone: Mapping[str, tuple[str, ...]], redirects: Mapping[str, str]
    ) -> Iterator[Event]:
        """Works that are no more."""
        for name, held in gone.items():
            if name in redirects:
                yield Event(EventKind.REDIRECTED, name, went=held, to=redirects[name])
            else:
                yield Event(EventKind.DELETED, name, went=held)

    def came(self, works: Iterable[Work], redirects: Mapping[str, str]) -> Iterator[Event]:
        """Works that are new, or that records came into."""
        for work in works:
            was = self.old.get(work.work_id)
            here = set(was.records) if was else set()
            came = [record for record in work.records if record not in here]
            if was is None:
                yield self._event(self._begun(work), work, came)
                continue
            merged = [r for r in came if redirects.get(self.home.get(r, "")) == work.work_id]
            joined = sorted(set(came).difference(merged))
            if merged:
                yield self._event(EventKind.MERGED, work, merged)
            if joined:
                yield self._event(EventKind.JOINED, work, joined)
            regrouped = was.version_groups != work.version_groups
            if regrouped and not came and len(here) == len(work.records):
                groups = work.version_groups
                yield Event(EventKind.REGROUPED, work.work_id, groups=groups)

    def _begun(self, work: Work) -> EventKind:
        if any(record in self.home for record in work.records):
            return EventKind.SPLIT
        return EventKind.RETURNED if work.work_id in self.remembered else EventKind.CREATED

    def _event(self, kind: EventKind, work: Work, came: Sequence[str]) -> Event:
        origins = {self.home[record] for record in came if record in self.home}
        return Event(
            kind,
            work.work_id,
            came=tuple(came),
            origin=tuple(sorted(origins)),
            groups=self._groups(work),
            because=self.ties_of(came, work.records) if len(work.records) > 1 else (),
        )

    def _groups(self, work: Work) -> tuple[tuple[str, ...], ...]:
        was = self.old.get(work.work_id)
        several = len(work.version_groups) > 1 or (was and len(was.version_groups) > 1)
        return work.version_groups if several else ()
