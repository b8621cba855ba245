"""
What shared titles tell of many pairs: what `detector.comparisons.shared_titles` says of each.

    Batch  ->  title_length, title_rarity, title_carriers
"""

from __future__ import annotations

from typing import Final

import numpy as np

from detector.columns.batch import Batch, Mask
from detector.columns.own import SharedIdentifiers
from detector.columns.titles import TitleColumns, TitlePairs
from detector.columns.words import SUMS, TitleWords
from detector.comparisons import shared_titles as single
from detector.comparisons.base import Levels, codes
from detector.comparisons.profile import top_information

_N: Final = codes(single.LENGTH)
_R: Final = codes(single.RARITY)
_C: Final = codes(single.CARRIERS)


def _by_title_alone(batch: Batch) -> Mask:
    """Where both carry the title, and no identifier of the work says more than it does."""
    alone: Mask = batch.of(TitlePairs).shared & ~batch.of(SharedIdentifiers).own
    return alone


def length_levels(batch: Batch) -> Levels:
    """Batch form of `compare_lengths`."""
    words = np.minimum(*batch.sides(batch.of(TitleColumns).words))
    table = np.array([_N[name] for name in single.LENGTHS], np.int8)
    levels: Levels = table[np.searchsorted(single.BY_COUNT, words, side="left")]
    levels[~_by_title_alone(batch)] = 0
    return levels


def rarity_levels(batch: Batch) -> Levels:
    """Batch form of `compare_rarity`."""
    alone = _by_title_alone(batch)
    information = np.minimum(*batch.sides(batch.of(TitleWords).information))
    told = information / top_information(batch.counts.epoch)
    table = np.array([_R[name] for name in single.RARITIES], np.int8)
    levels: Levels = table[np.searchsorted(single.BY_RARITY, told, side="left")]
    near = np.abs(told[:, None] - np.array(single.BY_RARITY)).min(axis=1) < SUMS
    batch.ask(single.compare_rarity, levels, near & alone)
    levels[~alone] = 0
    return levels


def carrier_levels(batch: Batch) -> Levels:
    """Batch form of `compare_carriers`."""
    alone = _by_title_alone(batch)
    rows = np.unique(np.concatenate((batch.left[alone], batch.right[alone])))
    counted = np.zeros(len(batch.records), np.int64)
    titles = [batch.records[row].title for row in rows.tolist()]
    counted[rows] = batch.counts.first_authors(titles)
    known = np.maximum(*batch.sides(counted))
    table = np.array([_C[name] for name in single.CARRIED], np.int8)
    levels: Levels = table[np.searchsorted(single.BY_AUTHORS, known, side="left")]
    levels[~alone | (known == 0)] = 0
    return levels
