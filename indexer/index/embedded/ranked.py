"""
Ad-hoc questions to the embedded engine: the titles that BM25 may rank first.

    words, epoch  ->  postings of the rarest  ->  keys of the likeliest records

The postings say which words a title has and not how long it is, so more records are
read than are asked for. Does not: rank (`indexer.keys.ranking` does, from what is read).
"""

from __future__ import annotations

import sqlite3
from typing import Final

import numpy as np
from numpy.typing import NDArray

from indexer.index.embedded.database import LISTED, listed
from indexer.index.embedded.postings import late_with
from indexer.keys import Keys, ranking
from indexer.keys.epoch import Epoch, HashArray, member

READ: Final = 20_000  # records; of words that more titles share than this, not all are measured
# A title of 4 words scores three times what one of 40 does for the same shared words.
NEAR: Final = 1 / 3


def likeliest(
    connection: sqlite3.Connection,
    generation: int,
    asked: HashArray,
    epoch: Epoch,
    limit: int,
) -> Keys:
    """The keys of the records with postings that may be among the best `limit`."""
    words = ranking.looked_up(asked, epoch)
    query = f"SELECT seq FROM posting_{generation} WHERE key = ?"
    postings = [
        np.array(connection.execute(query, (word,)).fetchall(), np.int64).ravel()
        for word in words.tolist()
    ]
    weights = np.repeat(epoch.weights_of(words), [len(records) for records in postings])
    seqs = _best(np.concatenate([np.empty(0, np.int64), *postings]), weights, limit)
    return _keys_of(connection, generation, seqs)


def carrying(
    connection: sqlite3.Connection, generation: int, covered: int, asked: HashArray, epoch: Epoch
) -> Keys:
    """The keys of records without postings that have one of the words looked up."""
    words = np.sort(ranking.looked_up(asked, epoch))
    keys = _keys_of(connection, generation, late_with(connection, generation, covered, words))
    return keys.take(np.unique(keys.rows()[member(words, keys.values)]))


def _keys_of(connection: sqlite3.Connection, generation: int, seqs: NDArray[np.int64]) -> Keys:
    rows = connection.execute(
        f"SELECT id, blob FROM keys_{generation} WHERE seq IN {LISTED}", (listed(seqs.tolist()),)
    ).fetchall()
    return Keys.from_rows(rows)


def _best(seqs: NDArray[np.int64], weights: NDArray[np.float32], limit: int) -> NDArray[np.int64]:
    """The records whose shared words weigh most, near enough to be among the best."""
    seqs, inverse = np.unique(seqs, return_inverse=True)
    sums = np.bincount(inverse, weights, minlength=len(seqs))
    order = np.lexsort((seqs, -sums))[:READ]
    least = NEAR * sums[order[min(limit, len(order)) - 1]] if len(order) else 0.0
    return seqs[order[sums[order] >= least]]
