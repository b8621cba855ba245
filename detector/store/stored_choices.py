"""
Stored choices: which record a person chose for a field of the merged record.

    FieldChoice  ->  in the document of its record  ->  choices about some records

They name records by their ids, as judgements do, and are read by the records concerned. Does
not: say which of them stands (`detector/works/merging/choices_of_fields.py` does).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

import orjson

from detector.works.merging.choices_of_fields import FieldChoice
from indexer.index.contract import Collection

CHOSEN: Final = "chosen"


class StoredChoices:
    """The choices of a collection."""

    collection: Collection

    def choices(self, record_ids: Sequence[str]) -> list[FieldChoice]:
        """The choices of any of these records, one a record and field."""
        stored = self.collection.read(CHOSEN, record_ids)
        return [choice for document in stored.values() for choice in _choices(document.body)]

    def all_choices(self) -> dict[str, list[FieldChoice]]:
        """Every choice by its record; people make few."""
        documents = self.collection.documents(CHOSEN)
        return {name: _choices(stored.body) for name, stored in documents}

    def store_choice(self, choice: FieldChoice) -> FieldChoice | None:
        """Store a choice; the earlier one of the same record and field, which it replaces."""
        held = {one.field: one for one in self.choices([choice.record])}
        before = held.get(choice.field)
        _write(self.collection, choice.record, ({**held, choice.field: choice}).values())
        return before

    def take_back_choice(
        self, choice: FieldChoice, before: FieldChoice | None
    ) -> FieldChoice | None:
        """
        Put `before` in the place of a choice, or nothing.

        Returns:
            The later choice of the same record and field that stands in the way, where there
            is one: then nothing was changed.
        """
        held = {one.field: one for one in self.choices([choice.record])}
        stands = held.pop(choice.field, None)
        if stands is not None and stands.number != choice.number:
            return stands
        if before is not None:
            held[before.field] = before
        _write(self.collection, choice.record, list(held.values()))
        return None


def _write(collection: Collection, record_id: str, choices: Iterable[FieldChoice]) -> None:
    plain = [choice.to_dict() for choice in choices]
    if plain:
        collection.write(CHOSEN, {record_id: orjson.dumps(plain)})
    else:
        collection.remove(CHOSEN, [record_id])


def _choices(stored: bytes) -> list[FieldChoice]:
    return [FieldChoice(**plain) for plain in orjson.loads(stored)]
