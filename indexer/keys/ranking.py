"""
Ranking: whose title is nearest to these words, by BM25.

    words asked, Epoch  ->  the words to look records up by  (`looked_up`)
    words asked, stored Keys, Epoch  ->  (record id, score), best first  (`ranked`)

For questions, where too few words are known for the rule of `join.py`. An engine
finds records by the words looked up and cuts the list by its own BM25; the scores are
made here, from the epoch, so that every engine prints the same. A word counts once
in a title, so k1 and b act through one number, k1 b / (1 + k1 (1 - b)).
Does not: propose pairs (`join.py` does), since a place among the best is not symmetric.
"""

from __future__ import annotations

from typing import Final

import numpy as np

from indexer.keys.batch import Keys
from indexer.keys.epoch import Epoch, HashArray, member
from indexer.keys.keys import Kind, kinds_of

# python -m benchmarks.ranking; the table stands in docs/evaluation-appendix.md
K1: Final = 1.2
B: Final = 0.4
AVERAGE_WORDS: Final = 9.3  # of a title, function words left out, in 89,127 records
LOOKED_UP: Final = 8  # rarest words that other titles have; a frequent one finds little
MOST_ASKED: Final = 64  # words of one question


def looked_up(asked: HashArray, epoch: Epoch) -> HashArray:
    """
    The words to find records by: those of at most one title, and the rarest others.

    A word of one title costs nothing and must not crowd out the others (a misspelt
    question has several).
    """
    asked = np.unique(asked)
    idf = epoch.weights_of(asked)
    asked = asked[np.lexsort((asked, -idf))]
    single = int((idf >= epoch.top_idf).sum())
    return asked[: min(single + LOOKED_UP, MOST_ASKED)]


def ranked(asked: HashArray, stored: Keys, epoch: Epoch, limit: int) -> list[tuple[str, float]]:
    """
    The stored records whose titles are nearest to all of the words asked.

    Args:
        asked: keys of words, those too that records were not found by.
        stored: all keys of the records that were found, or their title words alone.
        epoch: whose idf, in bits, the words are weighed by.
        limit: how many.

    Returns:
        Ids with BM25 scores above 0, ordered by (-score, id).
    """
    stored = stored.only(kinds_of(stored.values) == Kind.TERM)
    rows = stored.rows()
    met = member(np.unique(asked), stored.values)
    idf = epoch.weights_of(stored.values[met])
    sums = np.bincount(rows[met], idf, minlength=len(stored))
    scores = sums * (K1 + 1) / (1 + K1 * (1 - B + B * np.diff(stored.starts) / AVERAGE_WORDS))
    scored = [(stored.ids[row], float(scores[row])) for row in np.flatnonzero(scores > 0).tolist()]
    return sorted(scored, key=lambda row: (-row[1], row[0]))[:limit]
