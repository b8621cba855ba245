"""The command line's manners: errors that help, streams kept apart, settings by their order."""

from __future__ import annotations

import json
import os
import pty
import re
import shlex
import signal
import subprocess
import sys
import threading
import time
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from typer.main import get_command

from indexer.errors import SettingsError
from indexer.settings import SETTINGS, load
from samework.cli import COMMANDS, app
from tests.command import SAMEWORK, here
from tests.one_shot import write
from tests.seed import SEED


@pytest.fixture
def seed(tmp_path: Path) -> Path:
    """The seed's two records in a file."""
    return write(tmp_path / "seed.jsonl", SEED)


def test_called_with_nothing_it_says_what_to_try(tmp_path: Path) -> None:
    """The first thing anybody does."""
    done = here(cwd=tmp_path)

    assert done.returncode == 0
    assert "samework dedupe" in done.stdout
    assert "samework query" in done.stdout


@pytest.mark.parametrize(
    "asked",
    ["--help", "--version", "",
     *(f"{name} --help" for name in ("dedupe", "match", "query", "ingest", "explain"))],
)  # fmt: skip
def test_help_loads_nothing_that_does_the_work(asked: str) -> None:
    """It answers in a tenth of a second because it imports no numpy, client or parser."""
    done = subprocess.run(
        [sys.executable, "-X", "importtime", "-m", "samework.cli", *asked.split()],
        capture_output=True, text=True, check=True, timeout=60,
    )  # fmt: skip

    loaded = {line.rsplit("|", 1)[-1].strip().split(".")[0] for line in done.stderr.splitlines()}
    assert "typer" in loaded
    assert not loaded & {"numpy", "opensearchpy", "datasketch", "rapidfuzz", "httpx", "lxml"}


@pytest.mark.parametrize("command", COMMANDS)
def test_the_summary_of_a_command_is_the_first_sentence_of_its_help(command: str) -> None:
    """The list of commands is made without their modules."""
    group: Any = get_command(app)
    made = group.get_command(None, command)

    assert " ".join(made.help.split("\n\n")[0].split()) == COMMANDS[command]
    assert made.name == command


@pytest.mark.parametrize(
    ("arguments", "named"),
    [
        (("dedupe", "missing.ris"), "missing.ris"),
        (("match", "seed.jsonl", "--index", "nowhere"), "nowhere"),
        (("doctor", "--index", "nowhere"), "samework ingest"),
        (("explain", "a", "b", "--index", "nowhere"), "nowhere"),
        (("dedupe", "seed.jsonl", "--weights", "none.json"), "none.json"),
    ],
)
def test_an_error_is_one_line_that_names_the_value(
    seed: Path, arguments: tuple[str, ...], named: str
) -> None:
    """Nobody is helped by a traceback; exit status 1 tells scripts."""
    done = here(*arguments, cwd=seed.parent)

    assert done.returncode == 1
    assert done.stdout == ""
    assert done.stderr.startswith("error: ")
    assert named in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("place", ["before", "behind"])
def test_debug_shows_where_an_error_arose(tmp_path: Path, place: str) -> None:
    arguments = ["dedupe", "missing.ris"]
    arguments.insert(0 if place == "before" else 2, "--debug")

    assert "Traceback" in here(*arguments, cwd=tmp_path).stderr


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (("dedupe", "seed.jsonl", "--level", "wrok"), "work or version"),
        (("dedupe", "seed.jsonl", "--export", "endnote"), "ris"),
        (("dedupe", "seed.jsonl", "--keeper", "best"), "most-complete"),
        (("query",), "TEXT"),
        (("dedpue", "seed.jsonl"), "dedpue"),
    ],
)
def test_wrong_usage_says_what_would_be_right(
    seed: Path, arguments: tuple[str, ...], expected: str
) -> None:
    """Exit status 2, as everywhere."""
    done = here(*arguments, cwd=seed.parent)

    assert done.returncode == 2
    assert expected in done.stderr


def test_data_goes_to_stdout_and_nothing_else_does(seed: Path) -> None:
    """`samework dedupe … --json | jq` must work."""
    done = here("dedupe", seed, "--out", "out", "--json", cwd=seed.parent)

    assert json.loads(done.stdout)["works"] == 1


def test_titles_cannot_command_the_terminal(tmp_path: Path) -> None:
    """A title may hold escape sequences: they are shown, not obeyed."""
    file = write(tmp_path / "a.jsonl", [{"id": "1", "title": "Red \x1b[31m ice \x1b]8;;x\x07 up"}])

    done = here("match", file, "--against", file, cwd=tmp_path)

    assert "\x1b" not in done.stdout
    assert "\\x1b" in done.stdout


def test_rows_that_cannot_be_used_make_the_exit_status_3(seed: Path) -> None:
    with seed.open("a") as more:
        more.write('{"title": \n')

    done = here("dedupe", seed, "--out", "out", cwd=seed.parent)

    assert done.returncode == 3
    assert "dead-letters" in done.stderr


def test_flags_go_over_environment_over_file_over_defaults(seed: Path) -> None:
    """Each value says where it came from."""
    folder = seed.parent
    (folder / "samework.toml").write_text('index = "of-file"\nout = "out-of-file"\n')

    def origins(*flags: str, **env: str) -> dict[str, tuple[str, str]]:
        done = here("doctor", "--origins", "--json", *flags, cwd=folder, env=env)
        rows = map(json.loads, done.stdout.splitlines())
        return {row["setting"]: (row["value"], row["from"]) for row in rows}

    assert origins()["index"] == ("of-file", "samework.toml")
    assert origins()["level"] == ("work", "default")
    environment = origins(OPENSEARCH_URL="https://search.example")["index"]
    assert environment == ("https://search.example", "environment OPENSEARCH_URL")
    assert origins("--index", "x", SAMEWORK_INDEX="y")["index"] == ("x", "flag --index")


def test_the_file_sets_what_a_command_does(seed: Path) -> None:
    (seed.parent / "samework.toml").write_text(
        'out = "elsewhere"\n[policy]\ncollapse = ["duplicate"]\n'
    )

    done = here("dedupe", seed, cwd=seed.parent)

    assert done.returncode == 0
    assert (seed.parent / "elsewhere/works.jsonl").exists()


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("indx = 'a'", "did you mean 'index'"),
        ("index = 3", "expected a text"),
        ("[policy]\ncollapse = ['related']", "collapse"),
        ("[policy]\ncollapse = ['version', 'thesis']", "collapse"),
        ("index = ", "no TOML file"),
    ],
)
def test_a_settings_file_with_a_fault_says_which(tmp_path: Path, text: str, named: str) -> None:
    file = tmp_path / "s.toml"
    file.write_text(text)

    with pytest.raises(SettingsError, match=re.escape(named)):
        load(file)


def test_tables_of_other_parts_are_handed_on(tmp_path: Path) -> None:
    file = tmp_path / "s.toml"
    file.write_text("[feeds.arxiv]\nset = 'cs'\n")

    assert load(file).table("feeds") == {"arxiv": {"set": "cs"}}
    assert load(file).table("schedule") == {}
    assert len({setting.name for setting in SETTINGS}) == len(SETTINGS)


def terminal(
    command: list[str], cwd: Path, stop_after: bytes = b"", stdout: Path | None = None,
    stdin: int | None = None,
) -> tuple[int, str]:  # fmt: skip
    """Run a command on a terminal of 60 columns; stop it by Ctrl-C once it has said something."""
    answer = (stdout or Path(os.devnull)).open("wb")
    parent, child = pty.openpty()
    process = subprocess.Popen(
        command, cwd=cwd, stdin=child if stdin is None else stdin, stdout=answer, stderr=child,
        env={**os.environ, "COLUMNS": "60", "TERM": "xterm"}, start_new_session=True,
    )  # fmt: skip
    os.close(child)
    answer.close()
    said, began, stopped = b"", time.monotonic(), False
    while time.monotonic() - began < 60:
        try:
            chunk = os.read(parent, 4096)
        except OSError:
            break
        if not chunk:
            break
        said += chunk
        if stop_after and stop_after in said and not stopped:
            stopped = True
            process.send_signal(signal.SIGINT)
    os.close(parent)
    try:
        return process.wait(timeout=30), said.decode(errors="replace")
    finally:
        process.kill()


def many(tmp_path: Path, count: int = 6_000) -> Path:
    """Batches of records that have nothing in common."""
    rows = [{"id": str(n), "title": f"{n:x} {n * 7919:x} {n * 104729:x}"} for n in range(count)]
    return write(tmp_path / "many.jsonl", rows)


def test_a_terminal_shows_count_rate_and_time_left(tmp_path: Path) -> None:
    file = many(tmp_path)

    code, said = terminal(
        [str(SAMEWORK), "dedupe", str(file), "--no-rows", "--no-report"], tmp_path
    )

    assert code == 0
    assert re.search(r"records\s+[\d,]+/s", said)
    assert "left" in said


def test_an_answer_that_is_piped_away_stays_out_of_the_progress(seed: Path) -> None:
    """`samework match … | less` on a terminal: the rows go to less, the bar to the terminal."""
    command = [str(SAMEWORK), "match", str(seed), "--against", str(seed), "--json"]

    code, said = terminal(command, seed.parent, stdout=seed.parent / "answer")

    assert code == 0
    assert len((seed.parent / "answer").read_text().splitlines()) == 2
    assert '"verdict"' not in said
    assert "2 rows" in said


def test_ctrl_c_stops_at_once_and_says_how_to_go_on(tmp_path: Path) -> None:
    """The engine is safe under worse; people must know it."""
    rows = many(tmp_path, 1_000).read_bytes()
    ours, theirs = os.pipe()

    def feed() -> None:
        with suppress(BrokenPipeError):
            while True:  # the input does not end before the signal comes
                os.write(theirs, rows)

    feeder = threading.Thread(target=feed)
    feeder.start()
    command = [str(SAMEWORK), "dedupe", "-"]
    try:
        code, said = terminal(command, tmp_path, stop_after=b"reading", stdin=ours)
    finally:
        os.close(ours)
        feeder.join()
        os.close(theirs)

    assert code == 130
    assert "stopped; nothing was deleted" in said
    assert "Traceback" not in said


def test_no_colour_is_written_where_none_is_wanted(tmp_path: Path) -> None:
    """NO_COLOR (no-color.org), and a pipe gets none in any case."""
    done = here("--help", env={"NO_COLOR": "1"})

    assert "\x1b" not in done.stdout + done.stderr


def test_a_shell_can_complete_the_commands() -> None:
    """Asked by a shell of its own: make and cron have none that could be found."""
    asked = f"{shlex.quote(str(SAMEWORK))} --show-completion; exit $?"

    done = subprocess.run(["bash", "-c", asked], capture_output=True, text=True, timeout=60)

    assert "_SAMEWORK_COMPLETE" in done.stdout
