"""MARC as lines, and formats of catalogues that are refused by name."""

from __future__ import annotations

import pytest

from indexer.feeds.formats import read_bytes
from indexer.records import Occurrence, Record, Rejected

MRK = rb"""=LDR  00755cab\\22002414a\4500
=001  one
=008  020805s2021\\\\xxu\\\\\\\\\\\000\0\eng\\
=100  1\$aIonescu, Ana
=245  10$aMade rivers for {dollar}5$ba study
=520  \\$aWhat rivers
do in lowlands
=773  0\$tMade Journal$gVol. 4, no. 2 (2021), p. 5-17

=LDR  00755cam\\22002414a\4500
=001  two
=245  10$aAnother made title

=LDR  00755cam\\22002414a\4500
"""


def test_every_record_of_mnemonic_marc_is_read_or_refused() -> None:
    rows = list(read_bytes(MRK, "made.mrk"))
    records: list[Record] = [row.record for row in rows if isinstance(row, Occurrence)]

    assert [record.title for record in records] == [
        "Made rivers for $5 : a study",
        "Another made title",
    ]
    assert (records[0].pages, records[0].language, records[0].type) == ("5-17", "eng", "article")
    assert records[0].abstract == "What rivers do in lowlands"
    assert [row.reason for row in rows if isinstance(row, Rejected)] == [
        "the record has no fields behind its leader"
    ]


@pytest.mark.parametrize(
    ("data", "name"),
    [
        (b"003@ $0123456789\n021A $aMade rivers\n", "PICA"),
        (b"\x1e003@ \x1f0123456789\n021A \x1faMade rivers\n", "PICA"),
        (b"00200nM2.01200024      h001 1\x1e331 Made rivers\x1e\x1d", "MAB2"),
        (b"<datei><datensatz><feld nr='331'>Made rivers</feld></datensatz></datei>", "MAB2"),
        (
            b"<collection><record><datafield tag='021A'><subfield code='a'>M</subfield></datafield>"
            b"</record></collection>",
            "PICA",
        ),
        (b"<ONIXMessage><Product/></ONIXMessage>", "ONIX"),
    ],
)
def test_catalogues_and_trade_formats_are_refused_by_name_with_what_to_do(
    data: bytes, name: str
) -> None:
    (row,) = read_bytes(data, "made")

    assert isinstance(row, Rejected)
    assert name in row.reason
    assert "MARC 21" in row.reason
