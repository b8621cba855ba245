"""Repair and backup: what a damaged file still holds is saved, and nothing is deleted."""

from __future__ import annotations

import random
import shutil
import sqlite3
import threading
from pathlib import Path

import orjson
import pytest

from detector.decision.verdicts import Verdict
from detector.store.holdings import Holdings
from detector.store.stored_choices import CHOSEN
from detector.store.stories import STORY, events_about
from detector.works.judgements import Judgement
from detector.works.merging.choices_of_fields import FieldChoice
from indexer.index.embedded import EmbeddedEngine
from indexer.index.embedded.damage import damage_of
from indexer.index.embedded.database_pages import DatabasePages
from indexer.index.embedded.repair import ALL, DOCUMENT, RECORD
from tests.command import here
from tests.disks import COMMANDS, DAMAGES, furnish, judged_index, overwritten_middle, rows_of

FILE = "samework.sqlite"


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A judged index with a judgement; tests damage copies of it."""
    folder = tmp_path_factory.mktemp("sound")
    furnish(folder, 200)
    judged_index(folder, folder / "ix")
    engine = EmbeddedEngine(str(folder / "ix"))
    Holdings(engine).add_judgements([Judgement("made:1", "made:2", Verdict.DISTINCT, by="sheet")])
    engine.close()
    return folder


@pytest.fixture
def folder(sound: Path, tmp_path: Path) -> Path:
    shutil.copytree(sound, tmp_path / "here")
    return tmp_path / "here"


def state(index: Path) -> tuple[dict[str, bytes], set[tuple[str, ...]], list[Judgement]]:
    """Records, works by their records, judgements."""
    engine = EmbeddedEngine(str(index))
    try:
        holdings = Holdings(engine)
        records = {one.record_id: one.to_json() for one in engine.scan()}
        works = {tuple(sorted(work.records)) for work in holdings.all_works()}
        return records, works, list(holdings.all_judgements())
    finally:
        engine.close()


def test_every_row_that_sqlite_sees_is_read_from_the_pages(folder: Path) -> None:
    """The reader of pages against SQLite itself, long rows and rows of inner pages too."""
    path = folder / "ix" / FILE
    connection = sqlite3.connect(path)
    records = dict(connection.execute("SELECT id, json FROM record"))
    documents = {row[:2]: row[2:] for row in connection.execute("SELECT * FROM document")}
    connection.close()

    rows = list(DatabasePages(path).rows(ALL))

    read = {row.values[1]: row.values[5] for shape, row in rows if shape == RECORD}
    stored = {row.values[:2]: row.values[2:] for shape, row in rows if shape == DOCUMENT}
    assert read == records
    assert stored == documents


def test_pages_that_are_in_the_log_only_are_read_too(folder: Path) -> None:
    """A process that was killed leaves them there."""
    path = folder / "ix" / FILE
    writer = EmbeddedEngine(str(folder / "ix"))
    writer.write("made", {"x": b"long " * 5_000})
    try:
        rows = DatabasePages(path).rows(frozenset({DOCUMENT}))
        found = {row.values[1]: row.values[3] for _, row in rows if row.values[0] == "made"}
    finally:
        writer.close()

    assert found == {"x": b"long " * 5_000}


@pytest.mark.parametrize("damage", [name for name in DAMAGES if name != "no_database"])
def test_repair_saves_what_can_be_read_and_keeps_the_damaged_file(
    folder: Path, damage: str
) -> None:
    index = folder / "ix"
    records, works, judgements = state(index)
    DAMAGES[damage](index / FILE)
    damaged = (index / FILE).read_bytes()

    done = here("doctor", "--repair", "--index", "ix", cwd=folder)

    assert done.returncode in (0, 3), done.stderr
    assert "Traceback" not in done.stderr
    (kept,) = index.glob("damaged-*.sqlite")
    assert kept.read_bytes() == damaged
    assert damage_of(index / FILE, contents=True) == []
    saved, formed, said = state(index)
    assert saved.items() <= records.items()
    assert all(set(work) <= saved.keys() for work in formed)
    if damage == "zeroed_header":
        assert (saved, formed, said) == (records, works, judgements)
        assert done.returncode == 0
    else:
        assert len(saved) > len(records) / 4
    if lost := len(records) - len(saved):
        assert done.returncode == 3
        assert "cannot be read" in done.stdout, lost
    after = here("doctor", "--index", "ix", cwd=folder)
    assert after.returncode == 0, after.stdout
    again = here("ingest", "rows.jsonl", "--detect", "--index", "ix", cwd=folder)
    assert again.returncode == 0
    assert state(index)[0] == records
    assert state(index)[1] == works


def hurt(whole: bytes, seed: int) -> bytes:
    """A copy with bytes changed anywhere, and sometimes cut off."""
    draw = random.Random(seed)
    copy = bytearray(whole)
    for _ in range(draw.choice([1, 3, 10, 200, 2_000])):
        at, length = draw.randrange(len(copy) - 64), draw.randrange(1, 64)
        copy[at : at + length] = draw.randbytes(length)
    return bytes(copy[: draw.randrange(len(copy) // 2, 2 * len(copy))])


@pytest.mark.parametrize(
    "seeds", [range(12), pytest.param(range(12, 500), marks=pytest.mark.soak)], ids=["few", "many"]
)
@pytest.mark.timeout(3_600)
def test_random_damage_never_ends_a_command_by_a_traceback(folder: Path, seeds: range) -> None:
    """Bytes anywhere: whatever a repair saves is what was stored, and no command blames us."""
    index = folder / "ix"
    records, _, _ = state(index)
    whole = (index / FILE).read_bytes()
    commands = [*COMMANDS.values()]
    repair = ("doctor", "--repair", "--index", "INDEX")
    for seed in seeds:
        for arguments in (commands[seed % len(commands)], repair):
            shutil.rmtree(index)
            index.mkdir()
            (index / FILE).write_bytes(hurt(whole, seed))

            done = here(*(one.replace("INDEX", "ix") for one in arguments), cwd=folder)

            assert "Traceback" not in done.stderr, (seed, arguments)
            assert "fault of samework" not in done.stderr, (seed, arguments)
            assert done.returncode in (0, 1, 3), (seed, arguments)
        if done.returncode == 1:
            assert "nothing of an index can be read" in done.stderr, seed
        else:
            assert state(index)[0].items() <= records.items()


def test_what_is_no_index_is_left_as_it_is(folder: Path) -> None:
    DAMAGES["no_database"](folder / "ix" / FILE)
    before = (folder / "ix" / FILE).read_bytes()

    done = here("doctor", "--repair", "--index", "ix", cwd=folder)

    assert done.returncode == 1
    assert "nothing of an index can be read" in done.stderr
    assert [one.name for one in (folder / "ix").iterdir()] == [FILE]
    assert (folder / "ix" / FILE).read_bytes() == before


def test_a_sound_index_is_not_repaired(folder: Path) -> None:
    before = state(folder / "ix")

    done = here("doctor", "--repair", "--index", "ix", cwd=folder)

    assert done.returncode == 0
    assert "nothing to repair" in done.stdout
    assert list((folder / "ix").glob("damaged-*")) == []
    assert state(folder / "ix") == before


def test_works_that_are_not_whole_are_formed_anew(folder: Path) -> None:
    """The file is sound, what is stored in it contradicts itself."""
    _, works, _ = state(folder / "ix")
    engine = EmbeddedEngine(str(folder / "ix"))
    name, stored = next(iter(engine.documents("work")))
    engine.write("work", {name: orjson.dumps({**orjson.loads(stored.body), "records": []})})
    engine.close()

    done = here("doctor", "--repair", "--index", "ix", cwd=folder)

    assert done.returncode == 0, done.stderr
    assert state(folder / "ix")[1] == works


def test_a_repair_keeps_what_people_chose_and_finds_every_event_of_a_work_again(
    folder: Path,
) -> None:
    engine = EmbeddedEngine(str(folder / "ix"))
    chosen = FieldChoice("made:1", "title", "ana")
    Holdings(engine).store_choice(chosen)
    home = Holdings(engine).work_ids_of(["made:1"])["made:1"]
    told = events_about(engine, home)
    engine.remove(STORY, [name for name, _ in engine.documents(STORY)])
    engine.write(CHOSEN, {"made:2": b"\0 not what was written"})
    name, stored = next(iter(engine.documents("work")))
    engine.write("work", {name: orjson.dumps({**orjson.loads(stored.body), "records": []})})
    engine.close()

    done = here("doctor", "--repair", "--index", "ix", cwd=folder)

    assert done.returncode == 0, done.stderr
    engine = EmbeddedEngine(str(folder / "ix"))
    assert Holdings(engine).choices(["made:1", "made:2"]) == [chosen]
    assert events_about(engine, home)[: len(told)] == told != []
    engine.close()


def test_a_repair_waits_for_nobody_who_writes(folder: Path) -> None:
    """What somebody writes meanwhile would be lost."""
    overwritten_middle(folder / "ix" / FILE)
    other = sqlite3.connect(folder / "ix" / FILE, isolation_level=None, timeout=0)
    try:
        other.execute("BEGIN IMMEDIATE")
    except sqlite3.DatabaseError:
        pytest.skip("this damage lets nobody write")
    try:
        from indexer.index.embedded import faults

        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(faults, "BUSY_SECONDS", 0.2)
            done = here("doctor", "--repair", "--index", "ix", cwd=folder)
    finally:
        other.close()

    assert done.returncode == 1
    assert "another process has been writing" in done.stderr


def test_a_backup_is_an_index_of_one_moment_while_others_write(folder: Path) -> None:
    index = folder / "ix"
    ended = threading.Event()

    def write() -> None:
        engine = EmbeddedEngine(str(index))
        count = 0
        while not ended.is_set():
            with engine.atomically():  # two documents of one transaction: both or none
                engine.write("left", {str(count): b"x"})
                engine.write("right", {str(count): b"x"})
            count += 1
        engine.close()

    writer = threading.Thread(target=write)
    writer.start()
    (folder / "copy").mkdir()
    try:
        done = here("backup", "copy", "--index", "ix", cwd=folder)
    finally:
        ended.set()
        writer.join()

    assert done.returncode == 0, done.stderr
    copy = EmbeddedEngine(str(folder / "copy"), create=False)
    assert copy.count("left") == copy.count("right")
    copy.close()
    assert here("doctor", "--index", "copy", cwd=folder).returncode == 0
    assert state(folder / "copy")[:2] == state(index)[:2]


def test_a_backup_replaces_nothing_and_leaves_nothing_half(folder: Path) -> None:
    (folder / "mine.sqlite").write_bytes(b"mine")

    done = here("backup", "mine.sqlite", "--index", "ix", cwd=folder)

    assert done.returncode == 1
    assert "is not replaced" in done.stderr
    assert (folder / "mine.sqlite").read_bytes() == b"mine"
    assert list(folder.glob("mine*")) == [folder / "mine.sqlite"]


def test_a_backup_of_a_damaged_index_is_refused(folder: Path) -> None:
    """A copy that cannot be used is worse than none: it is found out too late."""
    DAMAGES["changed_bytes"](folder / "ix" / FILE)

    done = here("backup", "copy.sqlite", "--index", "ix", cwd=folder)

    assert done.returncode == 1
    assert "is damaged" in done.stderr
    assert not (folder / "copy.sqlite").exists()


def test_a_cluster_has_snapshots_instead(folder: Path) -> None:
    done = here("backup", "x", "--index", "https://search.example/papers", cwd=folder)

    assert done.returncode == 2
    assert "snapshot" in done.stderr


def test_rows_made_are_the_same_each_time() -> None:
    assert rows_of(5, 3) == rows_of(5, 3)
