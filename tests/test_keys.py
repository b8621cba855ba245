"""Keys: what every record gets, what none may get, and that stored keys come back."""

from __future__ import annotations

import random
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
import xxhash
from hypothesis import given, settings
from hypothesis import strategies as st

from indexer.fields import fields_of
from indexer.keys import (
    Keys,
    Kind,
    key,
    keys_of,
    kinds_of,
    spelled_keys,
    term_key,
    terms_of,
    title_hash,
    version,
)
from indexer.keys.batch import sorted_by_row
from indexer.records import Author, Record
from tests.made_records import made_collection

ANY_RECORD = st.builds(
    Record,
    record_id=st.text(min_size=1, max_size=8),
    title=st.text(max_size=60),
    authors=st.lists(st.builds(Author, name=st.text(max_size=20)), max_size=3).map(tuple),
    date=st.text(max_size=12),
    volume=st.text(max_size=5),
    pages=st.text(max_size=8),
    doi=st.text(max_size=20),
    abstract=st.text(max_size=80),
)


def keys(*records: Record) -> Keys:
    return keys_of([fields_of(one) for one in records])


def kinds(record: Record) -> set[int]:
    return set(kinds_of(keys(record).values).tolist())


@settings(max_examples=80, deadline=None)
@given(st.lists(ANY_RECORD, max_size=5))
def test_keys_of_any_records_come_back_from_their_blobs(records: list[Record]) -> None:
    """What is stored is what was made, whatever the text."""
    made = keys(*records)

    back = Keys.from_blobs(made.ids, list(made.blobs()))

    for name in ("twins", "titles", "firsts", "starts", "values"):
        assert np.array_equal(getattr(made, name), getattr(back, name))


@settings(max_examples=40, deadline=None)
@given(st.lists(ANY_RECORD, min_size=2, max_size=6))
def test_batching_never_changes_a_key(records: list[Record]) -> None:
    """Keys made at night by the thousand meet those made for one question."""
    together = keys(*records)
    alone = Keys.join([keys(one) for one in records])

    assert np.array_equal(together.values, alone.values)
    assert np.array_equal(together.twins, alone.twins)


@settings(max_examples=60, deadline=None)
@given(st.lists(ANY_RECORD, max_size=5))
def test_keys_of_a_batch_are_those_of_each_spelling(records: list[Record]) -> None:
    batch = [fields_of(record) for record in records]
    made = keys_of(batch)

    assert made.titles.tolist() == [title_hash(fields.title) for fields in batch]
    for row, fields in enumerate(batch):
        ours = made.of(row)
        spelled = {key(kind, spelling) for kind, spelling in spelled_keys(fields)}
        assert set(ours[kinds_of(ours) >= Kind.IDENTIFIER].tolist()) <= spelled
        assert spelled <= set(ours.tolist())


@settings(max_examples=100, deadline=None)
@given(st.lists(st.lists(st.integers(0, 40), max_size=70), max_size=6), st.randoms())
def test_values_of_rows_are_sorted_and_made_distinct(
    held: list[list[int]], choose: random.Random
) -> None:
    given_values = [(row, value) for row, values in enumerate(held) for value in values]
    choose.shuffle(given_values)
    rows = np.array([row for row, _ in given_values], np.int64)
    values = np.array([value for _, value in given_values], np.uint64)

    starts, distinct = sorted_by_row(rows, values, len(held))

    expected = [sorted(set(values)) for values in held]
    assert distinct.tolist() == [value for values in expected for value in values]
    assert np.diff(starts).tolist() == [len(values) for values in expected]


def test_stored_keys_never_change_by_accident() -> None:
    """A changed key makes every index of another release unreadable: bump keys.version()."""
    made = keys(Record(record_id="made:1", title="Lattices of minimal covolume", doi="10.5555/x"))

    assert term_key("lattices") == 0x5D66B747E641B5E6
    assert int(made.values[0]) == 0x1004C00028A7BA3D  # the least of its LSH buckets
    assert int(made.titles[0]) == 0x60623A6438624D09


READ = (
    Record("made:1", title="[Terns of gravel roofs. Part II]. [Russian]", year="2004"),
    Record("made:2", title="0 Ju l 2 00 1 Terns of gravel roofs: a census", pages="12-19"),
    Record("made:3", title="V – Terns of gravel roofs [PDF]", authors=(Author(name="MA Olson"),)),
    Record("made:4", title="Erratum: Terns, 18F and C-11", authors=(Author(name="Lei LI"),)),
    Record("made:5", title="О крачках = On terns", authors=(Author(name="van der Meer, R."),)),
    Record("made:6", title="Terns", authors=(Author(name="Stone AB, Haddad N, et al."),)),
    Record("made:7", title="Chapter 6: Terns", volume="2019", doi="https://doi.org/10.5555%2FX"),
    Record("made:8", title="Ternâ€™s nests", urls=("https://arxiv.org/abs/1105.0100v2",)),
    Record("made:9", title="Terns", volume="3", pages="1998", date="1998", container="Birds"),
)


def test_whoever_reads_fields_otherwise_makes_other_keys() -> None:
    """An index keeps keys of names and titles as they were read: bump keys.version() then."""
    read = xxhash.xxh3_64_hexdigest(keys(*READ).values.tobytes())

    assert (version().split()[0], read) == ("keys-7", "45f37b03ce8bc601")


BLANK = Record(
    record_id="made:1", authors=(Author(name="Haddad, N."), Author(name="Stone, A. B."),
    Author(name="Olson, M.")), date="2011", container="Made Journal", volume="12", pages="31-39",
    abstract="Terns nest on shingle, and we counted their nests over eleven summers. More follows.",
)  # fmt: skip


@pytest.mark.parametrize(
    "missing",
    [
        {"pages": "", "container": ""},
        {"pages": "e1272", "date": ""},
        {"volume": "", "container": ""},
        {"volume": "", "pages": "", "container": "", "abstract": ""},
        {"authors": (), "container": ""},
        {"authors": (), "date": ""},
        {"volume": "", "pages": "", "date": "", "abstract": f"{BLANK.abstract[:60]} ..."},
    ],
)
def test_a_blank_title_shares_a_key_with_what_lacks_a_field(missing: dict[str, Any]) -> None:
    """Each feed leaves out another field; the title is as blank as that of the other."""
    whole = replace(BLANK, record_id="made:2", title="Nests of terns on shingle")
    ours, theirs = keys(BLANK).of(0), keys(replace(whole, **missing)).of(0)

    assert np.intersect1d(ours, theirs).size


def test_a_record_that_says_its_year_alone_shares_no_key_with_others() -> None:
    assert not len(keys(replace(BLANK, authors=(), volume="", pages="", abstract="")).values)


@pytest.mark.parametrize("title", ["", "Untitled", "#NAME?", "-", "[s.n.]"])
def test_placeholder_title_gives_no_title_key(title: str) -> None:
    """All records without a title would else share one bucket."""
    found = kinds(Record(record_id="made:1", title=title))

    assert not found & {Kind.TITLE_AUTHOR_BAND, Kind.TITLE_BAND, Kind.TITLE, Kind.TERM}


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ("О спектре периодических операторов", "О СПЕКТРЕ ПЕРИОДИЧЕСКИХ ОПЕРАТОРОВ."),
        ("Περί του φάσματος των τελεστών", "Περι του φασματος των τελεστων"),
        ("على طيف المؤثرات الدورية", "على طيف المؤثرات الدورية."),
        ("על הספקטרום של אופרטורים מחזוריים", "על הספקטרום של אופרטורים מחזוריים "),
        ("周期算子的谱理论研究", "周期算子的谱理论研究。"),
        ("周期作用素のスペクトルについて", "周期作用素のスペクトルについて"),
        ("주기 연산자의 스펙트럼에 관하여", "주기 연산자의 스펙트럼에 관하여"),
    ],
)
def test_titles_in_any_script_meet_their_twins(left: str, right: str) -> None:
    """Recall outside Latin is a promise, not luck."""
    ours = set(keys(Record(record_id="made:1", title=left)).values.tolist())
    theirs = set(keys(Record(record_id="made:2", title=right)).values.tolist())

    assert len(ours & theirs) > len(ours) / 2


def test_identifier_of_a_journal_is_no_key() -> None:
    """An ISSN names a container: all its articles would be candidates of each other."""
    record = Record(record_id="made:1", title="A title", issn=("1234-5679",))

    assert Kind.IDENTIFIER not in kinds(record)


def test_blank_title_is_reached_by_volume_and_page() -> None:
    """A title lost in a spreadsheet leaves volume, page and year."""
    place: dict[str, Any] = {"volume": "12", "pages": "345-350", "date": "1999"}
    blank = set(keys(Record(record_id="made:1", title="#NAME?", **place)).values.tolist())
    whole = set(keys(Record(record_id="made:2", title="A title", **place)).values.tolist())

    assert blank & whole


def test_notice_meets_the_article_it_is_about() -> None:
    """A correction is another work, but it must be shown beside its article."""
    notice = dict.fromkeys(
        text
        for kind, text in spelled_keys(
            fields_of(Record(record_id="made:1", title="Correction: Lattices of minimal covolume"))
        )
        if kind is Kind.TITLE
    )
    article = fields_of(Record(record_id="made:2", title="Lattices of minimal covolume"))

    assert set(notice) & {text for kind, text in spelled_keys(article) if kind is Kind.TITLE}


def test_function_words_are_no_terms() -> None:
    """They stand in a tenth of all titles and propose nothing."""
    found = terms_of(fields_of(Record(record_id="made:1", title="On the theory of the spectrum")))

    assert found == ("theory", "spectrum")


def test_twins_are_equal_in_every_compared_field() -> None:
    """One differing year is enough to be compared like any other pair."""
    one, two, *_ = made_collection(1, 5)
    same = Record(record_id="made:x", source=one.source, title=one.title, date=one.date)
    again = Record(record_id="made:y", source=one.source, title=one.title, date=one.date)
    other = Record(record_id="made:z", source=one.source, title=one.title, date="1901")

    twins = keys(same, again, other, two).twins.tolist()

    assert twins[0] == twins[1]
    assert len(set(twins)) == 3
