"""
What an engine promises, as four small protocols.

    records, keys  ->  Records      what was harvested, and the newest version of it
    keys, epoch    ->  Candidates   who could describe the same work as this record?
    new keys       ->  Rebuild      keys of another release, made beside those in use
    documents      ->  Collection   works, decisions, judgements, checkpoints, dead letters

An engine fulfils all: one system to run, to back up and to move. Each sentence below is
a test in tests/test_backend_contract.py. Does not: know what the detector stores.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from indexer.index.counts import PutCounts
from indexer.index.ordering import Form
from indexer.keys import Keys
from indexer.keys.epoch import Epoch
from indexer.keys.pairs import Pairs
from indexer.records import Record

Keyed = Callable[[Sequence[Record]], Keys]  # makes the keys of records by this release


@dataclass(frozen=True, slots=True)
class Document:
    """A stored value of the collection; `version` changes with each write."""

    body: bytes
    version: int


@dataclass(frozen=True, slots=True)
class Totals:
    """How much an index holds."""

    records: int
    bytes: int
    keys_version: str


@dataclass(frozen=True, slots=True)
class Check:
    """One finding about an engine; with `advice` a fault, or a `note` when nothing is wrong yet."""

    subject: str
    text: str
    advice: str = ""
    note: bool = False


class Records(Protocol):
    """A set of records under their keys. Putting a record twice leaves one."""

    def put(self, records: Sequence[Record], keys: Keys, forms: Sequence[Form] = ()) -> PutCounts:
        """
        Store records under their keys, durably when this returns.

        `forms` are what is stored of each of them, where somebody made that already.

        A record of a known id replaces the stored one when its (feed date, content
        hash) is greater, or when either has no feed date and the content differs. A
        record marked deleted leaves a tombstone that an older version cannot lift.

        A record that the engine cannot store is one of the `refusals`; the others are
        stored, an earlier version of it stays. The embedded engine stores every record.
        """
        ...

    def delete(self, record_ids: Iterable[str]) -> int:
        """Take records out; how many there were. They can be put again."""
        ...

    def get(self, record_ids: Sequence[str]) -> dict[str, Record]:
        """The stored records among these ids, as of the last put."""
        ...

    def plain(self, record_ids: Sequence[str]) -> dict[str, dict[str, Any]]:
        """The same as plain values, as `Record.to_dict` gives them; for who reads a few of them."""
        ...

    def stored(self, record_ids: Sequence[str]) -> dict[str, Form]:
        """Version and JSON of what is stored of these, tombstones too, as of the last put."""
        ...

    def ids(self) -> Iterator[str]:
        """The ids of all records, ascending."""
        ...

    def scan(self, after: str = "") -> Iterator[Record]:
        """All records, ascending by id, beginning behind `after`."""
        ...

    def filling(self) -> AbstractContextManager[None]:
        """
        Fill an empty index within the block, which nobody else opens before it ends.

        An engine may do that faster than durably, and then ends the block durable. Killed within
        it, what is there may refuse to be opened: for a collection that is begun anew after that.
        """
        ...

    def make_visible(self, *, more_comes: bool = False) -> None:
        """
        After this, `candidates` knows all that was put before.

        Where more comes, who reads what was put last may take longer until this is called again.
        """
        ...

    def totals(self) -> Totals:
        """How much the index holds."""
        ...


class Candidates(Protocol):
    """What the stored keys find, under an epoch."""

    def candidates(self, keys: Keys, epoch: Epoch) -> Pairs:
        """The stored records that may describe the same works as these (stored or not)."""
        ...

    def all_pairs(self, epoch: Epoch) -> Iterator[Pairs]:
        """Each pair that `candidates` of every stored record would give, once."""
        ...

    def learn(self, number: int) -> Epoch:
        """The epoch of the collection as it is now."""
        ...

    def touched_by(self, hashes: NDArray[np.uint64]) -> list[str]:
        """The ids of all records that carry one of these, as a key or as their title's hash."""
        ...

    def ranked(self, words: Sequence[int], epoch: Epoch, limit: int) -> list[tuple[str, float]]:
        """
        At most `limit` visible records by BM25 of their titles for these words, best first.

        Every engine gives a record the same score (`indexer.keys.ranking`) and orders by
        (-score, id). Where more records are found than `limit`, engines may differ in
        which of the last ones they leave out.
        """
        ...


class Rebuild(Protocol):
    """Keys made anew beside those in use."""

    def drift(self) -> tuple[str, ...]:
        """What this release makes otherwise than it was made here, a phrase each."""
        ...

    def unfinished_build(self) -> Build | None:
        """The build that this release began and nobody has put in use."""
        ...

    def begin_build(self) -> Build:
        """The unfinished build beside the keys in use, or a new one; nobody else knows of it."""
        ...

    def roll_back(self) -> str:
        """
        Go back to the keys that the last swap replaced; what was put since is in them too.

        Returns:
            What those keys were made with; when another release made them, this one
            refuses the index from now on and that release must be run.

        Raises:
            BackendError: there is nothing to go back to.
        """
        ...


class Build(Protocol):
    """
    New keys for all records of an index, made beside those in use, then swapped in.

    Durable: after a kill, `begin_build` goes on where the last `add` ended.
    """

    def missing(self, limit: int) -> list[Record]:
        """Records that the build lacks or has in an older version; empty when it has caught up."""
        ...

    def add(self, records: Sequence[Record], keys: Keys) -> None:
        """Put these records' new keys into the build, durably when this returns."""
        ...

    def counts(self) -> tuple[int, int]:
        """(records of the index in use, records in the build) as of now."""
        ...

    def candidates(self, keys: Keys, epoch: Epoch) -> Pairs:
        """What `Candidates.candidates` will answer once the build is in use."""
        ...

    def swap(self, keyed: Keyed) -> None:
        """
        Put the build in use for readers and writers at one moment; keep what it replaces.

        `keyed` makes the keys of records that arrive while it does so.

        Raises:
            BackendError: the build does not hold what the index holds; nothing was swapped.
        """
        ...

    def discard(self) -> None:
        """Forget the build; the index stays as it is."""
        ...


class Collection(Protocol):
    """Opaque documents by kind and id, an append-only log, and leases: locks with a date."""

    def read(self, kind: str, ids: Sequence[str]) -> dict[str, Document]:
        """The documents there are among these ids, as of the last write."""
        ...

    def write(
        self,
        kind: str,
        bodies: Mapping[str, bytes],
        expected: Mapping[str, int] | None = None,
    ) -> None:
        """
        Store documents, durably when this returns.

        With `expected`, a document whose version is another by now (0: it should
        not exist) raises `WriteConflict` and nothing of the call is stored.
        """
        ...

    def remove(self, kind: str, ids: Iterable[str]) -> int:
        """Take documents out; how many there were."""
        ...

    def documents(self, kind: str, after: str = "") -> Iterator[tuple[str, Document]]:
        """All documents of a kind, ascending by id, beginning behind `after`."""
        ...

    def count(self, kind: str) -> int:
        """How many documents of a kind there are."""
        ...

    def append(self, entries: Sequence[bytes]) -> int:
        """Append to the log, durably and in order; the number of the last entry (from 1)."""
        ...

    def log(self, after: int = 0) -> Iterator[tuple[int, bytes]]:
        """The log's entries behind number `after`, in order."""
        ...

    def entries(self, numbers: Sequence[int]) -> dict[int, bytes]:
        """Those of the log's entries that have one of these numbers, ascending."""
        ...

    def lease(self, name: str, seconds: float) -> AbstractContextManager[None]:
        """
        Hold the lock of this name while the block runs; it lapses when its holder dies.

        Raises:
            BackendBusy: another holder has it; the message says who and since when.
        """
        ...

    def atomically(self) -> AbstractContextManager[None]:
        """
        All writes of the block together where the engine can, else in their order.

        So within a block what must never be ahead (a checkpoint) is written last.
        """
        ...


class Engine(Records, Candidates, Rebuild, Collection, Protocol):
    """An open index with its collection."""

    location: str  # as given with --index
    whole_from: float  # share of records from which `all_pairs` is cheaper than `candidates`

    def checks(self) -> Iterator[Check]:
        """What is known of the system that the index lies in; `samework doctor` shows it."""
        ...

    def close(self) -> None:
        """Release what is held; a second call does nothing."""
        ...
