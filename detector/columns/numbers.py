"""
Numbers, parts and notices in titles of many pairs; two equal ones are told by columns.

    Batch  ->  numbers, part, notice
"""

from __future__ import annotations

import numpy as np

from detector.columns.batch import Batch, Codes, Function, codes_of
from detector.columns.titles import TitleColumns, TitlePairs
from detector.comparisons import numbers as single
from detector.comparisons.base import Levels, codes


class NumberColumns:
    """What each title says beside its words, a number a record; 0 where it says nothing."""

    def __init__(self, batch: Batch) -> None:
        titles = batch.of(TitleColumns).titles
        self.numbers = codes_of(((one.numbers, single.talk_of(one)) for one in titles), ((), ""))
        self.numbered = np.array([bool(one.numbers) for one in titles], bool)
        self.part = codes_of(title.part for title in titles)
        self.notice = codes_of(title.notice for title in titles)


def _levels(batch: Batch, column: Codes, same: int, function: Function) -> Levels:
    ours, theirs = batch.sides(column)
    missing = batch.of(TitlePairs).missing | ((ours == 0) & (theirs == 0))
    out = np.full(len(batch), same, np.int8)
    batch.ask(function, out, (ours != theirs) & ~missing)
    out[missing] = 0
    return out


def number_levels(batch: Batch) -> Levels:
    """Batch form of `compare_numbers`."""
    columns, same = batch.of(NumberColumns), codes(single.NUMBERS)["same"]
    out = _levels(batch, columns.numbers, same, single.compare_numbers)
    out[~batch.either(columns.numbered) & (out == same)] = 0  # one programme number, no other
    return out


def part_levels(batch: Batch) -> Levels:
    """Batch form of `compare_parts`."""
    column = batch.of(NumberColumns).part
    return _levels(batch, column, codes(single.PART)["same"], single.compare_parts)


def notice_levels(batch: Batch) -> Levels:
    """Batch form of `compare_notices`."""
    column = batch.of(NumberColumns).notice
    return _levels(batch, column, codes(single.NOTICE)["same"], single.compare_notices)
