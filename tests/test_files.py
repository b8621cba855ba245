"""Opening files: folders, packings, limits, and what is said of files nobody can read."""

from __future__ import annotations

import gzip
import io
import os
import sys
import tracemalloc
from collections.abc import Iterator
from pathlib import Path

import pytest
from backports import zstd

from indexer.errors import FeedUnavailable
from indexer.feeds.formats import read_files
from indexer.feeds.reading.files import CHUNK, ReadSettings, files_under, names_of_files, unpacked
from tests.reading import occurrences, rejected, rows_of, titles

ROWS = b"".join(b'{"id": "%d", "title": "Paper %d"}\n' % (n, n) for n in range(200))


def test_folders_are_walked_in_name_order_and_what_holds_no_records_is_passed_over(tmp_path):
    for name in ("b.jsonl", "a/c.jsonl", ".hidden.jsonl", ".git/d.jsonl", "README.md", "run.R"):
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(ROWS)

    found = [os.path.relpath(file, tmp_path) for file in files_under([tmp_path])]

    assert found == ["b.jsonl", os.path.join("a", "c.jsonl")]


def test_a_path_that_is_not_there_is_said_before_anything_is_read(tmp_path):
    """A typing error in the last name must not cost the hour that the first ones take."""
    (tmp_path / "a.jsonl").write_bytes(ROWS)

    with pytest.raises(FeedUnavailable, match="missing"):
        read_files([tmp_path / "a.jsonl", tmp_path / "missing.jsonl"])


def test_files_of_one_name_are_told_apart_by_their_folders():
    """Rows with equal ids in two `export.csv` are two records, not a newer version."""
    names = names_of_files(["x/export.csv", "y/export.csv", "x/old.csv.gz", "./z.csv"])

    assert list(names.values()) == ["x/export.csv", "y/export.csv", "old.csv", "z.csv"]


@pytest.mark.parametrize(
    "packed",
    [
        ROWS,
        gzip.compress(ROWS),
        gzip.compress(ROWS[:3000]) + gzip.compress(ROWS[3000:]),
        gzip.compress(ROWS) + b"\0" * 512,
        gzip.compress(gzip.compress(ROWS)),
        zstd.compress(ROWS),
        zstd.compress(ROWS[:3000]) + zstd.compress(ROWS[3000:]),
    ],
    ids=["plain", "gzip", "members", "padded", "twice", "zstd", "frames"],
)
@pytest.mark.parametrize("name", ["rows.jsonl", "rows.jsonl.gz", "rows.csv.zst"])
def test_packing_is_told_by_content_and_not_by_name(packed, name):
    assert len(occurrences(rows_of(packed, name))) == 200


@pytest.mark.parametrize("pack", [gzip.compress, zstd.compress], ids=["gzip", "zstd"])
def test_of_a_truncated_file_the_rows_before_are_kept_and_the_rest_is_rejected(pack):
    """A download cut short must neither be lost nor pass for whole."""
    numbers = os.urandom(200_000).hex()
    data = b"".join(b'{"title": "%s"}\n' % numbers[n : n + 100].encode() for n in range(3000))
    packed = pack(data)

    rows = rows_of(packed[: len(packed) // 2])

    assert 1000 < len(occurrences(rows)) < 3000
    assert "cut off" in rejected(rows)[-1].reason
    assert rejected(rows)[-1].position > 100_000


def test_damage_inside_a_gzip_is_told_with_its_position():
    packed = bytearray(gzip.compress(os.urandom(100_000).hex().encode()))
    packed[50_000:50_010] = b"\xff" * 10

    (row,) = rejected(rows_of(b'{"title": "x"}\n' + bytes(packed)))[-1:]
    (damaged,) = rejected(rows_of(bytes(packed)))[-1:]

    assert row.reason
    assert "damaged" in damaged.reason or "begins with" in damaged.reason


def test_bytes_behind_a_gzip_are_not_passed_over_in_silence():
    rows = rows_of(gzip.compress(ROWS) + b"something else")

    assert len(occurrences(rows)) == 200
    assert "not gzip" in rejected(rows)[0].reason


@pytest.mark.parametrize("pack", [gzip.compress, zstd.compress], ids=["gzip", "zstd"])
def test_a_decompression_bomb_is_refused_with_its_position(pack):
    """1 GB out of 1 MB; what came before the ratio was reached stays."""
    bomb = pack(ROWS + b" " * 64_000_000 + b'\n{"title": "never reached"}\n')
    tracemalloc.start()

    rows = rows_of(bomb, "bomb.jsonl.gz")

    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert len(occurrences(rows)) == 200
    assert "bomb" in rejected(rows)[-1].reason
    assert rejected(rows)[-1].position >= len(ROWS)
    assert peak < 100_000_000


def test_a_file_over_the_absolute_limit_is_read_up_to_it():
    settings = ReadSettings(file_limit=3 * CHUNK)
    data = b"".join(b'{"title": "Paper %d"}\n' % n for n in range(100_000))

    rows = rows_of(data, "big.jsonl", settings)

    assert 1000 < len(occurrences(rows)) < 100_000
    assert "raise the limit" in rejected(rows)[-1].reason


def test_memory_does_not_grow_with_the_file(tmp_path):
    """Feeds are larger than memory; 60 MB here, with room for two chunks and one row."""
    path = tmp_path / "big.jsonl"
    with path.open("wb") as out:
        for n in range(300):
            out.write(b'{"title": "%d", "abstract": "%s"}\n' % (n, b"x" * 200_000))
    tracemalloc.start()

    count = sum(1 for _ in read_files([path]))

    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert count == 300
    assert peak < 8_000_000


def test_progress_counts_the_bytes_as_they_are_stored(tmp_path):
    path = tmp_path / "rows.jsonl.gz"
    path.write_bytes(gzip.compress(ROWS))
    seen: list[int] = []

    list(read_files([path], ReadSettings(on_packed_bytes=seen.append)))

    assert sum(seen) == path.stat().st_size


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "empty"),
        (b"  \n\n", "empty"),
        (b"PK\x03\x04rest", "zip"),
        (b"%PDF-1.4", "PDF"),
        (b"BZh91AY", "bzip2"),
        (b"\x89PNG\r\n\x1a\n", "none of"),
        (b"Dear reader,\nthis is a letter.\n", "none of"),
    ],
)
def test_a_file_that_is_no_list_of_records_is_one_spoken_rejection(data, said):
    (row,) = rejected(rows_of(data, "some.file"))

    assert said in row.reason
    assert row.position == 0


def test_standard_input_is_read_and_an_empty_one_is_no_failure(monkeypatch):
    """A pipe without records is a day without news."""
    for data, count in ((gzip.compress(ROWS), 200), (b"", 0)):
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(data)))
        rows = list(read_files(["-"]))
        assert len(rows) == count
        assert not rejected(rows)


def test_one_bad_file_does_not_hide_the_others(tmp_path):
    (tmp_path / "1.bin").write_bytes(b"\0\1\2")
    (tmp_path / "2.jsonl").write_bytes(ROWS)
    (tmp_path / "3.jsonl").mkdir()
    (tmp_path / "4.jsonl").write_bytes(b'{"title": "Last"}')

    rows = list(read_files([tmp_path]))

    assert len(rejected(rows)) == 1
    assert titles(rows)[-1] == "Last"


def test_a_file_without_permission_is_rejected_with_the_systems_reason(tmp_path, monkeypatch):
    path = tmp_path / "locked.jsonl"
    path.write_bytes(ROWS)

    def refuse(*_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("builtins.open", refuse)
    (row,) = rejected(list(read_files([path])))

    assert "Permission denied" in row.reason


def test_an_error_of_the_disk_keeps_what_was_read():
    class Failing(io.BytesIO):
        parts: Iterator[bytes] = iter((ROWS,))

        def read(self, size: int | None = -1) -> bytes:
            for part in self.parts:
                return part
            raise OSError(5, "Input/output error")

    stream = unpacked(Failing(), ReadSettings())
    data = b""
    while chunk := stream.read():
        data += chunk

    assert data == ROWS
    assert "Input/output error" in stream.fault


def test_positions_lead_back_to_the_row(tmp_path: Path):
    """The byte offset is how a dead letter is found again in a file of gigabytes."""
    path = tmp_path / "rows.jsonl"
    path.write_bytes(ROWS)
    data = path.read_bytes()

    for row in occurrences(list(read_files([path]))):
        assert data[row.position :].startswith(row.raw)
        assert row.file == str(path)
