"""The benchmark of sizes: what it measures, how it scores at any size, what its page says."""

from __future__ import annotations

import sys
from dataclasses import replace

import pytest

from benchmarks.measuring import measured
from benchmarks.records.generator import Population
from benchmarks.scale import page
from benchmarks.scale.__main__ import size_of
from benchmarks.scale.peers import PEERS, closed
from benchmarks.scale.results import OURS, Result, exponent, store, stored
from benchmarks.scale.scoring import agreement, groups_in, true_pairs, works_in
from docs.make_pages import DOCS, pictures

POPULATION = Population(3_500, seed=3)
RUN = Result(
    tool=OURS, records=1_000, version="abc", command="samework dedupe made.jsonl",
    machine="a machine", date="2026-01-01", load=0.0, wall=4.0, cpu=3.0, peak_mb=100.0,
    read_mb=10.0, written_mb=20.0, input_mb=5.0, left_mb=6.0, disk_mb_s=100.0, precision=1.0,
    recall=0.9, f1=0.95,
    stages=[{"stage": "keys", "counted": "records", "count": 1_000, "wall": 1.0,
                      "cpu": 1.0, "share": 0.33, "a_cpu_second": 1_000, "peak_grew_mb": 1.0}],
)  # fmt: skip


def works_of_truth():
    works: dict[str, list[str]] = {}
    for record_id, work in POPULATION.truth():
        works.setdefault(work, []).append(record_id)
    return list(works.values())


def test_ids_tell_their_numbers():
    """So that no table of ten million is needed to score."""
    import numpy as np  # here: the one test that makes numbers of its own

    numbers = np.array([0, 1, 999, 1_000, 9_999_999], np.uint64)

    assert POPULATION.numbers(POPULATION.ids(numbers)).tolist() == numbers.tolist()


def test_the_true_works_agree_wholly():
    assert agreement(POPULATION, works_of_truth()) == (1.0, 1.0, 1.0, 0)


def test_pairs_are_what_is_scored():
    """Two works joined wrongly cost the pairs between them; a work torn apart the pairs in it."""
    works = works_of_truth()
    larger = [work for work in works if len(work) == 2][:2]
    joined = [work for work in works if work not in larger] + [larger[0] + larger[1]]
    torn = [work for work in works if work not in larger]

    true = true_pairs(POPULATION)

    assert agreement(POPULATION, joined).false == 4
    assert agreement(POPULATION, joined).recall == 1.0
    assert agreement(POPULATION, torn).recall == pytest.approx((true - 2) / true)
    assert agreement(POPULATION, []).f1 == 0.0


def test_works_and_groups_are_read_as_they_are_written(tmp_path):
    works, groups = tmp_path / "works.jsonl", tmp_path / "groups.tsv"
    works.write_text('{"work_id":"w1","records":["a","b"],"canonical":{"records":["x","y"]}}\n'
                     '{"work_id":"w2","records":["c"]}\n')  # fmt: skip
    groups.write_text("a\tb\nc\td\te\n")

    assert list(works_in(works)) == [["a", "b"]]
    assert list(groups_in(groups)) == [["a", "b"], ["c", "d", "e"]]


def test_links_of_a_peer_close_to_groups():
    groups = closed([("a", "b"), ("c", "d"), ("b", "e"), ("d", "c")])

    assert sorted(map(sorted, groups)) == [["a", "b", "e"], ["c", "d"]]


@pytest.mark.spawns
def test_a_command_and_its_children_are_measured(tmp_path):
    code = ("import subprocess, sys; x = bytearray(60_000_000); "
            "subprocess.run([sys.executable, '-c', 'sum(range(20_000_000))']); "
            f"open({str(tmp_path / 'out')!r}, 'wb').write(x[:5_000_000])")  # fmt: skip

    took = measured([sys.executable, "-c", code])

    assert took.status == 0
    assert took.peak_mb > 60
    assert took.cpu > 0.1
    assert took.written_mb == pytest.approx(5.0, abs=0.1)


@pytest.mark.spawns
def test_a_command_is_stopped_at_its_limit():
    took = measured([sys.executable, "-c", "import time; time.sleep(60)"], 0.5)

    assert took.stopped == "stopped after 0 s"
    assert took.wall < 20


@pytest.mark.spawns
def test_a_command_is_stopped_at_its_memory():
    """A peer that would fill the machine is a row of the table, not the end of all others."""
    code = "import time; x = bytearray(300_000_000); time.sleep(60)"

    took = measured([sys.executable, "-c", code], mb=200)

    assert took.stopped == "stopped at 200 MB"
    assert took.wall < 20


def test_what_a_run_leaves_on_the_disk_is_all_its_files(tmp_path):
    (tmp_path / "index").mkdir()
    (tmp_path / "index" / "records").write_bytes(b"x" * 70)
    (tmp_path / "works.jsonl").write_bytes(b"x" * 30)

    assert size_of(tmp_path) == 100
    assert size_of(tmp_path / "works.jsonl") == 30
    assert size_of(tmp_path / "not there") == 0


def test_growth_in_proportion_has_the_exponent_one():
    larger = replace(RUN, records=10_000, cpu=30.0, peak_mb=400.0)

    assert exponent(RUN, larger, "cpu") == pytest.approx(1.0)
    assert exponent(RUN, larger, "peak_mb") == pytest.approx(0.602, abs=0.001)


def test_the_latest_run_of_a_tool_and_size_is_kept(tmp_path):
    kept = tmp_path / "results.json"
    for row in (RUN, replace(RUN, records=2_000), replace(RUN, cpu=2.0)):
        store(row, kept)

    assert [(row.records, row.cpu) for row in stored(kept)] == [(1_000, 2.0), (2_000, 3.0)]


def test_a_peer_that_was_stopped_is_a_row_of_the_table():
    stopped = replace(RUN, tool="dedupe", stopped="stopped after 60 s", f1=None, precision=None)

    lines = page.sections([RUN, stopped])["peers"]

    assert any("stopped after 60 s" in line for line in lines)
    assert len(lines) == 4


def test_each_section_of_the_page_is_filled():
    """The page has a place for each, and no other."""
    sections = page.sections([RUN, replace(RUN, records=10_000, cpu=31.0)])

    text = (DOCS / "performance.md").read_text("utf-8")
    assert text.count("<!-- begin ") == len(sections)
    assert all(sections.values())
    assert "| 1,000 to 10,000 | 1.01 |" in "\n".join(sections["growth"])


def test_every_peer_says_whose_advice_it_follows():
    assert all(advice for _, _, advice in PEERS.values())


def test_the_pictures_are_what_the_kept_results_make():
    for name, picture in pictures().items():
        assert (DOCS / name).read_text("utf-8") == picture, "run `make docs`"
