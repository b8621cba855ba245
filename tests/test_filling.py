"""An index that is filled in one go: fast, and worth nothing if the process dies meanwhile."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from indexer.errors import BackendIncomplete
from indexer.fields import fields_of
from indexer.index.embedded import EmbeddedEngine
from indexer.index.embedded.damage import damage_of
from indexer.index.embedded.numbers_by_id import NumbersById
from indexer.keys import keys_of
from tests.made_records import made_collection

KILLED = """
import os, signal, sys
from indexer.fields import fields_of
from indexer.index.embedded import EmbeddedEngine
from indexer.keys import keys_of
from tests.made_records import made_collection

engine = EmbeddedEngine(sys.argv[1])
with engine.filling():
    records = made_collection(3, 40)
    engine.put(records, keys_of([fields_of(one) for one in records]))
    os.kill(os.getpid(), signal.SIGKILL)
"""


def fill(engine: EmbeddedEngine) -> int:
    records = made_collection(3, 40)
    engine.put(records, keys_of([fields_of(one) for one in records]))
    return len(records)


def schema(folder: Path) -> set[str]:
    with closing(sqlite3.connect(folder / "samework.sqlite")) as connection:
        return {sql for (sql,) in connection.execute("SELECT sql FROM sqlite_master") if sql}


def test_a_file_whose_filling_was_killed_is_refused_with_what_to_do(tmp_path: Path) -> None:
    subprocess.run([sys.executable, "-c", KILLED, str(tmp_path / "ix")], check=False, timeout=60)
    with pytest.raises(BackendIncomplete, match="remove its folder and run that again"):
        EmbeddedEngine(str(tmp_path / "ix"))


def test_a_filled_file_is_like_one_that_was_put_into(tmp_path: Path) -> None:
    """The same tables and indexes, a log again, and whole."""
    for name in ("filled", "put"):
        with closing(EmbeddedEngine(str(tmp_path / name))) as engine:
            if name == "filled":
                with engine.filling():
                    fill(engine)
            else:
                fill(engine)
            assert engine.connection.execute("PRAGMA journal_mode").fetchone() == ("wal",)
            assert engine.connection.execute("PRAGMA synchronous").fetchone() == (2,)
    assert schema(tmp_path / "filled") == schema(tmp_path / "put")
    assert damage_of(tmp_path / "filled/samework.sqlite", contents=True) == []


def test_only_an_empty_index_that_nobody_else_has_open_is_filled_so(tmp_path: Path) -> None:
    """Else the block is as if it were not there."""
    with closing(EmbeddedEngine(str(tmp_path / "open"))) as engine:
        with closing(EmbeddedEngine(str(tmp_path / "open"))) as other, engine.filling():
            stored = fill(engine)
            assert other.totals().records == stored
        with engine.filling():
            assert engine.connection.execute("PRAGMA journal_mode").fetchone() == ("wal",)


def test_numbers_by_id_tell_all_that_an_id_was_given(monkeypatch: pytest.MonkeyPatch) -> None:
    """Ids of one hash too: whoever asks looks at the rows."""
    met = NumbersById()
    names = [f"made:{at}" for at in range(50)]
    for start in range(0, 50, 7):
        met.add(names[start : start + 7], start)
    met.add(["made:3"], 50)
    assert sorted(met.numbers(["made:3", "made:41", "unknown"])) == [3, 41, 50]
    assert NumbersById().numbers(names) == []
    monkeypatch.setattr("indexer.index.embedded.numbers_by_id.hash", lambda _: 7, raising=False)
    alike = NumbersById()
    alike.add(["a", "b"], 1)
    assert sorted(alike.numbers(["b"])) == [1, 2]
