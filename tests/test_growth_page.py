"""The page of how candidates grow: rows of kept sizes, exponents between them."""

from pathlib import Path

from benchmarks.growth.page import Size, curve, lines, store, stored

SMALL = Size(1_000, 1_000, 0.999, 20.0, {"lsh": 100}, "v1")
LARGE = Size(10_000, 20_000, 0.998, 25.0, {}, "v1")


def test_twice_the_pairs_a_record_at_ten_times_the_records_is_an_exponent_of_1_30():
    rows = lines([SMALL, LARGE])

    assert "| 10,000 | 2.00 | 1.30 | 0.9980 | 25 |" in rows[-1]
    assert "lsh 0.10" in rows[-2]


def test_a_size_measured_again_takes_the_place_of_the_earlier(tmp_path: Path):
    path = tmp_path / "results.json"
    store([SMALL, LARGE], path)
    again = Size(1_000, 900, 0.999, 20.0, {}, "v2")
    store([again], path)

    assert stored(path) == [again, LARGE]


def test_the_curve_names_every_size():
    drawn = curve([SMALL, LARGE])

    assert all(said in drawn for said in (">1,000<", ">10,000<", ">1.00<", ">2.00<"))
