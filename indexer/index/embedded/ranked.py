"""
Ad-hoc questions to the embedded engine: the titles that BM25 may rank first.

    words, epoch  ->  postings of the rarest  ->  keys of the likeliest records

The postings say which words a title has and not how long it is, so more records are
read than are asked for. Does not: rank (`indexer.keys.ranking` does, from what is read).
"""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from indexer.index.embedded.postings import StoredPostings, late_with
from indexer.keys import Keys, ranking
from indexer.keys.epoch import Epoch, HashArray, member

READ: Final = 20_000  # records; of words that more titles share than this, not all are measured
# A title of 4 words scores three times what one of 40 does for the same shared words.
NEAR: Final = 1 / 3


def likeliest(postings: StoredPostings, asked: HashArray, epoch: Epoch, limit: int) -> Keys:
    """The keys of the records with postings that may be among the best `limit`."""
    words = np.sort(ranking.looked_up(asked, epoch))
    carried, seqs = postings.of(words)
    weights = epoch.weights_of(carried)
    while True:
        best = _best(seqs, weights, limit)
        keys = postings.keys_of(best)
        if len(keys) == len(best):
            return keys
        there = np.isin(seqs, best, invert=True) | np.isin(seqs, postings.living(best))
        seqs, weights = seqs[there], weights[there]  # without records that are gone


def carrying(postings: StoredPostings, asked: HashArray, epoch: Epoch) -> Keys:
    """The keys of records without postings that have one of the words looked up."""
    words = np.sort(ranking.looked_up(asked, epoch))
    _, seqs = late_with(postings, words)
    keys = postings.keys_of(np.unique(seqs))
    return keys.take(np.unique(keys.rows()[member(words, keys.values)]))


def _best(seqs: NDArray[np.int64], weights: NDArray[np.float32], limit: int) -> NDArray[np.int64]:
    """The records whose shared words weigh most, near enough to be among the best."""
    seqs, inverse = np.unique(seqs, return_inverse=True)
    sums = np.bincount(inverse, weights, minlength=len(seqs))
    order = np.lexsort((seqs, -sums))[:READ]
    least = NEAR * sums[order[min(limit, len(order)) - 1]] if len(order) else 0.0
    return seqs[order[sums[order] >= least]]
