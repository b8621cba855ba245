"""
Stored ids: in which work each record is, since when, and where ids lead that no work has.

    record  ->  its work and its arrival
    retired id  ->  the id that took it in, and on from there  ->  a living work, or when it ended

An id is never given to another work. One that was merged leads on for ever; one that was
deleted says when, and what it held; the records that it held remember it, and one that comes
back alone founds its work under the same id. Does not: choose ids (`detector/works/work_ids.py`
does).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, NamedTuple

import orjson

from indexer.index.contract import Collection

WORK: Final = "work"
MEMBER: Final = "member"
FORMER: Final = "former"  # a record that left the collection: its last work and its arrival
REDIRECT: Final = "redirect"
GONE: Final = "gone"
WANTED: Final = "wanted-homes"


class Home(NamedTuple):
    """The work that a record is in, and the turn in which it first came into one."""

    work_id: str
    arrival: int = 0  # 0: before arrivals were stored

    def to_bytes(self) -> bytes:
        """It as it is stored."""
        return b"%b %d" % (self.work_id.encode(), self.arrival)


@dataclass(frozen=True, slots=True)
class Living:
    """Where an id leads."""

    work_id: str  # of a living work; "" where there is none
    via: tuple[str, ...] = ()  # retired ids on the way, the one asked for first
    gone: Mapping[str, Any] | None = None  # at, records: of the deleted work that it ends at

    @property
    def known(self) -> bool:
        """Whether this id was ever given."""
        return bool(self.work_id or self.gone)


class StoredIds:
    """The ids of works in a collection."""

    collection: Collection

    def homes(self, record_ids: Sequence[str]) -> dict[str, Home]:
        """The work and the arrival of each of these records."""
        members = self.collection.read(MEMBER, record_ids)
        return {record_id: home_of(stored.body) for record_id, stored in members.items()}

    def all_homes(self) -> Iterator[tuple[str, Home]]:
        """The same of all records, ascending by id."""
        for record_id, stored in self.collection.documents(MEMBER):
            yield record_id, home_of(stored.body)

    def former_homes(self, record_ids: Sequence[str]) -> dict[str, Home]:
        """The last work and the arrival of those of these that had left the collection."""
        left = self.collection.read(FORMER, record_ids)
        return {record_id: home_of(stored.body) for record_id, stored in left.items()}

    def work_ids_of(self, record_ids: Sequence[str]) -> dict[str, str]:
        """The work each of these records is in."""
        return {record_id: home.work_id for record_id, home in self.homes(record_ids).items()}

    def store_homes(self, homes: Mapping[str, Home]) -> None:
        """File records under their works."""
        self.collection.write(MEMBER, {name: home.to_bytes() for name, home in homes.items()})
        self.collection.remove(FORMER, homes)

    def forget_homes(self, record_ids: Sequence[str]) -> None:
        """These records are in no work any more; they remember their last one."""
        left = self.collection.read(MEMBER, record_ids)
        self.collection.write(FORMER, {name: stored.body for name, stored in left.items()})
        self.collection.remove(MEMBER, record_ids)

    def want_homes(self, homes: Mapping[str, str]) -> None:
        """Let records come back under these ids when works are formed next: an undo's wish."""
        self.collection.write(WANTED, {WANTED: orjson.dumps(dict(homes))})

    def wanted_homes(self) -> dict[str, str]:
        """Record -> the id that an undo wants it under; "" where its present one tells nothing."""
        stored = self.collection.read(WANTED, [WANTED])
        wanted: dict[str, str] = orjson.loads(stored[WANTED].body) if stored else {}
        return wanted

    def fulfil_wanted_homes(self) -> None:
        """All that an undo touched is formed: its wish is done with."""
        self.collection.remove(WANTED, [WANTED])

    def retired(self) -> frozenset[str]:
        """Work ids that redirect or were deleted, and are given to no other work."""
        kinds = (REDIRECT, GONE)
        return frozenset(name for kind in kinds for name, _ in self.collection.documents(kind))

    def given(self, work_ids: Iterable[str]) -> frozenset[str]:
        """Which of these ids name a work now, or did."""
        asked = list(work_ids)
        named = (self.collection.read(kind, asked) for kind in (WORK, REDIRECT, GONE))
        return frozenset().union(*named)

    def deleted(self, work_ids: Iterable[str]) -> frozenset[str]:
        """Those of these ids that no work has and that lead to none."""
        return frozenset(self.collection.read(GONE, sorted(work_ids)))

    def redirects(self) -> Iterator[tuple[str, str, str]]:
        """Each merged id, the one that took it in, which may be retired itself by now, and when."""
        for name, stored in self.collection.documents(REDIRECT):
            yield name, *_led_to(stored.body)

    def ended(self) -> Iterator[tuple[str, Mapping[str, Any]]]:
        """Each id whose work was deleted, with `at` and `records`: when, and what it held."""
        for name, stored in self.collection.documents(GONE):
            yield name, orjson.loads(stored.body)

    def living(self, work_id: str) -> Living:
        """Where an id leads; `Living.known` is False for one that was never given."""
        via: list[str] = []
        while not self.collection.read(WORK, [work_id]):
            stored = self.collection.read(REDIRECT, [work_id])
            via.append(work_id)
            if not stored or (ahead := _led_to(stored[work_id].body)[0]) in via:
                gone = self.collection.read(GONE, [work_id])
                told = orjson.loads(gone[work_id].body) if gone else None
                return Living("", tuple(via), told)
            work_id = ahead
        return Living(work_id, tuple(via))

    def retire(
        self, redirects: Mapping[str, str], deleted: Mapping[str, Sequence[str]], at: str
    ) -> None:
        """Let ids lead to the works that took them in, or say when they ended, and with what."""
        told = {old: orjson.dumps({"to": new, "at": at}) for old, new in redirects.items()}
        self.collection.write(REDIRECT, told)
        held = {
            name: orjson.dumps({"at": at, "records": list(records)})
            for name, records in deleted.items()
        }
        self.collection.write(GONE, held)

    def revive(self, work_ids: Iterable[str]) -> None:
        """These ids name works again: they lead nowhere else."""
        alive = list(work_ids)
        for kind in (REDIRECT, GONE):
            self.collection.remove(kind, self.collection.read(kind, alive))


def _led_to(stored: bytes) -> tuple[str, str]:
    """Where a redirect leads, and since when; those of earlier releases say no time."""
    if not stored.startswith(b"{"):
        return stored.decode(), ""
    plain = orjson.loads(stored)
    return plain["to"], plain["at"]


def home_of(stored: bytes) -> Home:
    """A home as it is stored; those of earlier releases have no arrival."""
    work_id, _, arrival = stored.decode().partition(" ")
    return Home(work_id, int(arrival or 0))
