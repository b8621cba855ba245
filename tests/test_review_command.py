"""`samework review`: what it lists, shows and counts, and what a blind judge does not see."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.command import here
from tests.one_shot import write

EELS: dict[str, Any] = {"title": "Counting eels in muddy water", "type": "article"}
ROWS: list[dict[str, Any]] = [
    # a title alone supports these
    {**EELS, "id": "1", "year": 2017},
    {**EELS, "id": "2", "year": 2017, "authors": ["Visser, M."]},
    {"id": "3", "title": "Made waters: a handbook", "year": 2011, "type": "book"},
    {"id": "4", "title": "Made waters: a handbook", "year": 2011, "type": "book",
     "authors": ["Compton, Ruth"], "isbn": "9780306406157"},
    {"id": "5", "title": "Kelp counts by drone", "authors": ["Nye, Una"], "year": 2024},
]  # fmt: skip
GIVEN_AWAY = ("probability", "review", "verdict", "asked because", "against", "for it", "supports")


@pytest.fixture(scope="module")
def catalogue(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("review")
    write(folder / "made.jsonl", ROWS)
    assert here("ingest", "made.jsonl", "--detect", "--index", "cat", cwd=folder).returncode == 0
    return folder


def listed(folder: Path, *options: str) -> list[dict[str, Any]]:
    done = here("review", "list", "--index", "cat", "--json", *options, cwd=folder)
    assert done.returncode == 0, done.stderr
    return [json.loads(line) for line in done.stdout.splitlines()]


def test_the_list_numbers_the_pairs_and_says_why_each_is_asked(catalogue: Path) -> None:
    cards = listed(catalogue)

    assert [card["number"] for card in cards] == [1, 2]
    assert {frozenset((card["left"], card["right"])) for card in cards} == {
        frozenset(("made.jsonl:1", "made.jsonl:2")), frozenset(("made.jsonl:3", "made.jsonl:4"))
    }  # fmt: skip
    assert all(card["verdict"] == "review" and card["why"]["held_back"] for card in cards)
    assert all("authors" in card["why"]["missing"] for card in cards)
    assert [card["value"] for card in cards] == sorted((c["value"] for c in cards), reverse=True)


def test_a_limit_takes_the_first(catalogue: Path) -> None:
    assert listed(catalogue, "--limit", "1") == listed(catalogue)[:1]


def test_differing_letters_are_marked_in_the_list(tmp_path: Path) -> None:
    write(tmp_path / "made.jsonl", [ROWS[0], {**EELS, "id": "2", "year": 2018}])
    assert here("ingest", "made.jsonl", "--detect", "--index", "cat", cwd=tmp_path).returncode == 0

    (card,) = listed(tmp_path)

    assert card["fields"]["date"] == {
        "left": "2017", "right": "2018", "differs": [[[3, 4]], [[3, 4]]]
    }  # fmt: skip
    assert card["fields"]["title"]["differs"] == [[], []]


def test_blind_gives_nothing_away(catalogue: Path) -> None:
    for card in listed(catalogue, "--blind"):
        assert set(card) == {
            "number", "left", "right", "works", "sizes", "records_moved", "fields"
        }  # fmt: skip
    done = here("review", "list", "--index", "cat", "--blind", cwd=catalogue)
    assert "made.jsonl:1" in done.stdout
    assert [word for word in GIVEN_AWAY if word in done.stdout] == []


def test_the_counts_are_those_of_the_list(catalogue: Path) -> None:
    done = here("review", "stats", "--index", "cat", "--json", cwd=catalogue)

    counts = json.loads(done.stdout)
    assert counts["waiting"]["pairs"] == counts["waiting"]["questions"] == 2
    assert counts["waiting"]["records"] == 4
    assert 1 <= counts["waiting"]["groups"] <= 2
    assert counts["judged"]["judgements"] == 0
    assert counts["judged"]["share_same"] is None


def test_the_pairs_alike_to_one_are_listed_with_it_first(catalogue: Path) -> None:
    """Both pairs have a title that stands alone, but not the same missing."""
    cards = listed(catalogue)

    alike = listed(catalogue, "--alike", "2")

    assert (alike[0]["left"], alike[0]["right"]) == (cards[1]["left"], cards[1]["right"])
    assert {str(card["why"]["alike"]) for card in alike} == {str(cards[1]["why"]["alike"])}


def test_a_number_that_no_pair_has_is_an_error_that_says_how_many_wait(catalogue: Path) -> None:
    done = here("review", "list", "--index", "cat", "--alike", "9", cwd=catalogue)

    assert done.returncode == 2
    assert "only 2" in done.stderr


def test_an_index_where_nothing_waits_says_so(tmp_path: Path) -> None:
    write(tmp_path / "made.jsonl", ROWS[-1:])
    assert here("ingest", "made.jsonl", "--detect", "--index", "cat", cwd=tmp_path).returncode == 0

    done = here("review", "list", "--index", "cat", cwd=tmp_path)

    assert done.returncode == 0
    assert "no pair waits for a person" in done.stdout
