"""
Mending: what a check named is put right, under the lock of works, and logged as a repair.

    Checked  ->  documents that contradict themselves  ->  records decided and formed again
             ->  ids that lead again  ->  events that bring readers to what is stored  ->  Checked

What people said stays, and work ids with it as far as their works are there. Killed anywhere, the
same command goes on: each step takes what it finds. What needs all decisions anew (other weights,
other keys) is not done here but said.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from detector.checking.checking import Checked, check
from detector.checking.drift import SAMPLE
from detector.checking.led import id_faults
from detector.checking.replay import Groups, replay_faults, replayed_homes, replayed_works
from detector.detecting.judging import act
from detector.detecting.pipeline import Detector
from detector.store.events import Event, EventKind, Occasion, events_of, log_events, moment
from detector.store.holdings import Holdings
from detector.store.stored_ids import MEMBER, REDIRECT, Home
from detector.store.waiting import REPAIR
from detector.works.works import Work
from indexer.index.contract import Engine
from indexer.ingesting.ingest import PENDING, queue_entries
from indexer.running.crash_points import reached

CAUSE: Final = {"repair": True}


@dataclass(frozen=True, slots=True)
class Mended:
    """What was wrong, what is wrong still, and how much was done."""

    before: Checked
    after: Checked
    records: int  # decided or formed again
    events: tuple[int, int]  # numbers in the log: the last before, the last now


def mended(detector: Detector, sample: int = SAMPLE, seed: int = 0) -> Mended:
    """
    Put right what `check` names, and check again.

    Raises:
        BackendBusy: another process changes works; nothing was changed.
    """
    before = check(detector, sample, seed)
    engine, holdings = detector.engine, detector.holdings
    last = last_event(engine)
    again = sorted({name for fault in before.faults for name in fault.again})
    decides = not detector.outdated()
    if again:
        with detector.taking_turn(), engine.atomically():
            _redraw(engine, again)
            reached("within-repair")
            if decides:
                engine.write(PENDING, queue_entries(again, REPAIR))
    if decides:
        detector.arrived()  # what waited before, too
    elif again and holdings.epoch() is not None:
        act(detector, again, lambda occasion: (), cause=CAUSE)
    reached("after-repair")
    lead_and_tell(detector)
    return Mended(before, check(detector, sample, seed), len(again), (last, last_event(engine)))


def lead_and_tell(detector: Detector) -> None:
    """Let retired ids lead again, and log what brings readers of the events to what is stored."""
    engine = detector.engine
    with detector.taking_turn() as turn, engine.atomically():
        occasion = Occasion(moment(), turn, "", CAUSE)
        _lead(engine, occasion)
        log_events(engine, list(_telling(engine)), occasion)


def last_event(engine: Engine) -> int:
    """The number of the last event."""
    return max((number for number, _ in engine.log(0)), default=0)


def _redraw(engine: Engine, record_ids: Sequence[str]) -> None:
    """Let the works around these hold each record that is there once, and file it there."""
    holdings, asked = Holdings(engine), frozenset(record_ids)
    homes = {home.work_id for home in holdings.homes(record_ids).values()}
    near = {
        work.work_id: work
        for work in holdings.all_works()
        if work.work_id in homes or not asked.isdisjoint(work.records)
    }
    names = sorted({*asked, *(name for work in near.values() for name in work.records)})
    told = replayed_homes(engine, names)
    near |= holdings.works(sorted({*told.values()} - near.keys()))
    filed, there = holdings.homes(names), frozenset(engine.get(names))
    owner = {name: work for name, work in _owners(near, filed, told).items() if name in there}
    held: dict[str, list[str]] = {work_id: [] for work_id in near}
    for name, work_id in owner.items():
        held.setdefault(work_id, []).append(name)
    drawn = [_drawn(work_id, sorted(held[work_id]), near.get(work_id)) for work_id in held]
    holdings.store_works(
        [work for work in drawn if work.records], [w.work_id for w in drawn if not w.records]
    )
    arrivals = {name: home.arrival for name, home in filed.items()}
    holdings.store_homes(
        {name: Home(work_id, arrivals.get(name, 0)) for name, work_id in owner.items()}
    )
    holdings.forget_homes([name for name in filed if name not in owner and name not in there])
    engine.remove(MEMBER, [name for name in filed if name not in owner and name in there])


def _owners(
    works: Mapping[str, Work], filed: Mapping[str, Home], told: Mapping[str, str]
) -> dict[str, str]:
    """The one work of each record: where events say it is, else where it is filed, else any."""
    owner: dict[str, str] = {}
    for work in works.values():
        for name in work.records:
            at_home = name in filed and filed[name].work_id == work.work_id
            if name not in owner or at_home:
                owner[name] = work.work_id
    return {**owner, **told}


def _drawn(work_id: str, records: Sequence[str], before: Work | None) -> Work:
    """A work of these records, in the version groups that it had, if these are a partition."""
    held = frozenset(records)
    groups = before.version_groups if before else ()
    parted = tuple(part for g in groups if (part := tuple(name for name in g if name in held)))
    if sorted(name for part in parted for name in part) != list(records):
        parted = (tuple(records),) if records else ()
    return Work(work_id, tuple(records), parted)


def _lead(engine: Engine, occasion: Occasion) -> None:
    """Let ids lead where the log says; one that leads nowhere ended with what it held."""
    holdings = Holdings(engine)
    faults = {fault.name: fault.which for fault in id_faults(engine)}
    alive = {
        name
        for fault in ("redirect-of-a-living-work", "deleted-and-living")
        for name in faults.get(fault, ())
    }
    holdings.revive(alive)
    lost = {
        name
        for fault in ("redirect-in-a-circle", "redirect-to-nothing")
        for name in faults.get(fault, ())
    }
    if not lost:
        return
    told = dict.fromkeys(lost, ("", ()))
    for event in events_of(engine):
        if event["work_id"] in lost and event["event"] in (EventKind.REDIRECTED, EventKind.DELETED):
            told[event["work_id"]] = event["to"], tuple(event["went"])
    engine.remove(REDIRECT, lost)
    led = {name: to for name, (to, _) in told.items() if to and holdings.living(to).known}
    ended = {name: held for name, (_, held) in told.items() if name not in led}
    holdings.retire(led, ended, occasion.at)


def _telling(engine: Engine) -> Iterator[Event]:
    """The events that bring a reader of the log to the works that are stored."""
    holdings = Holdings(engine)
    which = [name for fault in replay_faults(engine) for name in fault.which]
    told = replayed_works(engine, which)
    stored = holdings.works(which)
    for name in which:
        held = told[name][0] if name in told else set()
        if went := tuple(sorted(held.difference(stored[name].records if name in stored else ()))):
            yield _went(holdings, name, went, stored.get(name))
    for name, work in sorted(stored.items()):
        held, groups = told.get(name, (set(), ()))
        yield from _came(work, held, groups)


def _went(holdings: Holdings, name: str, went: tuple[str, ...], work: Work | None) -> Event:
    if work:
        return Event(EventKind.LEFT, name, went=went, groups=work.version_groups)
    to = {old: new for old, new, *_ in holdings.redirects()}.get(name, "")
    if to:
        return Event(EventKind.REDIRECTED, name, went=went, to=to)
    return Event(EventKind.DELETED, name, went=went)


def _came(work: Work, held: set[str], groups: Groups) -> Iterator[Event]:
    came = tuple(name for name in work.records if name not in held)
    kind = EventKind.JOINED if held & set(work.records) else EventKind.CREATED
    if came:
        yield Event(kind, work.work_id, came=came, groups=work.version_groups)
    elif {frozenset(group) for group in groups} != {frozenset(g) for g in work.version_groups}:
        yield Event(EventKind.REGROUPED, work.work_id, groups=work.version_groups)
