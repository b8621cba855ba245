"""NBIB: PubMed's tagged export and ERIC's, entry by entry and field by field."""

from __future__ import annotations

import pytest

from indexer.fields.people.names import names_of
from indexer.records import Relation
from tests.reading import SMALL, occurrences, records_of, rejected, rows_of, titles

ERIC = b"""
OWN - ERIC
TI  - New made starts.
AU  - Burns, Nan
AU  - And Others
OT  - Adult Development
OID - ED918949
DP  - 1980
LID - http://eric.ed.gov/?id=ED918949
AB  - This manual shares ideas with those persons
      interested in made rivers.
LA  - English
PT  - Guides - Non-Classroom

OWN - ERIC
TI  - Reading Aloud
AU  - Smith, Tom
JT  - Made Journal of Reading
AID - http://dx.doi.org/10.5555/mjr.10.1
OID - EJ9131633
DP  - 2000
ISSN - ISSN-1234-5679
PT  - Journal Articles
"""

PUBMED = b"""
PMID- 31234567
OWN - NLM
TI  - Sediment memory.
FAU - Okonjo, Amara
AU  - Okonjo A
AUID- ORCID: 0000-0002-1825-0097
AD  - Made University
FAU - Stone, Li
AU  - Stone L
CN  - River Study Group
DP  - 2018 Apr 2
JT  - J Made
AID - S0048-9697(17)30912-9 [pii]
LID - e0123 [pii]
LID - 10.5555/a [doi]
PMC - PMC7654321
MID - NIHMS123
PT  - Research Support, Non-U.S. Gov't
PT  - Published Erratum
GR  - R01/Made
FIR - Field, Ina
EFR - J Made. 2017;1:1. PMID: 31234000
MH  - *Rivers
"""


def test_entries_of_eric_are_told_by_their_owner():
    first, second = records_of(ERIC, "made.nbib")

    assert first.record_id == "made.nbib:ED918949"
    assert first.identifiers == (("eric", "ED918949"),)
    assert (first.date, first.database, first.accession_number) == ("1980", "ERIC", "ED918949")
    assert first.urls == ("http://eric.ed.gov/?id=ED918949",)
    assert first.keywords == ("Adult Development",)
    assert first.abstract.endswith("persons interested in made rivers.")
    assert (second.doi, second.issn) == ("10.5555/mjr.10.1", ("1234-5679",))
    assert (second.container, second.type) == ("Made Journal of Reading", "Journal Articles")


def test_and_others_is_no_person():
    byline = names_of(records_of(ERIC)[0].authors)

    assert len(byline.names) == 1
    assert byline.truncated


def test_a_record_of_pubmed_is_read_field_by_field():
    (record,) = records_of(PUBMED)

    assert (record.record_id, record.database) == ("pubmed:31234567", "PubMed")
    assert [(author.name, author.orcid) for author in record.authors] == [
        ("Okonjo, Amara", "0000-0002-1825-0097"),
        ("Stone, Li", ""),
        ("River Study Group", ""),
    ]
    assert record.type == "Published Erratum"
    assert record.doi == "10.5555/a"
    assert record.article_number == "e0123"
    assert record.identifiers == (
        ("pmid", "31234567"),
        ("pmcid", "PMC7654321"),
        ("nihms", "NIHMS123"),
        ("pii", "e0123"),
        ("pii", "S0048-9697(17)30912-9"),
    )
    assert record.relations == (Relation("ErratumFor", "pmid:31234000"),)
    assert record.keywords == ("*Rivers",)
    assert set(record.extra) == {
        ("nbib:OWN", "NLM"),
        ("nbib:AD", "Made University"),
        ("nbib:GR", "R01/Made"),
        ("nbib:FIR", "Field, Ina"),
        ("nbib:PT", "Research Support, Non-U.S. Gov't"),
    }


@pytest.mark.parametrize(
    ("types", "type_"),
    [
        (["Journal Article", "Review"], "Review"),
        (["Evaluation Study", "Journal Article"], "Journal Article"),
        (["Case Reports", "Letter"], "Letter"),
        (["Video-Audio Media"], "Video-Audio Media"),
    ],
)
def test_the_type_is_the_most_telling_of_those_given(types, type_):
    lines = "".join(f"PT  - {each}\n" for each in types)
    (record,) = records_of(f"PMID- 1\nTI  - A\n{lines}".encode())

    assert record.type == type_


def test_an_entry_without_its_first_lines_is_no_part_of_the_entry_before():
    data = b"PMID- 1\nOWN - NLM\nTI  - A\nDP  - 2001\n\nDP  - 2002\nTI  - B\nOWN - NLM\n"

    assert titles(rows_of(data)) == ["A", "B"]


def test_a_blank_line_inside_an_abstract_ends_nothing():
    (record,) = records_of(b"PMID- 1\nOWN - NLM\nTI  - A\nAB  - One.\n\n      Two.\nDP  - 2001\n")

    assert (record.abstract, record.date) == ("One. Two.", "2001")


def test_an_entry_over_the_limit_is_refused_and_the_next_is_read():
    long = b"PMID- 2\nOWN - NLM\nTI  - Long\n" + b"OT  - word\n" * 300
    rows = rows_of(b"PMID- 1\nTI  - A\n\n" + long + b"\nPMID- 3\nTI  - C\n", settings=SMALL)

    assert titles(rows) == ["A", "C"]
    assert f"{len(long):,} bytes" in rejected(rows)[0].reason
    assert [row.row for row in occurrences(rows)] == [1, 3]
