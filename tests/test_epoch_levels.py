"""What an epoch counts moves a decision only where a comparison tells two counts apart."""

from __future__ import annotations

from dataclasses import replace
from itertools import product

import numpy as np
import pytest

from detector.comparisons.dois import CONTAINER_TITLES
from detector.comparisons.profile import FEW_TITLES
from detector.comparisons.shared_titles import BY_AUTHORS
from detector.decision.decision import Decider
from detector.decision.weights import Weights
from indexer.fields import Fields, fields_of
from indexer.keys.epoch import READ_AS, Epoch, coarse
from indexer.keys.keys import identifier_key, title_hash
from indexer.records import Author, Record

COUNTS = sorted({coarse(count) for count in range(1, 300)})
BARE = Epoch(number=1, records=1000)


def described(name: str, doi: str = "") -> Fields:
    return fields_of(
        Record(
            record_id=f"made:{name}",
            source="made",
            source_id=name,
            title="Annual report",
            authors=(Author(name="Marijke Visser"),),
            year="2016",
            identifiers=(("doi", doi),) if doi else (),
        )
    )


def of_titles(count: int, record: Fields) -> Epoch:
    """An epoch that has seen so many first authors under the record's title."""
    if count == 1:
        return BARE
    hashes = np.array([title_hash(record.title)], np.uint64)
    return replace(BARE, titles=hashes, title_authors=np.array([count], np.uint16))


def of_identifiers(count: int, record: Fields) -> Epoch:
    """An epoch that has seen so many titles under the record's DOI."""
    if count == 1:
        return BARE
    hashes = np.array([identifier_key(record.identifiers[0])], np.uint64)
    return replace(BARE, identifiers=hashes, identifier_titles=np.array([count], np.uint16))


def levels_under(epoch: Epoch, left: Fields, right: Fields) -> list[int]:
    levels: list[int] = Decider(epoch, Weights.load()).decide([(left, right)]).levels[0].tolist()
    return levels


@pytest.mark.parametrize("doi", ["", "10.5555/made.1"])
def test_counts_that_are_read_alike_are_not_moved_and_decide_alike(doi: str) -> None:
    """Surnames under a title, titles under an identifier: every two counts, both ways."""
    left, right = described("a", doi), described("b", doi)
    epoch_of = of_identifiers if doi else of_titles
    known = {count: epoch_of(count, left) for count in COUNTS}
    levels = {count: levels_under(epoch, left, right) for count, epoch in known.items()}

    for one, other in product(COUNTS, COUNTS):
        moved = known[one].moved(known[other])
        assert moved is not None
        assert (len(moved) == 0) == (levels[one] == levels[other]), (one, other)


def test_the_borders_are_those_of_the_comparisons() -> None:
    """A border that a comparison gets is one here."""
    assert READ_AS["title_authors"] == tuple(bound + 1 for bound in BY_AUTHORS)
    assert READ_AS["identifier_titles"] == (FEW_TITLES, CONTAINER_TITLES)


def test_a_word_that_one_more_title_has_is_moved() -> None:
    """Words are told by their idf, which every count changes."""
    word = np.array([7], np.uint64)
    once, twice = (
        replace(BARE, terms=word, term_counts=np.array([count], np.uint16)) for count in (2, 3)
    )

    assert twice.moved(once).tolist() == [7]  # type: ignore[union-attr]
