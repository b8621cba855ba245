"""The table of records that go on arriving: a row a tenth, one of all."""

from pathlib import Path

from benchmarks.arriving.results import Arrived, Tenth, store, stored

FIRST, SECOND = Tenth(0, 100, 0.1, 0.1), Tenth(100, 100, 0.1, 0.0)
GROWN = Arrived(200, 20, [FIRST, SECOND], 90.0, "v1", "a machine", "2026-11-28", 0.5)


def test_a_tenth_says_what_it_cost_with_and_without_settling():
    first, second, whole = GROWN.rows()

    assert first[:5] == ["0", "100", "1,000", "0.1", "500"]
    assert second[:5] == ["100", "100", "1,000", "", "1,000"]
    assert whole[1:5] == ["200", "1,000", "0.1", "667"]


def test_a_size_measured_again_takes_the_place_of_the_earlier(tmp_path: Path):
    path = tmp_path / "results.json"
    store(GROWN, path)
    again = Arrived(200, 20, [FIRST], 80.0, "v2", "a machine", "2026-11-29", 0.5)
    store(again, path)

    assert stored(path) == [again]
