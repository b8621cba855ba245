"""Workers: whatever their number, one answer; and none outlives who began it."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path
from tempfile import TemporaryFile
from typing import Any

import psutil
import pytest

from detector.detecting.detection import Detection
from detector.detecting.pipeline import Detector
from indexer.errors import BackendUnavailable, SettingsError, WorkerLost
from indexer.index.contract import Engine
from indexer.ingesting import reindex as steps
from indexer.keys.epoch import Epoch
from indexer.records import Record
from indexer.running import workers as steps_of_workers
from indexer.running.workers import MOST, WORTH, Workers, size_of, workers_for
from tests.command import samework
from tests.made_records import made_collection
from tests.one_shot import write


def halved(number: int) -> float:
    if number == 13:
        raise BackendUnavailable("13 cannot be halved; expected another number")
    if number == 99:
        os.kill(os.getpid(), signal.SIGKILL)
    return number / 2


def rows_of(records: list[Record]) -> list[dict[str, object]]:
    """Records as rows of a file."""
    plain = [record.to_dict() for record in records]
    return [{**one, "id": one.pop("record_id")} for one in plain]


def answer_of(folder: Path) -> dict[str, bytes]:
    """All files of a run's answer but those that tell the time it took."""
    timed = {"summary.json", "report.html", "manifest.json"}
    files = sorted(one for one in folder.rglob("*") if one.is_file())
    return {
        str(one.relative_to(folder)): one.read_bytes()
        for one in files
        if one.name not in timed and "index" not in one.parts
    }


def test_answers_come_in_the_order_of_the_shares() -> None:
    """What is put into an index must not depend on which worker was quicker."""
    with closing(Workers(3)) as workers:
        assert list(workers.each(halved, range(12))) == [n / 2 for n in range(12)]
        assert list(workers.each(abs, [-1])) == [1]


def test_error_of_a_worker_is_raised_as_what_it_is() -> None:
    """A full disk said by a worker is handled like one said here."""
    with (
        closing(Workers(2)) as workers,
        pytest.raises(BackendUnavailable, match="13 cannot be halved"),
    ):
        list(workers.each(halved, [1, 13, 2, 3]))


class ReadingStep:
    """Reads bytes of a file that is open where the step was made."""

    def __init__(self, descriptor: int) -> None:
        self.descriptors = (descriptor,)

    def __call__(self, at: int) -> tuple[int, bytes]:
        return os.getpid(), os.pread(self.descriptors[0], 1, at)


def test_step_finds_files_without_a_name_open_in_every_worker() -> None:
    with closing(Workers(2)) as workers, TemporaryFile() as first, TemporaryFile() as second:
        first.write(b"0123")
        second.write(b"abcd")
        first.flush()
        second.flush()
        for file, held in ((first, b"0123"), (second, b"abcd"), (first, b"0123")):
            answers = list(workers.each(ReadingStep(file.fileno()), range(4)))

            assert b"".join(read for _, read in answers) == held
            assert len({process for process, _ in answers} - {os.getpid()}) == 2


def test_killed_worker_is_an_error_that_names_it_and_the_next_run_begins_others() -> None:
    """The system kills what takes too much memory: nobody may wait for its answer."""
    with closing(Workers(2)) as workers:
        with pytest.raises(
            WorkerLost, match=r"worker 2 of 2 \(process \d+\) was ended by signal 9"
        ):
            list(workers.each(halved, [1, 99, 2, 3]))
        workers.close()
        assert list(workers.each(halved, [4])) == [2.0]


def test_workers_end_with_a_run_that_is_killed() -> None:
    """kill -9 leaves nobody who could tidy up."""
    script = (
        "from indexer.running.workers import Workers\n"
        "if __name__ == '__main__':\n"
        "    w = Workers(2); list(w.each(abs, [1, 2]))\n"
        "    print(*(one._process.pid for one in w._begun), flush=True)\n"
        "    import time; time.sleep(60)\n"
    )
    with subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE) as run:
        assert run.stdout is not None
        pids = [int(pid) for pid in run.stdout.readline().split()]
        assert len(pids) == 2
        assert all(psutil.pid_exists(pid) for pid in pids)
        run.kill()

    end = time.monotonic() + 30
    while any(map(psutil.pid_exists, pids)) and time.monotonic() < end:
        time.sleep(0.05)

    assert not any(map(psutil.pid_exists, pids))


def test_dedupe_by_workers_writes_the_same_bytes(tmp_path: Path) -> None:
    """Ingest, judging and works, over files, whatever N."""
    file = write(tmp_path / "made.jsonl", rows_of(made_collection(51, 700)))
    answers = []
    for count in (1, 2, 3):
        out = tmp_path / f"out{count}"
        run = samework("dedupe", file, "--out", out, "--workers", str(count))
        assert run.returncode == 0, run.stderr
        answers.append(answer_of(out))

    assert len(answers[0]) > 5
    assert answers[0] == answers[1] == answers[2]


def test_whole_judgement_by_workers_is_that_of_one_process(engine: Engine) -> None:
    """The workers read the index themselves: no fields were made by whoever ingested."""
    records = made_collection(52, 300)
    engine.put(records, steps.keyed(records))
    alone = Detector(engine, stores=False).whole()
    with closing(Workers(2)) as workers:
        detector = Detector(engine, stores=False, workers=workers)
        shared = detector.whole()

    assert told(shared) == told(alone)
    assert shared.works == alone.works
    assert len(alone.decisions)


def told(found: Detection) -> tuple[object, ...]:
    columns = found.decisions
    said = [columns.short(row) for row in range(len(columns))]
    return found.proposed, found.compared, said, columns.levels.tolist()


def test_reindex_by_workers_makes_the_same_keys(engine: Engine) -> None:
    """Whoever made a key, it finds the same."""
    records = made_collection(53, 100)
    engine.put(records, steps.keyed(records))
    before = {pair for pairs in engine.all_pairs(Epoch.empty()) for pair in pairs}
    built: list[int] = []

    with closing(Workers(2)) as workers:
        done = steps.reindex(engine, built.append, workers)

    assert sum(built) == done.records == len(records)
    assert {pair for pairs in engine.all_pairs(Epoch.empty()) for pair in pairs} == before


def test_dedupe_with_a_killed_worker_ends_the_same_when_run_again(tmp_path: Path) -> None:
    """The error names the worker; the same command again begins anew and ends the same."""
    file = write(tmp_path / "made.jsonl", rows_of(made_collection(54, 2_500)))
    command = [sys.executable, "-m", "samework.cli", "dedupe", str(file), "--workers", "2"]
    command += ["--out", str(tmp_path / "out")]
    run = subprocess.Popen(command, stderr=subprocess.PIPE, stdout=subprocess.DEVNULL)
    victim: list[psutil.Process] = []
    while not victim and run.poll() is None:
        victim = workers_of(run.pid)
        time.sleep(0.05)
    victim[0].kill()
    _, errors = run.communicate(timeout=100)

    assert run.returncode == 1
    assert f"(process {victim[0].pid}) was ended by signal 9" in errors.decode()
    assert subprocess.run(command, capture_output=True).returncode == 0
    plain = samework("dedupe", file, "--out", tmp_path / "plain")
    assert plain.returncode == 0
    assert answer_of(tmp_path / "out") == answer_of(tmp_path / "plain")


def workers_of(pid: int) -> list[psutil.Process]:
    """The children of the server that begins them."""
    servers = psutil.Process(pid).children()
    return [
        worker
        for server in servers
        if "forkserver" in " ".join(server.cmdline())
        for worker in server.children()
    ]


def test_script_that_does_not_ask_for_its_name_is_not_run_by_its_workers(tmp_path: Path) -> None:
    """Three lines in a file are a program; nobody should need to know how processes begin."""
    file = write(tmp_path / "made.jsonl", rows_of(made_collection(55, 200)))
    script = tmp_path / "three_lines.py"
    script.write_text(
        "import samework as sw\n"
        f"run = sw.dedupe({str(file)!r}, workers=2)\n"
        "print('once', len(run.works)); run.close()\n"
    )

    done = subprocess.run([sys.executable, str(script)], capture_output=True, text=True)

    assert (done.returncode, done.stderr, done.stdout.count("once")) == (0, "", 1)


def test_auto_is_one_process_until_the_input_is_worth_more(monkeypatch: pytest.MonkeyPatch) -> None:
    """To begin others takes a second, which a run over few records does not last."""
    monkeypatch.setattr(steps_of_workers, "_cores", lambda: 3)

    assert workers_for("auto", WORTH - 1) == 1
    assert workers_for("auto", WORTH) == 3
    assert workers_for(2, 0) == workers_for("2", 0) == 2
    monkeypatch.setattr(steps_of_workers, "_cores", lambda: 64)
    assert workers_for("auto", WORTH) == MOST


@pytest.mark.parametrize("asked", ["many", "0", 0, -1, "", 1.5])
def test_what_is_no_number_of_workers_is_refused(asked: Any) -> None:
    with pytest.raises(SettingsError, match="expected auto or a number from 1"):
        workers_for(asked, 0)


def test_packed_files_count_as_what_they_hold(tmp_path: Path) -> None:
    (tmp_path / "a.ris").write_bytes(b"x" * 100)
    (tmp_path / "b.ris.gz").write_bytes(b"x" * 100)

    assert size_of([str(tmp_path / "a.ris"), str(tmp_path / "b.ris.gz"), "-"]) == 500
