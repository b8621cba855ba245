"""CSV and TSV: exports told by their headers, and rows that a lost quote must not swallow."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.feeds.formats.tables import delimited
from indexer.feeds.formats.tables.headers import HEADERS, WOS, columns_of, plain
from indexer.feeds.reading.rows import MISSING, Head
from indexer.records import Author, Record
from tests.reading import SMALL, occurrences, records_of, rejected, rows_of, titles

MADE = Path(__file__).parent / "made/delimited"

SAME = {
    "zotero.csv": 'Made rivers, and "their" beds',
    "wos_tab.txt": "Made rivers: their beds",
}


@pytest.mark.parametrize("file", sorted(path.name for path in MADE.iterdir()))
def test_every_softwares_export_gives_the_same_record(file):
    """One made article as each of them writes it; what a format has no column for may lack."""
    (record,) = records_of((MADE / file).read_bytes(), file)

    assert record.title == SAME.get(file, "Made rivers and their beds")
    assert "2019" in (record.year or record.date)
    assert record.container.lower() in ("journal of made hydrology", "j made hydrol")
    assert "10.5555/made.1" in record.doi
    assert record.authors[0].name.startswith(("Example, Ada", "Example A", "Ada Ex", "A Example"))
    if file not in ("openalex.csv", "excel_semicolon.csv"):
        assert (record.volume, record.issue, record.pages) == ("12", "3", "101-119")
    if file not in ("pubmed.csv", "excel_semicolon.csv"):
        assert record.abstract.startswith("Rivers")
        assert record.issn or file == "covidence.csv"


@pytest.mark.parametrize(
    ("file", "record_id", "source"),
    [
        ("zotero.csv", "zotero.csv:ABCD1234", "zotero.csv"),
        ("scopus.csv", "scopus.csv:2-s2.0-1", "Scopus"),
        ("wos_tab.txt", "wos_tab.txt:WOS:000000000000001", "wos_tab.txt"),
        ("covidence.csv", "covidence.csv:#4711", "covidence.csv"),
        ("asysd.csv", "asysd.csv:17", "pubmed"),
        ("pubmed.csv", "pubmed.csv:10000001", "pubmed.csv"),
        ("openalex.csv", "openalex:W1000000001", "openalex"),
    ],
)
def test_ids_of_exports_count_in_their_file_and_issued_ones_everywhere(file, record_id, source):
    """Two screenings both number from 1: their ids must not meet."""
    (record,) = records_of((MADE / file).read_bytes(), file)

    assert (record.record_id, record.source) == (record_id, source)


@pytest.mark.parametrize(
    ("file", "field", "value"),
    [
        ("scopus.csv", "authors", "Example, Ada|Sample, Bo"),
        ("scopus.csv", "identifiers", (("pmid", "10000001"), ("", "2-s2.0-1"))),
        ("scopus.csv", "article_number", "e101"),
        ("zotero.csv", "abstract", "Rivers\nmove."),
        (
            "zotero.csv",
            "identifiers",
            (("pmid", "10000001"), ("pmcid", "PMC1000001"), ("arxiv", "1903.00001")),
        ),
        ("wos_tab.txt", "date", "2019 MAR 7"),
        ("wos_tab.txt", "abstract", 'Rivers "move.'),
        ("wos_tab.txt", "issn", ("1234-5679", "2434-561X")),
        ("covidence.csv", "date", "2019 March"),
        ("asysd.csv", "authors", "Example, Ada and Sample, Bo"),
        ("asysd.csv", "issn", ("1234-5679 (Print)\n1234-5679",)),
        ("openalex.csv", "authors", "Ada Example|Bo Sample"),
        ("lens.csv", "urls", ("https://made.example/2", "https://made.example/1")),
    ],
)
def test_particular_columns_arrive(file, field, value):
    (record,) = records_of((MADE / file).read_bytes(), file)

    found = getattr(record, field)
    assert ("|".join(a.name for a in found) if field == "authors" else found) == value


HEADER = b"title,year,doi\n"


@pytest.mark.parametrize(
    ("broken", "kept"),
    [
        (b'"open,2020,10.1/a\n', ['"open']),
        (b'open",2020,10.1/a\n', ['open"']),
        (b'a "word" in it,2020,10.1/a\n', ['a "word" in it']),
        (b'"a "word" in it",2020,10.1/a\n', ['a word" in it"']),
        (b'5" pipe,2020,10.1/a\n', ['5" pipe']),
        (b'"x" ,2020,10.1/a\n', ["x"]),
    ],
)
@pytest.mark.parametrize("following", [b"B,2021,10.1/b\n", b'"B",2021,"10.1/b"\n'])
def test_a_stray_quote_spoils_at_most_its_own_row(broken, kept, following):
    """csv alone would read on to the next quote and lose every row between."""
    rows = rows_of(HEADER + b"A,2020,10.1/a\n" + broken + following * 3)

    assert [t for t in titles(rows) if t not in ("A", "B")] == kept
    assert titles(rows).count("B") == 3
    assert not rejected(rows)


def test_a_quote_that_is_never_closed_is_one_rejection():
    rows = rows_of(HEADER + b'A,2020,10.1/a\n"open,with,more,commas,2020\nB,2021,10.1/b\n')

    assert titles(rows) == ["A", "B"]
    (refused,) = rejected(rows)
    assert "quote" in refused.reason
    assert refused.raw == b'"open,with,more,commas,2020'


def test_a_row_with_too_many_values_is_refused_as_its_columns_have_shifted():
    """A comma inside an unquoted title would put half of it into the year."""
    rows = rows_of(HEADER + b"Rivers, deltas,2020,10.1/a\nB,2021,10.1/b\nC,2022\nD,2023,10.1/d,,\n")

    assert titles(rows) == ["B", "C", "D"]
    assert "4 values, expected 3" in rejected(rows)[0].reason


def test_cells_of_many_lines_are_one_row_and_keep_their_bytes():
    data = HEADER + b'"two\r\nlines, and ""quotes""",2020,10.1/a\r\n\r\n,,\r\nB,2021,10.1/b'
    first, second = occurrences(rows_of(data))

    assert first.record.title == 'two\nlines, and "quotes"'
    assert first.raw == b'"two\r\nlines, and ""quotes""",2020,10.1/a'
    assert second.raw == b"B,2021,10.1/b"
    assert data[second.position :] == second.raw


@pytest.mark.parametrize("end", [b"\n", b"\r\n", b"\r"])
@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "cp1252"])
def test_encodings_and_line_ends_do_not_matter(end, encoding):
    text = "title,year,doi\nGröße der Flüsse,2020,x\n“Quoted”,2021,y\n"

    data = text.replace("\n", end.decode()).encode(encoding)

    assert titles(rows_of(data)) == ["Größe der Flüsse", "“Quoted”"]


def test_a_lone_cr_or_nul_in_a_cell_breaks_no_row():
    rows = rows_of(HEADER + b'one\rcell,2020,x\nA\0B,2021,y\n"q\rq",2022,z\n')

    assert titles(rows) == ["one cell", "A\0B", "q q"]


def test_a_repeated_header_is_no_row():
    """Exports joined end to end bring their headers along."""
    assert titles(rows_of((HEADER + b"A,2020,x\n") * 2)) == ["A", "A"]


@pytest.mark.parametrize("long", [b"x" * 5000, b'"' + b"x\n" * 2500 + b'"', b'"' + b"x" * 5000])
def test_a_row_over_the_limit_is_refused_and_the_next_is_read(long):
    rows = rows_of(HEADER + b"A,2020,x\n" + long + b",2020,y\nB,2021,z\n", settings=SMALL)

    assert titles(rows)[0] == "A"
    assert titles(rows)[-1] == "B"
    assert rejected(rows)[0].position == len(HEADER) + 9


def test_the_last_row_of_a_cut_file_is_used_only_when_it_is_whole(tmp_path):
    import gzip

    noise = "".join(f"Title {n} {hash(n * 7919)},2020,10.1/{n}\n" for n in range(4000))
    packed = gzip.compress(HEADER + noise.encode())
    rows = rows_of(packed[: len(packed) * 2 // 3])

    assert len(occurrences(rows)) > 100
    assert "cut off" in rejected(rows)[-1].reason


@pytest.mark.parametrize(
    ("data", "known"),
    [
        (b"title,year\nA,2020\n", True),
        (b"doi\n10.1/a\n", True),
        (b"pmid\ttitle\n1\tA\n", True),
        (b"Title\nA\n", True),
        (b"merge_date,id,merge_into_id\n2023,A1,A2\n", False),
        (b"id,name,price\n1,x,2\n", False),
        (b"<8>\nScore\n  *****\nTitle\n  Cloud water\nSource\n  Ecohydrology\n", False),
        (b"Notes\nTitle,Year\nsee above,2020\n", False),
        (b"Exported today\nTitle,Year,DOI\nA,2020,10.1/a\n", True),
        (b"Dear Title, I write to you\n", False),
        (b"year,volume\n2020,1\n", False),
        (b"", False),
    ],
)
def test_a_table_is_a_list_of_records_when_its_header_says_so(data, known):
    assert delimited.sniff(Head("x", data)) is known


def test_no_name_of_a_column_stands_for_two_fields_by_accident():
    """`source` and ids are meant to; any other double entry is a slip of the table."""
    meant = {"source", "accession number", "ut unique wos id", "eid", "lens id"}
    meant |= {"publication id", "pmid", "storeid", "embase accession id", "pui"}
    for table in (HEADERS, WOS):
        names = [name for names in table.values() for name in names]
        assert {name for name in names if names.count(name) > 1} <= meant | {"ut"}
        assert all(plain(name) == name for name in names)


def test_source_is_the_journal_only_where_no_other_column_is():
    assert columns_of(["Title", "Source", "Year"])["container"] == (1,)
    assert columns_of(["Title", "Source", "Journal"])["container"] == (2,)
    assert columns_of(["Title", "Source", "Journal"])["source"] == (1,)


@pytest.mark.parametrize("encoding", ["gb18030", "utf-16", "utf-8-sig", "big5"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_tables_of_chinese_databases_are_read_in_their_encodings(encoding, delimiter):
    title, journal = (
        "河流沉積物的記憶與演變" if encoding == "big5" else "河流沉积物的记忆与演变",
        "地理",
    )
    lines = [
        f"Title{delimiter}Authors{delimiter}Journal",
        f'"{title}"{delimiter}王伟{delimiter}{journal}',
    ]
    if encoding == "big5":
        lines[1] = lines[1].replace("王伟", "王偉")
    (record,) = records_of("\r\n".join(lines).encode(encoding))

    assert (record.title, record.container) == (title, journal)


def test_a_delimiter_that_the_first_line_names_and_decimal_commas_are_kept_as_they_are():
    (record,) = records_of(b'sep=;\r\nTitle;Volume;Impact\r\n"A; b";12,5;3,14\r\n')

    assert (record.title, record.volume) == ("A; b", "12,5")
    assert record.extra == (("csv:Impact", "3,14"),)


def row_of(**cells: str) -> Record:
    """The record of a table with one row; underscores of names are blanks."""
    out = io.StringIO()
    csv.writer(out).writerows([[name.replace("_", " ") for name in cells], cells.values()])
    (record,) = records_of(out.getvalue().encode())
    return record


def test_labels_and_columns_that_nobody_knows_stay_with_their_row():
    record = row_of(
        Title="A",
        Year="2020",
        included="1",
        label_included="0",
        Decision="Excluded: wrong population",
        Notes='RAYYAN-INCLUSION: {"Ada"=>"Included"}',
        Empty="",
        Nothing="NA",
    )

    assert record.extra == (
        *(("csv:included", "1"), ("csv:label included", "0")),
        ("csv:Decision", "Excluded: wrong population"),
    )
    assert record.notes == ('RAYYAN-INCLUSION: {"Ada"=>"Included"}',)


def test_two_columns_of_one_name_and_the_second_of_two_for_a_field_are_kept():
    (record,) = records_of(b"Title,Source title,Abbreviated Source Title,x,x\nA,Journal,J.,1,2\n")

    assert record.container == "Journal"
    assert record.extra == (
        *(("csv:Abbreviated Source Title", "J."), ("csv:x", "1"), ("csv:x", "2")),
    )


@pytest.mark.parametrize(
    ("source", "container", "place"),
    [
        ("J. Made Hydrol. (2018) 12:3 (139-154)", "J. Made Hydrol.", ("12", "3", "139-154")),
        ("Made Surgery (2018) 12 SUPPL. 1 (S1)", "Made Surgery", ("12", "SUPPL. 1", "S1")),
        ("Made Surgery (Town) (2018) 12", "Made Surgery (Town)", ("12", "", "")),
        ("Made Surgery (2018)", "Made Surgery", ("", "", "")),
        ("Made Surgery (Town)", "Made Surgery (Town)", ("", "", "")),
    ],
)
def test_the_source_of_embase_is_a_citation(source, container, place):
    record = row_of(Title="A", Source=source, Publication_Year="2018")

    assert record.container == container
    assert (record.volume, record.issue, record.pages) == place
    assert (("csv:Source", source) in record.extra) is (source != container)


def test_a_citation_is_no_database():
    record = row_of(Title="A", Source_title="Made Surgery", Source="Made Surg. (2018) 12:3 (1-2)")

    assert (record.source, record.database) == ("made.txt", "")
    assert record.extra == (("csv:Source", "Made Surg. (2018) 12:3 (1-2)"),)


@pytest.mark.parametrize(
    ("cells", "field", "value"),
    [
        ({"Medline PMID": "12345678"}, "identifiers", (("pmid", "12345678"),)),
        ({"Embase Accession ID": "L612"}, "identifiers", (("embase", "L612"),)),
        ({"Embase Accession ID": "L612"}, "accession_number", "L612"),
        ({"StoreId": "2012345678"}, "accession_number", "2012345678"),
        ({"Item DOI": "10.5555/x"}, "doi", "10.5555/x"),
        ({"Content Type": "Chapter"}, "type", "Chapter"),
        ({"Document Identifier": "IEEE Conferences"}, "type", "Conference paper"),
        ({"Document Identifier": "MIT Press Journals"}, "type", "Journal article"),
        ({"document_type": "Erratum"}, "type", "Erratum"),
        ({"ArticleType": "Dissertations & Theses"}, "type", "Thesis"),
        ({"Author Keywords": "a; b", "Index Keywords": "b;c"}, "keywords", ("a", "b", "c")),
        ({"pubtitle": "J", "placeofpublication": "Oxford"}, "publisher_place", "Oxford"),
        ({"year": "2018", "month": "4", "day": "2"}, "date", "2018-04-02"),
        ({"year": "2018", "month": "4"}, "date", "2018-04"),
        ({"Embase Link": "https://doi.org/10.5555/x"}, "urls", ("https://doi.org/10.5555/x",)),
        ({"Editors": "Ed, A; Ed, B"}, "editors", (Author(name="Ed, A"), Author(name="Ed, B"))),
    ],
)
def test_columns_of_each_source_are_known(cells, field, value):
    assert getattr(row_of(Title="A", DOI="", **cells), field) == value


def test_groups_stand_beside_persons_and_orcids_with_their_names():
    record = row_of(
        Title="A",
        Authors="Okonjo, A; Stone, L",
        Author_Full_Names="Okonjo, Amara; Stone, Li",
        Group_Authors="Made River Group",
        ORCIDs="Stone, Li/0000-0002-1825-0097; Nobody, N/0000-0001-5109-3700",
    )

    assert [(author.name, author.orcid) for author in record.authors] == [
        *(("Okonjo, Amara", ""), ("Stone, Li", "0000-0002-1825-0097")),
        ("Made River Group", ""),
    ]


CELLS = st.text(st.characters(codec="utf-8", exclude_characters="\r\0\ufeff"), max_size=12)


@given(st.lists(st.tuples(CELLS.map(lambda t: "x" + t), CELLS, CELLS), max_size=6))
def test_what_csv_writes_is_read_back(table):
    """Strictly written files come back cell by cell, whatever their cells hold."""
    out = io.StringIO()
    csv.writer(out).writerows([("title", "year", "abstract"), *table])

    found = [(r.title, r.year, r.abstract) for r in records_of(out.getvalue().encode())]

    expected = [tuple(cell.strip() for cell in row) for row in table]
    assert found == [tuple("" if cell in MISSING else cell for cell in row) for row in expected]


@given(
    st.lists(st.sampled_from(['"', ",", "\n", "x", '""', "\r", "A,2020,b\n"]) | st.text(max_size=4))
)
def test_any_text_below_a_header_is_rows_or_reasons(pieces):
    rows_of(HEADER + "".join(pieces).encode("utf-8", "replace"))
    rows_of(HEADER.replace(b",", b"\t") + "".join(pieces).encode("utf-8", "replace"))


def test_a_refused_row_brings_the_header_that_it_is_read_by():
    """A row of cells says nothing by itself: whoever repairs it must see what each cell is."""
    data = b"sep=;\ntitle;year;doi\nA;2020;10.1/a;more;and more\n"

    (refused,) = rejected(rows_of(data, "export.csv"))

    assert refused.raw == b"A;2020;10.1/a;more;and more"
    assert refused.head == b"sep=;\ntitle;year;doi\n"
