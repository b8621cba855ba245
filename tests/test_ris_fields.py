"""RIS fields: what each database puts where, and that nothing of an entry is lost."""

from __future__ import annotations

import pytest

from indexer.records import Record
from tests.reading import records_of


def read(*lines: str, kind: str = "JOUR") -> Record:
    text = "\n".join([f"TY  - {kind}", "TI  - A", *lines, "ER  - ", ""])
    (record,) = records_of(text.encode())
    return record


EBSCO = (
    "N1  - Accession Number: 128765432. Language: English. Publication Type: letter. "
    "NLM UID: 0123456. PMID: NLM29334456. DOI: 10.5555/a.b. "
)


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        (["DB  - Scopus", "C2  - 32741292"], {("pmid", "32741292")}),
        (
            ["UR  - https://www.scopus.com/inward/record.uri?eid=2-s2.0-85&doi=x", "C2  - 1234567"],
            {("pmid", "1234567")},
        ),
        (["C2  - 1234567"], set()),
        (["DB  - Embase", "C5  - 93445566", "U2  - L2011111111"],
         {("pmid", "93445566"), ("embase", "L2011111111")}),
        (["C5  - 93445566"], set()),
        (["AN  - MEDLINE:29334456"], {("pmid", "29334456")}),
        (["AN  - 29334456", "DP  - NLM"], {("pmid", "29334456")}),
        (["AN  - 29334456", "DB  - cmedm", "DP  - EBSCOhost"], {("pmid", "29334456")}),
        (["AN  - 2018-1-001", "DB  - psyh"], {("", "2018-1-001")}),
        (["AN  - 29334456", "C2  - PMC9000001"],
         {("pmid", "29334456"), ("pmcid", "PMC9000001")}),
        (["C2  - PMC9000001", "C6  - NIHMS364253"],
         {("pmcid", "PMC9000001"), ("nihms", "NIHMS364253")}),
        (["C3  - PUBMED 34176716,EMBASE 2013267276"],
         {("pmid", "34176716"), ("embase", "2013267276")}),
        ([EBSCO], {("pmid", "29334456")}),
        (["N1  - Accession Number: 15; Francis, L 1; Source Info: Jun2021, p2; PMID: 31234567"],
         {("pmid", "31234567")}),
        (["N1  - PMID: 31234567; PMCID: PMC7654321"],
         {("pmid", "31234567"), ("pmcid", "PMC7654321")}),
        (["N1  - Erratum in: J Made. 2019. PMID: 31234567"], set()),
        (["N1  - Comment in PMID: 31234567"], set()),
    ],
)  # fmt: skip
def test_numbers_are_known_by_their_database(lines, expected):
    assert set(read(*lines).identifiers) == expected


@pytest.mark.parametrize(
    ("lines", "doi"),
    [
        (["L2  - http://dx.doi.org/10.5555/msa.2021.77"], "10.5555/msa.2021.77"),
        (["L3  - 10.5555/msa.2021.77"], "10.5555/msa.2021.77"),
        (["DO  - 10.5555/own", "L2  - http://dx.doi.org/10.5555/other"], "10.5555/own"),
        (["L2  - https://made.example/10.5555/x"], ""),
        ([EBSCO], "10.5555/a.b"),
    ],
)
def test_a_doi_in_a_link_or_note_of_the_record_is_its_doi(lines, doi):
    assert read(*lines).doi == doi


@pytest.mark.parametrize(
    ("kind", "lines", "type_"),
    [
        ("JOUR", ["M3  - Erratum"], "Erratum"),
        ("JOUR", ["M3  - Article in Press"], "JOUR"),
        ("JOUR", ["M3  - doi: 10.5555/a"], "JOUR"),
        ("CHAP", ["M3  - Letter"], "CHAP"),
        ("JOUR", [EBSCO], "letter"),
    ],
)
def test_the_type_says_what_m3_says_where_ty_is_general(kind, lines, type_):
    assert read(*lines, kind=kind).type == type_


def test_a_group_beside_the_authors_is_an_author():
    record = read("AU  - Okonjo, A", "A1  - River Study Grp")

    assert [author.name for author in record.authors] == ["Okonjo, A", "River Study Grp"]


def test_a_byline_under_both_tags_is_one_byline_with_the_fuller_names():
    record = read("AU  - Okonjo, A", "AU  - Stone, L", "A1  - Okonjo, Amara", "A1  - Stone, Li")

    assert [author.name for author in record.authors] == ["Okonjo, Amara", "Stone, Li"]


def test_two_authors_of_one_name_are_two():
    assert len(read("AU  - Wang, Wei", "AU  - Wang, Wei").authors) == 2


def test_every_field_finds_a_place():
    record = read(
        "A1  - Agarwal, Sunil", "A2  - Editorship, Ed", "A3  - Series, Ed", "AD  - Made University",
        "AN  - 99112233", "C1  - custom", "CY  - Pune", "DB  - PsycINFO", "DP  - Made host",
        "ET  - Epub", "JF  - Made Journal", "J2  - Made J", "KW  - one", "KW  - two", "L1  - a.pdf",
        "M3  - Journal Article", "N1  - Using Smart Source Parsing", "last line of the note",
        "N1  - RAYYAN-INCLUSION: {\"Ann\"=>\"Included\"} | RAYYAN-LABELS: a,b", "ST  - Short",
        "Y1  - 2012//", "DA  - 2013/05/06/", "PY  - 2013", "C2  - 12",
    )  # fmt: skip

    assert [editor.name for editor in record.editors] == ["Editorship, Ed"]
    assert record.keywords == ("one", "two")
    assert record.notes == (
        "Using Smart Source Parsing",
        "last line of the note",
        'RAYYAN-INCLUSION: {"Ann"=>"Included"} | RAYYAN-LABELS: a,b',
    )
    assert (record.publisher_place, record.database) == ("Pune", "PsycINFO")
    assert record.accession_number == "99112233"
    assert set(record.extra) == {
        ("ris:A3", "Series, Ed"),
        ("ris:AD", "Made University"),
        ("ris:C1", "custom"),
        ("ris:C2", "12"),
        ("ris:DP", "Made host"),
        ("ris:ET", "Epub"),
        ("ris:J2", "Made J"),
        ("ris:M3", "Journal Article"),
        ("ris:ST", "Short"),
        ("ris:Y1", "2012//"),
    }
