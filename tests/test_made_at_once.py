"""Frozen values made at once: equal to those that their classes make, and as frozen."""

from __future__ import annotations

from dataclasses import FrozenInstanceError
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from detector.comparisons.authors import shown_authors
from detector.comparisons.names import best_bearer
from detector.comparisons.profile import EpochCounts, Profile, profile_of
from detector.decision.verdicts import Decision, Verdict, decision_of
from detector.works.merging.field_quality import _TWO_FOR_ONE, intact
from indexer.fields import fields_of
from indexer.keys.epoch import Epoch
from indexer.records import FIELD_NAMES, Author, Record, maker_of
from tests.made_records import made_collection

NAMES = st.sampled_from(("Lang, Erik", "Lang, E.", "Lang, Ada", "Rust, Ana", "Ana Rust", "Hind"))
BYLINES = st.lists(NAMES, max_size=5).map(lambda names: tuple(map(Author, names)))


@given(st.dictionaries(st.sampled_from(("title", "volume", "doi", "abstract")), st.text()))
def test_a_record_made_by_name_is_the_one_that_its_class_makes(parts: dict[str, Any]) -> None:
    """Parts that nobody names have their defaults."""
    made = maker_of(Record)(**parts)

    assert type(made) is Record
    assert made == Record(**parts)
    assert hash(made) == hash(Record(**parts))
    with pytest.raises(FrozenInstanceError):
        made.title = "another"  # type: ignore[misc]


def test_what_is_no_part_is_refused_as_by_the_class() -> None:
    """A stored record of a later release says which of its parts is unknown."""
    with pytest.raises(TypeError, match=r"Record.*'colour'"):
        Record.from_dict({"colour": "red"})


def test_records_come_out_of_json_as_they_went_in() -> None:
    """Every part of many records, of the types that it had."""
    for record in made_collection(7, 100):
        again = Record.from_json(record.to_json())
        assert again == record
        assert all(
            type(getattr(again, name)) is type(getattr(record, name)) for name in FIELD_NAMES
        )


def test_two_decisions_made_at_once_share_no_weights() -> None:
    """A default that may change is a new one each time."""
    one, other = (decision_of("a", "b", Verdict.REVIEW) for _ in range(2))

    assert one == Decision("a", "b", Verdict.REVIEW)
    assert one.weights is not other.weights


@given(BYLINES, BYLINES)
def test_the_shown_number_of_authors_is_of_those_with_a_bearer(
    ours: tuple[Author, ...], theirs: tuple[Author, ...]
) -> None:
    """Whichever of several bearers of a family name agrees."""
    left, right = profile("a", ours), profile("b", theirs)
    short, long = (left, right) if len(left.persons) <= len(right.persons) else (right, left)
    agreed = sum(1 for name in short.persons if best_bearer(name, long))

    assert shown_authors(left, right)[0] == f"{agreed} of {len(short.persons)}"


@given(st.text(st.sampled_from("aé?ÃâÅ\u0080€™\ufffd ")))
def test_a_text_is_intact_as_the_patterns_say(text: str) -> None:
    """Looking for first letters before is quicker and changes nothing."""
    if "?" not in text:
        assert intact(text) is not ("\ufffd" in text or bool(_TWO_FOR_ONE.search(text)))


def profile(record_id: str, authors: tuple[Author, ...]) -> Profile:
    """The profile of a record of this byline."""
    fields = fields_of(Record(record_id, title="One matter", authors=authors))
    return profile_of(fields, EpochCounts(Epoch.empty()))
