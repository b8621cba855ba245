"""Reliability by kind of evidence: what both records have, and whether it is believed too much."""

import numpy as np

from benchmarks.quality.evidence import evidence_of, rows
from detector.comparisons import COLUMN, NAMES
from detector.decision.weights import Weights
from detector.evaluation.calibration import calibration_of, calibrations_of
from detector.fitting.fit import LabelledSet


def levels_with(*fields: str) -> np.ndarray[tuple[int], np.dtype[np.int8]]:
    """One pair for which these comparisons have something to say."""
    row = np.zeros(len(NAMES), np.int8)
    row[[COLUMN[name] for name in fields]] = 1
    return row


def test_a_kind_is_named_by_the_fields_of_both_records() -> None:
    levels = np.stack([levels_with("doi", "page"), levels_with("pubmed", "authors", "abstract"),
                       levels_with("title", "year")])  # fmt: skip

    assert evidence_of(levels).tolist() == [
        "identifier, place",
        "identifier, authors, abstract",
        "only titles and years",
    ]


def test_two_kinds_that_lean_to_both_sides_are_told_although_together_they_are_true() -> None:
    """One curve would call this calibrated."""
    said = np.full(400, 0.5)
    label = np.arange(400) < 200
    group = np.where(label, "believed too little", "believed too much")

    apart = calibrations_of(said, label, group)

    assert calibration_of(said, label).lean == 0.0
    assert apart["believed too little"].lean == -0.5
    assert apart["believed too much"].lean == 0.5


def test_the_last_row_is_of_all_pairs() -> None:
    levels = np.stack([levels_with("volume", "page", "authors")] * 30)
    labelled_set = LabelledSet("first", levels, np.arange(30) % 2 == 0, natural=True)
    weights = Weights(np.zeros((len(NAMES), Weights.load().table.shape[1])), 0.0, 0.9, 0.1)

    told = list(rows([labelled_set], {"first": weights}))

    assert [row[0] for row in told] == ["place, authors", "anything"]
    assert told[0][1:4] == ["30", "0.500", "0.500"]
