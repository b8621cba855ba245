"""
Choices of fields: from which record of a work a person wants a field of the merged record.

    FieldChoice, FieldChoice, ...  ->  standing_choices()  ->  canonical.py

A choice goes with its record: where works merge the latest of a field stands, and after a split
each part has those of its own records. Of fields in which all that records say is united (URLs,
keywords) nothing is chosen. Stores nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from typing import Any, Final


@dataclass(frozen=True, slots=True)
class FieldChoice:
    """That one field of a merged record is to be what this record says."""

    record: str
    field: str
    by: str = ""
    at: str = ""  # ISO 8601, UTC; of one field the latest stands
    why: str = ""
    number: int = 0  # in the index that stores it, ascending with those of judgements

    def to_dict(self) -> dict[str, Any]:
        """It as it is stored and told."""
        return asdict(self)


ChosenFields = Mapping[str, FieldChoice]  # by field
NOTHING_CHOSEN: Final[ChosenFields] = {}


def standing_choices(
    choices: Iterable[FieldChoice], records: Iterable[str]
) -> dict[str, FieldChoice]:
    """The choice that stands for each field of a work of these records."""
    inside = set(records)
    latest = sorted(choices, key=lambda one: (one.at, one.number, one.record))
    return {choice.field: choice for choice in latest if choice.record in inside}
