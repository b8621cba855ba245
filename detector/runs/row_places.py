"""
Row places: where each row of input stood, and the record it became, as columns.

    Place, Place, …  ->  RowPlaces  ->  Place, Place, … again, made while they are read

A run over a million rows asks for them at its end: as objects they take 330 bytes a row, as
columns 110, of which the record's id is most. Does not: know what a row says.
"""

from __future__ import annotations

import re
from array import array
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence
from typing import Final, NamedTuple, overload

import numpy as np

from detector.works.merging.labels import ScreeningLabel, labels_of
from indexer.records import Occurrence, Record

_OTHERWISE: Final = -1  # the id that the row gave is no ending of the record's
_ENTRY: Final = re.compile(rb"\s*@\s*[A-Za-z]\w*\s*[{(]")  # as an entry of BibTeX begins


class Place(NamedTuple):
    """Where a row of input stood, and the record it became."""

    record_id: str
    file: str
    position: int
    row: int
    given_id: str
    database: str = ""  # that delivered it, else its source
    labels: tuple[ScreeningLabel, ...] = ()  # what people said of it while screening
    key: str = ""  # that documents cite it by: of an entry of BibTeX


def place_of(row: Occurrence, labels: Collection[str]) -> Place:
    """The place of a row, with its labels in columns of these names or such as tell themselves."""
    record = row.record
    return Place(
        record.record_id,
        row.file,
        row.position,
        row.row,
        row.given_id,
        database_of(record),
        tuple(labels_of(record, labels)),
        row.given_id if _ENTRY.match(row.raw) else "",
    )


def database_of(record: Record) -> str:
    """The database that a record names, else its source."""
    return record.database or record.source


class RowPlaces(Sequence[Place]):
    """The places of rows in their order."""

    def __init__(self, places: Iterable[Place] = ()) -> None:
        self.record_ids: list[str] = []
        self._positions = array("Q")
        self._rows = array("Q")
        self._given = array("i")  # how many letters of the record's id, from its end
        self._given_otherwise: dict[int, str] = {}
        self._labels: dict[int, tuple[ScreeningLabel, ...]] = {}
        self._keys: dict[int, str] = {}
        self._files, self._databases = _Names(), _Names()
        self.extend(places)

    def append(self, place: Place) -> None:
        """Add the place of the next row."""
        at = len(self.record_ids)
        record_id, file, position, row, given_id, database, labels, key = place
        self.record_ids.append(record_id)
        self._files.append(file)
        self._positions.append(position)
        self._rows.append(row)
        if record_id.endswith(given_id):
            self._given.append(len(given_id))
        else:
            self._given.append(_OTHERWISE)
            self._given_otherwise[at] = given_id
        self._databases.append(database)
        if labels:
            self._labels[at] = labels
        if key:
            self._keys[at] = key

    def extend(self, places: Iterable[Place]) -> None:
        """Add the places of the next rows."""
        for place in places:
            self.append(place)

    def parted(self, apart: Collection[str]) -> tuple[RowPlaces, RowPlaces]:
        """The rows of all other records, and those of these."""
        if not apart:
            return self, RowPlaces()
        return (
            RowPlaces(place for place in self if place.record_id not in apart),
            RowPlaces(place for place in self if place.record_id in apart),
        )

    def labelled(self) -> Iterator[Place]:
        """The places with labels: to make all of a million to look for them takes two seconds."""
        return map(self.__getitem__, self._labels)

    def cited(self) -> Iterator[Place]:
        """The places with keys that documents cite them by."""
        return map(self.__getitem__, self._keys)

    def given_ids(self) -> Iterator[str]:
        """The id that each row gave."""
        return map(self._given_id, range(len(self)), self.record_ids, self._given)

    def repeated(self) -> set[str]:
        """The records that several rows are of."""
        once = set(self.record_ids)
        if len(once) == len(self.record_ids):
            return set()
        return {record_id for record_id, rows in Counter(self.record_ids).items() if rows > 1}

    def databases(self) -> Counter[str]:
        """How many rows each database delivered."""
        return self._databases.counts()

    def database_of_file(self) -> dict[str, str]:
        """The database of the last row of each file."""
        ends = self._files.last()
        return {file: self._databases[at] for file, at in ends.items()}

    def __len__(self) -> int:
        return len(self.record_ids)

    def __iter__(self) -> Iterator[Place]:
        columns = zip(
            self.record_ids,
            self._files,
            self._positions,
            self._rows,
            self._given,
            self._databases,
            strict=True,
        )
        for at, (record_id, file, position, row, given, database) in enumerate(columns):
            yield Place(
                record_id,
                file,
                position,
                row,
                self._given_id(at, record_id, given),
                database,
                self._labels.get(at, ()),
                self._keys.get(at, ""),
            )

    @overload
    def __getitem__(self, at: int) -> Place: ...
    @overload
    def __getitem__(self, at: slice) -> list[Place]: ...
    def __getitem__(self, at: int | slice) -> Place | list[Place]:
        if isinstance(at, slice):
            return [self[one] for one in range(*at.indices(len(self)))]
        at = range(len(self))[at]
        record_id = self.record_ids[at]
        return Place(
            record_id,
            self._files[at],
            self._positions[at],
            self._rows[at],
            self._given_id(at, record_id, self._given[at]),
            self._databases[at],
            self._labels.get(at, ()),
            self._keys.get(at, ""),
        )

    def _given_id(self, at: int, record_id: str, given: int) -> str:
        if given == _OTHERWISE:
            return self._given_otherwise[at]
        return record_id[len(record_id) - given :]


class _Names:
    """A column of few different texts, four bytes each."""

    def __init__(self) -> None:
        self._codes = array("I")
        self._code_of: dict[str, int] = {}
        self._names: list[str] = []

    def append(self, name: str) -> None:
        code = self._code_of.get(name)
        if code is None:
            code = self._code_of[name] = len(self._names)
            self._names.append(name)
        self._codes.append(code)

    def counts(self) -> Counter[str]:
        """How often each name stands here."""
        codes = np.asarray(self._codes)
        return Counter(dict(zip(self._names, np.bincount(codes).tolist(), strict=True)))

    def last(self) -> dict[str, int]:
        """Where each name stands last."""
        _, behind = np.unique(np.asarray(self._codes)[::-1], return_index=True)
        ends = (len(self._codes) - 1 - behind).tolist()
        return dict(zip(self._names, ends, strict=True))

    def __iter__(self) -> Iterator[str]:
        return map(self._names.__getitem__, self._codes)

    def __len__(self) -> int:
        return len(self._codes)

    def __getitem__(self, at: int) -> str:
        return self._names[self._codes[at]]
