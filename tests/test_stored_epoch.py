"""The epoch as it is kept: whole or not at all, however large."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest

from detector.store.stored_epoch import EPOCH, StoredEpoch
from indexer.errors import BackendError
from indexer.index.contract import Engine
from indexer.index.opening import open_engine
from indexer.keys.epoch import Epoch
from tests.engines import Place


@pytest.fixture
def engine(place: Place) -> Iterator[Engine]:
    opened = open_engine(place("epoch"))
    yield opened
    opened.close()


def made_epoch(number: int, terms: int) -> Epoch:
    hashes = np.arange(1, terms + 1, dtype=np.uint64)
    return Epoch(number, terms, terms=hashes, term_counts=np.full(terms, 2, np.uint16))


def test_an_epoch_over_the_size_of_a_document_comes_back_whole(engine: Engine) -> None:
    """Of twenty million records it has some 200 MB, and OpenSearch takes 100 at once."""
    writer, reader = StoredEpoch(engine, part=1_000), StoredEpoch(engine)
    assert reader.epoch() is None
    for number, terms in ((1, 2_000), (2, 100), (3, 3_000)):
        writer.store_epoch(epoch := made_epoch(number, terms))
        found = reader.epoch()
        assert found is not None
        assert (found.number, found.to_bytes()) == (number, epoch.to_bytes())
        assert reader.epoch() is found
        assert engine.count(EPOCH) == -(-len(epoch.to_bytes()) // 1_000)


def test_half_an_epoch_is_never_taken_for_one(engine: Engine) -> None:
    """Judging by half of what is known would go unnoticed."""
    StoredEpoch(engine, part=1_000).store_epoch(made_epoch(1, 500))
    engine.remove(EPOCH, [next(engine.documents(EPOCH))[0]])

    with pytest.raises(BackendError, match="cannot be read whole"):
        StoredEpoch(engine).epoch()
