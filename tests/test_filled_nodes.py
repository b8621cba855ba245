"""The benchmark of a filled OpenSearch node: its recall, what it keeps, its row of the page."""

from __future__ import annotations

import numpy as np
import pytest

from benchmarks.node import results
from benchmarks.node.__main__ import ASKED, recall_of
from benchmarks.node.results import Filled, Spent
from benchmarks.records.generator import Population
from benchmarks.scale import page
from indexer.keys.pairs import Pairs

SPENT = Spent(records=1_000, wall=2.0, client_cpu=0.4, node_cpu=0.6)
FILLED = Filled(
    records=1_000, ingest=SPENT, whole=SPENT, candidates=SPENT, candidates_a_record=1.9,
    recall=0.99, match_cpu=(9.0, 20.0), match_wall=(12.0, 30.0), detect=SPENT,
    bytes_a_record=2_000, heap="1g", version="abc", machine="a machine", date="2026-01-01",
    load=1.0,
)  # fmt: skip


def test_recall_is_of_true_pairs_of_an_asked_and_a_stored_record():
    made, stored = Population(3_000 + ASKED, seed=3), 3_000
    works: dict[str, list[str]] = {}
    for record_id, work in made.truth(0, stored):
        works.setdefault(work, []).append(record_id)
    true = [(asked, there) for asked, work in made.truth(stored) for there in works.get(work, ())]
    ids = tuple(f"made:{name}" for pair in true for name in pair)
    ends = np.arange(len(ids), dtype=np.int64).reshape(-1, 2)

    def told(rows):
        found_by = np.full(len(rows), 2, np.uint16)
        return Pairs(ids, rows[:, 0], rows[:, 1], found_by)

    assert recall_of(told(ends), made, stored) == 1.0
    assert recall_of(told(ends[::2]), made, stored) == pytest.approx(0.5, abs=0.01)
    crossed = np.column_stack((ends[:, 0], np.roll(ends[:, 1], 7)))
    assert recall_of(told(crossed), made, stored) < 0.05


def test_a_later_measurement_takes_the_place_of_an_earlier_one_of_its_size(tmp_path, monkeypatch):
    monkeypatch.setattr(results, "STORED", tmp_path / "results.json")
    results.store(FILLED)
    results.store(FILLED)

    assert [(row.records, row.candidates.rate) for row in results.stored()] == [(1_000, 500.0)]


def test_a_filled_node_is_a_row_of_the_page(tmp_path, monkeypatch):
    monkeypatch.setattr(results, "STORED", tmp_path / "results.json")
    assert page.filled_nodes() == page.NOT_YET
    results.store(FILLED)

    assert "| 1,000 | 500/s; 1.00 ms |" in page.filled_nodes()[-1]
