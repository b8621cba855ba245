"""The made year: what its nights bring, what is proved of its end, and how its cost is told."""

from __future__ import annotations

from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

import orjson
import pytest

from benchmarks.history.page import lines
from benchmarks.history.people import People
from benchmarks.history.proof import Proof, proof_of
from benchmarks.history.results import Cost, Lived, growth_of, store, stored, together
from benchmarks.history.running import RunYear
from benchmarks.history.year import Year
from detector.decision.verdicts import Verdict
from detector.store.holdings import Holdings
from detector.works.judgements import Judgement
from indexer.index.opening import open_engine

TINY = (400, 8)  # records at the end, nights


class Lives(NamedTuple):
    """A year lived on an index in a folder."""

    folder: Path
    run: RunYear
    costs: list[Cost]

    def proof(self) -> Proof:
        return proof_of(
            self.run.location,
            str(self.folder / "empty"),
            self.run.year.living_ids(),
            self.run.people.standing,
        )


def lived(folder: Path, records: int, nights: int, location: str = "") -> Lives:
    """A year on the embedded engine, or elsewhere, with a judgement in three records."""
    year = Year(records, nights)
    people = People.of(year, records // 3)
    run = RunYear(year, location or str(folder / "index"), folder, people, deliveries=2)
    return Lives(folder, run, list(run.nights()))


def test_a_year_ends_with_the_records_asked_for_and_proves_itself(tmp_path: Path) -> None:
    lives = lived(tmp_path, *TINY)
    proof = lives.proof()

    assert lives.run.year.living == len(lives.run.year.living_ids()) == TINY[0]
    assert proof.wrong == []
    assert proof.counts["records"] == TINY[0]
    assert proof.counts["pairs judged not the same are apart"] > 10
    assert 0 < proof.counts["judgements"] < sum(cost.judged for cost in lives.costs)
    assert len(lives.costs) == TINY[1]
    assert sum(cost.changed for cost in lives.costs) > TINY[0]
    assert lives.run.undone >= 2
    assert max(cost.undone for cost in lives.costs) > 10


def test_what_is_not_as_one_pass_forms_it_is_told(tmp_path: Path) -> None:
    """The proof is worth something only if it can fail."""
    lives = lived(tmp_path, *TINY)
    with closing(open_engine(lives.run.location)) as engine:
        holdings = Holdings(engine)
        one, other, *_ = holdings.all_works()
        both = tuple(sorted((*one.records, *other.records)))
        holdings.store_works([replace(one, records=both, version_groups=(both,))], [other.work_id])
        holdings.add_judgements([Judgement(both[0], both[1], Verdict.REVIEW)])
    lives.run.year.undone(TINY[1] - 1)

    assert {wrong.partition(":")[0] for wrong in lives.proof().wrong} >= {
        "records",
        "judgements",
        "works of the events replayed",
        "works after a full pass",
        "ids after a full pass",
        "events of a full pass",
        "works of an empty index",
    }


def test_nights_are_the_same_for_the_same_seed_and_rows_say_what_became_of_records() -> None:
    one, again, other = Year(500, 6), Year(500, 6), Year(500, 6, seed=2)
    told = [[list(year.lines(year.night(at))) for at in range(6)] for year in (one, again, other)]

    assert told[0] == told[1] != told[2]
    rows = [orjson.loads(line) for night in told[0] for line in night]
    deleted = [row for row in rows if row.get("deleted")]
    assert deleted
    assert len({row["id"] for row in rows}) < len(rows)
    assert {row["source"] for row in rows} == {"feed"}
    assert len({row["updated"] for row in rows}) == 6


def test_a_night_that_was_undone_comes_again_in_the_next() -> None:
    year = Year(500, 6)
    first, second = year.night(0), year.night(1)
    year.undone(1)

    assert year.living_ids() == set(year.ids(first.new))
    again = year.night(2)
    assert set(second.places) <= set(again.places)
    assert set(year.ids(second.new)) <= year.living_ids()


def test_what_is_true_of_records_is_known_whatever_their_edition() -> None:
    year = Year(2_000, 4)
    nights = [year.night(at) for at in range(4)]
    works = year.works_of(year.ids([place for night in nights for place in night.new]))

    assert 0.6 * len(works) < len(set(works)) < 0.9 * len(works)


def night(number: int, concerned: int, there: int, seconds: float) -> Cost:
    return Cost(number, there, concerned, seconds, 1.0)


def test_growth_tells_a_nights_own_records_from_the_size_of_the_collection() -> None:
    """Seconds that grow in proportion to the night and by the root of the collection."""
    costs = [
        night(at, many, there, many * there**0.5 / 1_000)
        for at, (many, there) in enumerate((50 + 37 * n % 400, 1_000 + 90 * n) for n in range(60))
    ]
    growth = growth_of(costs)

    assert growth is not None
    assert (growth.by_night, growth.by_size) == (1.0, 0.5)
    assert growth_of(costs[:5]) is None
    anew = [replace(cost, anew=True, arriving=9.0) if cost.night % 2 else cost for cost in costs]
    assert growth_of(anew) == replace(growth, nights=30)


def test_a_year_lived_again_takes_the_place_of_the_earlier(tmp_path: Path) -> None:
    costs = [night(at, 10 + at, 100 + at, 0.5) for at in range(8)]
    year = Lived("embedded", 108, 8, 1, costs, growth_of(costs), {"records": 108}, "command",
                 "v1", "a machine", "2026-11-28", 0.5)  # fmt: skip
    path = tmp_path / "results.json"
    for lived in (year, replace(year, engine="opensearch"), again := replace(year, version="v2")):
        store(lived, path)

    assert stored(path) == [again, replace(year, engine="opensearch")]
    assert [(first, many) for first, many, _ in year.quarters()] == [(0, 2), (2, 2), (4, 2), (6, 2)]
    assert together(costs).own == 4.0


@pytest.mark.soak
@pytest.mark.timeout(1_800)
def test_a_month_of_some_thousand_records_ends_as_one_pass_over_them(tmp_path: Path) -> None:
    lives = lived(tmp_path, 6_000, 30)
    growth = growth_of(lives.costs)

    assert lives.proof().wrong == []
    assert growth is not None
    assert growth.by_night <= 1.1


@pytest.mark.opensearch
@pytest.mark.soak
@pytest.mark.timeout(1_800)
def test_some_nights_on_a_node_end_as_one_pass_over_them(
    opensearch_url: str, opensearch_prefix: str, tmp_path: Path
) -> None:
    lives = lived(tmp_path, 1_000, 8, f"{opensearch_url}/{opensearch_prefix}year")

    assert lives.proof().wrong == []


def test_the_page_says_of_a_year_how_it_grew_and_what_was_proved() -> None:
    costs = [night(at, 10 + at % 7, 100 + 10 * at, 0.5) for at in range(20)]
    year = Lived("embedded", 300, 20, 1, costs, growth_of(costs), {"records": 300}, "the command",
                 "v1", "a machine", "2026-11-28", 0.5)  # fmt: skip
    told = lines([year, replace(year, engine="opensearch", growth=None, wrong=["works: 1"])])

    assert "| 1 to 5 | 100 |" in told[2]
    assert "| all 20 | 100 |" in told[6]
    assert "compared in the end: records (300): nothing differs" in told[-2].lower()
    assert "too few nights" in told[-1]
    assert "works: 1" in told[-1]
    assert lines([]) == ["Not measured yet."]
