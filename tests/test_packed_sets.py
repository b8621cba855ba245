"""What many pairs share is counted as Python's sets count it."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from detector.packed_sets import PackedSets, shared

GREATEST = 0xFFFFFFFF
NUMBERS = st.one_of(st.integers(0, 12), st.integers(GREATEST - 2, GREATEST))
SETS = st.lists(st.lists(NUMBERS, max_size=30, unique=True), min_size=1, max_size=8)


def packed_sets(rows: list[list[int]]) -> PackedSets:
    values = np.array([value for row in rows for value in row], np.uint32)
    return PackedSets.of(values, np.array([len(row) for row in rows], np.int64))


@given(SETS, SETS)
def test_two_rows_share_what_their_sets_share(ours: list[list[int]], theirs: list[list[int]]):
    """Whatever the numbers, that with which rows are filled up too, in one table or in two."""
    left, right = (side.ravel() for side in np.indices((len(ours), len(theirs))))
    packed = packed_sets(ours)
    expected = [
        len(set(ours[one]) & set(theirs[other]))
        for one, other in zip(left.tolist(), right.tolist(), strict=True)
    ]

    assert shared(packed, left, packed_sets(theirs), right).tolist() == expected
    assert shared(packed, left, packed, left).tolist() == [len(ours[one]) for one in left.tolist()]


@given(st.lists(st.lists(st.integers(0, 9), max_size=30), max_size=8))
def test_distinct_rows_hold_each_value_once(rows: list[list[int]]) -> None:
    packed = packed_sets(rows)
    sets = PackedSets.distinct(packed.values, packed.sizes)
    held = [
        sorted(sets.values[start : start + size].tolist())
        for start, size in zip(sets.starts.tolist(), sets.sizes.tolist(), strict=True)
    ]

    assert held == [sorted(set(row)) for row in rows]


def test_rows_of_all_sizes_are_counted_in_few_steps() -> None:
    """Long rows and short ones, many of both, the longest alone in its step."""
    sizes = [0, 1, 700, 3, 40_000, *range(200)]
    packed = packed_sets([list(range(size)) for size in sizes])
    left, right = (side.ravel() for side in np.indices((len(sizes), len(sizes))))

    expected = np.minimum(packed.sizes[left], packed.sizes[right])
    assert shared(packed, left, packed, right).tolist() == expected.tolist()
