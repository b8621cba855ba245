"""Pairs that only LSH proposes are compared when titles and bylines say it is worth it."""

from __future__ import annotations

import pytest

from detector.candidates import worth_comparing
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
