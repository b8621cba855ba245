"""No text is so odd that making fields of it hangs: every pattern is tried with what it repeats."""

from __future__ import annotations

import time
from dataclasses import replace
from typing import Final

import pytest

from indexer.fields import fields_of
from indexer.records import Author, Record

LONGEST: Final = 1.0  # seconds; the worst of them takes 0.05
LENGTH: Final = 600
# What patterns repeat, made long, and an end that lets them fail and try every other way.
REPEATED: Final = (
    *("9", "a", "A", " ", "-", "(", ")", "[", ". ", "a.", "A ", "A. ", "1-", "1 ", "1.", "a1"),
    *("é", "\u0301", "王", "'", '"', "&", "&amp;", "<", "<i>", "\\", "{", "}", "$", "/", "%20"),
    *("://", "http://a/", "10.1/", "@", ",", "a, ", "; ", "and ", "&#", "_", "v1 ", "vol. ", "I"),
    *("x:", "10.1000/a.", "\u2028", "\t", "\n", "a=", "0000-", "1/2/", "Jan ", "1999 ", "et al "),
    *("pp ", "p. ", "no. ", "[a", "(a", "(1)", "A.B.", "St. ", "de ", "Part 1 ", "i. ", "NCT0"),
)
ENDS: Final = ("!", "a", "$")
TEXTS: Final = (
    *("title", "date", "year", "container", "publisher", "volume", "issue", "pages"),
    *("article_number", "abstract", "type", "language", "stage", "doi"),
)


@pytest.mark.parametrize("repeated", REPEATED, ids=repr)
def test_repetition_costs_no_field_more_than_a_moment(repeated: str) -> None:
    empty = Record("made:1", title="Sediment memory of braided rivers")
    for end in ENDS:
        text = (repeated * LENGTH)[:LENGTH] + end
        records = [replace(empty, **{name: text}) for name in TEXTS]  # type: ignore[arg-type]
        records += [
            replace(empty, authors=(Author(name=text), Author(family=text, given=text))),
            replace(empty, identifiers=(("", text),)),
            replace(empty, urls=(f"https://example.org/{text}",)),
        ]
        for record in records:
            began = time.process_time()
            fields_of(record)
            assert time.process_time() - began < LONGEST, (repeated, end, record)


@pytest.mark.parametrize(
    "inside", ["9" * 20_000, "1 " * 10_000, "[9" * 10_000], ids=["9", "1 ", "[9"]
)
def test_what_stands_in_brackets_behind_a_title_costs_time_by_its_length(inside: str) -> None:
    title = f"Sediment memory of braided rivers [{inside} a b c]"
    began = time.process_time()
    fields_of(Record("made:1", title=title))
    assert time.process_time() - began < LONGEST
