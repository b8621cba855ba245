"""
Tombstones: what says that a source has withdrawn a record, or merged it into another.

    (source, id)  ->  Record with `deleted` set
"""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from indexer.records import Record, Relation, record_id_of

MERGED_INTO: Final = "merged-into"  # a tombstone's relation: the record that stands for it now


def tombstone(source: str, source_id: str, updated: str = "", merged_into: str = "") -> Record:
    """
    The record that says a source has withdrawn another.

    *merged_into* is the source id that stands for it now: the source's own claim
    that both are one, kept as a relation for the detector to weigh.
    """
    record = Record(
        record_id=record_id_of(source, source_id),
        source=source,
        source_id=source_id,
        updated=updated,
        deleted=True,
    )
    if not merged_into:
        return record
    target = record_id_of(source, merged_into)
    return replace(record, relations=(Relation(MERGED_INTO, target),))
