"""The same records give the same verdicts on both engines, pair by pair."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from detector.detecting.pipeline import Detector
from detector.store.holdings import DECISIONS
from detector.store.stored_ids import MEMBER, REDIRECT, WORK
from indexer.feeds.formats import read_files
from indexer.index.contract import Engine
from indexer.index.embedded import EmbeddedEngine
from indexer.index.opensearch import OpenSearchEngine
from indexer.index.opensearch.location import Location
from indexer.ingesting.ingest import Ingestion

EXAMPLES = Path(__file__).resolve().parents[1] / "examples"


@pytest.fixture
def engines(opensearch_url: str, opensearch_prefix: str, tmp_path: Path) -> Iterator[list[Engine]]:
    location = Location.parse(f"{opensearch_url}/{opensearch_prefix}", {})
    opened: list[Engine] = [
        OpenSearchEngine(dataclasses.replace(location, shards=3)),
        EmbeddedEngine(str(tmp_path / "index")),
    ]
    yield opened
    for engine in opened:
        engine.close()


def judged(engine: Engine, paths: list[Path]) -> dict[tuple[str, str], bytes]:
    """All that is stored of decisions and works after ingest, a deletion and settling."""
    detector = Detector(engine)

    def arrived(changed: object) -> None:
        detector.arrived(changed)  # type: ignore[arg-type]

    Ingestion(engine, arrived).run(read_files(paths))
    gone = list(engine.ids())[::9]
    engine.delete(gone)
    engine.make_visible()
    detector.arrived(gone)
    detector.settle()
    return {
        (kind, name): document.body
        for kind in (DECISIONS, WORK, MEMBER, REDIRECT)
        for name, document in engine.documents(kind)
    }


def test_examples_give_the_same_verdicts(engines: list[Engine]) -> None:
    """Decisions, works and their ids, byte by byte, also after deletions."""
    ours, theirs = (judged(engine, [EXAMPLES / "made.jsonl"]) for engine in engines)

    assert any(kind == DECISIONS for kind, _ in ours)
    assert ours == theirs


def test_cases_give_the_same_verdicts(
    engines: list[Engine], shared_data: Callable[[str], Path]
) -> None:
    """The case set holds what people disagreed about: every kind of verdict and guard."""
    path = shared_data("cases/records.jsonl.gz")

    ours, theirs = (judged(engine, [path]) for engine in engines)

    assert len(ours) > 1_000
    assert ours == theirs
