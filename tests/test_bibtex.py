"""BibTeX: entries as people keep them, cut by their braces, each kept apart from the others."""

from __future__ import annotations

import errno
from itertools import permutations
from pathlib import Path

import bibtexparser
import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.feeds.formats.bibtex import bibtex
from indexer.feeds.formats.bibtex.bibtex_parents import Parents
from indexer.feeds.reading.rows import Head
from tests.reading import SMALL, occurrences, records_of, rejected, rows_of, titles

PITFALLS = (Path(__file__).parent / "made/bibtex/pitfalls.bib").read_bytes()


def test_an_entry_is_read_field_by_field():
    record = occurrences(rows_of(PITFALLS, "made.bib"))[0].record

    assert record.record_id == "made.bib:rivers2019"
    assert record.title == r"{Made} rivers and their {\'E}tudes"
    assert [author.name for author in record.authors] == [
        "Example, Ada",
        "{Made Hydrology Consortium}",
        "Bo Sample",
        "et al.",
    ]
    assert record.container == "Journal of Made Hydrology"
    assert record.publisher == "Made Press, Town"
    assert (record.date, record.year) == ("2019 mar", "2019")
    assert (record.volume, record.issue, record.pages) == ("12", "3", "101--119")
    assert (record.doi, record.issn) == ("10.5555/made.1", ("1234-5679",))
    assert record.identifiers == (("arxiv", "1903.00001"),)
    assert record.urls == ("https://made.example/a_b?c=1",)
    assert record.abstract.endswith('"Quotes" too.')
    assert record.type == "article"


def test_every_entry_is_a_row_and_comments_strings_and_preambles_are_none():
    rows = rows_of(PITFALLS, "made.bib")

    assert titles(rows)[1:] == [
        "A title with ) inside",
        "Made waters: An overview",
        "First wins",
        "Same line",
        "After the open one",
        "No comma behind the key",
        "Last one",
    ]
    reasons = [row.reason for row in rejected(rows)]
    assert reasons[0] == (
        "line 24, @article{open: its braces never close; correct it or export it again"
    )
    assert "no title" in reasons[1]


def test_raw_is_the_entry_and_stands_at_its_position():
    for row in rows_of(PITFALLS, "made.bib"):
        assert PITFALLS[row.position :].startswith(row.raw)
        assert row.raw.startswith(b"@")


def test_one_key_for_two_works_keeps_both():
    """Citation keys are typed by hand; the second entry must not overwrite the first."""
    ids = [row.record.record_id for row in occurrences(rows_of(PITFALLS, "made.bib"))]

    assert ids[0] == "made.bib:rivers2019"
    assert ids[2].startswith("made.bib:rivers2019~")


@pytest.mark.parametrize(
    ("fields", "field", "value"),
    [
        ("year = 2020, month = {10}", "date", "2020-10"),
        ("year = {2020}, month = jan # {~1}", "date", "2020 jan~1"),
        ("date = {2020-05-06}, year = 2019", "date", "2020-05-06"),
        ("journaltitle = {J}, booktitle = {B}", "container", "J"),
        ("school = {Made University}", "publisher", "Made University"),
        ("eid = {e5}", "article_number", "e5"),
        ("art_number = {1722034}", "article_number", "1722034"),
        ("eprint = {12}, eprinttype = {pubmed}", "identifiers", (("pmid", "12"),)),
        ("isbn = {1234-5679}", "issn", ("1234-5679",)),
        ("pubstate = {submitted}", "stage", "submitted"),
        ("howpublished = {\\url{https://x.example}}", "urls", ("\\url{https://x.example}",)),
        ("author = {A and B\n   and\n C}", "authors", "A|B|C"),
        ("title = {}", "title", "base"),
    ],
)
def test_fields_are_found_under_all_their_names(fields, field, value):
    (record,) = records_of(f"@misc{{k, {fields}, title = {{base}}}}".encode())

    found = getattr(record, field)
    assert ("|".join(a.name for a in found) if field == "authors" else found) == value


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_encodings_and_line_ends_do_not_matter(encoding, end):
    data = '@misc{a, title = "Größe der Flüsse"}\n@misc{b,\n title = {Übersicht}\n}\n'

    assert titles(rows_of(data.replace("\n", end).encode(encoding))) == [
        "Größe der Flüsse",
        "Übersicht",
    ]


def test_an_entry_over_the_limit_is_refused_and_the_next_is_read():
    long = b"@misc{long, title = {x}, abstract = {" + b"word\n" * 1000 + b"}}\n"
    rows = rows_of(b"@misc{a, title={A}}\n" + long + b"@misc{b, title={B}}\n", settings=SMALL)

    assert titles(rows) == ["A", "B"]
    assert rejected(rows)[0].position == 20


def test_a_file_cut_inside_its_last_entry_says_so():
    rows = rows_of(b"@misc{a, title={A}}\n@misc{b, title={B}, year=")

    assert titles(rows) == ["A"]
    assert "never close" in rejected(rows)[0].reason


@pytest.mark.parametrize(
    ("data", "is_bibtex"),
    [
        (b"@article{a, title={x}}", True),
        (b"% comment\n\n  @Book(key,\n", True),
        (b"@string{x = 1}", True),
        (b'{"@context": "x"}', False),
        (b"Write to\n@ada about it (soon)\n", False),
        (b"@media screen\n", False),
    ],
)
def test_bibtex_is_told_by_a_line_that_begins_an_entry(data, is_bibtex):
    assert bibtex.sniff(Head("x", data)) is is_bibtex


ODD = rb"""Words outside, # hash and all.
@comment these words were commented out by an editor
@string{jms = "Journal of Made Slips"}
@article{two,
  author = {Anand, Abi and % who?
  Rahl, Vera},
  title = {A title}, journal = jms, pages = {41	--52},
  note = {100% of "proofs" pass}}
@techreport{commas, title = {50% of codes}, author = {Plo, T},,
  year = {}, number = , institution = jms # { Ltd}, , type = x}
@misc{nocomma
  title = {No comma behind the key}
  year = 2010
  author = {Bo, Mae}
}
@article{
   author = {Hu, Y.}, title = {No key at all}}
@misc
{below, title = "A brace {"}on{"} the next line", some words here, year = "2011"}
@article{never, title = {An unbalanced {brace,
  year = 2009
}
@misc{after, title = {After the broken one}} }
"""


def test_what_people_mistype_costs_no_entry_but_the_one_that_never_closes():
    rows = rows_of(ODD)

    assert titles(rows) == [
        "A title",
        "50% of codes",
        "No comma behind the key",
        "No key at all",
        'A brace {"}on{"} the next line',
        "After the broken one",
    ]
    assert [row.reason.split(":")[0] for row in rejected(rows)] == ["line 20, @article{never"]
    two, commas, nocomma, nokey, below, _ = (row.record for row in occurrences(rows))
    assert [author.name for author in two.authors] == ["Anand, Abi", "Rahl, Vera"]
    assert (two.container, two.pages) == ("Journal of Made Slips", "41 --52")
    assert two.notes == ('100% of "proofs" pass',)
    assert (commas.publisher, commas.issue) == ("Journal of Made Slips Ltd", "")
    assert (nocomma.source_id, nocomma.year, nocomma.authors[0].name) == (
        *("nocomma", "2010", "Bo, Mae"),
    )
    assert nokey.source_id == ""
    assert below.extra == (("bibtex:words between the fields", "some words here"),)


@pytest.mark.parametrize(
    ("fields", "title"),
    [
        ('title = "The "so-called" problem", year = 2000', 'The "so-called" problem'),
        ('title = "Plain" year = 2000', "Plain"),
        ('title = "Plain" # " and joined", year = 2000', "Plain and joined"),
        ("title {No sign}, year = 2000", "No sign"),
        ("title = {A}, {b = {c}, year = 1999}, year = 2000", "A"),
        ("title = {A}, % year = {1999}\n year = 2000", "A"),
    ],
)
def test_quotes_inside_quotes_and_a_missing_sign_are_read_past(fields, title):
    (record,) = records_of(f"@misc{{k, {fields}}}".encode())

    assert (record.title, record.year) == (title, "2000")


def test_fields_outside_an_entry_are_said():
    """A brace too many closes the entry, and what follows would go without a word."""
    rows = rows_of(b"@misc{a, title = {A}}, year = 2020}\n@misc{b, title = {B}}\n")

    assert titles(rows) == ["A", "B"]
    assert "piece of an entry" in rejected(rows)[0].reason


def test_what_no_field_of_a_record_holds_is_kept_beside_it():
    (record,) = records_of(
        rb"""@Article{some\_key, author = {Some, Ada}, editor = {Edit, Or}, title = {A\_b \& c},
        keywords = {one; two, three}, groups = {apple, banana}, mendeley-groups = {banana/pear},
        comment = {Read by A.}, file = {:a\_b.pdf:PDF}, langid = {english}, note = {Checked},
        ids = {old2020}, address = {Oxford}, source = {Scopus}, document_type = {Erratum},
        pii = {S0123456789012345}, PMID = {31234567}, unique-id = {WOS:000123456700001},
        shorttitle = {Short}, title = {Second}, day = 3, year = 2020, month = 2}"""
    )

    assert record.source_id == "some_key"
    assert record.title == "A_b & c"
    assert [editor.name for editor in record.editors] == ["Edit, Or"]
    assert record.keywords == ("one", "two, three")
    assert record.groups == ("apple", "banana", "banana/pear")
    assert (record.notes, record.language) == (("Checked",), "english")
    assert (record.publisher_place, record.database) == ("Oxford", "Scopus")
    assert (record.accession_number, record.date) == ("WOS:000123456700001", "2020-02-03")
    assert record.type == "Erratum"
    assert set(record.identifiers) == {
        *(("pii", "S0123456789012345"), ("pmid", "31234567"), ("", "WOS:000123456700001")),
    }
    assert record.extra == (
        ("bibtex:comment", "Read by A."),
        ("bibtex:file", r":a\_b.pdf:PDF"),
        ("bibtex:ids", "old2020"),
        ("bibtex:shorttitle", "Short"),
        ("bibtex:title", "Second"),
    )


PAPER = (
    b"@inproceedings{p, title = {Overview}, author = {A, B}, pages = {1--9}, crossref = {V19}}\n"
)
VOLUME = b"""@proceedings{v19, title = {Made Workshop}, subtitle = {Day two}, year = 2019, month=5,
  editor = {Chair, Bo}, publisher = {Made Press}, isbn = {9780306406157}, doi = {10.5555/v},
  url = {https://v.example}, pages = {1--300}, abstract = {Of the volume}, xdata = {house}}
"""
HOUSE = b"@xdata{house, location = {Oxford}, publisher = {Not this one}}\n"


@pytest.mark.parametrize("parts", list(permutations((PAPER, VOLUME, HOUSE))))
def test_a_paper_inherits_from_its_volume_wherever_that_stands(parts):
    records = records_of(b"".join(parts))

    paper = next(record for record in records if record.source_id == "p")
    assert (paper.title, paper.container, paper.year) == ("Overview", "Made Workshop", "2019")
    assert (paper.date, paper.publisher, paper.publisher_place) == (
        *("2019-05", "Made Press", "Oxford"),
    )
    assert [editor.name for editor in paper.editors] == ["Chair, Bo"]
    assert (paper.pages, paper.isbn) == ("1--9", ("9780306406157",))
    assert (paper.doi, paper.urls, paper.abstract) == ("", (), "")
    assert [r.source_id for r in records] == ["p", "v19"][:: 1 if _first(parts, PAPER) else -1]


def _first(parts, part):
    return parts.index(part) < parts.index(VOLUME)


@pytest.mark.parametrize(
    ("child", "parent", "field", "value"),
    [
        ("@inbook{c, title={C}", "@book{p, title={P}, author={A, B}", "container", "P"),
        ("@article{c, title={C}", "@periodical{p, title={P}, volume={7}", "container", "P"),
        ("@book{c, title={C}", "@mvbook{p, title={P}, year=1999", "container", "P"),
        (
            "@inproceedings{c, title={C}",
            "@proceedings{p, title={P}, booktitle={Q}",
            "container",
            "Q",
        ),
        (
            "@inproceedings{c, title={C}, year=2001",
            "@proceedings{p, title={P}, date={2002-05}",
            "date",
            "2001",
        ),
        ("@online{c, title={C}", "@online{p, title={P}, subtitle={S}", "title", "C"),
        ("@incollection{c, title={C}, booktitle={B}", "@book{p, title={P}", "container", "B"),
    ],
)
def test_what_a_child_says_itself_stands_and_titles_change_their_place(child, parent, field, value):
    records = records_of(f"{child}, crossref={{p}}}}\n{parent}}}".encode())

    assert getattr(records[0], field) == value


def test_loops_and_missing_parents_cost_nothing():
    rows = rows_of(
        b"@book{a, title={A}, crossref={b}}\n@book{b, title={B}, year=2000, crossref={a}}\n"
        b"@inbook{c, title={C}, crossref={c}}\n@inbook{d, title={D}, crossref={nowhere}}\n"
    )

    assert titles(rows) == ["A", "B", "C", "D"]
    assert not rejected(rows)
    assert occurrences(rows)[0].record.year == "2000"
    assert ("bibtex:crossref", "nowhere") in occurrences(rows)[3].record.extra


def test_a_full_temporary_disk_is_no_fault_of_the_file(monkeypatch: pytest.MonkeyPatch):
    def full(self: Parents, row: bytes) -> None:
        raise OSError(errno.ENOSPC, "No space left on device", "/made/tmp")

    monkeypatch.setattr(Parents, "wait", full)
    (refused,) = rejected(rows_of(PAPER + VOLUME))

    assert "'/made/tmp': the disk is full" in refused.reason
    assert "fault of samework" not in refused.reason


def test_entries_that_wait_for_a_parent_keep_their_order_and_places():
    entries = [f"@misc{{k{n}, title = {{T{n}}}}}\n".encode() for n in range(50)]
    data = PAPER + b"".join(entries) + b"@misc{broken, title = {x\n" + VOLUME
    rows = rows_of(data)

    assert titles(rows) == ["Overview", *(f"T{n}" for n in range(50)), "Made Workshop: Day two"]
    assert [row.position for row in rows] == sorted(row.position for row in rows)
    for row in rows:
        assert data[row.position :].startswith(row.raw)


WORDS = st.text(st.characters(codec="ascii", exclude_characters='\\{}"@\r\n\0,=#%'), min_size=1)
NESTED = st.recursive(WORDS, lambda inner: inner.map(lambda text: "{" + text + "} x"), max_leaves=4)


@given(st.lists(NESTED, min_size=1, max_size=5))
def test_cutting_agrees_with_the_library_on_files_in_good_order(values):
    """One entry at a time or the whole file at once: the same titles."""
    data = "".join(f"@misc{{k{n},\n title = {{x {v}}}\n}}\n" for n, v in enumerate(values))
    whole = bibtexparser.parse_string(data)  # type: ignore[attr-defined]
    expected = [" ".join(str(entry["title"]).split()) for entry in whole.entries]

    assert [record.title for record in records_of(data.encode())] == expected


PIECES = st.sampled_from(
    [
        "@article{",
        "@misc(",
        "key,",
        "title",
        "=",
        "{",
        "}",
        '"',
        ",",
        ")",
        "\n",
        "\\",
        "@",
        "#",
        "x",
    ]
)


@given(st.lists(PIECES | st.text(max_size=5)), st.binary(max_size=20))
def test_any_pieces_are_rows_or_reasons(pieces, tail):
    rows_of(b"@misc{a, title={A}}\n" + "".join(pieces).encode("utf-8", "replace") + tail)
