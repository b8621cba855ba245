"""Plain bibliographies in styles that say which part is which."""

from __future__ import annotations

import pytest

from indexer.feeds.formats.lists import reference_lists
from indexer.feeds.formats.objects import json_rows
from indexer.feeds.reading.rows import Head
from tests.reading import records_of, rejected, rows_of, titles

GB = (
    "[1]王伟,李娜.辫状河[J].水利学报,2018,12(03):139-154.\n"
    "[2]张三.潮滩[J].水利学报,2019,13(01):1-9.\n"
)
APA = (
    "Okonjo, A., & Stone, L. (2018). Sediment memory: A study. J. Made Hydrol., 12(3), 139-154. "
    "https://doi.org/10.5555/jmh.2018.139\n"
)
VANCOUVER = (
    "1. Okonjo A, Stone L. Sediment memory of rivers. J Made. 2018 Apr;12(3):139-154.\n"
    "2. Vale N, et al. Tidal flats\nand clay. J Made. 2019;13:1-9. PMID: 31234567\n"
)


def test_chinese_references_are_no_json():
    assert not json_rows.sniff(Head("x", GB.encode()))
    assert not json_rows.sniff(Head("x", GB.replace("]王", "] 王").encode()))


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030", "utf-16"])
def test_chinese_references_say_what_they_are(encoding):
    first, second = records_of(GB.encode(encoding))

    assert [author.name for author in first.authors] == ["王伟", "李娜"]
    assert (first.title, first.container, first.type) == ("辫状河", "水利学报", "article")
    assert (first.year, first.volume, first.issue) == ("2018", "12", "03")
    assert (first.pages, second.title) == ("139-154", "潮滩")


def test_apa():
    (record,) = records_of(APA.encode())

    assert [author.name for author in record.authors] == ["Okonjo, A.", "Stone, L."]
    assert (record.title, record.container) == ("Sediment memory: A study", "J. Made Hydrol.")
    assert (record.year, record.volume, record.issue) == ("2018", "12", "3")
    assert (record.pages, record.doi) == ("139-154", "10.5555/jmh.2018.139")


def test_vancouver():
    first, second = records_of(VANCOUVER.encode())

    assert (first.title, first.container) == ("Sediment memory of rivers", "J Made")
    assert (first.volume, first.issue, first.pages) == ("12", "3", "139-154")
    assert [author.name for author in second.authors] == ["Vale N", "et al"]
    assert second.title == "Tidal flats and clay"
    assert second.identifiers == (("pmid", "31234567"),)


PLACE = ("J. Made Hydrol", "2018", "12", "3", "139-154")


@pytest.mark.parametrize(
    "text",
    [
        "Okonjo, A. and Stone, L. (2018) 'Sediment memory of the river's bed', J. Made Hydrol., "
        "12(3), pp. 139-154.",
        'Okonjo, Amara, and Li Stone. "Sediment memory of the river\'s bed." J. Made Hydrol. 12.3 '
        "(2018): 139-154.",
        "Okonjo, Amara, and Li Stone. “Sediment memory of the river's bed.” J. Made Hydrol. 12, "
        "no. 3 (April 2018): 139-154.",
        '[1] A. Okonjo and L. Stone, "Sediment memory of the river\'s bed," J. Made Hydrol., vol. '
        "12, no. 3, pp. 139-154, Apr. 2018.",
        "[1] Okonjo A, Stone L. Sediment memory of the river's bed[J]. J. Made Hydrol., 2018, "
        "12(3): 139-154.",
    ],
)
def test_a_style_that_quotes_its_titles_says_its_parts(text):
    (record,) = records_of(text.encode())

    assert record.title == "Sediment memory of the river's bed"
    assert len(record.authors) == 2
    container = record.container.rstrip(".")
    assert (container, record.year, record.volume, record.issue, record.pages) == PLACE


def test_books_and_theses_have_publishers():
    apa, thesis = records_of(
        b"Vale, N. (2001). A book of rivers. Oxford: Made Press.\n"
        b"Vale N. River flats[D]. Lund: Made University, 2019.\n"
    )

    assert (apa.title, apa.publisher_place, apa.publisher) == (
        "A book of rivers",
        "Oxford",
        "Made Press",
    )
    assert (thesis.type, thesis.publisher, thesis.year) == ("thesis", "Made University", "2019")


def test_a_reference_in_another_style_is_refused_with_the_next_step():
    rows = rows_of((VANCOUVER + "3. See the archive of the made river.\n").encode())

    assert titles(rows) == ["Sediment memory of rivers", "Tidal flats and clay"]
    assert "samework query" in rejected(rows)[0].reason


@pytest.mark.parametrize(
    "text",
    [
        "A letter.\nIt says nothing of 2018.\n",
        "1. Buy bread\n2. Buy milk\n",
        "",
        "README\n\nUse it.",
    ],
)
def test_other_texts_are_no_references(text):
    assert not reference_lists.sniff(Head("x", text.encode()))


def test_a_list_in_no_known_style_is_refused_with_the_next_step():
    rows = rows_of(
        b"Okonjo, A. & Stone, L.: Sediment memory of braided rivers, J. Made Hydrol., 12, 2018\n"
        b"Vale, N.: Tidal flats and the clay, J. Made Hydrol., 13, 2019\n"
    )

    (refused,) = rejected(rows)
    assert "seems a list of references in no style" in refused.reason
    assert "samework query" in refused.reason
