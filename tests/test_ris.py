"""RIS and its relatives: every way citation managers bend the format, read entry by entry."""

from __future__ import annotations

from pathlib import Path

import pytest
import rispy
from hypothesis import given
from hypothesis import strategies as st

from indexer.feeds.formats.lines import ris, wos
from indexer.feeds.reading.rows import Head
from tests.reading import SMALL, occurrences, records_of, rejected, rows_of, titles

MADE = Path(__file__).parent / "made"

ONE = b"TY  - JOUR\nTI  - First\nAU  - Example, Ada\nER  - \n"
TWO = b"TY  - JOUR\nTI  - Second\nAU  - Sample, Bo\nER  - \n"


def entry(*lines: str, kind: str = "JOUR") -> bytes:
    return "\n".join([f"TY  - {kind}", *lines, "ER  - ", ""]).encode()


def test_an_entry_is_read_field_by_field():
    (record,) = records_of(
        entry(
            "TI  - Made rivers: and their beds",
            "AU  - Example, Ada",
            "AU  - Sample, Bo",
            "PY  - 2019",
            "DA  - 2019/03/07/",
            "T2  - Journal of Made Hydrology",
            "J2  - J. Made Hydrol.",
            "VL  - 12",
            "IS  - 3",
            "SP  - 101",
            "EP  - 119",
            "C7  - e101",
            "SN  - 1234-5679 (Print) 2434-561X",
            "DO  - 10.1002/(SICI)1097-4679(199911)55:11<1351::AID-JCLP4>3.0.CO;2-5",
            "UR  - https://made.example/?a=1;b=2",
            "L1  - https://made.example/1.pdf",
            "AB  - Rivers move.",
            "LA  - eng",
            "PB  - Made Press",
            "AN  - 10000001",
            "DP  - PubMed",
            "ID  - ref-1",
        ),
        "export.ris",
    )

    assert record.record_id == "export.ris:ref-1"
    assert record.title == "Made rivers: and their beds"
    assert [author.name for author in record.authors] == ["Example, Ada", "Sample, Bo"]
    assert (record.date, record.year) == ("2019/03/07/", "2019")
    assert record.container == "Journal of Made Hydrology"
    assert (record.volume, record.issue, record.pages) == ("12", "3", "101-119")
    assert record.article_number == "e101"
    assert record.issn == ("1234-5679 (Print) 2434-561X",)
    assert record.doi.endswith("3.0.CO;2-5")
    assert record.urls == ("https://made.example/?a=1;b=2", "https://made.example/1.pdf")
    assert record.identifiers == (("pmid", "10000001"),)
    assert (record.type, record.language, record.publisher) == ("JOUR", "eng", "Made Press")


@pytest.mark.parametrize(
    "data",
    [
        ONE + TWO,
        ONE + b"\n\n\n" + TWO,
        b"\n\n" + ONE + TWO,
        b"\xef\xbb\xbf" + ONE + b"\xef\xbb\xbf" + TWO,
        (ONE + TWO).replace(b"\n", b"\r\n"),
        (ONE + TWO).replace(b"\n", b"\r"),
        (ONE + TWO).replace(b"ER  - \n", b"ER  -\n"),
        (ONE + TWO).replace(b"ER  - \n", b""),
        (ONE + TWO).replace(b"ER  - \n", b"\n"),
        (ONE + TWO).rstrip(),
        (ONE + TWO)[: -len(b"\nER  - \n")],
        b"1.\n" + ONE + b"2.\n" + TWO,
        b"1. " + ONE + b"2. " + TWO,
        b"Record #1 of 2\nProvider: Made\nContent: text/plain\n\n"
        + ONE
        + b"Record #2 of 2\n"
        + TWO,
        (ONE + TWO).replace(b"  - ", b"  -  "),
        (ONE + TWO).replace(b"  - ", "  \u2010 ".encode()),
        (ONE + TWO).replace(b"  - ", b" - "),
        (ONE + TWO).replace(b"TY  - JOUR\n", b""),
        (ONE + TWO).replace(b"  - ", b"  -"),
        b"".join(b"  " + line + b"\n" for line in (ONE + TWO).splitlines()),
        (ONE + TWO).decode().encode("utf-16"),
        ONE + b"NL  - left behind the entry\nLink to the text\n" + TWO,
        ONE[:5] + b"\0" + ONE[5:] + TWO,
    ],
)
def test_two_entries_are_two_rows_however_the_export_was_bent(data):
    rows = rows_of(data)

    assert titles(rows) == ["First", "Second"]
    assert not rejected(rows)
    assert [len(row.record.authors) for row in occurrences(rows)] == [1, 1]


def test_raw_is_the_entry_from_its_first_line_to_its_last():
    data = b"1.\n" + ONE + b"\n2.\n" + TWO
    rows = occurrences(rows_of(data))

    assert [row.raw for row in rows] == [ONE, TWO]
    assert [row.position for row in rows] == [data.index(ONE), data.index(TWO)]


def test_wrapped_lines_continue_the_line_before_and_lists_gain_a_value():
    (record,) = records_of(
        b"TY  - JOUR\nTI  - A title that\nis wrapped, ER then\n      IL - 6 follows\n"
        b"KW  - one\ntwo\nAU  - Example, Ada\nSample, Bo\nAB  - First.\n\nER stands here.\nER  - \n"
    )

    assert record.title == "A title that is wrapped, ER then IL - 6 follows"
    assert [author.name for author in record.authors] == ["Example, Ada", "Sample, Bo"]
    assert record.abstract == "First. ER stands here."


def test_what_statistics_software_writes_for_nothing_is_nothing():
    """Two records must not look alike for both having the abstract "NA"."""
    (record,) = records_of(entry("TI  - A", "AB  - NA", "VL  - NA", "AU  - NA", "AU  - Na, Li"))

    assert (record.abstract, record.volume) == ("", "")
    assert [author.name for author in record.authors] == ["Na, Li"]


@pytest.mark.parametrize(
    ("lines", "field", "value"),
    [
        (["T1  - Old tag"], "title", "Old tag"),
        (["BT  - A book"], "title", "short"),
        (["TI  - A", "T1  - B", "TT  - C"], "alternate_titles", ("B", "C")),
        (["A1  - Old, Tag"], "authors", "Old, Tag"),
        (["Y1  - 2010/03//"], "date", "2010/03//"),
        (["PY  - 2011", "DA  - Jun"], "date", "2011 Jun"),
        (["PY  - 2011"], "date", "2011"),
        (["SP  - 349-69"], "pages", "349-69"),
        (["SP  - 1350\u20101356"], "pages", "1350\u20101356"),
        (["SP  - No", "EP  - Specified"], "pages", ""),
        (["SP  - No", "EP  - Pagination"], "pages", ""),
        (["SP  - 7", "EP  - 7"], "pages", "7"),
        (["JO  - J. Made", "JF  - Journal of Made"], "container", "Journal of Made"),
        (["M3  - doi: 10.1/a"], "doi", "10.1/a"),
        (["N1  - Erratum in: doi: 10.1/a"], "doi", ""),
        (["U1  - 35957633 [PMID]", "U1  - PMC9359172 [PMCID]"], "identifiers",
         (("pmid", "35957633"), ("pmcid", "PMC9359172"))),
        (["C3  - PUBMED 34176716,EMBASE 2013"], "identifiers", (("pmid", "34176716"),)),
        (["AN  - WOS:1"], "identifiers", (("", "WOS:1"),)),
        (["N2  - Abstract."], "abstract", "Abstract."),
        (["SN  - 9780306406157"], "isbn", ("9780306406157",)),
    ],
)  # fmt: skip
def test_fields_are_found_under_all_their_tags(lines, field, value):
    (record,) = records_of(entry("ST  - short", *lines))

    found = getattr(record, field)
    assert (found[0].name if field == "authors" else found) == value


def test_a_book_is_called_by_its_book_title_and_a_chapter_stands_in_it():
    (book,) = records_of(entry("BT  - A book", "A2  - Compiler, Cy", kind="BOOK"))
    (chapter,) = records_of(entry("TI  - A chapter", "BT  - A book", kind="CHAP"))

    assert (book.title, book.authors[0].name) == ("A book", "Compiler, Cy")
    assert (chapter.title, chapter.container) == ("A chapter", "A book")


def test_one_id_on_two_different_entries_keeps_both():
    """Exports joined by hand number from 1 again."""
    rows = occurrences(
        rows_of(
            entry("ID  - 1", "TI  - A") + entry("ID  - 1", "TI  - B") + entry("ID  - 1", "TI  - A")
        )
    )

    ids = [row.record.record_id for row in rows]
    assert ids[0] == ids[2] != ids[1]
    assert [row.given_id for row in rows] == ["1", "1", "1"]


def test_an_entry_over_the_limit_is_refused_and_the_next_is_read():
    long = entry("TI  - Long", *(f"KW  - {n:0100}" for n in range(50)))
    rows = rows_of(ONE + long + TWO, settings=SMALL)

    assert titles(rows) == ["First", "Second"]
    assert rejected(rows)[0].position == len(ONE)
    assert f"{len(long):,} bytes" in rejected(rows)[0].reason


def test_an_entry_without_anything_to_compare_is_rejected():
    rows = rows_of(ONE + entry("N1  - a note") + TWO)

    assert titles(rows) == ["First", "Second"]
    assert rejected(rows)[0].raw == entry("N1  - a note")


@pytest.mark.parametrize(
    ("data", "is_ris"),
    [
        (ONE, True),
        (b"x" * 3000 + b"\n" + ONE, True),
        (b"JF  - J\nT1  - T\nVL  - 6\nER  - \n", True),
        (b"PMID- 1\nTI  - Title\nAB  - x\nAU  - y\n", False),
        (b"%0 Journal Article\n%T Title\n", False),
        (b"FN Made\nVR 1.0\nPT J\nTI x\nER\n", False),
        (b"The abstract says\nTY is a tag - or not\n", False),
    ],
)
def test_ris_is_told_from_its_neighbours(data, is_ris):
    assert ris.sniff(Head("x", data)) is is_ris


def test_cochranes_text_export_is_read_and_its_record_numbers_are_no_types():
    data = (
        b"Record #1 of 2\rID: CD000001\rAU: Example Ada\rAU: Sample Bo\rTI: Made advice\r"
        b"SO: Cochrane Database of Systematic Reviews\rYR: 2017\rNO: 2\rPB: Made\rKY: a;b\r"
        b"DOI: 10.1002/14651858.CD000001.pub2\rAB: Background: this. Results: that.\r"
        b"US: https://made.example\r\r\rRecord #2 of 2\rID: CN-1\rTI: Other\rYR: 2018\r"
    )

    first, second = records_of(data, "citation-export.txt")

    assert first.record_id == "citation-export.txt:CD000001"
    assert [author.name for author in first.authors] == ["Example Ada", "Sample Bo"]
    assert (first.doi, first.year, first.issue) == ("10.1002/14651858.CD000001.pub2", "2017", "2")
    assert first.abstract == "Background: this. Results: that."
    assert (first.type, second.title) == ("", "Other")


def test_web_of_science_entries_are_read():
    article, book = records_of((MADE / "wos/savedrecs.ciw").read_bytes(), "savedrecs.ciw")

    assert article.record_id == "savedrecs.ciw:WOS:000000000000001"
    assert article.title == "Made rivers and their beds"
    assert [author.name for author in article.authors] == ["Example, Ada", "Sample, Bo"]
    assert (article.date, article.year) == ("2019 MAR", "2019")
    assert (article.volume, article.issue, article.pages) == ("12", "3 SI", "101-119")
    assert article.abstract == "Rivers move. TI is no tag here. Second line."
    assert article.identifiers == (("", "WOS:000000000000001"), ("pmid", "10000001"))
    assert article.issn == ("1234-5679", "2434-561X")
    assert (book.container, book.article_number) == ("Lecture Notes in Made Hydrology", "UNSP 7")
    assert wos.sniff(Head("x", b"\nPT J\nAN 1\nTI x\nER\n"))


@given(
    st.lists(
        st.text(
            st.characters(codec="utf-8", exclude_categories=["Cc", "Zs", "Zl", "Zp"]), min_size=1
        ),
        min_size=1,
    )
)
def test_every_title_that_rispy_reads_we_read_the_same(names):
    """The library parses what we cut; with entries in good order both must agree."""
    data = "".join(f"TY  - JOUR\nTI  - x{name}\nAU  - y{name}\nER  - \n" for name in names)
    expected = [(e["title"], e["authors"]) for e in rispy.loads(data)]

    found = [(r.title, [a.name for a in r.authors]) for r in records_of(data.encode())]

    assert found == expected


LINES = st.sampled_from(
    [
        "TY  - JOUR",
        "TI  - T",
        "AU  - A",
        "ER  - ",
        "ER",
        "",
        "text",
        "  more",
        "\ufeff",
        "1.",
        "XX  -",
        "\0",
    ]
)


@pytest.mark.parametrize("start", [b"TY  - JOUR\n", b"PT J\nTI x\n", b"Record #1 of 9\nTI: x\n"])
@given(
    st.lists(LINES | st.text(max_size=9)),
    st.sampled_from(["\n", "\r\n", "\r"]),
    st.binary(max_size=30),
)
def test_any_lines_are_rows_or_reasons(start, found, end, tail):
    rows_of(start + end.join(found).encode("utf-8", "replace") + tail)
