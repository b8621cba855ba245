"""The tables of the evaluation: draws of training data, peers' works, sections, drawings."""

from __future__ import annotations

import gzip
import json
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree

import numpy as np
import pytest

from benchmarks.quality import drawing, page, relations, rewritten
from benchmarks.quality.ablation import parts
from benchmarks.quality.peer_runs import SCRIPT, works_of
from benchmarks.quality.relations import Said
from benchmarks.quality.seeds import drawn
from detector.comparisons import NAMES
from detector.decision.verdicts import Verdict
from detector.evaluation.calibration import calibration_of
from detector.evaluation.evaluate import SourceRecall
from detector.evaluation.truth import Label
from detector.fitting.fit import LabelledSet


def made_set(pairs: int) -> tuple[LabelledSet, np.ndarray[tuple[int], np.dtype[np.int64]]]:
    """Pairs told apart by the level of their first comparison, three of a work."""
    levels = np.zeros((pairs, len(NAMES)), np.int8)
    levels[:, 0] = np.arange(pairs)
    return LabelledSet("made", levels, np.arange(pairs) % 2 == 0), np.arange(pairs) // 3


def test_seed_nought_is_the_data_as_they_are() -> None:
    """The first figures of every table are those of the weights that could be shipped."""
    one, groups = made_set(30)

    assert drawn(one, groups, 0) is one


def test_a_seed_draws_whole_works_and_the_same_each_time() -> None:
    """Pairs of one work go together: drawn apart, they would see each other."""
    one, groups = made_set(30)

    first, again, other = (drawn(one, groups, seed) for seed in (1, 1, 2))

    assert (first.levels == again.levels).all()
    assert first.levels[:, 0].tolist() != other.levels[:, 0].tolist()
    times = np.bincount(first.levels[:, 0], minlength=30).reshape(-1, 3)
    assert (times == times[:, :1]).all()
    assert times[:, 0].sum() == 10
    assert (first.label == (first.levels[:, 0] % 2 == 0)).all()


def test_links_close_to_works() -> None:
    """A peer's pairs are scored after its works are formed, as ours are."""
    found = works_of([("a", "b"), ("c", "d"), ("b", "c"), ("x", "y")])

    assert sorted(map(sorted, found)) == [["a", "b", "c", "d"], ["x", "y"]]


def test_a_rule_peer_runs_by_itself(tmp_path: Path) -> None:
    """Peers run in an environment without this project."""
    records, truth, out = tmp_path / "r.jsonl.gz", tmp_path / "truth.tsv", tmp_path / "out.json"
    rows = ('{"id": "a", "title": "On Gaps", "year": "1999"}\n'
            '{"id": "b", "title": "On gaps.", "year": 1999}\n'
            '{"id": "c", "title": "On gaps", "year": ""}\n')  # fmt: skip

    records.write_bytes(gzip.compress(rows.encode()))
    truth.write_text("", "utf-8")

    subprocess.run(
        [sys.executable, "-I", str(SCRIPT), "title, year", str(records), str(truth), str(out)],
        check=True,
        timeout=60,
    )

    assert '[["a", "b"]]' in out.read_text("utf-8")


def test_only_what_stands_between_markers_is_written(tmp_path: Path) -> None:
    """The model card is written by hand."""
    where = tmp_path / "page.md"
    where.write_text("by hand\n<!-- begin sets -->\nold\n<!-- end sets -->\nmore\n", "utf-8")

    page.write("sets", ["| new |"], where)
    page.write("sets", ["| newer |"], where)

    assert where.read_text("utf-8") == (
        "by hand\n<!-- begin sets -->\n| newer |\n<!-- end sets -->\nmore\n"
    )
    with pytest.raises(ValueError, match="begin peers"):
        page.write("peers", [], where)


@pytest.mark.parametrize("section", [
    "sets", "seeds", "shipped", "peers", "candidates", "calibration", "trees", "ablation",
])  # fmt: skip
def test_the_page_has_a_place_for_every_part(section: str, tmp_path: Path) -> None:
    """A part without a place is found after half an hour of measuring."""
    copy = tmp_path / "page.md"
    copy.write_text(page.PAGE.read_text("utf-8"), "utf-8")

    page.write(section, ["measured"], copy)

    assert f"<!-- begin {section} -->\nmeasured\n" in copy.read_text("utf-8")


def test_drawings_are_the_same_for_the_same_numbers_and_well_formed() -> None:
    """A drawing that changes by itself makes every commit noisy."""
    draw = np.random.default_rng(0)
    said = draw.random(500)
    found = calibration_of(said, draw.random(500) < said)
    bars = {"made & named": {"all": SourceRecall(1, 1, 2, 0), "lsh": SourceRecall(1, 0.1, 1, 0.5)}}

    texts = [drawing.reliability([("a < b", found)]), drawing.sources(bars)]

    assert texts == [drawing.reliability([("a < b", found)]), drawing.sources(bars)]
    for text in texts:
        ElementTree.fromstring(text)
    assert texts[0].count("<circle") == len(found.bins)
    assert "0.1000" in texts[1]


def test_every_comparison_is_left_out_once() -> None:
    """An ablation that forgets a field tells nothing of it."""
    alone = [next(iter(part.hidden.comparisons)) for part in parts()
             if len(part.hidden.comparisons) == 1]  # fmt: skip

    assert sorted(alone) == sorted(NAMES)
    assert not any(part.refit for part in parts() if part.name in ("guards", "LSH"))


def test_a_record_written_otherwise_keeps_what_was_not_rewritten(tmp_path: Path) -> None:
    """Half of the records are rewritten, the same half each time, and nothing else of them."""
    plain = [{"id": f"m{n}", "title": "Terns", "authors": ["Olson, M. A."]} for n in range(40)]
    path = tmp_path / "records.jsonl.gz"
    with gzip.open(path, "wt", encoding="utf-8") as file:
        file.writelines(json.dumps(one) + "\n" for one in plain)

    found = list(rewritten.rewritten(str(path), rewritten.WAYS['names as "MA Olson"']))

    names = [one.pop("authors") for one in found]
    assert 10 < names.count(["MA Olson"]) < 30
    assert names.count(["MA Olson"]) + names.count(["Olson, M. A."]) == 40
    assert found == [{"id": one["id"], "title": "Terns"} for one in plain]


def test_preprints_and_articles_are_counted_by_what_was_joined_and_what_is_asked() -> None:
    """A pair left to a person is no error yet, and is found only where review is joined."""
    pairs = [
        Said(Label("version"), True, Verdict.VERSION, "preprint", 0.99),
        Said(Label("same"), True, Verdict.REVIEW, "preprint", 0.65),
        Said(Label("different"), True, Verdict.REVIEW, "preprint", 0.55),
        Said(Label("same"), True, Verdict.DISTINCT, "", 0.1),
        Said(Label("different"), False, Verdict.DUPLICATE, "", 0.99),
    ]

    lines = relations.version_rows({"made": pairs})

    assert "| made | 3 | 1 | 0 | 1 | 1 | 1 | 0 | 1 |" in lines
    rates = {line.split(" | ")[0][2:]: line.split(" | ")[1:4:2] for line in lines[-6:]}
    assert rates["automatic"] == ["1 of 1", "0.333 |"]
    assert rates["and those to review from p = 0.6"] == ["2 of 2", "0.667 |"]
    assert rates["and those to review from p = 0.5"] == ["2 of 3", "0.667 |"]
