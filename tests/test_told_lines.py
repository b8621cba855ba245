"""Told lines: what is put together of pieces is what a decision says as JSON."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import orjson
import pytest

from detector.decision.guards import ALL_GUARDS
from detector.decision.told_lines import LineTeller
from detector.decision.verdicts import Verdict
from detector.reports.outputs import judged_line
from detector.runs.one_shot import Deduplication
from detector.works.judgements import Judgement
from indexer.fields.packing import packed, unpacked, unpacked_lazily
from tests.one_shot import deduplicated


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Deduplication]:
    with deduplicated(tmp_path_factory.mktemp("told"), [Path("examples")]) as found:
        yield found


def test_a_line_of_pieces_is_the_decision_as_json(run: Deduplication) -> None:
    """With every guard once, and with a record that is not stored any more."""
    columns = run.detection.decisions
    fired = np.array([1 << row % len(ALL_GUARDS) for row in range(len(columns))], np.uint32)
    fields = dict(run.detector.fields.of(columns.ids))
    del fields[columns.ids[columns.left[0]]]
    names = {name: f"{name}, called" for name in columns.ids}
    epoch, weights = run.detection.epoch, run.detector.weights
    rows = np.arange(len(columns))

    for some in (columns, replace(columns, guards=fired)):
        teller = run.detector.decider(epoch).teller
        decisions = teller.decisions(some, rows, fields)
        bodies = [fields.get(name) for name in columns.ids]
        lines = LineTeller(epoch, weights).lines(some, bodies, list(names.values()))
        for line, decision in zip(lines, decisions, strict=True):
            judged = Judgement(*decision.pair, Verdict.DISTINCT, "2020-01-01")
            for said in ({}, {decision.pair: judged}):
                whole = orjson.dumps(judged_line(decision, names, said))
                assert line.ended("distinct" if said else "") == whole
            assert tuple(line.reasons) == decision.reasons
            assert orjson.loads(line.details())["levels"] == decision.levels
    assert len(columns) > 40


def test_fields_unpacked_lazily_have_the_same_parts(run: Deduplication) -> None:
    for fields in run.detector.fields.of(run.detection.decisions.ids).values():
        body = packed(fields)
        lazily, whole = unpacked_lazily(body), unpacked(body)
        for part in whole.__slots__:
            assert np.array_equal(getattr(lazily, part), getattr(whole, part))
