"""Fields are the dearest thing that is made of a record: a run makes those of each one once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from detector.detecting import deciding, field_cache
from detector.detecting.pipeline import Detector
from detector.reports.answer import write_answer
from detector.reports.parts.wanted import Wanted
from detector.runs.one_shot import deduplicate
from indexer.fields import Fields, fields_of, fields_of_batch
from indexer.index.embedded import EmbeddedEngine
from indexer.ingesting import ingest, making
from indexer.records import Occurrence, Record
from indexer.running.timings import Timings
from tests.made_records import made_collection
from tests.one_shot import deduplicated


@pytest.fixture
def made(monkeypatch: pytest.MonkeyPatch) -> Counter[str]:
    """How often the fields of each record were made since the test began."""
    times = Counter[str]()

    def counted(records: Sequence[Record]) -> list[Fields]:
        times.update(record.record_id for record in records)
        return fields_of_batch(records)

    for module in (making, field_cache, deciding):
        monkeypatch.setattr(module, "fields_of_batch", counted)
    return times


def as_rows(records: list[Record]) -> list[Occurrence]:
    return [Occurrence(one, "made.jsonl", at, at + 1) for at, one in enumerate(records)]


def test_one_shot_run_and_its_answer_make_the_fields_of_each_record_once(
    tmp_path: Path, made: Counter[str]
) -> None:
    with deduplicated(tmp_path, sorted(Path("examples").glob("*.*"))) as run:
        write_answer(run, tmp_path / "answer", Wanted(files=()), Timings())
        records = set(run.record_ids)

    assert len(records) > 30
    assert made == Counter(records)


def test_rows_of_one_record_leave_the_fields_of_the_version_that_is_stored(tmp_path: Path) -> None:
    """An older version that stands further down, or in a later batch, must not be compared."""
    records = made_collection(41, 20)
    later = [replace(one, updated="2024-01-02") for one in records]
    older = [replace(one, updated="2024-01-01", title="Quite another title") for one in records]
    gone = replace(later[0], updated="2024-01-03", deleted=True)
    detector = Detector(EmbeddedEngine(str(tmp_path / "index")))

    deduplicate(as_rows([*later, *older, gone]), detector)
    held = detector.fields.of([one.record_id for one in records])

    assert held == {one.record_id: fields_of(one) for one in later[1:]}
    detector.engine.close()


def test_what_another_detector_stored_meanwhile_is_made_anew(tmp_path: Path) -> None:
    records = made_collection(42, 20)
    ours, theirs = (Detector(EmbeddedEngine(str(tmp_path / "index"))) for _ in range(2))
    deduplicate(as_rows(records), ours)
    changed = replace(records[0], title="Quite another title")

    ingest.Ingestion(theirs.engine).run(as_rows([changed]))
    theirs.whole()
    ours.whole()

    assert ours.fields.of([changed.record_id]) == {changed.record_id: fields_of(changed)}
    for detector in (ours, theirs):
        detector.engine.close()
