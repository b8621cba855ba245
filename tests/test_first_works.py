"""What is stored of the first works and decisions is what the ways for changed ones store."""

from __future__ import annotations

import random
from contextlib import closing
from pathlib import Path

import numpy as np
import orjson
import pytest

from detector.decision.decided import DecisionColumns
from detector.decision.verdicts import Decision, Verdict
from detector.store import first_works, short_decisions
from detector.store.events import Occasion
from detector.store.first_works import store_first
from detector.store.holdings import DECISIONS, Holdings
from detector.store.stored_ids import MEMBER, WORK
from detector.store.stored_works import store_changed, works_changed
from detector.works.works import WorkColumns, Works
from indexer.index.embedded import EmbeddedEngine

NAMES = [f"made:{at:02d}" for at in range(60)] + ['made:"quoted"\\', "made:ä,ö]", "made:東京"]
IDS = sorted(NAMES)
OCCASION = Occasion("2026-01-31T00:00:00+00:00", 3, "", {"epoch": 1})


@pytest.fixture(autouse=True)
def _few_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(first_works, "AT_ONCE", 7)
    monkeypatch.setattr(short_decisions, "DOCUMENTS_AT_ONCE", 5)


def bodies(engine: EmbeddedEngine, kind: str) -> dict[str, bytes]:
    return {name: document.body for name, document in engine.documents(kind)}


def made_works(seed: int) -> WorkColumns:
    """Works of one to four records, some of two version groups."""
    choose = random.Random(seed)
    first = np.arange(len(IDS), dtype=np.int32)
    group = np.zeros(len(IDS), np.int32)
    for at in range(1, len(IDS)):
        if choose.random() < 0.5:
            first[at] = first[choose.randrange(at)]
            group[at] = choose.choice((0, 1))
    return WorkColumns(IDS, first, group)


def made_decisions(seed: int) -> DecisionColumns:
    choose = random.Random(seed)
    pairs = {tuple(sorted(choose.sample(IDS, 2))) for _ in range(90)}
    said = [
        Decision(
            left,
            right,
            choose.choice(list(Verdict)),
            choose.choice(("", "erratum")),
            choose.choice((1.0, 1e-17, 0.9978, choose.random())),
            found_by=choose.choice((("title",), ("lsh", "title"))),
            guards=choose.choice(((), ("part-differs",))),
        )
        for left, right in pairs
    ]
    return DecisionColumns.of(said, IDS)


@pytest.mark.parametrize("seed", range(3))
def test_first_works_are_stored_as_changed_ones_are(seed: int, tmp_path: Path) -> None:
    works = made_works(seed)
    with closing(EmbeddedEngine(str(tmp_path / "first"))) as engine:
        store_first(engine, works, OCCASION)
        stored = {kind: bodies(engine, kind) for kind in (WORK, MEMBER)}
        log = [*engine.log()]
    with closing(EmbeddedEngine(str(tmp_path / "changed"))) as engine:
        holdings = Holdings(engine)
        changed, homes = works_changed(holdings, (), Works(works), OCCASION)
        store_changed(holdings, changed, homes, OCCASION)
        assert stored == {kind: bodies(engine, kind) for kind in (WORK, MEMBER)}
        assert log == [*engine.log()]


@pytest.mark.parametrize("seed", range(3))
def test_decisions_are_stored_about_both_of_their_records(seed: int, tmp_path: Path) -> None:
    """In the order of their pairs, as `store_decisions` does it; what was there goes."""
    decisions = made_decisions(seed)
    with closing(EmbeddedEngine(str(tmp_path / "index"))) as engine:
        holdings = Holdings(engine)
        holdings.replace_decisions(made_decisions(seed + 50).take(np.arange(40)))
        holdings.replace_decisions(decisions)
        told = {one.pair: one for one in decisions.shorts(np.arange(len(decisions)))}
        assert {one.pair: one for one in holdings.all_decisions()} == told
        stored = bodies(engine, DECISIONS)
        for record_id, body in stored.items():
            about = [(one["left"], one["right"]) for one in orjson.loads(body)]
            assert about == sorted(pair for pair in told if record_id in pair)
        assert set(stored) == {name for pair in told for name in pair}
    with closing(EmbeddedEngine(str(tmp_path / "again"))) as engine:
        holdings = Holdings(engine)
        holdings.store_decisions(IDS, decisions)
        assert bodies(engine, DECISIONS) == stored
        holdings.replace_decisions(DecisionColumns.none(IDS))
        assert not bodies(engine, DECISIONS)
