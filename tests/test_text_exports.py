"""Text exports of databases and reference managers that are neither RIS nor tables."""

from __future__ import annotations

import pytest

from tests.reading import SMALL, records_of, rejected, rows_of, titles

OVID_HEADINGS = b"""<1>
Accession Number
  31234567.
Author
  Okonjo, Amara 1;  Stone, Li 1, 2
Institution
  (1) Made University
Title
  Sediment memory of braided rivers.[Article]
Source
  Made Journal.   12(3):139-154, April 2018.
Abstract
  What rivers
  do.
Author Keywords
  rivers;  clay
ISSN
  2049-3630
DOI Number
  10.5555/jmh.2018.139
References
  Vale N. 2001. Cited.

  Stone L. 2002. Cited too.

<2>
Title
  Tidal flats
Source
  A line of another form
"""

OVID_TAGS = b"""VN  - Ovid Technologies
DB  - Ovid MEDLINE(R)

<1. >
UI  - 31234567
TI  - Sediment memory.
AU  - Okonjo A
AU  - Stone L
FA  - Okonjo, Amara
FA  - Stone, Li
SO  - J Made. 12(3):139-154, 2018 Apr
IS  - 2049-3630
AB  - What rivers
  do.
DO  - 10.5555/x

<2. >
UI  - 31234568
TI  - Tidal flats
"""

EMBASE = b"""RECORD 1

TITLE
Sediment memory
AUTHOR NAMES
Okonjo A.
Stone L.
AUTHOR ADDRESSES
(Okonjo A.) Made University
SOURCE
J. Made (2018) 12:3 (139-154). Date of Publication: 1 Apr 2018
ABSTRACT
What rivers
do.
LANGUAGE OF ARTICLE
English
EMBASE ACCESSION NUMBER
20180123456
MEDLINE PMID
31234567 (http://www.ncbi.nlm.nih.gov/pubmed/31234567)
PUI
L612345678
DOI
10.5555/x

RECORD 2

TITLE
Tidal flats
"""

REFWORKS = b"""RT Journal Article
SR Electronic(1)
ID 5
A1 Okonjo,Amara
A1 Stone,Li
A2 Vale,Noor
T1 Sediment memory
JF J. Made
YR 2018
FD Apr 2
VO 12
IS 3
SP 139
OP 154
K1 rivers
K1 clay
SN 2049-3630
DO 10.5555/x
AB What rivers
do.

IN no tag of the format.
NO Read it
UL https://made.example

RT Book
T1 Tidal flats
"""

NOTEEXPRESS = """{Reference Type}: Journal Article
{Title}: 辫状河
{Author}: 王伟;李娜
{Author Address}: 北京大学
{Journal}: 水利学报
{Year}: 2018
{Volume}: 12
{Issue}: 03
{Pages}: 139-154
{ISBN/ISSN}: 0559-9350
{Keywords}: 河流；沉积
{DOI}: 10.5555/x

{Reference Type}: Book
{Title}: 潮滩
"""

SCIFINDER = b"""START_RECORD
FIELD Copyright:Copyright (C) 2018 Made
FIELD Database:CAPLUS
FIELD Title:Sediment memory
FIELD Author:Okonjo, Amara; Stone, Li
FIELD Journal Title:J. Made
FIELD Publication Year:2018
FIELD Volume:12
FIELD Page:139-154
FIELD Abstract:What rivers
do.
END_RECORD
START_RECORD
FIELD Title:Tidal flats
END_RECORD
"""

KISS = """학술지명: 한국수자원학회논문집
논문명: 망상하천의 퇴적
저자: 김민수; 이영희
발행연도: 2018
권호사항: 제12권 제3호
페이지: 139-154

학술지명: 한국수자원학회논문집
논문명: 조간대
"""

SUMMARY = b"""1: Okonjo A, van der Berg J Jr; River Study Group. Sediment memory: why? Beds and
banks. J Made Hydrol. 2018 Apr;12(3):139-154. doi: 10.5555/jmh.2018.139. Epub 2018
Mar 2. PMID: 31234567; PMCID: PMC7654321.

2: Tidal flats. J Made (Oxford). 2019 Jan. PMID: 31234568.

3: No place here PMID: 31234569
"""

ABSTRACTS = b"""1. J Made Hydrol. 2018 Apr;12(3):139-154. doi: 10.5555/jmh.2018.139. Epub 2018
Mar 2.

Sediment memory
of braided rivers.

Okonjo A(1)(2), Stone L(2).

Author information:
(1)Made University.

What rivers do.

1. They move. And that in 3 steps.

DOI: 10.5555/jmh.2018.139
PMCID: PMC7654321
PMID: 31234567 [Indexed for MEDLINE]

Conflict of interest statement: None.


2. J Made. 2019 Jan;13(1):1-9.

Tidal flats.

Vale N.

PMID: 31234568
"""

SCIENCEDIRECT = b"""Amara Okonjo, Li Stone,
Sediment memory, and more,
J Made,
Volume 12, Issue 3,
2018,
Pages 139-154,
ISSN 2049-3630,
https://doi.org/10.5555/jmh.2018.139.
(https://www.sciencedirect.com/science/article/pii/S2049363018300012)
Abstract: What rivers do.
Keywords: rivers; clay

Noor Vale,
Tidal flats,
J Made,
2019,
112345,
"""


def test_ovid_by_headings():
    first, second = records_of(OVID_HEADINGS)

    assert first.title == "Sediment memory of braided rivers"
    assert [author.name for author in first.authors] == ["Okonjo, Amara", "Stone, Li"]
    assert (first.container, first.volume, first.issue) == ("Made Journal", "12", "3")
    assert (first.pages, first.date, first.type) == ("139-154", "April 2018", "Article")
    assert (first.abstract, first.keywords) == ("What rivers do.", ("rivers", "clay"))
    assert (first.doi, first.issn) == ("10.5555/jmh.2018.139", ("2049-3630",))
    assert ("ovid:Institution", "(1) Made University") in first.extra
    assert ("ovid:References", "Vale N. 2001. Cited. Stone L. 2002. Cited too.") in first.extra
    assert second.title == "Tidal flats"
    assert second.extra == (("ovid:source", "A line of another form"),)


def test_ovid_by_tags_with_the_database_of_the_file():
    first, second = records_of(OVID_TAGS)

    assert [author.name for author in first.authors] == ["Okonjo, Amara", "Stone, Li"]
    assert first.identifiers == (("pmid", "31234567"),)
    assert (first.database, first.accession_number) == ("Ovid MEDLINE(R)", "31234567")
    assert (first.container, first.pages, first.date) == ("J Made", "139-154", "2018 Apr")
    assert first.abstract == "What rivers do."
    assert second.identifiers == (("pmid", "31234568"),)


def test_embase():
    first, second = records_of(EMBASE)

    assert [author.name for author in first.authors] == ["Okonjo A.", "Stone L."]
    assert (first.container, first.volume, first.issue) == ("J. Made", "12", "3")
    assert (first.pages, first.date, first.doi) == ("139-154", "2018", "10.5555/x")
    assert ("pmid", "31234567") in first.identifiers
    assert ("embase", "L612345678") in first.identifiers
    assert first.accession_number == "20180123456"
    assert first.extra == (("embase:AUTHOR ADDRESSES", "(Okonjo A.) Made University"),)
    assert second.title == "Tidal flats"


def test_refworks():
    first, second = records_of(REFWORKS, "made.txt")

    assert first.record_id == "made.txt:5"
    assert [author.name for author in first.authors] == ["Okonjo,Amara", "Stone,Li"]
    assert [editor.name for editor in first.editors] == ["Vale,Noor"]
    assert (first.date, first.year) == ("2018 Apr 2", "2018")
    assert (first.volume, first.issue, first.pages) == ("12", "3", "139-154")
    assert first.abstract == "What rivers do. IN no tag of the format."
    assert (first.keywords, first.notes) == (("rivers", "clay"), ("Read it",))
    assert first.urls == ("https://made.example",)
    assert first.extra == (("refworks:SR", "Electronic(1)"),)
    assert (second.title, second.type) == ("Tidal flats", "Book")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "gb18030"])
def test_noteexpress(encoding):
    first, second = records_of(NOTEEXPRESS.encode(encoding))

    assert [author.name for author in first.authors] == ["王伟", "李娜"]
    assert (first.container, first.year, first.issue) == ("水利学报", "2018", "03")
    assert (first.issn, first.doi) == (("0559-9350",), "10.5555/x")
    assert first.keywords == ("河流", "沉积")
    assert first.extra == (("noteexpress:Author Address", "北京大学"),)
    assert (second.title, second.type) == ("潮滩", "Book")


def test_scifinder():
    first, second = records_of(SCIFINDER)

    assert [author.name for author in first.authors] == ["Okonjo, Amara", "Stone, Li"]
    assert (first.database, first.volume, first.pages) == ("CAPLUS", "12", "139-154")
    assert first.abstract == "What rivers do."
    assert first.extra == (("scifinder:Copyright", "Copyright (C) 2018 Made"),)
    assert second.title == "Tidal flats"


def test_kiss():
    first, second = records_of(KISS.encode())

    assert [author.name for author in first.authors] == ["김민수", "이영희"]
    assert (first.volume, first.issue, first.pages) == ("12", "3", "139-154")
    assert first.extra == (("kiss:권호사항", "제12권 제3호"),)
    assert second.title == "조간대"


def test_pubmed_summaries():
    first, second, third = records_of(SUMMARY, "made.txt")

    assert first.record_id == "made.txt:31234567"
    assert [author.name for author in first.authors] == [
        "Okonjo A",
        "van der Berg J Jr",
        "River Study Group",
    ]
    assert first.title == "Sediment memory: why? Beds and banks."
    assert (first.container, first.date) == ("J Made Hydrol", "2018 Apr")
    assert (first.volume, first.issue, first.pages) == ("12", "3", "139-154")
    assert first.doi == "10.5555/jmh.2018.139"
    assert first.identifiers == (("pmid", "31234567"), ("pmcid", "PMC7654321"))
    assert (second.title, second.authors) == ("Tidal flats.", ())
    assert (second.container, second.date) == ("J Made (Oxford)", "2019 Jan")
    assert (third.title, third.identifiers) == ("", (("pmid", "31234569"),))
    assert third.notes == ("No place here PMID: 31234569",)


def test_pubmed_abstracts():
    first, second = records_of(ABSTRACTS)

    assert first.title == "Sediment memory of braided rivers."
    assert [author.name for author in first.authors] == ["Okonjo A", "Stone L"]
    assert (first.container, first.pages) == ("J Made Hydrol", "139-154")
    assert first.abstract == "What rivers do. 1. They move. And that in 3 steps."
    assert first.identifiers == (("pmid", "31234567"), ("pmcid", "PMC7654321"))
    assert first.extra == (
        ("pubmed:text", "Author information: (1)Made University."),
        ("pubmed:text", "Conflict of interest statement: None."),
    )
    assert (second.title, second.abstract) == ("Tidal flats.", "")
    assert second.authors[0].name == "Vale N"


def test_a_place_in_two_lines_begins_an_abstract_behind_two_blank_lines():
    data = (
        b"1. Made Society of Hydrology Annual Meeting.\n2018 Apr;12(3):139-154.\n\nA.\n\n"
        b"Vale N.\n\n1. Aims.\n\nPMID: 1234567\n\n\n2. Made J.\n2019;1:1.\n\nB.\n\nPMID: 1234568\n"
    )
    first, second = records_of(data)

    assert (first.container, first.pages) == ("Made Society of Hydrology Annual Meeting", "139-154")
    assert (first.abstract, second.title) == ("1. Aims.", "B.")


def test_sciencedirect():
    first, second = records_of(SCIENCEDIRECT)

    assert [author.name for author in first.authors] == ["Amara Okonjo", "Li Stone"]
    assert (first.title, first.container) == ("Sediment memory, and more", "J Made")
    assert (first.volume, first.issue, first.pages) == ("12", "3", "139-154")
    assert (first.doi, first.year) == ("10.5555/jmh.2018.139", "2018")
    assert (first.abstract, first.keywords) == ("What rivers do.", ("rivers", "clay"))
    assert (second.title, second.article_number) == ("Tidal flats", "112345")


def test_an_entry_over_the_limit_is_refused_and_the_next_is_read():
    long = b"RT Book\nT1 Long\n" + b"K1 word\n" * 400
    rows = rows_of(b"RT Book\nT1 A\n\n" + long + b"\nRT Book\nT1 C\n", settings=SMALL)

    assert titles(rows) == ["A", "C"]
    assert f"{len(long):,} bytes" in rejected(rows)[0].reason
