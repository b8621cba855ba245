"""Every reader against files that are damaged in many ways: nothing ends a run, nothing is lost."""

from __future__ import annotations

from collections import Counter
from functools import cache
from pathlib import Path
from random import Random
from typing import Final

import pytest

from indexer.feeds.formats import FORMATS, read_bytes
from indexer.feeds.reading.rows import OUR_FAULT
from indexer.ingesting.making import made_of
from indexer.records import Occurrence, Record
from tests.conftest import SHARED
from tests.mutations import Sample, mutated_file, samples_under

MADE: Final = Path(__file__).parent / "made"
SHARDS: Final = 16
IN_A_SOAK: Final = 1_000_000  # mutated entries, over all shards
PACKED: Final = {"xlsx", "parquet"}  # their rows have no bytes of their own to change


@cache
def samples() -> tuple[Sample, ...]:
    """Those of the project, and the real answers beside it where they are there."""
    return tuple(samples_under([MADE, SHARED / "feeds", SHARED / "samples", SHARED / "reports"]))


def read_mutated(seed: int, entries: int) -> Counter[str]:
    """How many mutated entries went through each reader; fails on the first fault."""
    random = Random(seed)
    by_format: dict[str, list[Sample]] = {}
    for sample in samples():
        by_format.setdefault(sample.format, []).append(sample)
    done: Counter[str] = Counter()
    while done.total() < entries:
        # each format as often as any other, however many samples it has
        name = random.choice(sorted(by_format))
        sample = random.choice(by_format[name])
        data, count = mutated_file(sample, list(samples()), random)
        check(data, f"seed {seed}, after {done.total()} entries, {sample.name}")
        done[name] += count
    return done


def check(data: bytes, where: str) -> None:
    """Read a file: no exception, no fault of ours, no byte left out, and fields of every record."""
    try:
        rows = list(read_bytes(data, "mutated"))
    except Exception as error:
        error.add_note(where)
        raise
    reasons = [row.reason for row in rows if not isinstance(row, Occurrence)]
    ours = [reason for reason in reasons if OUR_FAULT in reason or "a fault of samework" in reason]
    assert not ours, (where, ours[0])
    records = [row.record for row in rows if isinstance(row, Occurrence)]
    faults = made_of(records).faults
    assert not faults, (where, faults)
    for record in records:
        assert Record.from_json(record.to_json()) == record, where


def test_mutated_files_of_every_format_are_read_to_their_end() -> None:
    done = read_mutated(seed=20_261_127, entries=3_000)
    told = {form.name for form in FORMATS} - PACKED
    if SHARED.is_dir():
        assert told - set(done) == set()


@pytest.mark.soak
@pytest.mark.timeout(7_200)
@pytest.mark.parametrize("shard", range(SHARDS))
def test_a_million_mutated_entries_bring_no_fault_and_lose_no_byte(shard: int) -> None:
    done = read_mutated(seed=shard, entries=IN_A_SOAK // SHARDS)
    assert done.total() >= IN_A_SOAK // SHARDS
    print(f"shard {shard}: {dict(sorted(done.items()))}")
