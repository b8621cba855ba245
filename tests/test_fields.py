"""A record's fields: everything together, on any record."""

from __future__ import annotations

import csv
import gzip
import json
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from indexer.fields import Fields, fields_of
from indexer.fields.kinds import KINDS, kind_of, language_of, stage_of
from indexer.records import Author, Record
from tests.test_text import ANY_TEXT

CASES = Path(__file__).parent / "cases" / "kinds.csv"

LEFT = Record(
    record_id="ia:960900110111723557",
    source="ia",
    title="Distilling the Knowledge of Romanian BERTs Using Multiple Teachers",
    authors=tuple(Author(name) for name in ("Mihai DascÄƒlu", "Traian Rebedea", "Vasile PÄƒiÅŸ")),
    date="2022-04-13 00:00:00",
    urls=("https://web.archive.org/web/20220523200334/https://arxiv.org/pdf/2112.12650v3.pdf",),
)
RIGHT = Record(
    record_id="openalex:W4226067207",
    source="openalex",
    title="Distilling the Knowledge of Romanian BERTs Using Multiple Teachers",
    authors=tuple(Author(name) for name in ("Mihai Dascalu", "Traian Rebedea", "V. Pais")),
    date="2021-12-23",
    container="arXiv (Cornell University)",
    doi="10.48550/arxiv.2112.12650",
)


def test_seed_pair_agrees_in_its_fields() -> None:
    """The project's first case: one title, one arXiv id, the same families, a repository."""
    left, right = fields_of(LEFT), fields_of(RIGHT)

    assert left.title == right.title
    assert [n.family for n in left.authors.names] == [n.family for n in right.authors.names]
    assert left.by_scheme["arxiv"] & right.by_scheme["arxiv"] == {"2112.12650"}
    assert (right.container.key, right.container.kind) == ("arxiv", "repository")


def test_equal_records_give_equal_fields() -> None:
    assert fields_of(LEFT) == fields_of(replace(LEFT))
    assert hash(fields_of(LEFT)) == hash(fields_of(replace(LEFT)))
    assert fields_of(LEFT) != fields_of(RIGHT)


def test_record_that_says_nothing_has_empty_fields() -> None:
    """Empty means "the feed did not say": no field may make something up."""
    assert fields_of(Record("x:1")) == Fields("x:1")


def test_journal_reference_gives_place_and_year() -> None:
    """A preprint's journal-ref is all it knows of its article."""
    fields = fields_of(Record("x:1", container="Trans. Amer. Math. Soc., 373 (2020), 5747-5772"))

    assert (fields.places.volume, fields.places.first_page) == ("373", "5747")
    assert fields.years == (2020,)


def test_volume_of_the_record_stands_before_that_of_its_container() -> None:
    fields = fields_of(Record("x:1", container="J. Roof Ecol. 12 (2020) 1-9", volume="13"))

    assert fields.places.volume == "13"


@pytest.mark.parametrize(
    ("pages", "date", "place"),
    [
        ("1998", "1998", ""),
        ("1998", "1999-04", "1998"),
        ("1998-2007", "1998", "1998-2007"),
        ("23-Jun", "2010-06-23", ""),
        ("Jun-23", "23 June 2010", ""),
        ("23-Jun", "2010-06-24", "6-23"),
        ("23-Jun", "2010", "6-23"),
        ("06-Oct", "2010-10-06", ""),
    ],
)
def test_a_year_or_day_of_its_own_is_no_page_of_a_record(pages: str, date: str, place: str) -> None:
    assert fields_of(Record("made:1", pages=pages, date=date)).places.pages == place


def test_thesis_is_told_by_its_container() -> None:
    """Review exports call everything an article."""
    assert fields_of(Record("x:1", container="Ph.D.", type="article")).kind == "thesis"


def test_other_titles_come_from_the_record_and_from_the_title() -> None:
    record = Record(
        "x:1",
        title="Seeschwalben auf Dächern im Sommer [Terns on roofs in summer]",
        alternate_titles=("Sternes sur les toits",),
    )

    assert {title.key for title in fields_of(record).alternates} == {
        "terns on roofs in summer",
        "sternes sur les toits",
    }


@settings(max_examples=150, deadline=None)
@given(st.lists(ANY_TEXT, min_size=9, max_size=9))
def test_any_strings_make_fields(texts: list[str]) -> None:
    """A poison record never stops a run."""
    title, author, date, container, volume, pages, abstract, kind, doi = texts

    fields = fields_of(
        Record("x:1", title=title, authors=(Author(author),), date=date, container=container,
               volume=volume, pages=pages, abstract=abstract * 4, type=kind, doi=doi)
    )  # fmt: skip

    assert fields.record_id == "x:1"
    assert fields.kind in ("", *KINDS)


READ: dict[str, Callable[[str], str]] = {
    "kind": kind_of,
    "stage": lambda raw: stage_of(raw, ""),
    "language": language_of,
}


def cases() -> list[dict[str, str]]:
    with CASES.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


@pytest.mark.parametrize("case", cases(), ids=lambda case: f"{case['field']}:{case['raw']}")
def test_kinds_stages_and_languages_are_named_in_few_words(case: dict[str, str]) -> None:
    assert READ[case["field"]](case["raw"]) == case["wanted"]


def test_preprint_that_states_no_stage_was_submitted() -> None:
    assert stage_of("", "preprint") == "submitted"
    assert stage_of("acceptedVersion", "preprint") == "accepted"
    assert stage_of("", "article") == ""


def test_fields_of_a_review_export_take_microseconds(shared_data) -> None:
    """53,001 records must pass in seconds: a bound ten times what was measured."""
    with gzip.open(shared_data("sr_srsr") / "records.jsonl.gz", "rt", encoding="utf-8") as lines:
        rows = [json.loads(line) for _, line in zip(range(2000), lines, strict=False)]
    records = [
        Record(
            f"srsr:{row['id']}",
            title=row.get("title") or "",
            authors=tuple(Author(name) for name in row.get("authors") or ()),
            year=row.get("year") or "",
            container=row.get("container") or "",
            volume=row.get("volume") or "",
            pages=row.get("pages") or "",
            abstract=row.get("abstract") or "",
            doi=row.get("doi") or "",
        )
        for row in rows
    ]
    began = time.process_time()

    for record in records:
        fields_of(record)

    assert (time.process_time() - began) / len(records) < 2000e-6
