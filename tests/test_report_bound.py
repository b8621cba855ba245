"""A report of any size: at most ten megabytes; what a person would look at comes first."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from random import Random

import numpy as np
import orjson
import pytest

from detector.decision.decided import DecisionColumns
from detector.decision.verdicts import Decision, Verdict
from detector.reports.html.report_choice import Choice
from detector.reports.html.report_data import ShownDetails
from detector.reports.html.report_html import MOST_BYTES, write_report
from detector.reports.outputs import summary_of
from detector.runs.one_shot import Deduplication
from detector.works.works import WorkColumns, Works
from indexer.running.timings import Timings
from tests.one_shot import deduplicated, write
from tests.seed import SEED
from tests.test_report import Page

WORKS = 30_000  # of two records; every tenth pair between two of them is to be checked
VERDICTS = (Verdict.DUPLICATE, Verdict.VERSION)


@pytest.fixture(scope="module")
def many_works(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Deduplication]:
    """A run that found many works; its records are not stored, no report asks for them."""
    folder, random = tmp_path_factory.mktemp("many"), Random(11)
    with deduplicated(folder, [write(folder / "seed.jsonl", SEED)]) as found:
        ids = [f"made:{n:06}" for n in range(2 * WORKS)]
        pairs = list(zip(ids[::2], ids[1::2], strict=True))
        decided = [
            Decision(*pair, VERDICTS[n % 2], probability=0.9 + random.random() / 10)
            for n, pair in enumerate(pairs)
        ]
        decided += [
            Decision(ids[n], ids[n + 2], Verdict.REVIEW, probability=random.random())
            for n in range(0, 2 * WORKS - 2, 20)
        ]
        first = np.repeat(np.arange(0, 2 * WORKS, 2, dtype=np.int32), 2)
        works = WorkColumns(ids, first, np.zeros(2 * WORKS, np.int32))
        found.detection.works = Works(works)
        found.detection.decisions = DecisionColumns.of(decided, ids)
        yield found


def shown_of(choice: Choice) -> ShownDetails:
    """Details of a real length, of letters that no packing makes shorter than half."""
    random = Random(5)
    text = "".join(random.choices("abcdefghijklmnopqrstuvwxyz    ", k=60_000))

    def words(length: int) -> str:
        at = random.randrange(len(text) - length)
        return text[at : at + length]

    names, works = choice.names(), choice.in_order
    records = sorted(name for name in names if name.startswith("made:"))
    pair = orjson.dumps({"reasons": [words(60)], "levels": {}, "found_by": [], "guards": []})
    return ShownDetails(
        choice,
        dict.fromkeys(choice.rows.tolist(), pair),
        {name: orjson.dumps([words(90), words(40), "", 2020, "made"]) for name in records},
        {name: orjson.dumps({"abstract": words(1_400), "raw": {}}) for name in records},
        {one.work_id: orjson.dumps({"title": words(90), "origin": {}}) for one in works},
    )


def written(run: Deduplication, target: Path, room: float = MOST_BYTES) -> str:
    shown = shown_of(Choice.all_of(run).within(room))
    write_report(shown, {}, summary_of(run, Timings()), target)
    return target.read_text("utf-8")


def test_a_report_of_thirty_thousand_works_has_at_most_ten_megabytes(
    many_works: Deduplication, tmp_path: Path
) -> None:
    text = written(many_works, tmp_path / "report.html")

    assert 0.8 * MOST_BYTES < len(text.encode()) <= MOST_BYTES
    told = re.search(r"Shown are ([\d,]+) of 33,000 pairs and ([\d,]+) of 30,000 works", text)
    assert told
    assert "All pairs stand in pairs.jsonl, all works in works.jsonl." in text
    listing = orjson.loads(Page(text).scripts["listing"])
    pairs, works = (int(count.replace(",", "")) for count in told.groups())
    assert len(listing["pairs"]["left"]) == pairs < 33_000
    assert len(listing["works"]["id"]) == works > 100
    assert listing["unlisted"] == 33_000 - pairs
    assert listing["pairs"]["verdict"].count(0) == 3_000  # all to check are there


def test_what_a_report_leaves_out_is_the_same_each_time(many_works: Deduplication) -> None:
    choices = [Choice.all_of(many_works).within(MOST_BYTES / 10) for _ in range(2)]

    assert choices[0].names() == choices[1].names()
    smaller = choices[0].within(choices[0].least / 2)
    assert 0 < len(smaller.works) < len(choices[0].works)
    assert smaller.names() < choices[0].names()


def test_works_near_the_border_and_large_ones_come_first(many_works: Deduplication) -> None:
    choice = Choice.all_of(many_works)

    works = many_works.detection.works.works
    nearest = [works[at].records for at in choice.works[::2]]
    decisions = many_works.detection.decisions
    border = many_works.detector.weights.merge_at
    apart = abs(decisions.probability - border).tolist()
    distance: dict[tuple[str, ...], float] = dict(zip(decisions.pairs(), apart, strict=True))
    told = [distance[records] for records in nearest[:50]]
    assert told == sorted(told)


def test_a_small_report_says_nothing_of_a_choice(tmp_path: Path) -> None:
    with deduplicated(tmp_path, [write(tmp_path / "seed.jsonl", SEED)]) as found:
        choice = Choice.all_of(found)
        assert choice.within(MOST_BYTES).names() == choice.names()
