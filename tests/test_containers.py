"""Containers are named, told by kind, and freed of references written into them."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from indexer.fields.containers.containers import Container, container_of
from tests.test_text import ANY_TEXT, written_out

CASES = Path(__file__).parent / "cases" / "container_names.csv"
KINDS = {"", "repository", "journal", "proceedings", "book", "thesis", "publisher"}


def cases() -> list[dict[str, str]]:
    with CASES.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


@pytest.mark.parametrize("case", cases(), ids=lambda case: case["case"])
def test_container_is_read_as_its_case_says(case: dict[str, str]) -> None:
    found = container_of(written_out(case["raw"]))

    assert " ".join(found.words) == found.key == case["words"]
    assert found.kind == case["kind"]
    assert (found.volume, found.year, found.pages) == (case["volume"], case["year"], case["pages"])


@settings(max_examples=300, deadline=None)
@given(ANY_TEXT)
def test_any_string_is_a_container(raw: str) -> None:
    found = container_of(raw)

    assert found.kind in KINDS
    assert found.key == " ".join(found.words)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Deutsche Medizinische Wochenschrift", "Dtsch Med Wochenschr"),
        ("Proceedings of the National Academy of Sciences", "Proc Natl Acad Sci"),
        ("Journal of the American Medical Association", "J Am Med Assoc"),
        ("Zeitschrift für Naturforschung", "Z. Naturforsch."),
        ("Archives of Physical Medicine & Rehabilitation", "Arch Phys Med Rehabil"),
        ("Revista Brasileira de Zoologia", "Rev. Bras. Zool."),
    ],
)
def test_words_of_an_abbreviation_stand_beside_those_they_shorten(one: str, other: str) -> None:
    """The comparison walks both names word by word, so they must have the same length."""
    whole, short = container_of(one).words, container_of(other).words

    assert len(whole) == len(short)
    assert all(
        w.startswith(s[:1]) and all(c in w for c in s) for w, s in zip(whole, short, strict=True)
    )


def test_issns_of_the_record_join_that_of_the_name() -> None:
    found = container_of("Stroke (00392499)", ["1524-4628"])

    assert found.issns == {"0039-2499", "1524-4628"}
    assert found.kind == "journal"


def test_number_that_is_no_issn_is_none() -> None:
    assert container_of("Stroke (00392498)").issns == frozenset()


def test_no_container_is_empty() -> None:
    assert container_of("") == Container()


@given(st.integers(1800, 2026), st.integers(1, 999), st.integers(1, 9999))
@settings(max_examples=100, deadline=None)
def test_reference_in_the_field_gives_the_place(year: int, volume: int, page: int) -> None:
    """What arXiv puts into journal-ref is often the only place a preprint states."""
    found = container_of(f"J. Roof Ecol. {volume} ({year}) {page}-{page + 9}")

    assert (found.key, found.volume, found.year) == ("j roof ecol", str(volume), str(year))
    assert found.pages == f"{page}-{page + 9}"
