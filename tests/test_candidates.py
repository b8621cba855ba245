"""Pairs that only LSH proposes are compared when titles and bylines say it is worth it."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from detector.candidates import pairs_worth_comparing, worth_comparing
from indexer.fields.fields import Fields, fields_of
from indexer.keys import Kind
from indexer.records import Author, Record

LSH = 1 << Kind.TITLE_AUTHOR_BAND
EVERY_OTHER = [0, *(k for k in Kind if k not in (Kind.TITLE_AUTHOR_BAND, Kind.TITLE_BAND))]

TITLE = "Nesting habits of the arctic tern on roofs"
HALF_ALIKE = "Nesting sites of the arctic tern on gravel roofs"
UNLIKE = "Spectral measures of risk"


def made(title: str, *authors: str) -> Fields:
    names = tuple(Author(name=author) for author in authors)
    return fields_of(Record(f"made:{title}", title=title, authors=names))


@pytest.mark.parametrize(
    ("title", "ours", "theirs", "compared"),
    [
        (HALF_ALIKE, ["Stone, Anna"], ["Reed, Carol", "Stone, A."], True),
        (HALF_ALIKE, ["Stone, Anna"], ["Anna, Stone"], True),
        (HALF_ALIKE, ["Stone, Anna"], ["Reed, A."], False),
        (HALF_ALIKE, ["Stone, Anna"], [], False),
        (TITLE + "s", ["Stone, Anna"], [], True),
        (UNLIKE, ["Stone, Anna"], ["Stone, Anna"], False),
    ],
)
def test_what_only_lsh_proposes_needs_a_shared_name_or_nearly_the_same_title(
    title: str, ours: list[str], theirs: list[str], compared: bool
) -> None:
    """Of thousands of labelled pairs that share neither, none was true."""
    assert worth_comparing(made(TITLE, *ours), made(title, *theirs), LSH) is compared


@pytest.mark.parametrize("other", EVERY_OTHER)
def test_what_any_other_source_proposes_is_compared(other: int) -> None:
    """An identifier or a place stands for itself, however unlike the titles are."""
    assert worth_comparing(made(TITLE), made(UNLIKE), LSH | 1 << other)


WORDS = ["tern", "arctic", "roofs", "on", "of", "a", "nesting", "habits", "sites", "ice"]
TITLES = st.lists(st.sampled_from([*WORDS, "氷", "海の", "ü", ""]), max_size=9).map(" ".join)
AUTHORS = st.lists(st.sampled_from(["Stone, Anna", "Reed, C.", "Anna, Stone"]), max_size=2)
RECORDS = st.lists(st.builds(lambda title, authors: made(title, *authors), TITLES, AUTHORS),
                   min_size=1, max_size=8)  # fmt: skip


@given(RECORDS, st.lists(st.sampled_from([LSH, 1 << Kind.TITLE_BAND, LSH | 1]), min_size=1))
def test_many_pairs_are_worth_what_each_is_worth(records: list[Fields], masks: list[int]) -> None:
    """Titles without letters, of one letter, in two scripts; pairs in either order."""
    left, right = (side.ravel() for side in np.indices((len(records), len(records))))
    found_by = np.resize(np.array(masks, np.uint16), len(left))
    pairs = zip(left.tolist(), right.tolist(), found_by.tolist(), strict=True)
    expected = [worth_comparing(records[one], records[other], bits) for one, other, bits in pairs]

    assert pairs_worth_comparing(records, left, right, found_by).tolist() == expected


def test_titles_that_are_not_ascii_are_counted_one_by_one() -> None:
    """No folded title is; who folds otherwise one day gets the same answer."""
    records = [
        replace(made(TITLE), title=replace(made(TITLE).title, key=key)) for key in ("naïve", "naïf")
    ]
    row = np.zeros(1, np.intp)
    worth = pairs_worth_comparing(records, row, row + 1, np.array([LSH], np.uint16))

    assert worth.tolist() == [worth_comparing(records[0], records[1], LSH)]


def test_no_pair_is_worth_nothing() -> None:
    """An empty batch is an answer of no rows."""
    nothing = np.zeros(0, np.intp)
    assert len(pairs_worth_comparing([], nothing, nothing, np.zeros(0, np.uint16))) == 0
