"""Packed fields: what comes back is what went in, whatever fields hold."""

from __future__ import annotations

from dataclasses import asdict
from dataclasses import fields as parts_of
from inspect import signature
from typing import Any

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from detector.works.version_groups import facts_of
from indexer.fields import Fields, fields_of
from indexer.fields.containers.containers import NO_CONTAINER, Container
from indexer.fields.containers.places import Places
from indexer.fields.fields import by_scheme_of
from indexer.fields.packing import packed, unpacked, version_of
from indexer.fields.people.names import Name, Names
from indexer.fields.titles.titles import NO_TITLE, Title
from indexer.records import Identifier, Learnt, PartialDate, Relation
from tests.made_records import made_collection

TEXT = st.text(max_size=12)
TEXTS = st.lists(TEXT, max_size=3).map(tuple)
WORDS = st.lists(st.text("abc1", min_size=1, max_size=4), max_size=4).map(" ".join)


def built(kind: type, **parts: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    """Values of a class with each of its parts given, text where nothing else is said."""
    return st.builds(kind, **{part: parts.get(part, TEXT) for part in signature(kind).parameters})


def titled(title: Title, key: str, usual: set[str]) -> Title:
    """A title of which some parts follow from its key, as most do."""
    derived = {
        "words": tuple(key.split()),
        "compact": key.replace(" ", ""),
        "main": key,
        "subject": key,
    }
    shown = {part.name: getattr(title, part.name) for part in parts_of(Title)}
    return Title(**{**shown, "key": key, **{name: derived[name] for name in usual}})


ANY_TITLE = built(Title, words=TEXTS, numbers=TEXTS, placeholder=st.booleans())
USUAL = st.sets(st.sampled_from(["words", "compact", "main", "subject"]))
TITLE = st.just(NO_TITLE) | ANY_TITLE | st.builds(titled, ANY_TITLE, WORDS, USUAL)
NAME = built(Name, given=TEXTS, group=st.booleans(), swappable=st.booleans())
IDENTIFIER = built(Identifier, learnt=st.sampled_from(Learnt))
NUMBER = st.none() | st.integers(0, 31)


@st.composite
def any_fields(draw: st.DrawFn) -> Fields:
    identifiers = tuple(draw(st.lists(IDENTIFIER, max_size=4)))
    parts = {
        "title": TITLE,
        "alternates": st.lists(TITLE, max_size=2).map(tuple),
        "authors": built(
            Names,
            names=st.lists(NAME, max_size=4).map(tuple),
            truncated=st.booleans(),
            scrambled=st.booleans(),
        ),
        "date": st.none() | built(PartialDate, year=st.integers(0), month=NUMBER, day=NUMBER),
        "years": st.lists(st.integers(), max_size=3).map(tuple),
        "container": st.just(NO_CONTAINER)
        | built(Container, words=TEXTS, issns=st.frozensets(TEXT, max_size=2)),
        "places": built(Places),
        "identifiers": st.just(identifiers),
        "by_scheme": st.just(by_scheme_of(identifiers)),
        "abstract_shingles": st.lists(st.integers(0, 2**32 - 1), max_size=4).map(
            lambda hashes: np.array(hashes, np.uint32)
        ),
        "relations": st.lists(built(Relation), max_size=2).map(tuple),
    }
    found: Fields = draw(built(Fields, **parts))
    return found


def said(fields: Fields) -> dict[str, Any]:
    """All parts of fields, those too that equality leaves out."""
    parts = asdict(fields)
    shingles = parts["abstract_shingles"]
    return {**parts, "abstract_shingles": (shingles.dtype, shingles.tolist())}


@given(any_fields())
def test_what_is_unpacked_is_what_was_packed(fields: Fields) -> None:
    again = unpacked(packed(fields))

    assert again == fields
    assert said(again) == said(fields)


def test_fields_of_records_come_back_as_they_were() -> None:
    for record in made_collection(61, 60):
        fields = fields_of(record)
        assert said(unpacked(packed(fields))) == said(fields)


@given(any_fields())
def test_a_part_of_them_tells_the_same_of_the_version(fields: Fields) -> None:
    assert facts_of(version_of(packed(fields))) == facts_of(fields)


def test_half_a_character_comes_back_too() -> None:
    """What was cut in the middle of a character has no form in JSON."""
    fields = Fields("made:1", title=Title(text="\ud83d"))

    assert unpacked(packed(fields)) == fields
