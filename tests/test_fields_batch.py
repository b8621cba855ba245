"""Fields of a batch: what many records give together is what each gives alone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, cast

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from indexer.feeds.formats import read_files
from indexer.fields import Fields, fields_of, fields_of_batch
from indexer.ingesting.making import SHARE, fields_and_faults
from indexer.records import Author, Occurrence, Record
from tests.made_records import made_collection
from tests.test_text import ANY_TEXT

EXAMPLES = Path(__file__).parents[1] / "examples"
ANY_RECORD = st.builds(
    Record,
    record_id=st.just("x:1"),
    title=ANY_TEXT,
    alternate_titles=st.lists(ANY_TEXT, max_size=2).map(tuple),
    authors=st.lists(ANY_TEXT.map(Author), max_size=3).map(tuple),
    date=ANY_TEXT,
    container=ANY_TEXT,
    volume=ANY_TEXT,
    pages=ANY_TEXT,
    abstract=ANY_TEXT.map(lambda text: text * 4),
    type=ANY_TEXT,
    doi=ANY_TEXT,
)


def assert_as_alone(together: Sequence[Fields], records: Sequence[Record]) -> None:
    alone = [fields_of(record) for record in records]

    assert list(together) == alone
    for ours, theirs in zip(together, alone, strict=True):  # what equality leaves out
        assert np.array_equal(ours.abstract_shingles, theirs.abstract_shingles)
        assert ours.by_scheme == theirs.by_scheme


@settings(max_examples=150, deadline=None)
@given(st.lists(ANY_RECORD, max_size=5))
def test_batch_of_any_records_gives_what_each_gives_alone(records: list[Record]) -> None:
    assert_as_alone(fields_of_batch(records), records)


def test_batch_of_records_as_feeds_give_them_gives_what_each_gives_alone() -> None:
    rows = read_files(sorted(map(str, EXAMPLES.rglob("*.*"))))
    read = [row.record for row in rows if isinstance(row, Occurrence)]
    assert len(read) > 30
    records = [*read, *made_collection(7, 200)]

    assert_as_alone(fields_of_batch(records), records)


def test_record_that_raises_costs_no_other() -> None:
    records = made_collection(11, SHARE)
    faulty = [3, SHARE - 1, SHARE, len(records) - 1]
    for at in faulty:
        records[at] = replace(records[at], title=cast(Any, None))

    fields, faults = fields_and_faults(records)

    assert sorted(faults) == faulty
    assert_as_alone(fields, [record for at, record in enumerate(records) if at not in faults])
