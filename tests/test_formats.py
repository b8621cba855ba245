"""The registry of formats, and every reader against real exports and answers."""

from __future__ import annotations

import gzip
import re
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from indexer.feeds.formats import FORMATS, format_of, read_bytes, read_files
from indexer.feeds.reading.encodings import Text
from indexer.feeds.reading.files import ReadSettings, Stream
from indexer.feeds.reading.rows import Input
from tests.reading import occurrences, rejected, rows_of

SharedData = Callable[[str], Path]

RIS_LINE = re.compile(rb"(?:^|[\r\n])(?:\xef\xbb\xbf)?\s*TY  ?-")


def told(data: bytes, name: str = "file") -> str:
    """The name of the format that is recognised."""
    stream = Stream(iter((data,)))
    return format_of(Input(name, name, stream, Text(stream), ReadSettings())).name


@pytest.mark.parametrize(
    ("data", "name"),
    [
        (b'{"title": "x"}', "json"),
        (b"[]", "json"),
        (b"TY  - JOUR\nTI  - {x}\nER  - \n", "ris"),
        (b"FN Made\nVR 1.0\nPT J\nTI TY  - x\nER\n", "wos"),
        (b"@article{a,\n title = {TY - x}}", "bibtex"),
        (b"title,year\n@x,2020\n", "delimited"),
        (b"PT\tAU\tTI\tSO\nJ\tA\tB\tC\n", "delimited"),
    ],
)
def test_a_format_is_told_by_content_whatever_the_file_is_called(data, name):
    for file in ("export.txt", "export.ris", "export.csv", "noname"):
        assert told(data, file) == name


def test_formats_have_one_name_each():
    names = [form.name for form in FORMATS]

    assert len(set(names)) == len(names)


def read(path: Path) -> tuple[int, list[str]]:
    """How many rows of a file became records, and why the others did not."""
    rows = list(read_files([path]))
    assert [row.row for row in rows] == list(range(1, len(rows) + 1))
    for row in occurrences(rows):
        assert type(row.record).from_json(row.record.to_json()) == row.record
    return len(occurrences(rows)), [row.reason for row in rejected(rows)]


def test_every_entry_of_the_real_ris_exports_is_a_row(shared_data: SharedData):
    """As many rows as TY lines; only the file of bare reference types says nothing."""
    for path in sorted(shared_data("feeds/ris").iterdir()):
        used, reasons = read(path)
        expected = len(RIS_LINE.findall(path.read_bytes()))
        if expected:
            assert used + len(reasons) == expected, path.name
        if path.name != "asreview_baseline_reference_types.ris":
            assert used > 0, path.name
            assert not reasons, path.name


def test_the_real_bibtex_files_are_read_but_for_untitled_entries(shared_data: SharedData):
    for path in sorted(shared_data("feeds/bibtex").glob("*.bib")):
        used, reasons = read(path)
        starts = re.findall(
            rb"^\s*@(?!(?i:comment|string|preamble|set|xdata))\w+", path.read_bytes(), re.M
        )
        assert used + len(reasons) == len(starts), path.name
        assert len(reasons) <= 1, path.name


@pytest.mark.parametrize(
    ("file", "used"),
    [
        ("csv/asysd_zotero_export.csv", 80),
        ("csv/bibliometrix_openalex_sample.csv", 8),
        ("csv/bibliometrix_scopus_sample.csv", 8),
        ("csv/fellinger_ACM.csv", 60),
        ("csv/fellinger_scopus.csv", 50),
        ("pubmed/pubmed-chatbot.csv", 6),
        ("wos/restoration_WoS.ciw", 247),
        ("wos/zoorec.txt", 134),
        ("wos/synthesisr_WoS_txt_example.txt", 4),
        ("wos/jabref_IsiImporterTestInspec.isi", 2),
        ("wos/jabref_IsiImporterTestWOS.isi", 2),
        ("ovid/jabref_IEEEImport1.txt", 1),
        ("csl-json/citeproc-many.json", 2),
        ("csl-json/citeproc.json", 1),
        ("crossref/publicdata2021_0.json.gz", 667),
        ("crossref/huge_crossref_doi.json.gz", 1),
        ("openalex/openalexPro_search_cursor__01.json", 200),
        ("openalex/openalexPro_keypaper_results_page_1.json", 2),
        ("openalex/W2741809807.json", 1),
        ("bibtex/colrev_google_scholar.json", 7),
    ],
)
def test_real_files_are_read_whole(file: str, used: int, shared_data: SharedData):
    assert read(shared_data(f"feeds/{file}")) == (used, [])


@pytest.mark.parametrize(
    "file",
    [
        "openalex/openalexPro_count__02.json",
        "openalex/openalexPro_groupby__01.json",
        "openalex/snapshot_authors_updated_date=2023-04-21_part_000.gz",
        "openalex/snapshot_merged_ids_authors_2023-04-13.csv",
        "crossref/cr_cn_citeproc_json__01.json",
        "crossref/cr_journals_issn_workstrue_behavior__01.txt",
    ],
)
def test_answers_without_records_give_reasons_and_no_record(file: str, shared_data: SharedData):
    used, reasons = read(shared_data(f"feeds/{file}"))

    assert used == 0
    assert reasons


def test_real_crossref_and_openalex_records_have_their_fields(shared_data: SharedData):
    """A guard against a key that is read under a wrong name: shares, not single values."""
    wanted = {
        "crossref/publicdata2021_0.json.gz": (
            "title",
            "date",
            "container",
            "doi",
            "volume",
            "urls",
        ),
        "openalex/openalexPro_search_cursor__01.json": ("title", "year", "identifiers", "urls"),
        "wos/restoration_WoS.ciw": ("title", "authors", "container", "date", "identifiers"),
        "ris/citesource_Dimensions_246.ris": ("title", "authors", "abstract", "year", "doi"),
        "csv/fellinger_scopus.csv": ("title", "authors", "container", "doi", "identifiers", "urls"),
        "bibtex/RJC.bib": ("title", "authors", "year", "container", "type"),
    }
    for file, fields in wanted.items():
        rows = occurrences(list(read_files([shared_data(f"feeds/{file}")])))
        for field in fields:
            filled = sum(1 for row in rows if getattr(row.record, field))
            assert filled >= 0.8 * len(rows), (file, field)


def test_no_real_file_of_any_format_stops_the_reader(shared_data: SharedData):
    """A whole folder of strangers, odd answers and broken files in one run."""
    rows = list(read_files([shared_data("feeds")]))

    assert len({row.file for row in rows}) > 300
    assert len(occurrences(rows)) > 5000


@pytest.mark.parametrize("name", ["cases", "harvest", "cora", "fuzzycat_verify", "glutton_refs"])
def test_the_labelled_sets_are_read_without_a_rejection(name: str, shared_data: SharedData):
    path = shared_data(f"{name}/records.jsonl.gz")
    with gzip.open(path) as packed:
        count = sum(1 for _ in packed)

    assert read(path) == (count, [])


def test_what_is_read_from_a_list_is_what_is_read_from_its_lines():
    """One shape, three ways to put it into a file: the same records."""
    row = b'{"id": "1", "source": "s", "title": "A", "year": 2020}'

    files = (row, b"[%s]" % row, b'{"results": [%s]}' % row)

    assert len({occurrences(rows_of(data))[0].record for data in files}) == 1


HOSTILE = [
    b"\\",
    b'\\"',
    b'"',
    b'""',
    b"{",
    b"[",
    b"}",
    b" ",
    b"\t",
    b"1",
    b"1,",
    b"(",
    b"(@",
    b"; (",
]
HOSTILE += [
    b"@a{",
    b"\r",
    b"TY  - ",
    b"\nTY  - JOUR",
    b"\n@a{",
    b'\n"',
    b"\xff",
    b"\n\xff",
    b"<",
    b"\0",
]
STARTS = {
    "json": b'[{"title": "A"},\n',
    "json object": b'{"x": "',
    "ris": b"TY  - JOUR\nAU  - ",
    "wos": b"FN x\nVR 1.0\nPT J\nAU ",
    "bibtex": b"@article{a, title = ",
    "csv": b'title,authors,citation\n"',
    "none": b"",
}


@pytest.mark.parametrize("start", STARTS)
def test_hostile_repetition_costs_no_more_than_other_text(start):
    """
    What a pattern could stumble over: a minute for 100 kB would be days for 10 MB.

    The slowest, a CSV of 33,333 rows that are each refused, takes 2.8 s.
    """
    for piece in HOSTILE:
        data = STARTS[start] + piece * (100_000 // len(piece))
        began = time.process_time()
        for _ in read_bytes(data, "hostile"):
            pass
        assert time.process_time() - began < 30, (start, piece)
