"""`samework review next` at a real terminal: keys, undo, alike at once, and what is stored."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from detector.detecting.pipeline import WORKS_LEASE
from indexer.index.opening import open_engine
from tests.command import here
from tests.one_shot import write
from tests.terminal import Terminal, at_terminal

ANSWER = "? help: "


BOOKS = [
    ("Made waters: a handbook", "Compton, Ruth"), ("Lichen atlas of granite walls", "Okafor, Ike"),
    ("Grammar without verbs", "Moreau, Claire"), ("Tin mines after dark", "Haddad, Omar"),
]  # fmt: skip


def books(count: int) -> list[dict[str, Any]]:
    """So many pairs that wait for one reason: a title alone supports them."""
    rows: list[dict[str, Any]] = []
    for n, (title, author) in enumerate(BOOKS[:count]):
        book = {"title": title, "year": 2011, "type": "book"}
        rows += [{**book, "id": f"{n}a"}, {**book, "id": f"{n}b", "authors": [author]}]
    return rows


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    eels = {"title": "Counting eels in muddy water", "authors": ["Visser, M."], "type": "book"}
    rows = [{**eels, "id": "xa", "year": 2011}, {**eels, "id": "xb", "year": 2014}]
    write(tmp_path / "made.jsonl", [*books(3), *rows])
    assert here("ingest", "made.jsonl", "--detect", "--index", "cat", cwd=tmp_path).returncode == 0
    return tmp_path


def at_queue(folder: Path, *options: str, columns: int = 120) -> Any:
    return at_terminal("review", "next", "--index", "cat", *options, cwd=folder, columns=columns)


def works(folder: Path) -> list[list[str]]:
    """The works of several records."""
    done = here("works", "events", "--index", "cat", cwd=folder)
    held: dict[str, set[str]] = {}
    for event in map(json.loads, done.stdout.splitlines()):
        held.setdefault(event["work_id"], set()).update(event["came"])
        held[event["work_id"]] -= set(event["went"])
    return sorted(sorted(records) for records in held.values() if len(records) > 1)


def stats(folder: Path) -> dict[str, Any]:
    done = here("review", "stats", "--index", "cat", "--json", cwd=folder)
    counts: dict[str, Any] = json.loads(done.stdout)
    return counts


def quit_by(terminal: Terminal, key: str = "q") -> None:
    terminal.press(key)
    assert terminal.ended() == 0


def test_an_answer_acts_at_once_and_can_be_taken_back_by_a_key(folder: Path) -> None:
    before = works(folder)
    with at_queue(folder) as terminal:
        first = terminal.until(ANSWER)
        assert "-- 1: review" in first
        assert "asked because: the evidence does not suffice" in first
        assert "against it: the years are three apart (2011 / 2014)" in first
        terminal.press("d")
        terminal.until(ANSWER)
        assert "duplicate, r0" in terminal.shown
        assert "merged (+1 record); " in terminal.shown
        terminal.press("z")
        again = terminal.until(ANSWER)
        assert "taken back" in again
        pair = [line for line in first.splitlines() if line.startswith("record")]
        assert pair[0] in again
        terminal.press("d")
        terminal.until(ANSWER)
        quit_by(terminal)

    assert before == []
    assert len(works(folder)) == 1
    assert stats(folder)["judged"]["by"] == {"ana": 1}
    assert stats(folder)["waiting"]["pairs"] == 3


def test_every_key_that_answers_stores_its_verdict(folder: Path) -> None:
    with at_queue(folder) as terminal:
        for key in "vnus":
            terminal.until(ANSWER)
            terminal.press(key)
        assert "no other pair waits for a person" in terminal.until("any other key ends: ")
        quit_by(terminal)

    assert stats(folder)["judged"]["verdicts"] == {"version": 1, "distinct": 1, "review": 1}
    assert stats(folder)["judged"]["share_same"] == 0.5
    assert stats(folder)["waiting"]["pairs"] == 1


def test_what_is_skipped_is_not_shown_again_in_this_session_and_waits_for_the_next(
    folder: Path,
) -> None:
    with at_queue(folder) as terminal:
        for _ in range(4):
            terminal.until(ANSWER)
            terminal.press("s")
        terminal.until("no other pair waits for a person")
        assert terminal.ended() == 0

    assert stats(folder)["waiting"]["pairs"] == 4
    assert stats(folder)["judged"]["judgements"] == 0


def test_pairs_alike_are_answered_together_after_a_look_and_taken_back_together(
    folder: Path,
) -> None:
    """Three that only a title supports, beside one of another reason."""
    with at_queue(folder) as terminal:
        while "three apart" in terminal.until(ANSWER):
            terminal.press("s")
        terminal.press("a")
        assert "3 alike: nothing but the title supports it" in terminal.until(ANSWER)
        nothing, done = ("nothing was answered", ANSWER), ("duplicate 3 pairs", "key ends: ")
        for answer, (end, shown) in (("n", nothing), ("y", done)):
            terminal.press("A")
            terminal.until("else back: ")
            terminal.press("d")
            assert terminal.until("any other key not to: ").count(" leads to ") == 3
            terminal.press(answer)
            assert end in terminal.until(shown)
        assert len(works(folder)) == 3
        terminal.press("z")
        assert "duplicate 3 pairs, r000002: taken back" in terminal.until(ANSWER)
        quit_by(terminal)

    assert works(folder) == []
    assert stats(folder)["judged"]["judgements"] == 0


def test_blind_shows_neither_probability_nor_verdict_nor_reasons(folder: Path) -> None:
    with at_queue(folder, "--blind") as terminal:
        card = terminal.until(ANSWER)
        terminal.press("a")
        group = terminal.until(ANSWER)
        quit_by(terminal)

    for given_away in ("review", "0.8", "probability", "asked because", "against", "supports"):
        assert given_away not in card.partition("d duplicate")[0]
        assert given_away not in group.partition("d duplicate")[0]


def test_while_another_process_changes_works_an_answer_is_refused_and_the_card_stays(
    folder: Path,
) -> None:
    """A nightly harvest is no reason to lose one's place."""
    other = open_engine(str(folder / "cat"), create=False)
    with at_queue(folder) as terminal:
        terminal.until(ANSWER)
        with other.lease(WORKS_LEASE, 60):
            terminal.press("d")
            assert "nothing was stored: " in terminal.until(ANSWER)
        terminal.press("d")
        assert "duplicate, r0" in terminal.until(ANSWER)
        quit_by(terminal)
    other.close()

    assert stats(folder)["judged"]["judgements"] == 1


def test_an_arrow_key_is_no_answer(folder: Path) -> None:
    """It comes as Escape, a bracket and an A, and "A" answers a group."""
    with at_queue(folder) as terminal:
        terminal.until(ANSWER)
        terminal.press("\x1b[A")
        terminal.press("x")
        assert "'x' is no answer" in terminal.until(ANSWER)
        quit_by(terminal)


def test_the_terminal_is_left_as_it_was(folder: Path) -> None:
    import termios

    with at_queue(folder) as terminal:
        before = termios.tcgetattr(terminal._master)[3] & termios.ICANON
        terminal.until(ANSWER)
        assert not termios.tcgetattr(terminal._master)[3] & termios.ICANON
        terminal.press("q")
        while terminal.process.poll() is None:
            terminal._read(0.1)
        assert before
        assert termios.tcgetattr(terminal._master)[3] & termios.ICANON


def test_differing_letters_are_drawn_in_another_style(tmp_path: Path) -> None:
    rows = books(1)
    rows[1]["year"] = 2012
    write(tmp_path / "made.jsonl", rows)
    assert here("ingest", "made.jsonl", "--detect", "--index", "cat", cwd=tmp_path).returncode == 0
    with at_queue(tmp_path) as terminal:
        terminal.until(ANSWER)
        assert b"201\x1b[1;7m1\x1b[0m" in terminal._raw
        assert b"201\x1b[1;7m2\x1b[0m" in terminal._raw
        quit_by(terminal)


def test_without_a_terminal_the_sheet_is_named(folder: Path) -> None:
    done = here("review", "next", "--index", "cat", cwd=folder)

    assert done.returncode == 2
    assert "samework review export" in done.stderr
