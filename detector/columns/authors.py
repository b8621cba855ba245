"""
Authors of many pairs: what `detector.comparisons.authors` says of each.

    Batch  ->  authors, first_author, author_counts
"""

from __future__ import annotations

from typing import Final

import numpy as np

from detector.columns.batch import Batch, Mask
from detector.columns.bylines import Bylines, NamePairs
from detector.columns.titles import TitleColumns
from detector.comparisons import authors as single
from detector.comparisons.base import Levels, codes
from detector.comparisons.names import FULL, INITIAL, SURNAME

_A: Final = codes(single.AUTHORS)
_F: Final = codes(single.FIRST)
_C: Final = codes(single.COUNTS)


def author_levels(batch: Batch) -> Levels:
    """Batch form of `compare_authors`."""
    bylines, pairs = batch.of(Bylines), batch.of(NamePairs)
    count = pairs.persons[0]
    agreed = np.where(pairs.same, count, pairs.agreed)
    share = agreed / np.maximum(count, 1)
    out = np.full(len(batch), _A["some"], np.int8)
    out[share >= 0.5] = _A["half"]
    out[share >= 0.7] = _A["most"]
    for authors, name in ((2, "all_two"), (3, "all_three")):
        out[(agreed == count) & (count == authors)] = _A[name]
    out[(agreed == count) & (count > 3)] = _A["all_many"]
    alone = (agreed == 1) & (count == 1)
    for quality, name in ((FULL, "one_full"), (INITIAL, "one_initial"), (SURNAME, "one_surname")):
        out[alone & (pairs.best_first == quality)] = _A[name]
    nobody = (agreed == 0) & (count > 0) & ~pairs.asked
    out[nobody] = np.where(batch.either(bylines.unclear)[nobody], _A["none_short"], _A["none"])
    out[nobody & _two_scripts(batch)] = 0
    out[count == 0] = 0
    groups = (count == 0) & batch.either(bylines.groups)
    batch.ask(single.compare_authors, out, pairs.asked | groups | (pairs.same & (count == 1)))
    return out


def _two_scripts(batch: Batch) -> Mask:
    """Where titles or first names are written in two scripts."""
    titles, names = batch.of(TitleColumns).script, batch.of(Bylines).script
    ours, theirs = batch.sides(titles), batch.sides(names)
    two: Mask = (ours[0] != ours[1]) | (theirs[0] != theirs[1])
    return two


def first_levels(batch: Batch) -> Levels:
    """Batch form of `compare_first`."""
    bylines, pairs = batch.of(Bylines), batch.of(NamePairs)
    missing = pairs.persons[0] == 0
    out = np.full(len(batch), _F["absent"], np.int8)
    absent = ~(pairs.first_same | pairs.first_elsewhere | missing | pairs.same | pairs.asked)
    out[absent & (batch.either(bylines.unclear) | _two_scripts(batch))] = 0
    out[pairs.first_elsewhere] = _F["elsewhere"]
    out[pairs.first_same | pairs.same] = _F["same"]
    batch.ask(single.compare_first, out, pairs.asked)
    out[missing] = 0
    return out


def count_levels(batch: Batch) -> Levels:
    """Batch form of `compare_counts`."""
    bylines, pairs = batch.of(Bylines), batch.of(NamePairs)
    fewer, more = pairs.persons
    out = np.full(len(batch), _C["fewer"], np.int8)
    out[more - fewer <= np.maximum(1, fewer // 4)] = _C["near"]
    out[fewer == 1] = np.where(more[fewer == 1] <= single.FEW, _C["one_of_few"], 0)
    out[fewer == more] = _C["same"]
    batch.ask(single.compare_counts, out, pairs.asked)
    shares = pairs.same | pairs.family_shared | (pairs.agreed > 0) | pairs.asked
    out[~shares | (fewer == 0) | (more == 1) | batch.either(bylines.unclear)] = 0
    return out
