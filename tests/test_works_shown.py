"""`samework works show`: one work from every side, by any of its ids, on both engines."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import samework as sw
from detector.errors import UnknownRecord, UnknownWork
from samework.index import OpenIndex
from tests.command import here
from tests.engines import Place
from tests.one_shot import write

RIVERS: dict[str, Any] = {"title": "Sediment memory of braided rivers", "year": 2018}
ROWS = [
    {"id": "a", "source": "one", "authors": ["Okonjo, Amara"], **RIVERS},
    {"id": "b", "source": "two", "authors": ["Okonjo, A."], "doi": "10.5555/rivers", **RIVERS},
    {
        "id": "c",
        "source": "one",
        "title": "Counting eels in muddy water",
        "authors": ["Visser, M."],
    },
]


@pytest.fixture
def catalogue(place: Place) -> Iterator[OpenIndex]:
    with sw.open(place("shown")) as opened:
        opened.ingest(ROWS)
        yield opened


def test_a_work_is_shown_by_its_id_and_by_each_of_its_records(catalogue: OpenIndex) -> None:
    shown = catalogue.work("one:a").to_dict()

    assert shown["records"] == ["one:a", "two:b"]
    assert catalogue.work(shown["work_id"]).to_dict()["records"] == ["one:a", "two:b"]
    assert catalogue.work("b").to_dict()["work_id"] == shown["work_id"]


def test_each_field_of_the_merged_record_says_where_it_is_from(catalogue: OpenIndex) -> None:
    told = str(catalogue.work("one:a"))

    assert "doi              10.5555/rivers  [two:b]" in told
    assert "one:a  Okonjo, Amara 2018. Sediment memory of braided rivers" in told


def test_what_is_no_work_is_an_error_that_names_it(catalogue: OpenIndex) -> None:
    with pytest.raises(UnknownWork, match="'w00000000000000ff' is no work"):
        catalogue.work("w00000000000000ff")
    with pytest.raises(UnknownRecord, match="'nobody' is no record"):
        catalogue.work("nobody")


def test_a_record_that_was_not_compared_yet_is_in_no_work(place: Place) -> None:
    with sw.open(place("alone")) as catalogue:
        catalogue.ingest(ROWS, detect=False)

        with pytest.raises(UnknownWork, match="'a' is in no work"):
            catalogue.work("a")


def test_the_command_shows_what_the_library_gives(tmp_path: Path) -> None:
    file = write(tmp_path / "rows.jsonl", ROWS)
    here("ingest", file, "--detect", "--index", "catalogue", cwd=tmp_path)

    done = here("works", "show", "two:b", "--index", "catalogue", cwd=tmp_path)
    plain = here("works", "show", "two:b", "--json", "--index", "catalogue", cwd=tmp_path)

    assert "merged record" in done.stdout
    assert json.loads(plain.stdout)["canonical"]["doi"] == "10.5555/rivers"
    refused = here("works", "show", "zzz", "--index", "catalogue", cwd=tmp_path)
    assert refused.returncode == 1
    assert "'zzz' is no record of 'catalogue'" in refused.stderr


def test_events_are_lines_of_json_behind_a_number(tmp_path: Path) -> None:
    file = write(tmp_path / "rows.jsonl", ROWS)
    here("ingest", file, "--detect", "--index", "catalogue", cwd=tmp_path)

    done = here("works", "events", "--after", "1", "--index", "catalogue", cwd=tmp_path)

    told = [json.loads(line) for line in done.stdout.splitlines()]
    assert [(event["number"], event["event"]) for event in told] == [(2, "created")]


def test_a_record_is_called_by_a_part_of_its_id_that_no_other_has(place: Place) -> None:
    rows = [
        {**ROWS[0], "id": "okonjo2018"},
        {**ROWS[2], "id": "okonjo2017"},
        {**ROWS[2], "id": "7"},
    ]
    with sw.open(place("parts")) as catalogue:
        catalogue.ingest(rows)

        assert catalogue.work("o2018").meant.record == "one:okonjo2018"
        assert catalogue.work("7").meant.record == "one:7"  # an id, though part of others
        with pytest.raises(UnknownRecord, match="may be 2 records of"):
            catalogue.work("okonjo")
        with pytest.raises(UnknownRecord, match="'201' is no record"):
            catalogue.work("201")
