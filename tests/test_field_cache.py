"""Field cache: however many records there are, none is made twice and few stand in memory."""

from __future__ import annotations

import errno
import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from detector.detecting import field_cache
from detector.detecting.field_cache import FieldCache
from detector.detecting.field_file import FieldFile
from indexer.faults import told
from indexer.fields import Fields, fields_of
from indexer.fields.packing import packed
from indexer.index.embedded import EmbeddedEngine
from indexer.keys import keys_of
from indexer.records import Record
from tests.made_records import made_collection

RECORDS = made_collection(71, 60)


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[EmbeddedEngine]:
    engine = EmbeddedEngine(str(tmp_path / "index"))
    engine.put(RECORDS, keys_of([fields_of(one) for one in RECORDS]))
    yield engine
    engine.close()


def wanted() -> dict[str, Fields]:
    return {one.record_id: fields_of(one) for one in RECORDS}


def never(records: list[Record]) -> list[Fields]:
    raise AssertionError(f"made again: {records[0].record_id}")


@pytest.mark.parametrize("most", [1, 7, 1000])
def test_fields_that_memory_has_no_room_for_are_read_and_not_made_again(
    engine: EmbeddedEngine, monkeypatch: pytest.MonkeyPatch, most: int
) -> None:
    cache = FieldCache(engine, most)
    assert cache.of(wanted()) == wanted()

    monkeypatch.setattr(field_cache, "fields_of_batch", never)

    assert cache.of(reversed(list(wanted()))) == wanted()
    assert list(cache.of(list(wanted())[::7])) == list(wanted())[::7]


def test_what_is_forgotten_is_made_anew_wherever_it_was(engine: EmbeddedEngine) -> None:
    cache = FieldCache(engine, 3)
    ids = list(wanted())
    cache.of(ids)
    engine.delete([ids[0], ids[-1]])

    cache.forget([ids[0], ids[-1]])

    assert list(cache.of(ids)) == ids[1:-1]


def test_seeds_replace_what_was_there_packed_or_not(engine: EmbeddedEngine) -> None:
    first, second, third = list(wanted())[:3]
    other = Fields("made:other")
    cache = FieldCache(engine, 1)
    cache.of(wanted())

    cache.seed([(first, other), (second, packed(other)), (third, other), (third, None)])

    assert cache.of([first, second, third]) == {
        first: other,
        second: other,
        third: wanted()[third],
    }


def test_the_same_fields_are_given_packed(engine: EmbeddedEngine) -> None:
    cache = FieldCache(engine, 5)
    ids = list(wanted())
    cache.of(ids[:10])

    cache.fill(ids[5:], lambda missing: [{one: packed(wanted()[one]) for one in missing}])

    bodies = cache.spans([*ids, "nobody:1"]).bodies(cache.descriptor)
    assert bodies == {n: packed(made) for n, made in wanted().items()}


def test_field_file_has_no_name_and_lies_beside_the_index(tmp_path: Path) -> None:
    """A run that is killed leaves nothing behind, and fills no other disk."""
    file = FieldFile(str(tmp_path))
    file.add("a", b"x" * 3_000_000)
    file.add("b", b"yy")

    assert list(tmp_path.iterdir()) == []
    assert file.folder == tmp_path
    assert FieldFile(str(tmp_path / "missing")).folder != tmp_path
    assert (file.get("a"), file.get("b"), file.get("c")) == (b"x" * 3_000_000, b"yy", None)
    file.clear()
    assert file.get("a") is None


def test_full_disk_is_named_with_its_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = FieldFile(str(tmp_path))

    def full(*_: object) -> int:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(os, "pwrite", full)
    with pytest.raises(OSError, match="No space left") as fault:
        file.add("a", b"x" * 2_000_000)

    assert str(tmp_path) in told(fault.value)
    assert "the disk is full" in told(fault.value)


def test_fields_behind_two_gigabytes_are_read_where_they_lie(tmp_path: Path) -> None:
    """A million and a half records fill two gigabytes; an offset is no number of 31 bits."""
    file = FieldFile(str(tmp_path))
    file.add("first", b"x")
    assert file.get("first") == b"x"
    file._written = 5 << 30  # a hole: the system keeps no bytes for it
    file.add("behind", b"yy")

    spans = file.spans(["first", "nobody", "behind"])

    assert spans.bodies(file.descriptor) == {"first": b"x", "behind": b"yy"}
