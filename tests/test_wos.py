"""Web of Science: entries with tags that are no Web of Science's, numbers, groups, ORCIDs."""

from __future__ import annotations

import pytest

from tests.reading import occurrences, records_of, rows_of, titles

HEAD = b"FN Clarivate\nVR 1.0\n"


@pytest.mark.parametrize("tag", [b"TY CONF", b"TY", b"ZZ x", b"A1 Group", b"ER"[:1] + b"2 x"])
def test_no_tag_inside_an_entry_ends_the_run(tag):
    data = HEAD + b"PT J\n" + tag + b"\nTI A\nPY 2006\nER\n\nPT J\nTI B\nER\n\nEF\n"

    assert titles(rows_of(data)) == ["A", "B"]


def test_a_repeated_first_tag_is_an_entry_of_its_own():
    assert titles(rows_of(HEAD + b"PT J\nTI A\nPT J\nTI B\nER\nEF\n")) == ["A", "B"]


def test_an_entry_that_lost_its_first_line_is_read():
    data = HEAD + b"AU Okonjo, A\nTI A\nPY 2001\nUT WOS:1\nER\n\nPT J\nTI B\nUT WOS:2\nER\n\nEF\n"

    assert titles(rows_of(data)) == ["A", "B"]


def test_groups_stand_behind_the_persons_and_orcids_with_their_names():
    (record,) = records_of(
        HEAD + b"PT J\nAU Okonjo, A\n   Stone, L\nAF Okonjo, Amara\n   Stone, Li\n"
        b"CA River Study Grp\nOI Okonjo, Amara/0000-0002-1825-0097; Nobody,\n"
        b"   Ann/0000-0001-5109-3700\nTI A\nER\n\nEF\n"
    )

    assert [(author.name, author.orcid) for author in record.authors] == [
        ("Okonjo, Amara", "0000-0002-1825-0097"),
        ("Stone, Li", ""),
        ("River Study Grp", ""),
    ]


def test_a_number_of_medline_is_a_pmid():
    (record,) = records_of(HEAD + b"PT J\nTI A\nUT MEDLINE:31234567\nER\n\nEF\n", "made.ciw")

    assert record.identifiers == (("pmid", "31234567"),)
    assert record.record_id == "made.ciw:MEDLINE:31234567"
    assert (record.database, record.accession_number) == ("MEDLINE", "MEDLINE:31234567")


def test_every_field_finds_a_place():
    (row,) = occurrences(
        rows_of(
            HEAD + b"PT S\nAU Okonjo, A\nBE Vale, N\nTI A\nDE rivers; clay\nID BEDS; rivers\n"
            b"PI OXFORD\nTC 7\nC1 Made University\nTY CONF\nER\n\nEF\n"
        )
    )

    assert row.record.keywords == ("rivers", "clay", "BEDS")
    assert [editor.name for editor in row.record.editors] == ["Vale, N"]
    assert row.record.publisher_place == "OXFORD"
    assert set(row.record.extra) == {
        ("wos:TC", "7"),
        ("wos:C1", "Made University"),
        ("wos:TY", "CONF"),
    }
