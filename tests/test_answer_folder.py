"""What a run writes never harms what is there: refusals, swaps, kills, two runs at once."""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import time
from pathlib import Path

import pytest

from detector.errors import OutputError
from detector.reports.folder.answer_folder import AnswerFolder
from detector.reports.folder.manifest import HIDDEN, Manifest
from tests.command import SAMEWORK, here, samework
from tests.disks import fill, furnish, small_disk
from tests.one_shot import lines

EEL = "TY  - JOUR\nAU  - {who}\nTI  - {title}\nJO  - Made Eel J\nPY  - {year}\nER  - \n\n"


def ris(file: Path, *titles: str) -> Path:
    """A made RIS file."""
    rows = (EEL.format(who="Uno, Ada", title=one, year=2001) for one in titles)
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text("".join(rows), "utf-8")
    return file


def state(folder: Path) -> dict[str, bytes]:
    """Every file of a folder that a person sees."""
    return {
        name.relative_to(folder).as_posix(): name.read_bytes()
        for name in folder.rglob("*")
        if name.is_file() and HIDDEN not in name.parts
    }


@pytest.fixture
def done(tmp_path: Path) -> Path:
    """A folder with an input and its answer, `answer/`, whole rows kept and RIS exported."""
    ris(tmp_path / "a.ris", "Eels of the made rivers", "Otters and their made burrows")
    run = here("dedupe", "a.ris", "--out", "answer", "--keep", "one", "--export", "ris",
                   cwd=tmp_path)  # fmt: skip
    assert run.returncode == 0, run.stderr
    return tmp_path


def refused(folder: Path, *arguments: str) -> str:
    """What a run says that refuses and leaves everything as it was."""
    before = state(folder)
    run = here("dedupe", *arguments, cwd=folder)
    assert run.returncode == 1, run.stdout + run.stderr
    assert state(folder) == before
    assert "Traceback" not in run.stderr
    return run.stderr


@pytest.mark.parametrize(
    "spelling",
    ["answer/kept", "answer/kept/a.ris", "./answer/../answer/kept/a.ris", "link", "folder/a.ris"],
)
def test_an_input_that_the_answer_would_replace_is_refused(spelling: str, done: Path) -> None:
    """Once it was deleted before it was read."""
    (done / "link").symlink_to(done / "answer/kept/a.ris")
    (done / "folder").symlink_to(done / "answer/kept")

    said = refused(done, spelling, "a.ris", "--out", "answer")

    assert "a.ris" in said
    assert "another --out" in said


def test_an_input_beside_the_answer_is_read_and_stays(done: Path) -> None:
    """--out may be the folder that the inputs lie in."""
    run = here("dedupe", "a.ris", "--out", ".", cwd=done)
    again = here("dedupe", "a.ris", "--out", ".", cwd=done)

    assert (run.returncode, again.returncode) == (0, 0), again.stderr
    assert (done / "a.ris").exists()
    assert len(lines(done / "works.jsonl")) == 2


def test_an_input_under_a_name_that_the_run_writes_is_refused(tmp_path: Path) -> None:
    ris(tmp_path / "works.ris", "Eels of the made rivers")

    assert "works.ris" in refused(tmp_path, "works.ris", "--out", ".", "--export", "ris")


def test_a_folder_that_holds_the_answer_is_read_without_it(done: Path) -> None:
    """`samework dedupe .` twice: the second must not read what the first wrote."""
    for _ in range(2):
        run = here("dedupe", ".", "--out", "answer", "--json", cwd=done)
        assert run.returncode == 0, run.stderr
        assert json.loads(run.stdout)["rows"]["read"] == 2
        assert "are not read" in run.stderr


@pytest.mark.parametrize("name", ["report.html", "works.ris", "marked/a.ris", "piles/unique.csv"])
def test_a_file_of_somebody_else_in_the_way_is_refused(name: str, tmp_path: Path) -> None:
    ris(tmp_path / "a.ris", "Eels of the made rivers")
    (tmp_path / "out" / name).parent.mkdir(parents=True)
    (tmp_path / "out" / name).write_text("mine")

    said = refused(tmp_path, "a.ris", "--out", "out", "--export", "ris")

    assert name in said
    assert "another --out" in said


def test_a_file_of_somebody_else_not_in_the_way_stays(done: Path) -> None:
    """Notes beside our piles are nobody's to delete."""
    for name in ("notes.txt", "piles/notes.txt", "marked/notes.txt", "kept.bib"):
        (done / "answer" / name).write_text("mine")

    run = here("dedupe", "a.ris", "--out", "answer", "--no-rows", cwd=done)

    assert run.returncode == 0, run.stderr
    for name in ("notes.txt", "piles/notes.txt", "marked/notes.txt", "kept.bib"):
        assert (done / "answer" / name).read_text() == "mine"


@pytest.mark.parametrize("name", ["report.html", "kept.ris", "piles/unique.csv", "marked/a.ris"])
def test_a_part_that_somebody_changed_is_not_replaced(name: str, done: Path) -> None:
    with (done / "answer" / name).open("a") as more:
        more.write(" ")

    said = refused(done, "a.ris", "--out", "answer", "--keep", "one", "--export", "ris")

    assert name in said
    assert "changed since" in said


def test_a_changed_part_that_the_run_does_not_write_stays(done: Path) -> None:
    with (done / "answer/kept.ris").open("a") as more:
        more.write("\n")

    run = here("dedupe", "a.ris", "--out", "answer", cwd=done)

    assert run.returncode == 0, run.stderr
    assert "kept.ris was changed by somebody and stays" in run.stderr
    assert (done / "answer/kept.ris").exists()
    assert not (done / "answer/kept").exists()


def test_parts_that_a_later_run_does_not_have_go(done: Path) -> None:
    """A stale kept.ris beside a new summary was taken for its result."""
    ris(done / "b.ris", "A third made study, of herons")

    run = here("dedupe", "b.ris", "--out", "answer", "--export", "csv", cwd=done)

    assert run.returncode == 0, run.stderr
    left = state(done / "answer")
    assert "works.csv" in left
    assert not {"kept.ris", "kept/a.ris", "marked/a.ris"} & set(left)
    assert "marked/b.ris" in left


def test_an_answer_of_a_release_without_manifest_is_refused(done: Path) -> None:
    """Nobody can tell which of its files people have changed."""
    (done / "answer" / HIDDEN / "manifest.json").unlink()

    assert "no manifest says" in refused(done, "a.ris", "--out", "answer")


@pytest.mark.parametrize("name", ["index", "marked"])
def test_a_link_on_the_way_is_refused(name: str, tmp_path: Path) -> None:
    """What we write would land in a folder that is not the answer's."""
    ris(tmp_path / "a.ris", "Eels of the made rivers")
    (tmp_path / "mine").mkdir()
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / name).symlink_to(tmp_path / "mine")

    assert name in refused(tmp_path, "a.ris", "--out", "out")


def test_an_index_that_grew_since_is_not_replaced(done: Path) -> None:
    """Records that somebody ingested into it are in no input of the run."""
    ris(done / "b.ris", "A third made study, of herons")
    here("ingest", "b.ris", "--index", "answer/index", cwd=done)

    assert "samework.sqlite" in refused(done, "a.ris", "--out", "answer")


def test_looking_into_the_answer_changes_nothing_of_it(done: Path) -> None:
    """Whoever asked `explain` or `doctor` may run again."""
    for command in (("doctor",), ("query", "eels"), ("dead-letters", "list"), ("match", "a.ris")):
        here(*command, "--index", "answer/index", cwd=done)

    assert here("dedupe", "a.ris", "--out", "answer", cwd=done).returncode == 0


def test_a_run_that_fails_leaves_nothing_new(tmp_path: Path) -> None:
    (tmp_path / "empty.ris").write_text("")

    assert here("dedupe", "none.ris", "--out", "out", cwd=tmp_path).returncode == 1
    assert here("dedupe", "-", "--out", "out", cwd=tmp_path).returncode == 3
    assert not (tmp_path / "out").exists()


def test_a_run_that_fails_leaves_the_last_answer(done: Path) -> None:
    assert "none.ris" in refused(done, "none.ris", "--out", "answer")


@pytest.mark.parametrize(
    "point",
    ["within-put", "within-works", "within-answer", "after-answer"]
    + [f"within-swap:{n}" for n in (1, 4)],
)
def test_killed_anywhere_the_answer_is_readable_and_the_next_run_whole(
    point: str, done: Path
) -> None:
    """Until the swap it is the last answer to the byte; amid it every file is whole."""
    before = state(done / "answer")
    ris(done / "b.ris", "A third made study, of herons", "Otters and their made burrows")
    command = ("dedupe", "a.ris", "b.ris", "--out", "answer", "--export", "csv")

    killed = samework(*command, cwd=done, env={"SAMEWORK_DIE_AT": point})

    assert killed.returncode == -signal.SIGKILL
    now = state(done / "answer")
    if not point.startswith("within-swap"):
        assert now == before
    assert set(before) <= set(now)
    for name in ("works.jsonl", "pairs.jsonl"):
        lines(done / "answer" / name)
    asked = here("query", "otters", "--index", "answer/index", cwd=done)
    assert "Otters" in asked.stdout, asked.stderr
    again = here(*command, cwd=done)
    assert again.returncode == 0, again.stderr
    ended = state(done / "answer")
    here("dedupe", "a.ris", "b.ris", "--out", "fresh", "--export", "csv", cwd=done)
    fresh = state(done / "fresh")
    assert set(ended) == set(fresh)
    assert ended["works.jsonl"] == fresh["works.jsonl"]
    assert sorted(os.listdir(done / "answer" / HIDDEN)) == ["lock", "manifest.json"]


def test_stopped_by_ctrl_c_the_last_answer_stands(done: Path) -> None:
    before = state(done / "answer")
    with subprocess.Popen(
        [str(SAMEWORK), "dedupe", "-", "--out", "answer"],
        cwd=done,
        stdin=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as run:
        assert run.stdin is not None
        run.stdin.write(EEL.format(who="Uno, Ada", title="Eels", year=2001) * 3)
        run.stdin.flush()
        while not (done / "answer" / HIDDEN / "next").exists():
            pass
        run.send_signal(signal.SIGINT)
        _, said = run.communicate(timeout=60)

    assert run.returncode == 130, said
    assert "stopped" in said
    assert state(done / "answer") == before


def test_a_second_run_into_the_same_folder_is_refused(done: Path) -> None:
    with AnswerFolder(done / "answer"):
        said = refused(done, "a.ris", "--out", "answer")

    assert "another run" in said
    assert "answer" in said


def test_what_somebody_makes_while_a_run_goes_on_is_kept_beside(tmp_path: Path) -> None:
    """It was not there when the run looked."""
    out = tmp_path / "out"
    with AnswerFolder(out) as folder:
        folder.claim(["report.html"], [])
        (folder.new / "report.html").write_text("ours")
        (out / "report.html").write_text("theirs")
        folder.swap()

    assert (out / "report.html").read_text() == "ours"
    assert (out / "report.kept-1.html").read_text() == "theirs"
    assert "report.kept-1.html" in folder.notes[0]


@pytest.mark.parametrize("name", ["../precious", "/etc/precious", "a/../../precious", ""])
def test_a_manifest_names_nothing_outside_its_folder(name: str, tmp_path: Path) -> None:
    """A folder may come from a stranger, and what a manifest names may be removed."""
    path = tmp_path / "manifest.json"
    stamp = {"size": 0, "blake2b": ""}
    path.write_text(json.dumps({"layout": 1, "files": {name: stamp}}))

    with pytest.raises(OutputError, match="manifest"):
        Manifest.read(path)


@pytest.mark.parametrize("option", ["--new", "--summary"])
def test_an_output_file_that_is_there_is_only_replaced_on_demand(
    option: str, tmp_path: Path
) -> None:
    ris(tmp_path / "a.ris", "Eels of the made rivers")
    ris(tmp_path / "b.ris", "Otters and their made burrows")
    (tmp_path / "mine").write_text("mine")
    command = ("match", "a.ris", "--against", "b.ris", option, "mine")

    refused = here(*command, cwd=tmp_path)

    assert refused.returncode == 1
    assert "--overwrite" in refused.stderr
    assert refused.stdout == ""
    assert (tmp_path / "mine").read_text() == "mine"
    assert here(*command, "--overwrite", cwd=tmp_path).returncode == 0
    assert (tmp_path / "mine").read_text() != "mine"
    assert sorted(os.listdir(tmp_path)) == ["a.ris", "b.ris", "mine"]


@pytest.mark.parametrize("target", ["a.ris", "b.ris", "folder/c.ris", "link"])
def test_an_input_is_never_the_output(target: str, tmp_path: Path) -> None:
    """Not even with --overwrite, nor by another name."""
    for name in ("a.ris", "b.ris", "folder/c.ris"):
        ris(tmp_path / name, "Eels of the made rivers")
    (tmp_path / "link").symlink_to("a.ris")
    before = state(tmp_path)

    done = here("match", "a.ris", "folder", "--against", "b.ris", "--new", target,
                    "--overwrite", cwd=tmp_path)  # fmt: skip

    assert done.returncode == 1
    assert target in done.stderr
    assert state(tmp_path) == before


@pytest.mark.parametrize("room", [0, 250_000, 500_000])
def test_a_full_disk_leaves_the_last_answer(room: int, tmp_path: Path) -> None:
    """Wherever the room ends; and the next run, with room again, is whole."""
    furnish(tmp_path, 60)
    with small_disk(tmp_path / "disk", "16m") as disk:
        command = ("dedupe", "rows.jsonl", "more.jsonl", "--out", disk / "out")
        assert here("dedupe", "rows.jsonl", "--out", disk / "out", cwd=tmp_path).returncode == 0
        before = state(disk / "out")
        filler = fill(disk)
        with filler.open("r+b") as full:
            full.truncate(filler.stat().st_size - room)

        done = here(*command, cwd=tmp_path)

        assert done.returncode == 1, done.stdout
        assert "the disk is full" in done.stderr
        assert state(disk / "out") == before
        filler.unlink()
        done = here(*command, cwd=tmp_path)
        assert done.returncode == 0, done.stderr
        assert len(state(disk / "out")) > len(before)
        assert not (disk / "out" / HIDDEN / "next").exists()


def test_what_samework_wrote_is_no_input_of_a_folder(done: Path) -> None:
    """Another answer in the folder, and the folder's own: only the user's files are rows."""
    ris(done / "answer/b.ris", "A third made study, of herons")

    for folder, out, count in ((".", "two", 3), (".", ".", 3), ("answer", "answer", 1)):
        run = here("dedupe", folder, "--out", out, "--json", cwd=done)
        assert run.returncode == 0, run.stderr
        assert json.loads(run.stdout)["rows"]["read"] == count
        assert "samework wrote" in run.stderr
    (done / "answer/b.ris").unlink()
    assert "name the files" in refused(done, "answer", "--out", "three")


@pytest.mark.soak
@pytest.mark.timeout(900)
def test_kills_at_random_moments_leave_one_answer_or_the_other(done: Path) -> None:
    """Twenty kills of runs that change the answer to and fro."""
    seed = random.randrange(2**32)
    print(f"seed {seed}")  # shown when the test fails
    choose = random.Random(seed)
    ris(done / "b.ris", "A third made study, of herons", "Otters and their made burrows")
    for number in range(20):
        files = ("a.ris", "b.ris") if number % 2 else ("a.ris",)
        run = subprocess.Popen(
            [str(SAMEWORK), "dedupe", *files, "--out", "answer"],
            cwd=done,
            stdout=subprocess.DEVNULL,
        )
        time.sleep(choose.uniform(0.3, 3.0))
        run.kill()
        run.wait(timeout=60)
        assert len(lines(done / "answer/works.jsonl")) in (2, 3)
        assert "Otters" in here("query", "otters", "--index", "answer/index", cwd=done).stdout

    assert here("dedupe", "a.ris", "b.ris", "--out", "answer", cwd=done).returncode == 0
    assert len(lines(done / "answer/works.jsonl")) == 3
    assert not list(done.glob("answer/**/*.kept-*"))
