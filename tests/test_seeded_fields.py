"""Fields that ingest made are those that the detector compares by, unless another put since."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from detector.detecting.pipeline import Detector
from indexer.fields import fields_of_batch
from indexer.index.embedded import EmbeddedEngine
from indexer.ingesting.ingest import Ingestion
from indexer.records import Occurrence, Record
from tests.made_records import made_collection


def rows(records: Sequence[Record]) -> list[Occurrence]:
    return [Occurrence(one, "made.jsonl", at, at + 1) for at, one in enumerate(records)]


def known(folder: Path, records: Iterable[Record]) -> Detector:
    """A detector over works of these records."""
    detector = Detector(EmbeddedEngine(str(folder)))
    Ingestion(detector.engine).run(rows(list(records)))
    detector.settle()
    return detector


def works_of(detector: Detector) -> set[tuple[str, ...]]:
    return {work.records for work in detector.holdings.all_works()}


def test_fields_of_what_arrives_are_made_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Making them is half of what a record costs."""
    records = made_collection(61, 60)
    detector = known(tmp_path, records[:30])
    again: list[str] = []

    def counted(batch: list[Record]) -> object:
        again.extend(one.record_id for one in batch)
        return fields_of_batch(batch)

    monkeypatch.setattr("detector.detecting.field_cache.fields_of_batch", counted)
    Ingestion(detector.engine, lambda _: detector.arrived(), made=detector.arriving.take).run(
        rows(records[30:])
    )

    assert not set(again) & {one.record_id for one in records[30:]}
    detector.engine.close()


def test_what_another_put_since_is_compared_as_it_is_now(tmp_path: Path) -> None:
    """Two processes ingest, one of them compares: it must not compare by what it made itself."""
    records = made_collection(62, 40)
    detector = known(tmp_path / "a", records[:39])
    mine, copied = records[39], replace(records[0], record_id=records[39].record_id)
    Ingestion(detector.engine, made=detector.arriving.take).run(rows([mine]))
    Ingestion(EmbeddedEngine(str(tmp_path / "a"))).run(rows([copied]))
    detector.arrived()

    wanted = known(tmp_path / "b", [*records[:39], copied])
    detector.settle()
    assert works_of(detector) == works_of(wanted)
    assert any({copied.record_id, records[0].record_id} <= {*work} for work in works_of(detector))
    detector.engine.close()
    wanted.engine.close()
