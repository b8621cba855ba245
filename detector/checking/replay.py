"""
Replay: does a reader of the events, who knows nothing else, have the works that are stored?

    log, applied in order  ->  who is in which work, and in which versions  ->  differences

Applied are numbers that stand for a record in a work, some hundred thousand of them at a time,
so that a log of years takes no more memory than the collection it ends in. Names are read again
only of works that differ. Does not: mend the log (`mending.py` does).
"""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from detector.checking.census import Hashes, hashed
from detector.checking.findings import Fault, Grade
from detector.store.events import SAID_KINDS, events_of
from detector.store.holdings import Holdings
from detector.store.stories import read_event
from detector.works.works import Work
from indexer.index.contract import Engine

AT_ONCE: Final = 200_000  # records that came or went, and events
ONE_VERSION: Final = 0  # the number of version groups that are one
ADVICE = "`samework works check --repair` logs what brings readers to what is stored"

Groups = tuple[tuple[str, ...], ...]


@dataclass(slots=True)
class _Table:
    """Numbers with what was last said of each."""

    names: Hashes = field(default_factory=lambda: np.empty(0, np.uint64))
    values: Hashes = field(default_factory=lambda: np.empty(0, np.uint64))

    def say(self, names: Hashes, values: Hashes) -> None:
        """Say more, in order; what is said of a number last stands."""
        names = np.concatenate((self.names, names))[::-1]
        values = np.concatenate((self.values, values))[::-1]
        self.names, first = np.unique(names, return_index=True)
        self.values = values[first]

    def keep(self, which: NDArray[np.bool_]) -> None:
        """Forget the others."""
        self.names, self.values = self.names[which], self.values[which]


def replay_faults(engine: Engine) -> Iterator[Fault]:
    """The works that differ from what the events say."""
    members, groups = _Table(), _Table()
    events = events_of(engine)
    while _apply(events, members, groups):
        pass
    told = np.sort(members.names)
    of_works = (hashed(work.work_id, name) for work in _works(engine) for name in work.records)
    stored = np.unique(np.fromiter(of_works, np.uint64))
    wrong = frozenset(np.setxor1d(told, stored).tolist())
    versions = dict(zip(groups.names.tolist(), groups.values.tolist(), strict=True))
    which = {work.work_id for work in _works(engine) if _differs(work, wrong, versions)}
    if wrong:
        which |= _named_in_log(engine, wrong)
    if which:
        yield Fault("replay-differs", "works are others than their events make them",
                    sorted(which), ADVICE)  # fmt: skip


def unreadable_events(engine: Engine) -> Iterator[Fault]:
    """Entries of the log that a damaged file left unreadable; what they told is told again."""
    which = [str(number) for number, entry in engine.log(0) if not read_event(entry)]
    if which:
        advice = "nothing: readers pass them over, and later events told again what they missed"
        yield Fault("unreadable-events", "events cannot be read", which, advice, Grade.NOTE)


def replayed_works(engine: Engine, work_ids: Iterable[str]) -> dict[str, tuple[set[str], Groups]]:
    """The records and version groups that events say these works have; empty ones left out."""
    asked = frozenset(work_ids)
    works: dict[str, tuple[set[str], Groups]] = {}
    for event in events_of(engine):
        if event["event"] in SAID_KINDS or event["work_id"] not in asked:
            continue
        held, _ = works.get(event["work_id"], (set(), ()))
        held = (held - set(event["went"])) | set(event["came"])
        works[event["work_id"]] = held, tuple(map(tuple, event["groups"]))
    return {name: said for name, said in works.items() if said[0]}


def replayed_homes(engine: Engine, record_ids: Iterable[str]) -> dict[str, str]:
    """The work that events say each of these records is in; of those that are in one."""
    asked = frozenset(record_ids)
    homes: dict[str, str] = {}
    for event in events_of(engine):
        if event["event"] not in SAID_KINDS:
            name = event["work_id"]
            for record in asked.intersection(event["went"]):
                if homes.get(record) == name:
                    del homes[record]
            homes.update(dict.fromkeys(asked.intersection(event["came"]), name))
    return homes


def groups_number(groups: Iterable[Iterable[str]]) -> int:
    """A number for how a work is parted into versions, whatever the order."""
    parts = sorted("\x1e".join(sorted(group)) for group in groups)
    return hashed(*parts) if len(parts) > 1 else ONE_VERSION


def _apply(events: Iterator[dict[str, Any]], members: _Table, groups: _Table) -> bool:
    """Apply the next events; whether there were any."""
    here, works, parted = array("Q"), array("Q"), array("Q")
    there = array("B")  # 1: came, 0: went
    for event in events:
        name = event["work_id"]
        if event["event"] not in SAID_KINDS:
            for verb, value in (("went", 0), ("came", 1)):
                here.extend(hashed(name, record) for record in event[verb])
                there.extend([value] * len(event[verb]))
            works.append(hashed(name))
            parted.append(groups_number(event["groups"]))
        if len(here) + len(works) >= AT_ONCE:
            break
    members.say(np.array(here, np.uint64), np.array(there, np.uint64))
    members.keep(members.values > 0)
    groups.say(np.array(works, np.uint64), np.array(parted, np.uint64))
    groups.keep(groups.values != ONE_VERSION)
    return len(works) > 0


def _differs(work: Work, wrong: frozenset[int], versions: dict[int, int]) -> bool:
    told = versions.get(hashed(work.work_id), ONE_VERSION)
    if told != groups_number(work.version_groups):
        return True
    return bool(wrong) and any(hashed(work.work_id, name) in wrong for name in work.records)


def _named_in_log(engine: Engine, wrong: frozenset[int]) -> set[str]:
    """The works of the log of which a record is among these."""
    return {
        event["work_id"]
        for event in events_of(engine)
        if event["event"] not in SAID_KINDS
        and any(
            hashed(event["work_id"], name) in wrong for name in (*event["came"], *event["went"])
        )
    }


def _works(engine: Engine) -> Iterator[Work]:
    return Holdings(engine).all_works()
