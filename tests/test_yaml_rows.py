"""YAML: CSL items, CITATION.cff and Hayagriva, an item at a time, and no alias that explodes."""

from __future__ import annotations

import pytest

from indexer.feeds.formats.objects import yaml_rows
from indexer.feeds.reading.rows import Head
from indexer.records import Author
from tests.reading import SMALL, occurrences, records_of, rejected, rows_of, titles

CSL = b"""---
references:
- id: okonjo2018
  type: article-journal
  title: Made rivers
  author:
  - family: Okonjo
    given: Amara
  issued:
  - year: 2018
    month: 4
  container-title: Journal of Made Hydrology
  DOI: 10.5555/made.1
  abstract: |
    Rivers move.

    - and go on
- id: stone2019
  title: 'No: a title'
  issued: 2019-05-06
...
"""
CFF = b"""cff-version: 1.2.0
message: Cite it
title: Made software
authors:
  - family-names: Okonjo
    given-names: Amara
    name-particle: van
    orcid: https://orcid.org/0000-0002-1825-0097
  - name: Made Group
version: 2.0.1
date-released: 2021-08-11
license: MIT
repository-code: https://code.example/made
identifiers:
  - type: doi
    value: 10.5281/zenodo.1
preferred-citation:
  type: article
  title: Made article
  journal: Journal of Made Software
  year: 2020
  month: 3
  start: 1
  end: 9
  doi: 10.5555/made.2
references:
  - type: book
    title: Made book
    publisher: {name: Made Press, city: Oxford}
"""
HAYAGRIVA = b"""# made
okonjo:
  type: Article
  title: {value: Made rivers, verbatim: true}
  author: ["Okonjo, Amara", {name: Stone, given-name: Li}]
  date: 2018-04
  page-range: 139-154
  serial-number: {doi: 10.5555/made.1, pmid: 31234567}
  url: {value: "https://made.example/1", date: 2020-01-01}
  rating: 5
  parent:
    type: Periodical
    title: Journal of Made Hydrology
    volume: 12
    issue: 3
    serial-number: {issn: 2049-3630}
second:
  type: article
  title: A paper
  parent: {type: proceedings, title: Made Workshop, publisher: Made Press, editor: "Chair, Bo"}
"""


def test_csl_items_are_records():
    first, second = records_of(CSL, "made.yaml")

    assert (first.record_id, first.title, first.date) == (
        *("made.yaml:okonjo2018", "Made rivers", "2018-04"),
    )
    assert first.authors == (Author(family="Okonjo", given="Amara"),)
    assert first.doi == "10.5555/made.1"
    assert first.abstract.endswith("- and go on")
    assert (second.title, second.date) == ("No: a title", "2019-05-06")


def test_a_citation_file_is_the_software_and_the_works_it_names():
    software, article, book = records_of(CFF, "CITATION.cff")

    assert (software.title, software.type, software.date) == (
        *("Made software", "software", "2021-08-11"),
    )
    assert software.authors[0] == Author(
        family="van Okonjo", given="Amara", orcid="https://orcid.org/0000-0002-1825-0097"
    )
    assert software.authors[1].name == "Made Group"
    assert software.identifiers == (("doi", "10.5281/zenodo.1"),)
    assert software.extra == (("cff:version", "2.0.1"), ("cff:license", "MIT"))
    assert (article.container, article.date, article.pages) == (
        *("Journal of Made Software", "2020-03", "1-9"),
    )
    assert (book.publisher, book.publisher_place) == ("Made Press", "Oxford")


def test_an_item_of_hayagriva_has_what_its_parents_say():
    article, paper = records_of(HAYAGRIVA, "made.yaml")

    assert article.record_id == "made.yaml:okonjo"
    assert article.title == "Made rivers"
    assert article.authors == (Author(name="Okonjo, Amara"), Author(family="Stone", given="Li"))
    assert (article.container, article.volume, article.issue) == (
        *("Journal of Made Hydrology", "12", "3"),
    )
    assert (article.doi, article.issn) == ("10.5555/made.1", ("2049-3630",))
    assert article.identifiers == (("pmid", "31234567"),)
    assert article.urls == ("https://made.example/1",)
    assert article.extra == (("hayagriva:rating", "5"),)
    assert (paper.type, paper.container, paper.publisher) == (
        *("inproceedings", "Made Workshop", "Made Press"),
    )
    assert paper.editors == (Author(name="Chair, Bo"),)


def test_a_broken_item_names_its_line_and_costs_no_other():
    data = CSL.replace(b"  title: Made rivers", b"  title: [Made rivers")
    rows = rows_of(data)

    assert titles(rows) == ["No: a title"]
    assert rejected(rows)[0].reason.startswith("line 3: it is not YAML")


def test_a_line_that_fell_out_of_its_item_is_said():
    rows = rows_of(CSL.replace(b"  DOI: 10", b"DOI: 10"))

    assert titles(rows) == ["Made rivers", "No: a title"]
    assert any("piece of an item" in row.reason for row in rejected(rows))


@pytest.mark.parametrize(
    "bomb",
    [
        b"  x: &a [1,1,1,1,1,1,1,1,1]\n"
        + b"".join(
            f"  x{n}: &{chr(98 + n)} [{','.join([f'*{chr(97 + n)}'] * 9)}]\n".encode()
            for n in range(9)
        ),
        b"  x: &a [*a]\n",
    ],
)
def test_aliases_that_grow_beyond_all_bounds_are_refused(bomb):
    rows = rows_of(b"- id: a\n  title: A\n" + bomb + b"- id: b\n  title: B\n")

    assert titles(rows) == ["B"]
    assert "aliases" in rejected(rows)[0].reason


def test_no_tag_makes_an_object():
    (record,) = records_of(b"- id: a\n  title: !!python/object/apply:os.getcwd []\n  DOI: 10.1/a\n")

    assert record.title == ""


def test_an_item_nested_too_deep_is_refused():
    rows = rows_of(b"- id: a\n  title: " + b"[" * 50_000 + b"\n- id: b\n  title: B\n")

    assert titles(rows) == ["B"]
    assert len(rejected(rows)) == 1


def test_an_item_over_the_limit_is_refused_and_the_next_is_read():
    rows = rows_of(
        b"- id: a\n  title: A\n  abstract: " + b"x" * 5000 + b"\n- id: b\n  title: B\n",
        settings=SMALL,
    )

    assert titles(rows) == ["B"]
    assert "more than 2,000" in rejected(rows)[0].reason


def test_items_stand_where_they_begin():
    data = b"\xef\xbb\xbf" + HAYAGRIVA
    for row in occurrences(rows_of(data)):
        assert data[row.position :].startswith(row.raw)


@pytest.mark.parametrize(
    ("data", "is_yaml"),
    [
        (CSL, True),
        (CFF, True),
        (HAYAGRIVA, True),
        (b"- id: a\r\n  title: A\r\n", True),
        (b"title: x\nauthor:\n- A B\nreferences:\n- id: a\n", True),
        (b"TY  - JOUR\nTI  - x\nER  - \n", False),
        (b"- a list\n- of things\n", False),
        (b"key:\n  other: 1\n", False),
        (b"PMID- 1\nTI  - title: x\n", False),
        (b"Title: A\nAuthor: B\n", False),
    ],
)
def test_yaml_is_told_by_the_keys_of_references(data, is_yaml):
    assert yaml_rows.sniff(Head("x", data)) is is_yaml
