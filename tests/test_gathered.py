"""Gathered keys: all pairs of a collection are those of its records, in memory or spooled."""

from __future__ import annotations

import random
from collections.abc import Sequence
from contextlib import closing
from dataclasses import replace
from itertools import groupby
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from indexer.fields import fields_of
from indexer.index.embedded import EmbeddedEngine
from indexer.keys import Keys, Kind, gathered, keys_of, self_join
from indexer.keys.epoch import SIEVED_FROM, Epoch, member
from indexer.keys.gathered import GatheredKeys, RecordIds
from indexer.keys.join import cross_join
from indexer.keys.keys import KIND_SHIFT
from indexer.keys.learning import learn
from indexer.records import Record

Found = dict[tuple[str, str], int]


def made_keys(seed: int, count: int) -> Keys:
    """Records with keys of all kinds, drawn from so few that runs and over-full keys come about."""
    choose = random.Random(seed)
    spread = choose.choice((3, 40, 3 * count + 1))
    batches = []
    near, far = 1, (1 << KIND_SHIFT) // spread  # in one part of the key space, in many
    for row in range(count):
        values = {
            choose.choice(list(Kind)) << KIND_SHIFT
            | choose.randrange(spread) * choose.choice((near, far))
            for _ in range(choose.randrange(25))
        }
        head = np.array([row + 1, choose.randrange(4), choose.randrange(4)], np.uint64)
        body = np.array(sorted(values), np.uint64)
        batches.append(Keys.from_blobs((f"made:{row:04}",), (head.tobytes() + body.tobytes(),)))
    return Keys.join(batches)


def gathered_of(keys: Keys, order: Sequence[int], step: int) -> GatheredKeys:
    rows = [np.array(order[at : at + step], np.int64) for at in range(0, len(order), step)]
    return GatheredKeys.of(lambda: iter([keys.take(some) for some in rows]))


def found_in(keys: GatheredKeys, epoch: Epoch) -> Found:
    found = {}
    for pairs in self_join.self_join(keys, epoch):
        for left, right, bits in zip(pairs.left, pairs.right, pairs.found_by, strict=True):
            found[pairs.ids[int(left)], pairs.ids[int(right)]] = int(bits)
    return found


def asked_of(keys: Keys, epoch: Epoch) -> Found:
    rows = zip(*cross_join(keys, keys, epoch), strict=True)
    pairs = ((keys.ids[left], keys.ids[right], int(bits)) for left, right, bits in rows)
    return {(left, right): bits for left, right, bits in pairs if left < right}


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 10**6), st.integers(0, 3_000))
def test_many_values_are_sieved_to_what_each_looked_up_gives(seed: int, count: int) -> None:
    draws = np.random.default_rng(seed)
    table = np.unique(draws.integers(0, 1 << 40, count, np.uint64))
    values = draws.integers(0, 1 << 40, SIEVED_FROM, np.uint64)
    values[: count // 2] = table[: count // 2]

    stands = set(table.tolist())
    assert member(table, values).tolist() == [value in stands for value in values.tolist()]
    few = values[:1_000]
    assert member(table, few).tolist() == [value in stands for value in few.tolist()]


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 10**6), st.integers(0, 300), st.integers(1, 100))
def test_all_pairs_at_once_are_those_asked_for_record_by_record(
    seed: int, count: int, step: int
) -> None:
    """One rule in two forms, also under the epoch of an earlier state and under none."""
    keys = made_keys(seed, count)
    order = random.Random(seed).sample(range(count), count)
    half = keys.take(np.arange(count // 2))
    whole = gathered_of(keys, order, step)
    earlier = learn(gathered_of(half, range(count // 2), 50), 1)

    now = learn(whole, 2)
    for epoch in (now, earlier, Epoch.empty(), replace(now, records=1 << 20)):
        assert found_in(whole, epoch) == asked_of(keys, epoch)


@pytest.mark.parametrize("seed", range(6))
def test_pairs_of_records_that_hang_together_stand_together(
    seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever reads records batch by batch reads those of one component once."""
    monkeypatch.setattr(self_join, "PAIRS_A_BATCH", 7)
    keys = gathered_of(made_keys(seed, 200), range(200), 50)
    batches = list(self_join.self_join(keys, learn(keys, 1)))
    left, right = (np.concatenate([at(pairs) for pairs in batches]).tolist()
                   for at in (lambda pairs: pairs.left, lambda pairs: pairs.right))  # fmt: skip
    tied: dict[int, set[int]] = {}
    for one, other in zip(left, right, strict=True):
        whole = tied.get(one, {one}) | tied.get(other, {other})
        tied.update(dict.fromkeys(whole, whole))

    runs = [min(whole) for whole, _ in groupby(tied[one] for one in left)]
    assert len(runs) == len(set(runs))
    for _, run in groupby(zip(left, right, strict=True), key=lambda pair: min(tied[pair[0]])):
        pairs = list(run)
        assert pairs == sorted(pairs)


@pytest.mark.parametrize("seed", range(6))
def test_spooled_keys_give_what_held_keys_give(seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Ten million records do not fit in memory, and no test has as many."""
    keys = made_keys(seed, 400)
    held = gathered_of(keys, range(400), 400)
    epoch = learn(held, 1)
    wanted = found_in(held, epoch)
    monkeypatch.setattr(gathered, "KEYS_IN_MEMORY", 500)
    monkeypatch.setattr(gathered, "KEYS_A_PART", 100)
    monkeypatch.setattr(self_join, "AT_ONCE", 200)
    monkeypatch.setattr(self_join, "PACKED_AT_ONCE", 300)

    spooled = gathered_of(keys, range(400), 30)

    assert found_in(spooled, epoch) == wanted
    assert learn(spooled, 1).to_bytes() == epoch.to_bytes()
    assert found_in(spooled, epoch) == wanted  # of what learning sorted


@given(st.lists(st.text(max_size=5), max_size=8))
def test_ids_are_the_sequence_that_they_were_made_of(ids: list[str]) -> None:
    packed = RecordIds(ids)

    assert list(packed) == ids
    assert packed[1:] == ids[1:]
    assert [packed[-at] for at in range(1, len(ids) + 1)] == ids[::-1]
    with pytest.raises(IndexError):
        packed[len(ids)]


def test_all_pairs_are_those_of_now_and_not_of_what_was_learnt(tmp_path: Path) -> None:
    """Keys that `learn` read are used again only if nothing changed, here or elsewhere."""
    records = [Record(f"made:{n}", title="Sediment memory of rivers") for n in range(4)]

    def put(engine: EmbeddedEngine, record: Record) -> None:
        engine.put([record], keys_of([fields_of(record)]))

    with closing(EmbeddedEngine(str(tmp_path))) as ours:
        put(ours, records[0])
        put(ours, records[1])
        for more in (records[2], records[3]):
            epoch = ours.learn(1)
            with closing(EmbeddedEngine(str(tmp_path))) as another:
                put(another if more is records[3] else ours, more)

            found = {row.ids[at] for row in ours.all_pairs(epoch) for at in row.right.tolist()}
            assert more.record_id in found
