"""Files of several formats, joined end to end: every entry is read or refused by name."""

from __future__ import annotations

import pytest

from tests.reading import rejected, rows_of, titles

RIS = b"TY  - JOUR\nTI  - R1\nER  - \n\nTY  - JOUR\nTI  - R2\nER  - \n\n"
NBIB = b"PMID- 1\nOWN - NLM\nTI  - N1\n\nPMID- 2\nOWN - NLM\nTI  - N2\n\n"
WOS = b"FN Made\nVR 1.0\nPT J\nAU Okonjo, A\nTI W1\nER\n\nPT J\nTI W2\nPY 2001\nER\n\nEF\n"
ENW = b"%0 Book\n%T E1\n%X One\n\nAIM: Two\n\n%0 Book\n%T E2\n\n"
BIBTEX = b"@article{a,\n  title = {B1},\n  year = {2001}\n}\n\n"


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (RIS + NBIB, ["R1", "R2", "N1", "N2"]),
        (RIS + b"x " * 70_000 + b"\n" + NBIB + RIS, ["R1", "R2", "N1", "N2", "R1", "R2"]),
        (NBIB + RIS, ["N1", "N2", "R1", "R2"]),
        (NBIB + RIS + NBIB, ["N1", "N2", "R1", "R2", "N1", "N2"]),
    ],
)
def test_entries_of_tagged_formats_are_read_in_one_file(data, expected):
    rows = rows_of(data)

    assert titles(rows) == expected
    assert not rejected(rows)


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (RIS + WOS, ["R1", "R2"]),
        (RIS + ENW, ["R1", "R2"]),
        (RIS + BIBTEX + RIS, ["R1", "R2", "R1", "R2"]),
        (ENW + RIS, ["E1", "E2"]),
        (ENW + NBIB, ["N1", "N2"]),
        (WOS + RIS, ["R1", "R2"]),
        (ENW + WOS, ["E1", "E2"]),
    ],
)
def test_entries_that_a_format_cannot_read_are_refused_by_name(data, expected):
    rows = rows_of(data)

    assert titles(rows) == expected
    assert "hand them in as a file of their own" in rejected(rows)[0].reason


def test_a_paragraph_that_looks_like_a_field_stays_in_its_abstract():
    (row, _) = rows_of(ENW)

    assert b"AIM: Two" in row.raw
