"""Candidates that were asked for in parts are those that were asked for at once."""

from pathlib import Path

from indexer.fields import fields_of_batch
from indexer.index.embedded import EmbeddedEngine
from indexer.keys import keys_of
from indexer.keys.pairs import Pairs
from tests.made_records import made_collection


def test_pairs_of_several_questions_are_those_of_one(tmp_path: Path) -> None:
    """Twins that come to light are asked about alone, not with the whole batch again."""
    records = made_collection(71, 80)
    engine = EmbeddedEngine(str(tmp_path))
    fields = fields_of_batch(records)
    engine.put(records, keys_of(fields))
    epoch = engine.learn(1)
    first, second = keys_of(fields[:50]), keys_of(fields[40:])

    parts = Pairs.united([engine.candidates(first, epoch), engine.candidates(second, epoch)])

    whole = engine.candidates(keys_of(fields), epoch)
    assert len(whole) > 20
    assert sorted(parts) == sorted(whole)
    engine.close()
