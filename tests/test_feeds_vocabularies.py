"""What stands in a source's XML or tagged lines arrives in the record, field by field."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from indexer.feeds.formats import read_bytes, read_files
from indexer.records import Occurrence, Record

MADE = Path(__file__).parent / "made"


def records_of(name: str) -> list[Record]:
    rows = list(read_files([MADE / name]))
    assert all(isinstance(row, Occurrence) for row in rows), rows
    return [row.record for row in rows if isinstance(row, Occurrence)]


IONESCU = {"family": "Ionescu", "given": "Ana"}
# file -> what its first record says; fields that are not named are not looked at
FIRST: dict[str, dict[str, Any]] = {
    "oai_pmh/eprints.xml": {
        "record_id": "eprints.made.example:oai:eprints.made.example:17",
        "title": "Rivers of made lowlands",
        "authors": [{"name": "Ionescu, Ana"}, {"name": "Müller, Jürgen"}],
        "date": "2019-03",
        "type": "Article",
        "urls": ["http://eprints.made.example/17/1/rivers.pdf"],
        "relations": [
            {"kind": "relation", "target": "http://eprints.made.example/17/"},
            {"kind": "relation", "target": "10.5555/made.17"},
        ],
        "updated": "2024-05-01T10:00:00Z",
    },
    "oai_pmh/ojs.xml": {
        "title": "Flüsse erfundener Ebenen",
        "alternate_titles": ["Rivers of invented plains"],
        "container": "Erfundene Zeitschrift",
        "volume": "12",
        "issue": "3",
        "pages": "170-178",
        "issn": ["1234-5679"],
        "doi": "10.5555/ojs.55",
        "type": "article",
        "stage": "published",
        "abstract": "What rivers do in plains that were invented.",
    },
    "oai_pmh/openaire.xml": {
        "title": "Lowland rivers: a made study",
        "alternate_titles": ["Flüsse der Ebene"],
        "authors": [
            {"name": "Ionescu, Ana", **IONESCU, "orcid": "0000-0002-1825-0097"},
            {"name": "Made Rivers Group"},
        ],
        "date": "2021-05",
        "container": "Made Journal",
        "pages": "5-17",
        "issn": ["1234-5679"],
        "doi": "10.5555/made.9",
        "stage": "accepted",
        "relations": [{"kind": "IsVersionOf", "target": "doi:10.5555/made.8"}],
        "urls": ["http://hdl.handle.net/1/9"],
    },
    "oai_pmh/jats.xml": {
        "title": "Rivers of made lowlands where α is one: a study",
        "alternate_titles": ["Flüsse"],
        "authors": [
            {**IONESCU, "orcid": "https://orcid.org/0000-0002-1825-0097"},
            {"name": "Made Rivers Group"},
        ],
        "date": "2021-06",
        "container": "Made Journal",
        "volume": "4",
        "issue": "2",
        "pages": "5-17",
        "doi": "10.5555/jats.3",
        "identifiers": [["pmid", "99999999"], ["", "mj-3"], ["oai", "oai:jats.made.example:3"]],
        "relations": [{"kind": "corrected-article", "target": "doi:10.5555/jats.1"}],
    },
    "oai_pmh/marcxml.xml": {
        "title": "Rivers of made lowlands : a study",
        "alternate_titles": ["Flüsse"],
        "authors": [{"name": "Ionescu, Ana"}, {"name": "Müller, Jürgen"}],
        "date": "2021",
        "container": "Made Journal",
        "volume": "4",
        "issue": "2",
        "pages": "5-17",
        "issn": ["1234-5679"],
        "isbn": ["978-3-16-148410-0"],
        "doi": "10.5555/marc.7",
        "language": "eng",
        "type": "article",
    },
    "oai_pmh/arxiv.xml": {
        "record_id": "arxiv:math/0309136",
        "title": r"Made rivers: $\alpha$ and its lowlands",
        "authors": [
            {"family": r"Rold\'an", "given": r"\'Edgar"},
            {"family": "Ionescu", "given": "A. Jr"},
        ],
        "date": "2003-09-08",
        "updated": "2024-05-06",
        "doi": "10.5555/made.4",
        "identifiers": [["arxiv", "math/0309136"], ["oai", "oai:arXiv.org:math/0309136"]],
        "relations": [
            {"kind": "is-preprint-of", "target": "doi:10.5555/made.4"},
            {"kind": "journal-ref", "target": "Made J. 4 (2004) 5-17"},
        ],
    },
    "oai_pmh/arxiv_raw.xml": {
        "authors": [
            {"name": "Ana Ionescu"},
            {"name": r"J. M\"uller"},
            {"name": "Cristian Popescu"},
        ],
        "date": "Mon, 1 Jan 2024 22:41:50 GMT",
        "identifiers": [["arxiv", "2401.00001v2"], ["oai", "oai:arXiv.org:2401.00001"]],
    },
    "oai_pmh/xoai.xml": {
        "title": "A made thesis",
        "authors": [{"name": "Ionescu, Ana"}],
        "date": "2019",
        "type": "Thesis",
        "urls": ["http://hdl.handle.net/1/11"],
    },
    "oai_pmh/mets.xml": {
        "title": "The made rivers: a study",
        "authors": [IONESCU],
        "date": "2019",
        "container": "Made Journal",
        "volume": "4",
        "pages": "5-17",
        "doi": "10.5555/mods.1",
        "issn": ["1234-5679"],
    },
    "files/pubmed.xml": {
        "record_id": "pubmed:99999991",
        "title": "[Rivers of made lowlands: a study].",
        "alternate_titles": ["Flüsse."],
        "authors": [{**IONESCU, "orcid": "0000-0002-1825-0097"}, {"name": "Made Rivers Group"}],
        "date": "1998 Dec-1999 Jan",
        "pages": "5-17",
        "abstract": "AIM: To make. RESULT: Made.",
        "type": "Comment",
        "doi": "10.5555/pm.1",
        "identifiers": [["pmid", "99999991"], ["pmcid", "PMC999"]],
        "relations": [{"kind": "CommentOn", "target": "pmid:99999990"}],
        "updated": "2024-05-01",
    },
    "files/pubmed.nbib": {
        "record_id": "pubmed:99999991",
        "title": "Rivers of made lowlands, where the title is so long that it goes on in a second "
        "line.",
        "alternate_titles": ["Flüsse."],
        "authors": [{"name": "Ionescu, Ana"}, {"name": "Made Rivers Group"}],
        "container": "Made journal",
        "pages": "5-17",
        "issn": ["1234-5679"],
        "type": "Comment",
        "doi": "10.5555/pm.1",
        "identifiers": [["pmid", "99999991"], ["pmcid", "PMC999"]],
        "relations": [{"kind": "CommentOn", "target": "pmid:99999990"}],
        "updated": "2024-05-01",
    },
    "files/endnote.xml": {
        "record_id": "endnote.xml:3",
        "title": "Rivers of made lowlands",
        "authors": [{"name": "Ionescu, Ana"}, {"name": "Müller, J."}],
        "date": "2019 Sep 18",
        "container": "Made Journal",
        "issue": "2",
        "issn": ["1234-5679 (Print)", "2434-561X (Electronic)"],
        "doi": "10.5555/en.1",
        "identifiers": [["", "WOS:0001"]],
        "urls": ["https://made.example/1"],
    },
    "files/refer.enw": {
        "title": "Rivers of made lowlands",
        "authors": [{"name": "Ionescu, Ana"}, {"name": "Müller, J."}],
        "container": "Made Journal",
        "pages": "5-17",
        "doi": "10.5555/enw.1",
        "abstract": "What rivers do, in two lines.",
    },
    "files/atom.xml": {
        "record_id": "arxiv:math.GT/0309136",
        "title": "Made rivers: lowlands",
        "identifiers": [["arxiv", "math.GT/0309136v2"]],
        "date": "2003-09-08",
        "updated": "2004-01-02T18:00:00Z",
        "doi": "10.5555/made.4",
    },
    "files/crossref.xml": {
        "title": "Rivers: a chapter",
        "authors": [IONESCU],
        "container": "A made handbook",
        "type": "chapter",
        "date": "2011-05",
        "pages": "5-17",
        "isbn": ["9783161484100"],
        "doi": "10.5555/cr.1",
        "publisher": "Made Press",
    },
}


@pytest.mark.parametrize("name", FIRST)
def test_every_field_arrives_where_it_belongs(name: str) -> None:
    found = records_of(name)[0].to_dict()

    assert {field: found.get(field) for field in FIRST[name]} == FIRST[name]


def test_identifiers_of_cited_works_are_not_the_work_s_own() -> None:
    """PubMed and JATS keep references with the same element names beside the article."""
    for name in ("files/pubmed.xml", "oai_pmh/jats.xml"):
        assert "cited" not in str(records_of(name)[0].to_dict())


def test_deletions_are_tombstones() -> None:
    deleted = [record.record_id for record in records_of("files/pubmed.xml") if record.deleted]

    assert deleted == ["pubmed:99999980", "pubmed:99999981"]
    assert [record.deleted for record in records_of("oai_pmh/marcxml.xml")] == [False, True]


def test_a_second_entry_of_tagged_lines_is_a_record_of_its_own() -> None:
    assert [record.title for record in records_of("files/pubmed.nbib")][1] == "Another made title."
    assert [record.title for record in records_of("files/refer.enw")][1] == "Another made title"


def endnote(inner: str) -> Record:
    rows = list(read_bytes(f"<xml><records><record>{inner}</record></records></xml>".encode(), "a"))
    assert isinstance(rows[0], Occurrence), rows
    return rows[0].record


OWN = "<source-app>EndNote</source-app><rec-number>1</rec-number><titles><title>A</title></titles>"


@pytest.mark.parametrize(
    ("fields", "identifiers"),
    [
        (
            "<accession-num>31234567</accession-num>"
            "<remote-database-provider>NLM</remote-database-provider><custom2>PMC7654321</custom2>",
            (("pmid", "31234567"), ("pmcid", "PMC7654321")),
        ),
        (
            "<accession-num>31234567</accession-num><urls><related-urls><url>"
            "https://www.ncbi.nlm.nih.gov/pubmed/31234567</url></related-urls></urls>",
            (("pmid", "31234567"),),
        ),
        (
            "<accession-num>612345678</accession-num><custom3>PUBMED 31234567</custom3>"
            "<remote-database-name>Embase</remote-database-name>",
            (("embase", "612345678"), ("pmid", "31234567")),
        ),
        ("<accession-num>31234567</accession-num>", (("", "31234567"),)),
    ],
)
def test_endnote_says_whose_number_an_accession_number_is(
    fields: str, identifiers: tuple[tuple[str, str], ...]
) -> None:
    assert endnote(OWN + fields).identifiers == identifiers


def test_an_accession_number_of_mendeley_is_the_pmid() -> None:
    made = endnote("<titles><title>A</title></titles><accession-num>31234567</accession-num>")

    assert made.identifiers == (("pmid", "31234567"),)


def test_no_field_of_endnote_is_lost() -> None:
    made = endnote(
        OWN + "<contributors><authors><author>Ionescu, Ana</author></authors><secondary-authors>"
        "<author>Stone, Li</author></secondary-authors><tertiary-authors><author>Popescu, C."
        "</author></tertiary-authors></contributors><keywords><keyword>rivers&#13;lowlands"
        "</keyword><keyword>sediment</keyword></keywords><pub-location>Oxford</pub-location>"
        "<research-notes>read it</research-notes><notes>a note</notes><label>L1</label>"
    )

    assert [author.name for author in made.editors] == ["Stone, Li"]
    assert made.keywords == ("rivers", "lowlands", "sediment")
    assert (made.publisher_place, set(made.notes)) == ("Oxford", {"a note", "read it"})
    assert made.extra == (("endnote:tertiary-authors", "Popescu, C."), ("endnote:label", "L1"))
