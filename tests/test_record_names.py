"""What outputs call records: the id that the input gave, where no other record has it."""

from __future__ import annotations

import tracemalloc
from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from detector.runs.record_names import RecordNames
from detector.runs.row_places import Place, RowPlaces

ids = st.sampled_from(["1", "2", "a", "a:1", "s:1", "t:2", ""])


def by_dict(places: list[Place]) -> dict[str, str]:
    """The definition."""
    called = {place.record_id: place.given_id or place.record_id for place in places}
    carried = Counter(called.values())
    return {
        record_id: name if carried[name] == 1 else record_id for record_id, name in called.items()
    }


def names_of(places: list[Place]) -> RecordNames:
    return RecordNames([p.record_id for p in places], (p.given_id for p in places))


@given(st.lists(st.tuples(st.sampled_from(["s", "t", "s:u"]), ids, ids), max_size=12))
def test_names_are_those_of_the_definition(rows: list[tuple[str, str, str]]) -> None:
    places = [
        Place(f"{source}:{own}", "f", at, at, called)
        for at, (source, own, called) in enumerate(rows)
    ]

    names = names_of(places)

    assert list(names.items()) == list(by_dict(places).items())
    assert len(names) == len(by_dict(places))


def test_a_record_named_by_its_source_takes_no_bytes() -> None:
    """The ids stand in the places already, and nothing else of each is held."""
    places = RowPlaces(Place(f"made:{n}", "f", n, n, str(n)) for n in range(20_000))

    tracemalloc.start()
    names = RecordNames(places.record_ids, places.given_ids())
    held, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    assert names["made:77"] == "77"
    assert held < len(places)
