"""
The table of field comparisons, in the order of their columns.

A module of its own so that tallies can count what stands in it.
"""

from __future__ import annotations

from typing import Final

from detector.comparisons.abstracts import ABSTRACTS
from detector.comparisons.authors import BYLINES
from detector.comparisons.base import Comparison
from detector.comparisons.containers import CONTAINERS
from detector.comparisons.dates import DATES
from detector.comparisons.dois import DOIS
from detector.comparisons.identifiers import IDENTIFIERS
from detector.comparisons.kinds import KINDS
from detector.comparisons.numbers import NUMBERED
from detector.comparisons.places import PLACES
from detector.comparisons.shared_titles import SHARED_TITLES
from detector.comparisons.titles import TITLES

FIELD_COMPARISONS: Final[tuple[Comparison, ...]] = (
    *TITLES,
    *SHARED_TITLES,
    *NUMBERED,
    *BYLINES,
    *DATES,
    *PLACES,
    *CONTAINERS,
    *DOIS,
    *IDENTIFIERS,
    *ABSTRACTS,
    *KINDS,
)
