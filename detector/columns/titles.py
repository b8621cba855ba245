"""
Titles of many pairs: what `detector.comparisons.titles` says of each.

    Batch  ->  title

Plain pairs are decided by columns; marks of an end cut off, shared identifiers and other titles
are rare, and such pairs are asked one by one.
"""

from __future__ import annotations

from itertools import chain
from typing import Final

import numpy as np
from numpy.typing import NDArray
from rapidfuzz.distance import Indel
from rapidfuzz.process import cpdist

from detector.columns.batch import Batch, Codes, Mask, codes_of
from detector.columns.own import SharedIdentifiers
from detector.comparisons import titles as single
from detector.comparisons.base import Levels, codes

_T: Final = codes(single.TITLE)
_EDGE: Final = 3  # characters by which a title that may stand inside another is told


class TitleColumns:
    """What the titles of a batch say, a number a record."""

    def __init__(self, batch: Batch) -> None:
        titles = [record.title for record in batch.records]
        rows = len(titles)
        keys = codes_of(chain((title.key for title in titles), (title.main for title in titles)))
        self.titles = titles
        self.key, self.main = keys[:rows], keys[rows:]
        self.compact = codes_of(title.compact for title in titles)
        self.script = codes_of(title.script for title in titles)
        self.placeholder: Mask = np.array([title.placeholder for title in titles], bool)
        self.words = np.array([len(title.words) for title in titles], np.int64)
        self.breaks_off: Mask = np.array(
            [title.text.rstrip().endswith(("…", "...")) for title in titles], bool
        )
        self.alternates: Mask = np.array([bool(record.alternates) for record in batch.records])
        self.short: Mask = np.array([len(title.compact) < _EDGE for title in titles], bool)
        self.begins = codes_of(title.compact[:_EDGE] for title in titles)
        self.ends = codes_of(title.compact[-_EDGE:] for title in titles)


class TitlePairs:
    """How the titles of the pairs stand to each other."""

    def __init__(self, batch: Batch) -> None:
        titles = batch.of(TitleColumns)
        self.missing = batch.either(titles.placeholder)
        self.same = _equal(batch, titles.key)
        self.spaced = _equal(batch, titles.compact)
        self.one_script = _equal(batch, titles.script)
        self.alike = _alike(batch, titles, ~self.missing & ~self.spaced)
        self.cut_off = batch.either(titles.breaks_off) & ~self.same
        # as `shares_title` of the single comparison
        self.shared: Mask = ~self.missing & (self.same | (self.alike >= 0.9))


class ContainedTitles:
    """How many words the shorter title has, where it begins or ends the longer; else 0."""

    def __init__(self, batch: Batch) -> None:
        titles, pairs = batch.of(TitleColumns), batch.of(TitlePairs)
        near = _equal(batch, titles.begins) | _equal(batch, titles.ends)
        near |= batch.either(titles.short)
        near &= ~(pairs.spaced | pairs.missing)
        self.words = np.zeros(len(batch), np.int64)
        at = np.flatnonzero(near)
        self.words[at] = [
            single.contained(titles.titles[left], titles.titles[right])
            for left, right in zip(batch.left[at].tolist(), batch.right[at].tolist(), strict=True)
        ]


def _equal(batch: Batch, column: Codes) -> Mask:
    ours, theirs = batch.sides(column)
    equal: Mask = ours == theirs
    return equal


def _alike(batch: Batch, titles: TitleColumns, where: Mask) -> NDArray[np.float64]:
    """The share of characters in common, 0 where below 0.6; of equal titles 1."""
    alike = np.ones(len(batch))
    at = np.flatnonzero(where)
    compact = [title.compact for title in titles.titles]
    alike[at] = cpdist(
        [compact[row] for row in batch.left[at].tolist()],
        [compact[row] for row in batch.right[at].tolist()],
        scorer=Indel.normalized_similarity,
        score_cutoff=0.6,
        dtype=np.float64,
    )
    return alike


def title_levels(batch: Batch) -> Levels:
    """Batch form of `compare_titles`."""
    titles, pairs = batch.of(TitleColumns), batch.of(TitlePairs)
    out = batch.nothing()
    for bound, level in (*single.BINS, (0.0, _T["less"])):
        out[(pairs.alike >= bound) & (out == 0)] = level
    ending = _equal(batch, titles.ends) | batch.either(titles.short)
    held = batch.of(ContainedTitles).words
    short = (held > 0) & (held < single.SHORT_PART)
    out[short & (out > _T["over_94"])] = _T["contained_short"]
    key, main = batch.sides(titles.key), batch.sides(titles.main)
    out[(main[0] == key[1]) | (key[0] == main[1])] = _T["subtitle"]
    out[pairs.spaced] = _T["spacing"]
    out[pairs.same] = _T["exact"]
    out[(out >= _T["over_85"]) & ~pairs.one_script] = 0
    headed = batch.of(SharedIdentifiers).own & ending
    asked = pairs.cut_off | headed | batch.either(titles.alternates)
    asked |= held >= single.SHORT_PART
    asked &= ~(pairs.same | pairs.missing)
    batch.ask(single.compare_titles, out, asked)
    out[pairs.missing] = 0
    return out
