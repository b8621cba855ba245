"""
Comparing many pairs at once: the levels that `detector.comparisons` gives, by columns.

    PairedRows, Epoch  ->  levels int8 [n_pairs, n_comparisons]

A comparison's function of one pair stays its definition. Its batch form here is a function of a
`Batch` that gives the same levels, which a test holds for all of them; a comparison without one
is asked pair by pair. Where few pairs are compared, all are.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Final

import numpy as np

from detector.columns.abstracts import abstract_levels
from detector.columns.authors import author_levels, count_levels, first_levels
from detector.columns.batch import Batch
from detector.columns.identifiers import arxiv_levels, asked_if_both_carry, doi_levels
from detector.columns.numbers import notice_levels, number_levels, part_levels
from detector.columns.places import (
    container_levels,
    day_levels,
    issue_levels,
    kind_levels,
    page_levels,
    volume_levels,
    year_levels,
)
from detector.columns.shared_titles import carrier_levels, length_levels, rarity_levels
from detector.columns.titles import title_levels
from detector.columns.words import word_levels
from detector.comparisons import (
    COMPARISONS,
    FIELD_COMPARISONS,
    Comparer,
    Levels,
    tallied,
)
from detector.comparisons import identifiers as single
from detector.comparisons.paired_rows import PairedRows
from indexer.fields import Fields

BATCH_FORMS: Final[Mapping[str, Callable[[Batch], Levels]]] = {
    "title": title_levels,
    "title_words": word_levels,
    "title_length": length_levels,
    "title_rarity": rarity_levels,
    "title_carriers": carrier_levels,
    "authors": author_levels,
    "first_author": first_levels,
    "author_counts": count_levels,
    "numbers": number_levels,
    "part": part_levels,
    "notice": notice_levels,
    "year": year_levels,
    "day": day_levels,
    "volume": volume_levels,
    "issue": issue_levels,
    "page": page_levels,
    "container": container_levels,
    "kind": kind_levels,
    "doi": doi_levels,
    "arxiv": arxiv_levels,
    "pubmed": asked_if_both_carry("pubmed", single.compare_pubmed),
    "identifier": asked_if_both_carry("identifier", single.compare_others),
    "url": asked_if_both_carry("url", single.compare_urls),
    "isbn": asked_if_both_carry("isbn", single.compare_isbns),
    "trial": asked_if_both_carry("trial", single.compare_trials),
    "abstract": abstract_levels,
}
FEWEST: Final = (
    100  # pairs from which columns pay: of 50 they cost as much, of 25 half as much more
)


class ColumnComparer(Comparer):
    """Compares pairs under one epoch, many at once."""

    def compare(self, pairs: Iterable[tuple[Fields, Fields]]) -> Levels:
        """The levels of all comparisons, one row a pair, whichever record is on the left."""
        asked = pairs if isinstance(pairs, Sequence) else list(pairs)
        batch = batch_of(self, asked)
        return super().compare(asked) if batch is None else levels_of(batch)


def batch_of(comparer: Comparer, pairs: Sequence[tuple[Fields, Fields]]) -> Batch | None:
    """The pairs as a batch, where their comparer compares so many by columns."""
    if not isinstance(comparer, ColumnComparer) or len(pairs) < FEWEST:
        return None
    rows = pairs if isinstance(pairs, PairedRows) else PairedRows.of(pairs)
    return Batch(rows, comparer.profile, comparer.counts)


def levels_of(batch: Batch) -> Levels:
    """The levels of a batch: field comparisons by columns where they can be, then the tallies."""
    out = np.zeros((len(batch), len(COMPARISONS)), np.int8)
    everywhere = np.ones(len(batch), bool)
    for column, comparison in enumerate(FIELD_COMPARISONS):
        if form := BATCH_FORMS.get(comparison.name):
            out[:, column] = form(batch)
        else:
            batch.ask(comparison.function, out[:, column], everywhere)
    return tallied(out)


__all__ = ["BATCH_FORMS", "FEWEST", "Batch", "ColumnComparer", "batch_of", "levels_of"]
