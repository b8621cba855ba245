"""The records that speed is measured on: the same by number, their truth known, like real ones."""

from __future__ import annotations

from collections import Counter

import orjson
import pytest

from benchmarks.records.generator import BLOCK, WORKS_OF, Population
from benchmarks.records.ranks import MEASURED, Ranks
from benchmarks.records.spelling import Spelling
from detector.evaluation.truth import read_truth
from indexer.feeds.formats import read_files
from indexer.fields import fields_of
from indexer.records import Occurrence, Record

MANY = 4_000


@pytest.fixture(scope="module")
def population():
    return Population(MANY, seed=7)


@pytest.fixture(scope="module")
def rows(population):
    return list(population.rows())


def test_the_same_seed_makes_the_same_bytes(population, tmp_path):
    """What was measured once can be measured again."""
    once, again = tmp_path / "once.jsonl", tmp_path / "again.jsonl"
    population.write(once, 0, 300)
    Population(MANY, seed=7).write(again, 0, 300)

    assert once.read_bytes() == again.read_bytes()


def test_another_seed_makes_other_titles(rows):
    ours = {row["title"] for row in rows[:500]}
    theirs = {row["title"] for row in Population(MANY, seed=8).rows(0, 500)}

    # Generic titles are of every seed.
    assert len(ours & theirs) < 20


@pytest.mark.parametrize("span", [(0, 10), (1_990, 2_010), (3_999, 4_000), (17, 3_001)])
def test_any_part_is_as_in_the_whole(population, rows, span):
    """Ten million are made by many processes, or a part of them again."""
    assert list(population.rows(*span)) == rows[slice(*span)]


def test_records_are_the_same_in_a_larger_population(rows):
    """A record is of its number; how many others there are says only where it stands."""
    larger = {row["id"]: row for row in Population(2 * MANY, seed=7).rows()}

    assert all(larger[row["id"]] == row for row in rows)


def test_each_id_is_of_one_record_and_has_one_work(population, rows, tmp_path):
    population.write_truth(tmp_path / "truth.tsv")

    clusters = read_truth(tmp_path / "truth.tsv").clusters

    assert len(clusters) == MANY
    assert list(clusters) == [row["id"] for row in rows]


def test_a_quarter_of_the_records_describe_a_work_described_before(population):
    sizes = Counter(Counter(work for _, work in population.truth()).values())

    assert {size: count * BLOCK // MANY for size, count in sizes.items()} == WORKS_OF
    assert MANY - sizes.total() == MANY // 4


def test_records_of_a_work_stand_far_apart(population):
    """Feeds come one after another; caches must not be fed what they just held."""
    places: dict[str, list[int]] = {}
    for place, (_, work) in enumerate(population.truth()):
        places.setdefault(work, []).append(place)
    apart = [places[1] - places[0] for places in places.values() if len(places) > 1]

    assert sorted(apart)[len(apart) // 10] > MANY // 10


def test_every_row_is_read_as_a_record_of_its_id(population, rows, tmp_path):
    population.write(tmp_path / "made.jsonl")

    read = [row.record for row in read_files([tmp_path / "made.jsonl"])
            if isinstance(row, Occurrence)]  # fmt: skip

    assert [record.source_id or record.record_id for record in read] == [row["id"] for row in rows]


@pytest.mark.parametrize(
    ("share", "has", "least", "most"),
    [
        ("an abstract", lambda row: "abstract" in row, 0.45, 0.65),
        ("a DOI", lambda row: "doi" in row, 0.55, 0.75),
        ("capitals", lambda row: row["title"].isupper(), 0.05, 0.15),
        ("Cyrillic", lambda row: any("а" <= c <= "я" for c in row["title"].lower()), 0.005, 0.03),
        ("Chinese", lambda row: any("一" <= c <= "鿿" for c in row["title"]), 0.005, 0.03),
        ("mojibake", lambda row: "Ã" in row["title"] or "Ð" in row["title"], 0.0005, 0.01),
        ("a preprint", lambda row: row.get("container") == "arXiv", 0.005, 0.04),
        ("a part", lambda row: ": part i" in row["title"].lower(), 0.003, 0.02),
        ("a notice", lambda row: row["title"].lower().startswith("erratum: "), 0.001, 0.01),
        ("no year", lambda row: not row.get("year", row.get("publication_date")), 0.002, 0.03),
        ("a date of a day", lambda row: "publication_date" in row, 0.08, 0.17),
    ],
)  # fmt: skip
def test_faults_and_forms_are_about_as_frequent_as_meant(rows, share, has, least, most):
    assert least < sum(map(has, rows)) / MANY < most, share


def test_generic_titles_repeat_and_the_rest_hardly(rows):
    titles = Counter(row["title"].rstrip(".").lower() for row in rows)

    assert min(titles[title] for title in ("editorial", "book reviews", "introduction")) >= 2
    assert sum(count for _, count in titles.most_common(12)) < MANY * 0.05


def test_records_of_a_work_share_surname_or_identifier(population, rows):
    """Whatever a feed spoils, a work can be recognised: the truth asks nothing impossible."""
    works: dict[str, list[Record]] = {}
    for (_, work), row in zip(population.truth(), rows, strict=True):
        record = Record.from_dict({"title": row["title"], "doi": row.get("doi", "")})
        works.setdefault(work, []).append(record)
    pairs = [records[:2] for records in works.values() if len(records) > 1]
    alike = [fields_of(left).title.key[:5] == fields_of(right).title.key[:5]
             or bool(left.doi and left.doi == right.doi) for left, right in pairs]  # fmt: skip

    assert sum(alike) / len(alike) > 0.9


def test_frequent_words_are_short_and_no_two_are_one():
    spelt = Spelling.of("title words").words.tolist()

    assert sum(map(len, spelt[:20])) / 20 < 5 < sum(map(len, spelt[1_000:2_000])) / 1_000
    assert len(set(spelt)) > 0.95 * len(spelt)


def test_words_beyond_the_measured_ones_are_as_rare_as_measured():
    import numpy as np  # here: the one test that draws a million

    ranks = Ranks.of("title words")
    drawn = ranks.drawn(np.random.default_rng(1).integers(0, 2**64, 1_000_000, np.uint64))

    assert (drawn >= ranks.known).mean() == pytest.approx(ranks.beyond, rel=0.05)
    assert len(np.unique(drawn[drawn >= ranks.known])) > 0.5 * (drawn >= ranks.known).sum()


def test_the_table_of_ranks_holds_numbers_only():
    """No word, surname or journal of a real record is kept."""
    table = orjson.loads(MEASURED.read_bytes())
    spelt = [value for column in table.values()
             for value in (column.values() if isinstance(column, dict) else [column])]  # fmt: skip

    assert not any(isinstance(value, str) for value in spelt)
