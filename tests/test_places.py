"""Where in its container a work stands, as feeds and spreadsheets write it."""

import csv
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.fields.containers.pages import pages_of
from indexer.fields.containers.places import Places, places_of

CASES = Path(__file__).parent / "cases" / "places.csv"


def rows() -> list[dict[str, str]]:
    with CASES.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def written(places: Places) -> str:
    """The parts that say something, as the table writes them."""
    parts = {
        "volume": places.volume, "issue": places.issue, "first": places.first_page,
        "last": places.last_page, "article": places.article_number, "total": places.total_pages,
    }  # fmt: skip
    return " ".join(f"{name}={part.replace(' ', '_')}" for name, part in parts.items() if part)


@pytest.mark.parametrize("row", rows(), ids=lambda row: "|".join(list(row.values())[:4]))
def test_a_place_is_read_as_it_was_meant(row: dict[str, str]) -> None:
    """Anyone can add a row; `why` says what the row is about."""
    found = places_of(row["volume"], row["issue"], row["pages"], row["article"])

    assert written(found) == row["expected"], row["why"]


@pytest.mark.parametrize("month", ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep"])
def test_a_range_is_found_again_whatever_date_a_spreadsheet_made_of_it(month: str) -> None:
    """Day before month or month before day depends on the sheet's locale."""
    assert pages_of(f"12-{month}") == pages_of(f"{month}-12")


def test_a_work_starts_at_its_first_page_or_at_its_article_number() -> None:
    """One database gives "e742-e751", another "e742"."""
    assert places_of("", "", "e742-e751").start == places_of("", "", "e742").start == "e742"
    assert places_of("", "", "").start == ""


@given(st.integers(1, 99_999), st.integers(0, 60))
def test_an_abbreviated_range_is_the_full_one(first: int, length: int) -> None:
    """PubMed cuts the last page, others do not."""
    last = first + length
    kept = str(last)
    while len(kept) > 1 and len(str(first)) == len(str(last)) and kept[0] == str(first)[-len(kept)]:
        kept = kept[1:]

    assert pages_of(f"{first}-{kept}") == pages_of(f"{first}-{last}")


@given(st.text(max_size=60) | st.text("0123456789-–.:;(),+esSviIx /Oct", max_size=30))
def test_no_text_makes_the_reading_fail(text: str) -> None:
    """What is read is short, in small letters and without spaces around it."""
    found = places_of(text, text, text, text)

    assert all(part == part.strip().lower() for part in (found.volume, found.issue, found.start))


@given(st.text("0123456789-.:;(),+esSviIx ", max_size=30))
def test_pages_read_again_are_the_same_pages(text: str) -> None:
    """The first page of a place is a page itself."""
    first = pages_of(text).first

    assert not first or pages_of(first).first in (first, "")


@pytest.mark.parametrize("unit", ["1-", "(", "e1", "1 ", "suppl ", "i", "1.", "pp. ", "-", "a1-"])
def test_a_megabyte_of_anything_is_read_at_once(unit: str) -> None:
    """Only the beginning of a field can be a place."""
    text = unit * (1_000_000 // len(unit))
    started = time.process_time()

    places_of(text, text, text, text)

    assert time.process_time() - started < 1
