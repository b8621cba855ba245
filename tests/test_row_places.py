"""Row places: columns that are read as the places that were put in."""

from __future__ import annotations

from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from detector.runs.row_places import Place, RowPlaces
from detector.works.merging.labels import ScreeningLabel

TEXT = st.text(max_size=4)
LABELS = st.lists(st.builds(ScreeningLabel, TEXT, TEXT), max_size=1).map(tuple)
FREE = st.builds(
    Place, TEXT, TEXT, st.integers(0, 2**60), st.integers(0, 2**40), TEXT, TEXT, LABELS, TEXT
)
# As most rows are: the record's id ends in the one that the row gave.
USUAL = st.builds(lambda place: place._replace(record_id=f"made:{place.given_id}"), FREE)
PLACES = st.lists(FREE | USUAL, max_size=6)


@given(PLACES)
def test_places_are_read_as_they_were_put_in(places: list[Place]) -> None:
    columns = RowPlaces(places)

    assert list(columns) == places
    assert len(columns) == len(places)
    assert [columns[at] for at in range(-len(places), len(places))] == places + places
    assert columns[1:-1] == places[1:-1]
    assert columns.record_ids == [place.record_id for place in places]


@given(PLACES)
def test_what_is_asked_of_all_places_is_what_one_pass_over_them_finds(places: list[Place]) -> None:
    columns = RowPlaces(places)
    times = Counter(place.record_id for place in places)

    assert list(columns.labelled()) == [place for place in places if place.labels]
    assert list(columns.cited()) == [place for place in places if place.key]
    assert list(columns.given_ids()) == [place.given_id for place in places]
    assert columns.repeated() == {record_id for record_id, rows in times.items() if rows > 1}
    assert columns.databases() == Counter(place.database for place in places)
    assert columns.database_of_file() == {place.file: place.database for place in places}


@given(PLACES, st.sets(TEXT))
def test_rows_of_some_records_are_parted_from_the_others(
    places: list[Place], apart: set[str]
) -> None:
    others, these = RowPlaces(places).parted(apart)

    assert list(others) == [place for place in places if place.record_id not in apart]
    assert list(these) == [place for place in places if place.record_id in apart]
