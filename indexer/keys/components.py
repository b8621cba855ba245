"""
Components: records that links tie, over any number of steps, as one number each.

    ends of links  ->  for each record the least record that it hangs together with

By arrays alone, so that a million records that nothing ties cost nothing each. Does not:
say whether a component is one work (`detector/works/` does).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Places = NDArray[np.int32]


def components_of(count: int, left: Places, right: Places) -> Places:
    """
    The least record of each record's component, of records numbered 0..count-1.

    In each round every component hangs onto the least one that a link ties it to, and paths
    are halved until all lead to their ends: a chain of n records takes some log n rounds.
    """
    least = np.arange(count, dtype=np.int32)
    while len(left):
        ours, theirs = least[left], least[right]
        open_links = np.flatnonzero(ours != theirs)
        if not len(open_links):
            break
        left, right = left[open_links], right[open_links]
        ours, theirs = ours[open_links], theirs[open_links]
        np.minimum.at(least, np.maximum(ours, theirs), np.minimum(ours, theirs))
        while True:
            further = least[least]
            if np.array_equal(further, least):
                break
            least = further
    return least
