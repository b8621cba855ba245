"""Packed postings: every question has the answer that it has without them."""

from __future__ import annotations

import dataclasses
import random
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from indexer.fields import fields_of
from indexer.index.embedded import EmbeddedEngine, visible
from indexer.index.embedded.damage import damage_of
from indexer.index.embedded.database import FILE, LAYOUT, LAYOUT_PACKED, Database
from indexer.index.embedded.packed import WORDS_A_ROW, Packing, postings_of
from indexer.keys import Kind, keys_of, term_key
from indexer.keys.epoch import Epoch
from indexer.keys.keys import KIND_SHIFT
from indexer.records import Author, Record

WORDS = [f"word{n}" for n in range(60)]


def made(seed: int, count: int) -> list[Record]:
    """Records with words that many and that few share, some of them equal."""
    choose = random.Random(seed)
    records: list[Record] = []
    for n in range(count):
        title = " ".join(choose.choices(WORDS, k=choose.randint(1, 9)))
        if records and choose.random() < 0.3:
            title = choose.choice(records).title
        names = (Author(name=f"A. Name{choose.randint(0, 30)}"),)
        name = f"made:{n:05d}"
        doi = f"10.5555/{choose.randint(0, count)}" if choose.random() < 0.3 else ""
        records.append(Record(record_id=name, source="made", title=title, authors=names, doi=doi))
    return records


def put(engine: EmbeddedEngine, records: list[Record]) -> None:
    engine.put(records, keys_of([fields_of(one) for one in records]))


def answers(engine: EmbeddedEngine, asked: list[Record], epoch: Epoch) -> list[object]:
    """What candidates and titles the engine finds, one record after another and together."""
    found: list[object] = []
    for some in (*([one] for one in asked[:40]), asked):
        found.append(sorted(engine.candidates(keys_of([fields_of(one) for one in some]), epoch)))
    for one in asked[:40]:
        found.append(engine.ranked([term_key(word) for word in one.title.split()], epoch, 5))
    return found


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[EmbeddedEngine]:
    with closing(EmbeddedEngine(str(tmp_path))) as opened:
        yield opened


def layout_of(engine: EmbeddedEngine) -> str:
    (said,) = engine.connection.execute("SELECT value FROM meta WHERE name='layout'").fetchone()
    return str(said)


def rows_of(engine: EmbeddedEngine) -> int:
    (count,) = engine.connection.execute("SELECT count(*) FROM posting_1").fetchone()
    return int(count)


@pytest.mark.parametrize("seed", range(3))
def test_answers_are_the_same_whatever_postings_there_are(
    tmp_path: Path, seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """None, packed, a row each, and some of each with records replaced and deleted."""
    records = made(seed, 900)
    choose = random.Random(seed)
    changed = [
        dataclasses.replace(one, title=choose.choice(records).title)
        for one in choose.sample(records, 90)
    ]
    gone = [one.record_id for one in choose.sample(records, 60)]
    told = []
    for name in ("late", "packed", "rows", "each"):
        with closing(EmbeddedEngine(str(tmp_path / name))) as opened:
            monkeypatch.setattr(visible, "ROW_COSTS", 1 if name == "rows" else 8)
            put(opened, records)
            if name == "each":
                opened.make_visible()
            put(opened, changed[:45])
            if name == "each":
                opened.make_visible()
            put(opened, changed[45:])
            opened.delete(gone)
            if name in ("packed", "rows"):
                opened.make_visible()
            assert (rows_of(opened) > 0) == (name in ("rows", "each"))
            assert (layout_of(opened) == LAYOUT_PACKED) == (name in ("packed", "each"))
            told.append(answers(opened, records[::3], opened.learn(1)))

    assert any(told[0])
    assert told[1:] == told[:1] * 3


def test_titles_are_ranked_as_if_records_that_are_gone_had_never_been(
    engine: EmbeddedEngine,
) -> None:
    """Nothing is taken out of packed postings, so what they still say must not crowd out."""
    near = "romanian lattices minimal covolume"
    gone = [Record(record_id=f"made:g{n}", title=near) for n in range(visible.FEW)]
    there = Record(record_id="made:there", title="romanian sediment")
    put(engine, [*gone, there])
    engine.make_visible()
    engine.delete([one.record_id for one in gone])

    found = engine.ranked([term_key(word) for word in near.split()], engine.learn(1), 3)

    assert [name for name, _ in found] == ["made:there"]


@given(seed=st.integers(0, 2**32))
@settings(max_examples=20, deadline=None)
def test_each_posting_is_found_under_its_key(
    seed: int, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """Keys of one record and of a thousand, side by side and far apart, in any number of rows."""
    choose = random.Random(seed)
    count = choose.choice([1, 3, 200, 8 * WORDS_A_ROW])
    few = [kind << KIND_SHIFT | choose.getrandbits(KIND_SHIFT) for kind in (*Kind, *Kind)]
    few += [few[0] ^ (3 << KIND_SHIFT), few[1] ^ (1 << 30), few[2] ^ (1 << 30)]
    alone = (choose.choice(few) ^ choose.getrandbits(30) << 20 for _ in range(count))
    held = [sorted({*choose.sample(few, choose.randint(0, 5)), next(alone)}) for _ in range(count)]
    blobs = [np.array([row, 0, 0, *values], "<u8").tobytes() for row, values in enumerate(held)]
    with closing(Database(tmp_path_factory.mktemp("packed"))) as database:
        with database.transaction() as connection:
            rows = [(3 * row + 1, f"{row}", row, blob) for row, blob in enumerate(blobs)]
            connection.executemany("INSERT INTO keys_1 VALUES (?, ?, ?, ?)", rows)
            database.begin_packed(1)
            with closing(Packing(connection, 1)) as packing:
                packing.write(connection)
        asked = np.unique(np.array([*few, *(value for values in held for value in values), 5]))

        keys, seqs = postings_of(database.connection, 1, packing.bits, asked.astype(np.uint64))

    wanted = {(value, 3 * row + 1) for row, values in enumerate(held) for value in values}
    assert set(zip(keys.tolist(), seqs.tolist(), strict=True)) == wanted
    assert len(keys) == len(wanted)
    assert (keys[1:] >= keys[:-1]).all()


def test_what_fails_while_it_packs_leaves_the_postings_as_they_were(
    engine: EmbeddedEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One transaction: a disk that is full, a kill."""
    records = made(1, 700)
    put(engine, records)
    engine.make_visible()
    before = answers(engine, records, Epoch.empty())
    put(engine, made(2, 1_400)[700:])

    def fails(packing: Packing, connection: object) -> None:
        raise OSError("disk full")

    with monkeypatch.context() as patch:
        patch.setattr(Packing, "write", fails)
        with pytest.raises(OSError, match="disk full"):
            engine.make_visible()
    engine.delete([one.record_id for one in made(2, 1_400)[700:]])

    assert answers(engine, records, Epoch.empty()) == before


def test_postings_that_another_process_made_meanwhile_stay(
    engine: EmbeddedEngine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Keys are read before the lock is held: who comes second leaves what is there."""
    put(engine, made(1, 700))
    read = Packing.__init__

    def meanwhile(packing: Packing, connection: object, generation: int) -> None:
        monkeypatch.setattr(Packing, "__init__", read)
        read(packing, connection, generation)  # type: ignore[arg-type]
        with closing(EmbeddedEngine(str(tmp_path))) as other:
            put(other, made(3, 900)[700:])
            other.make_visible()

    monkeypatch.setattr(Packing, "__init__", meanwhile)
    engine.make_visible()

    asked = keys_of([fields_of(one) for one in made(3, 900)[700:]])
    found = engine.candidates(asked, Epoch.empty())
    assert {f"made:{n:05d}" for n in range(700, 900)} & set(found.ids)
    assert rows_of(engine) == 0


def test_an_index_is_of_the_first_layout_until_its_postings_are_packed(
    engine: EmbeddedEngine,
) -> None:
    """A release that knows no packed postings would find nothing, so it must refuse them."""
    records = made(1, visible.FEW + 30)
    put(engine, records[:20])
    engine.make_visible()
    assert (layout_of(engine), rows_of(engine) > 0) == (LAYOUT, True)

    put(engine, records[20:])
    engine.make_visible()

    assert (layout_of(engine), rows_of(engine)) == (LAYOUT_PACKED, 0)


def test_rows_of_postings_that_were_cut_are_damage(engine: EmbeddedEngine, tmp_path: Path) -> None:
    """A row says how many postings it holds."""
    put(engine, made(1, 700))
    engine.make_visible()
    assert damage_of(tmp_path / FILE, contents=True) == []

    engine.connection.execute("UPDATE packed_1 SET words = substr(words, 9) WHERE rowid % 2")

    assert "of postings are not as they were stored" in damage_of(tmp_path / FILE, contents=True)[0]


def test_an_earlier_release_s_keys_are_gone_back_to_with_their_postings(
    engine: EmbeddedEngine,
) -> None:
    """What was put since the swap is found in the keys that it replaced."""
    records = made(1, 1_300)
    put(engine, records[:600])
    engine.make_visible()
    build = engine.begin_build()
    while missing := build.missing(500):
        build.add(missing, keys_of([fields_of(one) for one in missing]))
    build.swap(lambda some: keys_of([fields_of(one) for one in some]))
    put(engine, records[600:])
    engine.make_visible()
    before = answers(engine, records, Epoch.empty())

    engine.roll_back()

    assert answers(engine, records, Epoch.empty()) == before
