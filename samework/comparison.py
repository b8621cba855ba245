"""
A comparison: two records alone, outside any collection.

    two dicts  ->  compare()  ->  Explanation

Does not: anything by itself; what rare words are, only a collection tells.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import Any

from detector.decision.weights import Weights
from detector.questions.explaining import Explanation, explain_alone
from indexer.feeds.formats.in_memory import PathLike, record_of

__all__ = ["compare"]


def compare(a: Mapping[str, Any], b: Mapping[str, Any], *, weights: PathLike = "") -> Explanation:
    """
    Say whether two records describe one work, and why; `str()` of it is for people.

    Args:
        a: a record as a dict, in the keys that docs/feeds.md lists or as an API gives it.
        b: another.
        weights: a file of match weights; "": those shipped.

    Raises:
        UnusableRow: no record can be made of one of them.

    Example:
        >>> import samework as sw
        >>> rivers = {"title": "Sediment memory of braided rivers", "year": 2018}
        >>> sw.compare(rivers, {**rivers, "year": 2019}).reasons[1]
        'the titles are the same'
    """
    return explain_alone(record_of(a), record_of(b), Weights.load(os.fspath(weights)))
