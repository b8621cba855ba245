"""Many pairs compared at once come out as each does by itself."""

from __future__ import annotations

from itertools import combinations_with_replacement

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from detector.columns import BATCH_FORMS, Batch, ColumnComparer, levels_of
from detector.columns.abstracts import languages_of
from detector.comparisons import FIELD_COMPARISONS, NAMES, Comparer
from detector.comparisons.abstracts import FUNCTION_WORDS, language_of
from detector.comparisons.paired_rows import PairedRows
from indexer.fields import Fields, fields_of
from indexer.keys import keys_of
from indexer.keys.epoch import Epoch
from indexer.keys.gathered import GatheredKeys
from indexer.keys.learning import learn
from indexer.records import Author, Record
from tests.made_records import made_collection
from tests.pair_tables import cases_of, tables


def all_pairs(records: list[Fields]) -> PairedRows:
    """Every record with every other one and with itself, some pairs turned round."""
    pairs = list(combinations_with_replacement(range(len(records)), 2))
    turned = [pair if sum(pair) % 2 else pair[::-1] for pair in pairs]
    left, right = (np.array([pair[side] for pair in turned], np.intp) for side in (0, 1))
    return PairedRows(records, left, right)


def assert_alike(records: list[Fields], epoch: Epoch) -> None:
    """The batch gives what the function of one pair gives, comparison by comparison."""
    pairs, columns = all_pairs(records), ColumnComparer(epoch)
    levels = levels_of(Batch(pairs, columns.profile, columns.counts))
    expected = Comparer(epoch).compare(pairs)
    row, column = (at.tolist() for at in np.nonzero(levels != expected))
    others = [(NAMES[at], pairs[pair]) for pair, at in zip(row, column, strict=True)]

    assert others[:3] == []


def learnt(records: list[Fields]) -> Epoch:
    keys = keys_of(records)
    return learn(GatheredKeys.of(lambda: iter([keys])), 1)


@pytest.mark.parametrize("table", tables())
def test_the_hard_kinds_are_compared_at_once_as_one_by_one(table: str) -> None:
    """All records of a table against each other, as far as one step takes."""
    records = [
        fields_of(record) for case in cases_of(table)[:35] for record in (case.left, case.right)
    ]
    unlike = {record.record_id: record for record in records}

    assert_alike(list(unlike.values()), learnt(records))


def test_made_collections_are_compared_at_once_as_one_by_one() -> None:
    """Works described several times, under the counts of their collection."""
    records = [fields_of(record) for record in made_collection(3, 60)][:90]

    assert_alike(records, learnt(records))


WORDS = ("Nesting", "habits", "habit", "of", "the", "arctic", "Arctic", "tern", "terns", "roofs",
         "roof", "II", "Part 2", "part III", "1998", "P1.05", "gravel", "color", "colour", "a",
         "Erratum:", "Reply to", "Book review:", ":", "-", "…", "...", "氷",
         "海の", "ü")  # fmt: skip
TITLES = st.one_of(
    st.lists(st.sampled_from(WORDS), max_size=8).map(" ".join),
    st.sampled_from(("", "Untitled", "Nesting habits of the arctic tern",
                     "Nesting habits of the arctic tern: a review", "Nesting habits of the arc…",
                     "A very long heading of the meeting: Nesting habits of the arctic tern")),
)  # fmt: skip
NAMES_OF_PEOPLE = ("Stone, Anna", "Stone, A.", "Anna, Stone", "Anna Stone", "Stein, A",
                   "Stone, Bob",
                   "Stone, Robert", "Stone", "van der Meer, Remco", "Meer, R. van der", "Ünal, E.",
                   "Glöckner, Ida", "Gloeckner, I.", "Ostensson, K", "Stensson, K",
                   "García López, J",
                   "Lopez, J.", "Camps, Rafael", "Rafael Camps Paré", "陈伟", "Chen, Wei", "et al.",
                   "X Collaboration", "Reed, C. B.", "Reed, B. C.", "Read, C",
                   "O'Neil, J")  # fmt: skip
AUTHORS = st.lists(st.sampled_from(NAMES_OF_PEOPLE).map(lambda name: Author(name=name)), max_size=4)
DOIS = ("", "10.1000/a.1", "10.1000/a.2", "10.1145/12345.678901", "10.1145/54321.678901",
        "10.48550/arxiv.2112.12650", "10.1101/123456", "10.2307/22", "10.1007/978-3-16-148410-0",
        "10.1007/978-3-16-148410-0_12", "10.5281/zenodo.1", "10.5281/zenodo.2")  # fmt: skip
SCHEMES = {
    "arxiv": ("2112.12650", "2112.12651"), "pmid": ("123456", "123457"), "pmcid": ("PMC1", "PMC22"),
    "wos": ("000123", "000124"), "isbn": ("9783161484100", "9780306406157"),
    "url": ("https://example.org/a", "https://example.org/b"), "handle": ("1234/5", "1234/6"),
    "trial": ("NCT01234567", "NCT07654321"), "registration": ("NCT01234568",),
}  # fmt: skip
IDENTIFIERS = st.lists(
    st.sampled_from([(scheme, at) for scheme, held in SCHEMES.items() for at in held]), max_size=3
)
TEXTS = (
    "the habits of terns that nest on roofs were studied with care in this town and from these "
    "data we learnt that the birds of the coast prefer gravel and that they return in spring",
    "die gewohnheiten der seeschwalben die auf daechern nisten wurden mit sorgfalt bei einer "
    "stadt und nach einer werden der die das untersucht und eine neue bei wurde nach mit",
)
ABSTRACTS = st.tuples(st.sampled_from(("", *TEXTS)), st.integers(0, 30)).map(
    lambda pair: " ".join(pair[0].split()[pair[1] :])
)
RECORDS = st.lists(
    st.builds(
        Record,
        record_id=st.uuids().map(str),
        source=st.sampled_from(("a", "b")),
        title=TITLES,
        alternate_titles=st.lists(TITLES, max_size=1).map(tuple),
        authors=AUTHORS.map(tuple),
        date=st.sampled_from(("", "1998", "1999-03", "2001", "2004", "2012")),
        year=st.sampled_from(("", "1998", "2003")),
        container=st.sampled_from(
            ("", "J Neurosci", "Journal of Neuroscience", "arXiv (Cornell University)", "CoRR",
             "Proceedings of the 3rd ICML 1998", "Proceedings of the ICML 1999", "JN", "Nature")
        ),
        volume=st.sampled_from(("", "1", "7", "15", "15 Suppl 7", "75A", "75", "1998", "2003")),
        issue=st.sampled_from(("", "1", "7", "15", "3-4", "5 Suppl 1", "mar", "1234", "99")),
        pages=st.sampled_from(
            ("", "1", "1-9", "1-12", "11-19", "12-19", "112-119", "113", "S12", "s112", "e1234",
             "1234", "99999999999999999999", "99999999999999999998-9", "Jan-12", "iv-xii")
        ),
        article_number=st.sampled_from(("", "", "e1234", "0099", "1234", "12")),
        doi=st.sampled_from(DOIS),
        identifiers=IDENTIFIERS.map(tuple),
        abstract=ABSTRACTS,
        language=st.sampled_from(("", "", "en", "de")),
        type=st.sampled_from(("", "article", "preprint", "book", "chapter", "thesis", "dataset")),
    ).map(fields_of),
    min_size=1,
    max_size=7,
)  # fmt: skip


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(RECORDS, st.booleans())
def test_many_pairs_are_compared_as_each_is(records: list[Fields], counted: bool) -> None:
    """Records of fragments that feeds mix up, under counts of their own and under none."""
    assert_alike(records, learnt(records) if counted else Epoch.empty())


SENTENCES = st.lists(
    st.sampled_from([*FUNCTION_WORDS, "terns", "a", "abcdefgh", "theories", "thesaurus", ""]),
    max_size=12,
).map(" ".join)  # fmt: skip


@given(st.lists(SENTENCES, max_size=6))
def test_languages_of_many_texts_are_those_of_each(texts: list[str]) -> None:
    """Empty texts and spaces at their ends among them; a text that is not ASCII changes nothing."""
    languages = languages_of(texts)
    named = dict(zip(languages.tolist(), map(language_of, texts), strict=True))

    assert [named[number] for number in languages.tolist()] == [language_of(text) for text in texts]
    assert languages_of([*texts, "é"]).tolist() == [*languages.tolist(), 0]


def test_every_comparison_has_a_batch_form() -> None:
    """One that is asked pair by pair costs more than all the others together."""
    assert set(BATCH_FORMS) == {comparison.name for comparison in FIELD_COMPARISONS}


def test_a_batch_of_pairs_and_the_same_as_a_list_give_the_same_levels() -> None:
    """Few pairs and many, rows and tuples, are one way in."""
    records = [fields_of(record) for record in made_collection(5, 30)]
    pairs = all_pairs(records)
    comparer = ColumnComparer(learnt(records))

    assert (comparer.compare(list(pairs)) == comparer.compare(pairs)).all()
    assert (comparer.compare(pairs[:9]) == comparer.compare(pairs)[:9]).all()
    assert comparer.compare([]).shape == (0, len(NAMES))
