"""
Year: what every night of a made year brings, and what the feeds have given out by then.

    Year(records, nights, seed)  ->  night by night: rows of new, changed, deleted, returned records

Nights differ in size as those of feeds do, sixfold between most. The year ends with as many
living records as were asked for. A record that changes is described anew by its feed (another
edition of the same made record), so what is true of it stays known. A night that was undone
comes again: its rows are in the night after, of a later date.
Does not: ingest, or judge.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random
from typing import Final, NamedTuple

import orjson

from benchmarks.records.generator import Population, work_of

FIRST_NIGHT: Final = date(2025, 1, 1)
SPREAD: Final = 0.6  # sigma of the logarithm of a night's size
CHANGED, DELETED, RETURNED = 0.25, 0.03, 0.02  # of a night's new records
SPARE: Final = 1.15  # records made for one that lives at the end
SOURCE: Final = "feed"


class Standing(NamedTuple):
    """What a feed says of a record by now."""

    edition: int
    living: bool


@dataclass(frozen=True, slots=True)
class Night:
    """One delivery of the feed; records by their places in the order of the population."""

    number: int
    new: tuple[int, ...]
    changed: tuple[int, ...]
    deleted: tuple[int, ...]
    returned: tuple[int, ...]

    @property
    def places(self) -> tuple[int, ...]:
        """All records of this night, each once."""
        return tuple(dict.fromkeys((*self.new, *self.changed, *self.returned, *self.deleted)))

    @property
    def day(self) -> str:
        """The date that the feed writes on its records."""
        return (FIRST_NIGHT + timedelta(days=self.number)).isoformat()


@dataclass(slots=True)
class Year:
    """The feed over a year; ask for its nights one after the other."""

    records: int  # living at the end
    nights: int
    seed: int = 1
    population: Population = field(init=False)
    standing: list[Standing] = field(init=False, default_factory=list)  # by place, as they arrived
    living: int = field(init=False, default=0)
    _gone: set[int] = field(init=False, default_factory=set)  # deleted
    _choose: Random = field(init=False)
    _sizes: list[float] = field(init=False)
    _before: dict[int, dict[int, Standing | None]] = field(init=False, default_factory=dict)
    _owed: list[int] = field(init=False, default_factory=list)  # of nights that were undone

    def __post_init__(self) -> None:
        made = int(self.records * SPARE) + 10 * self.nights
        self.population = Population(made, self.seed)
        self._choose = Random(self.seed)
        sizes = [self._choose.lognormvariate(0, SPREAD) for _ in range(self.nights)]
        self._sizes = [size / sum(sizes) for size in sizes]

    def night(self, number: int) -> Night:
        """What the feed brings in this night, and from now on says."""
        new = self._new(number)
        again, self._owed = self._owed, []
        few = len(new) + 1
        changed = [*self._some(round(CHANGED * few), but=again), *again]
        deleted = self._some(round(DELETED * few), but=changed)
        returned = self._back(round(RETURNED * few), but=changed)
        if number == self.nights - 1:
            new = range(new.start, new.start + self._missing(deleted, [*again, *returned]))
        night = Night(number, tuple(new), tuple(changed), tuple(deleted), tuple(returned))
        self._take(night)
        return night

    def lines(self, night: Night) -> Iterator[bytes]:
        """The rows of a night as JSON Lines."""
        deleted = set(night.deleted)
        by_edition: dict[int, list[int]] = {}
        for place in night.places:
            by_edition.setdefault(self.standing[place].edition, []).append(place)
        for edition, places in sorted(by_edition.items()):
            rows = self.population.described(self.population.at(places), edition)
            for place, row in zip(places, rows, strict=True):
                gone = {"deleted": True} if place in deleted else {}
                said = {"id": row["id"], "title": row["title"], **gone} if gone else row
                yield orjson.dumps({**said, "source": SOURCE, "updated": night.day}) + b"\n"

    def undone(self, number: int) -> None:
        """A night is as if it had not been; its rows come again in the next."""
        for place, before in self._before.pop(number).items():
            self._set(place, before or Standing(self.standing[place].edition, living=False))
            self._owed.append(place)

    def ids(self, places: Sequence[int]) -> list[str]:
        """The ids that records of these places have in the index."""
        made = self.population.ids(self.population.at(places)) if places else []
        return [f"{SOURCE}:{name}" for name in made]

    def living_ids(self) -> set[str]:
        """The ids of all records that the feed has by now."""
        return set(self.ids([at for at, one in enumerate(self.standing) if one.living]))

    def works_of(self, record_ids: Sequence[str]) -> list[int]:
        """The work that each of these records is made of: what is true."""
        names = [record_id.removeprefix(f"{SOURCE}:") for record_id in record_ids]
        works: list[int] = work_of(self.population.numbers(names)).tolist() if names else []
        return works

    def _new(self, number: int) -> range:
        many = max(1, round(self._sizes[number] * self.records))
        return range(len(self.standing), len(self.standing) + many)

    def _missing(self, deleted: Sequence[int], back: Sequence[int]) -> int:
        """How many new records make the year end with those that were asked for."""
        back = [place for place in back if not self.standing[place].living]
        missing = self.records - (self.living - len(deleted) + len(back))
        return min(max(0, missing), self.population.records - len(self.standing))

    def _some(self, many: int, but: Sequence[int]) -> list[int]:
        """Places drawn of records that live."""
        some: dict[int, None] = {}
        without = set(but)
        for _ in range(10 * many if self.standing else 0):
            place = self._choose.randrange(len(self.standing))
            if self.standing[place].living and place not in without and len(some) < many:
                some[place] = None
        return list(some)

    def _back(self, many: int, but: Sequence[int]) -> list[int]:
        """Places drawn of records that were deleted."""
        gone = sorted(self._gone.difference(but))
        return self._choose.sample(gone, min(many, len(gone)))

    def _take(self, night: Night) -> None:
        before: dict[int, Standing | None] = {}
        deleted = set(night.deleted)
        for place in night.places:
            if place == len(self.standing):  # new ones come in the order of their places
                before[place] = None
                self.standing.append(Standing(0, living=False))
            else:
                before[place] = self.standing[place]
            edition = self.standing[place].edition + (before[place] is not None)
            self._set(place, Standing(edition, living=place not in deleted))
        self._before[night.number] = before

    def _set(self, place: int, now: Standing) -> None:
        self.living += now.living - self.standing[place].living
        self.standing[place] = now
        self._gone.discard(place) if now.living else self._gone.add(place)
