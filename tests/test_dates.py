"""What date fields say, and to what precision."""

import csv
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.fields.dates import FIRST_YEAR, LAST_YEAR, date_of, years_of

CASES = Path(__file__).parent / "cases" / "dates.csv"


def rows() -> list[dict[str, str]]:
    with CASES.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.mark.parametrize("row", rows(), ids=lambda row: row["text"])
def test_a_date_is_read_to_the_precision_it_states(row: dict[str, str]) -> None:
    """Anyone can add a row; `why` says what the row is about."""
    found = date_of(row["text"])

    assert (str(found) if found else "") == row["date"], row["why"]


@pytest.mark.parametrize("row", rows(), ids=lambda row: row["text"])
def test_every_year_of_a_field_is_found(row: dict[str, str]) -> None:
    """A range states two years; either may be the other record's."""
    assert " ".join(map(str, years_of(row["text"], ""))) == row["years"], row["why"]


def test_the_years_of_both_fields_are_joined() -> None:
    """Feeds give a year of print beside a date of online publication."""
    assert years_of("2021-12-23", "2022") == (2021, 2022)
    assert years_of("2021-12-23", "2021") == (2021,)
    assert years_of("", "2021") == (2021,)
    assert years_of("", "") == ()


@given(st.text(max_size=80) | st.text("0123456789-/.: JanuFebMar年月日'()", max_size=40))
def test_no_text_makes_the_reading_fail(text: str) -> None:
    """What is found is a day that a calendar has."""
    if found := date_of(text):
        assert FIRST_YEAR <= found.year <= LAST_YEAR
        assert found.month in (None, *range(1, 13))
        assert found.day in (None, *range(1, 32))
        assert found.month or not found.day
        assert found.year in years_of(text, "")


@pytest.mark.parametrize("unit", ["1", "19-", "Jan ", "1999 ", "12/", "'", "年"])
def test_a_megabyte_of_anything_is_read_at_once(unit: str) -> None:
    """Only the beginning of a field can be a date."""
    text = unit * (1_000_000 // len(unit))
    started = time.process_time()

    date_of(text)
    years_of(text, text)

    assert time.process_time() - started < 1
