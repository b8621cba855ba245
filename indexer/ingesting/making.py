"""
Making: what is made of a batch of records before it is stored.

    Records  ->  fields, keys, what is stored of each; by place why nothing can be made of one

In this process, or by a worker that gives back bytes and arrays. Does not: store anything.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, NamedTuple

from indexer.feeds.reading.rows import our_fault
from indexer.fields import Fields, fields_of, fields_of_batch
from indexer.fields.packing import packed
from indexer.index.ordering import Form, form_of
from indexer.ingesting.record_shares import Parts, records_of
from indexer.keys import Keys, keys_of
from indexer.records import Record
from indexer.running.timings import timed

SHARE: Final = 1_000  # records whose fields are made together


class Made(NamedTuple):
    """What is made of a batch of records."""

    fields: Sequence[Fields | bytes]  # of those that are not in `faults`
    keys: Keys
    faults: dict[int, str]  # place in the batch -> why nothing can be made of the record
    forms: Sequence[Form] = ()  # what is stored of those not in `faults`, where a worker made it


def fields_and_faults(records: Sequence[Record]) -> tuple[list[Fields], dict[int, str]]:
    """The fields of records, and by place why none can be made; such a one costs no other."""
    fields: list[Fields] = []
    faults: dict[int, str] = {}
    for begin in range(0, len(records), SHARE):
        share = records[begin : begin + SHARE]
        try:
            fields += fields_of_batch(share)
        except Exception:  # whatever a harvested text holds: which one it is shows one by one
            for at, record in enumerate(share, begin):
                try:
                    fields.append(fields_of(record))
                except Exception as error:
                    faults[at] = our_fault(error)
    return fields, faults


def made_of(records: Sequence[Record]) -> Made:
    """Fields and keys of those records that they can be made of."""
    with timed("fields", len(records)):
        fields, faults = fields_and_faults(records)
    with timed("keys", len(records)):
        return Made(fields, keys_of(fields), faults)


def packed_of(share: Sequence[Parts]) -> Made:
    """
    The same by a worker, with all that is stored of a record.

    What goes back are bytes and arrays: a batch of them is copied in the time that ten of its
    records take as objects.
    """
    records = records_of(share)
    fields, keys, faults, _ = made_of(records)
    with timed("columns", len(records)):
        packs = [made if isinstance(made, bytes) else packed(made) for made in fields]
    with timed("storing"):
        forms = [form_of(record) for at, record in enumerate(records) if at not in faults]
    return Made(packs, keys, faults, forms)
