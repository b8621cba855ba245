"""
Postings of the embedded engine: which stored records may be candidates of these.

    keys, epoch  ->  (key, seq) of their probes  ->  blobs of the records that may reach the rule

A superset of a record's candidates, and small: a record that shares only title buckets is
read when they are enough, one that shares only title words when the words weigh enough. The
cosine of two titles is at most the length of the one title's vector within the shared words
(Cauchy and Schwarz), as OpenSearch is asked.
Does not: apply the rule itself (`join.cross_join` does).
"""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from indexer.index.embedded.database import LISTED, listed
from indexer.index.embedded.packed import Postings
from indexer.index.embedded.packed import postings_of as packed
from indexer.keys import Keys, Kind
from indexer.keys.batch import positions
from indexer.keys.epoch import Epoch, HashArray, distinct, member
from indexer.keys.join import (
    BUCKETS_ASKED,
    REACHED,
    REACHED_BY_ONE,
    SAID_ONCE,
    Probes,
    asked_of_said_once,
    probes_of,
)
from indexer.keys.keys import TITLE_BUCKETS

LATE_AT_ONCE: Final = 5_000  # records without postings, 2.5 MB of keys
SIEVED: Final = 5_000  # keys asked; more leave no holes in a sieve of 16 bits


@dataclass(frozen=True, slots=True)
class StoredPostings:
    """Who carries which key, as one state of a database has it."""

    connection: sqlite3.Connection
    generation: int
    covered: int  # records of a greater sequence number have no postings yet
    bits: int  # of a packed posting that are its sequence number; 0: none are packed

    def of(self, asked: HashArray) -> Postings:
        """
        (key, seq) of these keys, which are distinct and ascend; ascending by key.

        Some may be of records that are gone, and a packed one of another key.
        """
        keys, seqs = packed(self.connection, self.generation, self.bits, asked)
        rows = self.connection.execute(
            f"SELECT key, seq FROM posting_{self.generation} WHERE key IN {LISTED} ORDER BY key",
            (listed(asked.tolist()),),
        ).fetchall()
        if not rows:
            return keys, seqs
        late = np.array(rows, np.int64)
        return _merged((keys, seqs), (late[:, 0].astype(np.uint64), late[:, 1]))

    def keys_of(self, seqs: NDArray[np.int64], twins: Sequence[int] = ()) -> Keys:
        """The keys of the records under these numbers, and of those with these twins."""
        rows = self.connection.execute(
            f"SELECT id, blob FROM keys_{self.generation} "
            f"WHERE seq IN {LISTED} OR twin IN {LISTED} ORDER BY seq",
            (listed(seqs.tolist()), listed(twins)),
        ).fetchall()
        return Keys.from_rows(rows)

    def living(self, seqs: NDArray[np.int64]) -> NDArray[np.int64]:
        """Those of these numbers that records still have."""
        query = f"SELECT seq FROM keys_{self.generation} WHERE seq IN {LISTED}"
        rows = self.connection.execute(query, (listed(seqs.tolist()),)).fetchall()
        return np.array(rows, np.int64).ravel()


def sharing(postings: StoredPostings, keys: Keys, epoch: Epoch) -> Keys:
    """
    The keys of the stored records that may be candidates of these, and of all their twins.

    Those that have no postings yet (their sequence is over `covered`) are among them where
    they share a key.
    """
    probes = probes_of(keys, epoch)
    asked = distinct(probes.values)
    stored = _merged(postings.of(asked), late_with(postings, asked))
    wanted = _wanted(probes, asked_of_said_once(epoch), *stored)
    return postings.keys_of(wanted, keys.twins.tolist())


def late_with(postings: StoredPostings, asked: HashArray) -> Postings:
    """
    (key, seq) of the records without postings whose keys hold one of these, which ascend.

    All are without, where an index was left without `make_visible`. Their keys are read a few at
    a time, and sieved by 16 bits before they are looked up: of a million records in a quarter of
    the CPU and a tenth of the memory that holding all their keys takes.
    """
    few = len(asked) < SIEVED
    sieve = np.zeros(1 << 16, bool)
    sieve[asked & np.uint64(0xFFFF)] = True
    query = f"SELECT seq, blob FROM keys_{postings.generation} WHERE seq > ?"
    rows = postings.connection.execute(query, (postings.covered,))
    found = [(np.empty(0, np.uint64), np.empty(0, np.int64))]
    while batch := rows.fetchmany(LATE_AT_ONCE):
        seqs, blobs = zip(*batch, strict=True)
        words = np.frombuffer(b"".join(blobs), "<u8")
        near = np.flatnonzero(sieve[words.view("<u2")[::4]]) if few else np.arange(len(words))
        near = near[member(asked, words[near])]
        ends = np.cumsum(np.fromiter(map(len, blobs), np.int64, len(blobs))) // 8
        holding = np.searchsorted(ends, near, side="right")
        found.append((words[near], np.array(seqs, np.int64)[holding]))
    keys, held = zip(*found, strict=True)
    return np.concatenate(keys), np.concatenate(held)


def _merged(postings: Postings, late: Postings) -> Postings:
    """Both, ascending by key."""
    if not len(late[0]):
        return postings
    keys, seqs = (np.concatenate(both) for both in zip(postings, late, strict=True))
    order = np.argsort(keys, kind="stable")
    return keys[order], seqs[order]


def _wanted(
    probes: Probes, said_once: int, keys: NDArray[np.uint64], seqs: NDArray[np.int64]
) -> NDArray[np.int64]:
    """
    The records to read, of postings ascending by key.

    Whatever shares an abstract's bucket or an identifier is read. Each asked one of these
    meets the run of its postings; sorted by (asked record, stored record), those of one pair
    are neighbours, and are counted, the words' squared weights added up.
    """
    terms = probes.of(Kind.TERM)
    others = probes.without(*TITLE_BUCKETS, *SAID_ONCE, Kind.TERM)
    first, runs = _runs_in(keys, distinct(others.values))
    wanted = [seqs[positions(first, runs)]]
    counted = (probes.of(*TITLE_BUCKETS), BUCKETS_ASKED), (probes.of(*SAID_ONCE), said_once)
    for asked, least in (*counted, (terms, 1)):
        first, runs = _runs_in(keys, asked.values)
        by = np.repeat(np.arange(len(runs)), runs)
        stored = seqs[positions(first, runs)]
        order = np.lexsort((stored, asked.rows[by]))
        rows, stored = asked.rows[by][order], stored[order]
        changed = (rows[1:] != rows[:-1]) | (stored[1:] != stored[:-1])
        starts = np.flatnonzero(np.concatenate(([True], changed))[: len(rows)])
        runs = np.diff(starts, append=len(rows))
        kept = runs >= least
        if asked is terms and len(starts):
            squares = terms.weights[by][order].astype(np.float64) ** 2
            reached = np.where(runs > 1, REACHED, REACHED_BY_ONE)
            kept &= np.add.reduceat(squares, starts) >= reached
        wanted.append(stored[starts][kept])
    return np.unique(np.concatenate(wanted))


def _runs_in(
    keys: NDArray[np.uint64], asked: NDArray[np.uint64]
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Where the run of each key asked begins in ascending keys, and how long it is."""
    first = np.searchsorted(keys, asked, side="left")
    return first, np.searchsorted(keys, asked, side="right") - first
