"""Shapes: what stands in a source's JSON arrives in the record, as it stands."""

from __future__ import annotations

from pathlib import Path

import orjson
import pytest

from indexer.feeds.formats.shapes import crossref, csl, openalex, own
from indexer.records import Author, Relation
from tests.reading import occurrences, records_of, rejected, rows_of

MADE = Path(__file__).parent / "made"


def test_the_seeds_shape_is_read_as_it_is():
    """SupportedSources.X, publication_date and journal are the seed's own keys."""
    plain = {
        "authors": ["Andrei-Marius Avram", "Vasile PÄƒiÅŸ"],
        "title": "Distilling the Knowledge of Romanian BERTs Using Multiple Teachers",
        "publication_date": "2022-04-13 00:00:00",
        "source": "SupportedSources.INTERNET_ARCHIVE",
        "journal": "arXiv (Cornell University)",
        "urls": [
            "https://web.archive.org/web/20220523200334/https://arxiv.org/pdf/2112.12650v3.pdf"
        ],
        "id": "5:id-960900110111723557",
        "versions": [{"year": 2022, "source": "SupportedSources.ARXIV", "urls": ["x"]}],
        "_repaired": {"authors": ["ignored"]},
    }

    (record,) = records_of(orjson.dumps(plain), "cases.jsonl")

    assert record.record_id == "internet_archive:5:id-960900110111723557"
    assert record.source == "internet_archive"
    assert record.source_id == "5:id-960900110111723557"
    assert record.authors == (Author("Andrei-Marius Avram"), Author("Vasile PÄƒiÅŸ"))
    assert record.date == "2022-04-13 00:00:00"
    assert record.container == "arXiv (Cornell University)"
    assert record.urls == tuple(plain["urls"])
    assert record.versions == tuple(plain["versions"])


@pytest.mark.parametrize(
    ("plain", "record_id"),
    [
        ({"id": 7, "source": "dblp", "title": "A"}, "dblp:7"),
        ({"id": "x", "title": "A"}, "in/export.jsonl:x"),
        ({"_id": "y", "title": "A"}, "in/export.jsonl:y"),
    ],
)
def test_identity_is_source_and_id_else_file_and_id(plain, record_id, tmp_path):
    from indexer.feeds.formats import read_files

    for folder in ("in", "old"):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "export.jsonl").write_bytes(orjson.dumps(plain))

    first, _ = occurrences(list(read_files([tmp_path / "in", tmp_path / "old"])))

    assert first.record.record_id == record_id
    assert first.given_id == str(plain.get("id", plain.get("_id")))


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ("Ada Example", (Author("Ada Example"),)),
        (["Ada Example", " ", None, "Bo Sample"], (Author("Ada Example"), Author("Bo Sample"))),
        ([{"family": "Example", "given": "Ada"}], (Author("", "Example", "Ada"),)),
        ({"name": "Ada Example", "orcid": "0000"}, (Author("Ada Example", orcid="0000"),)),
        ([{"last": "Example", "first": "Ada"}], (Author("", "Example", "Ada"),)),
        ([{"given": "Mononym"}], (Author("", "Mononym"),)),
        ([5, {}], ()),
        (None, ()),
    ],
)
def test_a_byline_may_be_strings_objects_or_one_of_them(given, expected):
    assert own.record({"title": "A", "authors": given}).authors == expected


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        (["10.1/a", "arXiv:1"], (("", "10.1/a"), ("", "arXiv:1"))),
        ([["doi", "10.1/a"], ["pmid", 5]], (("doi", "10.1/a"), ("pmid", "5"))),
        ([{"scheme": "doi", "value": "10.1/a"}], (("doi", "10.1/a"),)),
        ([{"type": "doi", "id": "10.1/a"}, {"type": "doi"}], (("doi", "10.1/a"),)),
        ({"doi": "10.1/a", "pmid": [5, 6]}, (("doi", "10.1/a"), ("pmid", "5"), ("pmid", "6"))),
        ("10.1/a", (("", "10.1/a"),)),
        (None, ()),
    ],
)
def test_identifiers_may_come_in_any_of_their_forms(given, expected):
    assert own.record({"title": "A", "identifiers": given}).identifiers == expected


def test_strings_for_arrays_and_arrays_for_strings_are_read():
    record = own.record(
        {
            "title": ["Main", "Other"],
            "doi": ["10.1/a", "10.1/b"],
            "urls": "https://x.example",
            "url": "https://y.example",
            "isbn": "0957-9672 (Print)\n0957-9672",
            "issn": ["9780306406157"],
            "year": 2020.0,
            "pages": ["1-2"],
            "abstract": ["One."],
            "pmid": 5,
            "arxiv": "2112.12650",
        }
    )

    assert (record.title, record.alternate_titles) == ("Main", ("Other",))
    assert record.doi == "10.1/a"
    assert record.identifiers == (("doi", "10.1/b"), ("arxiv", "2112.12650"), ("pmid", "5"))
    assert record.urls == ("https://x.example", "https://y.example")
    assert record.issn == ("0957-9672 (Print)\n0957-9672",)
    assert record.isbn == ("9780306406157",)
    assert (record.year, record.pages, record.abstract) == ("2020", "1-2", "One.")


def test_what_samework_writes_it_reads_again():
    """An exported record must not change by being read back."""
    (record,) = records_of(
        b'{"id": "1", "source": "s", "title": "A", "alternate_titles": ["B"], "authors": '
        b'[{"family": "F", "given": "G", "orcid": "O"}], "relations": [{"kind": "is-preprint-of",'
        b' "target": "doi:10.1/a"}], "identifiers": [["pmid", "5"]], "updated": "2020-01-01"}'
    )

    (again,) = records_of(record.to_json())

    assert again == record


def test_openalex_works_are_read_and_its_other_objects_refused():
    rows = rows_of((MADE / "openalex/page.json").read_bytes(), "page.json")

    full, bare = (row.record for row in occurrences(rows))
    assert full.record_id == "openalex:W1000000001"
    assert full.title == "Made rivers and <i>their</i> beds"
    assert full.authors == (
        Author("A. Example", orcid="https://orcid.org/0000-0002-1825-0097"),
        Author("Bo Sample"),
    )
    assert full.abstract == "Rivers move and Rivers stay."
    assert (full.container, full.stage) == ("Journal of Made Hydrology", "publishedVersion")
    assert (full.volume, full.issue, full.pages) == ("12", "3", "101-119")
    assert full.doi == "https://doi.org/10.5555/made.1"
    assert [scheme for scheme, _ in full.identifiers] == ["openalex", "pmid", "pmcid"]
    assert "https://arxiv.org/abs/1903.00001" in full.urls
    assert full.issn == ("1234-5679", "2434-561X")
    assert full.updated.startswith("2025-01-02")
    assert (bare.title, bare.pages, bare.year) == ("", "7", "2020")
    assert "A5000000001" in rejected(rows)[0].reason


def test_an_abstract_with_impossible_positions_is_rebuilt_without_them():
    plain = {"abstract_inverted_index": {"b": [1, -5, "x"], "a": [0, 10**9], "c": None}}

    assert openalex.record(plain).abstract == "a b"


def test_crossref_works_are_read():
    article, preprint, book = records_of((MADE / "crossref/page.json").read_bytes())

    assert article.record_id == "crossref:10.5555/made.2"
    assert article.title == "Made deltas: A <i>survey</i>"
    assert article.alternate_titles == ("Deltas inventés", "Erfundene Deltas")
    assert [author.display for author in article.authors] == [
        "Example Jr, Ada",
        "The Made Delta Group",
        "Mononym",
    ]
    assert article.authors[0].orcid.endswith("0000-0002-1825-0097")
    assert (article.date, article.pages, article.article_number) == ("2021-04", "33-48", "e33")
    assert article.relations == (
        Relation("has-preprint", "doi:10.5555/made.pre"),
        Relation("is-correction-of", "doi:10.5555/made.0"),
    )
    assert article.urls == (
        "https://doi.org/10.5555/made.2",
        "https://made.example/2",
        "https://made.example/2.pdf",
    )
    assert article.updated == "2024-05-06T07:08:09Z"
    assert (preprint.type, preprint.date, preprint.title) == ("preprint", "2020-11-30", "")
    assert book.authors[0].family == "Compiler"
    assert (book.date, book.isbn) == ("2018", ("http://id.crossref.org/isbn/9780306406157",))


def test_csl_items_are_read_and_one_key_for_two_works_keeps_both():
    """Citation keys are typed by hand; the second item must not overwrite the first."""
    article, book, report = records_of((MADE / "csl-json/items.json").read_bytes(), "items.json")

    assert article.record_id == "items.json:example2019"
    assert book.record_id.startswith("items.json:example2019~")
    assert [author.display for author in article.authors] == [
        "Example, Ada",
        "van Gogh, Vincent",
        "Made Hydrology Consortium",
    ]
    assert (article.date, article.volume, article.pages) == ("2019-03-07", "12", "101-119")
    assert article.identifiers == (("pmid", "10000001"),)
    assert (book.title, book.date, book.authors[0].family) == (
        "Made waters",
        "Spring 2018",
        "Compiler",
    )
    assert report.date == "2001"


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ({"date-parts": [[2020, 2, 30]]}, "2020-02-30"),
        ({"date-parts": [[2020, None, 3]]}, "2020"),
        ({"date-parts": [[None]]}, ""),
        ({"date-parts": []}, ""),
        ({"date-parts": "2020"}, ""),
        ({"literal": "circa 1900"}, "circa 1900"),
        ("2020-05", "2020-05"),
        (2020, "2020"),
        (None, ""),
        ([2020], ""),
    ],
)
def test_a_date_is_as_partial_as_it_is_given(value, expected):
    assert csl.date_text(value) == expected


def test_a_title_that_holds_its_subtitle_does_not_get_it_twice():
    plain = {"DOI": "10.1/a", "member": "1", "title": ["Made: a survey"], "subtitle": ["A survey"]}

    assert crossref.record(plain).title == "Made: a survey"
