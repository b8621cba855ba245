"""The JSON of the harvested sources, and every way their values go wrong."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import orjson
import pytest

from indexer.feeds.formats import read_bytes
from indexer.feeds.formats.shapes import SHAPES
from indexer.feeds.reading.tombstones import MERGED_INTO
from indexer.records import Occurrence, Record

ANA = {"family": "Ionescu", "given": "Ana"}


def read(plain: Any) -> list[Record]:
    rows = read_bytes(orjson.dumps(plain), "made.json")
    return [row.record for row in rows if isinstance(row, Occurrence)]


OBJECTS: dict[str, tuple[dict[str, Any], dict[str, Any]]] = {
    "datacite": (
        {
            "id": "10.5555/DC.1",
            "type": "dois",
            "attributes": {
                "doi": "10.5555/DC.1",
                "titles": [
                    {"title": "Flüsse", "titleType": "TranslatedTitle"},
                    {"title": "Made rivers"},
                    {"title": "a study", "titleType": "Subtitle"},
                ],
                "creators": [
                    {
                        "name": "Ionescu, Ana",
                        "nameType": "Personal",
                        "givenName": "Ana",
                        "familyName": "Ionescu",
                        "nameIdentifiers": [
                            {
                                "nameIdentifier": "https://orcid.org/0000-0002-1825-0097",
                                "nameIdentifierScheme": "ORCID",
                            }
                        ],
                    },
                    {"name": "Made Group", "nameType": "Organizational", "familyName": "wrong"},
                ],
                "publisher": {"name": "Made Press"},
                "publicationYear": 2021,
                "dates": [
                    {"date": "2022-01-01", "dateType": "Updated"},
                    {"date": "2021-05", "dateType": "Issued"},
                ],
                "container": {
                    "type": "Journal", "title": "Made Journal", "volume": "4", "issue": "2",
                    "firstPage": "5", "lastPage": "17", "identifier": "1234-5679",
                    "identifierType": "ISSN",
                },
                "types": {"resourceType": "Article", "resourceTypeGeneral": "Text"},
                "relatedIdentifiers": [
                    {"relationType": "IsVersionOf", "relatedIdentifier": "10.5555/dc.0",
                     "relatedIdentifierType": "DOI"},
                    {"relationType": "References", "relatedIdentifier": "10.5555/cited",
                     "relatedIdentifierType": "DOI"},
                ],
                "descriptions": [
                    {"description": "notes", "descriptionType": "Other"},
                    {"description": "What rivers do.", "descriptionType": "Abstract"},
                ],
                "url": "https://made.example/1",
                "updated": "2024-05-01T00:00:00Z",
            },
        },
        {
            "record_id": "datacite:10.5555/dc.1",
            "title": "Made rivers: a study",
            "alternate_titles": ["Flüsse"],
            "authors": [
                {"name": "Ionescu, Ana", **ANA, "orcid": "https://orcid.org/0000-0002-1825-0097"},
                {"name": "Made Group"},
            ],
            "date": "2021-05",
            "year": "2021",
            "container": "Made Journal",
            "publisher": "Made Press",
            "pages": "5-17",
            "issn": ["1234-5679"],
            "abstract": "What rivers do.",
            "relations": [{"kind": "IsVersionOf", "target": "doi:10.5555/dc.0"}],
        },
    ),
    "fatcat release": (
        {
            "ident": "made1",
            "state": "active",
            "work_id": "w1",
            "title": "Made rivers",
            "subtitle": "a study",
            "release_type": "article-journal",
            "release_stage": "submitted",
            "release_year": 2021,
            "ext_ids": {"doi": "10.5555/fc.1", "pmid": 99, "arxiv": "2401.00001v2"},
            "contribs": [
                {"raw_name": "Ana Ionescu", "role": "author"},
                {"raw_name": "An Editor", "role": "editor"},
            ],
            "container": {"name": "Made Journal", "issnl": "1234-5679"},
            "abstracts": [
                {"mimetype": "text/html", "content": "<p>x</p>"},
                {"mimetype": "text/plain", "content": "What rivers do."},
            ],
        },
        {
            "record_id": "fatcat:made1",
            "title": "Made rivers: a study",
            "authors": [{"name": "Ana Ionescu"}],
            "stage": "submitted",
            "doi": "10.5555/fc.1",
            "identifiers": [["pmid", "99"], ["arxiv", "2401.00001v2"]],
            "issn": ["1234-5679"],
            "abstract": "What rivers do.",
            "relations": [{"kind": "release-of", "target": "fatcat-work:w1"}],
        },
    ),
    "scholar": (
        {
            "key": "work_w1",
            "work_ident": "w1",
            "biblio": {"release_ident": "made1", "title": "Made rivers", "release_year": 2021,
                       "contrib_names": ["Ana Ionescu"], "container_name": "Made Journal"},
            "abstracts": [{"body": "What rivers do."}],
            "access": [{"access_type": "wayback",
                        "access_url": "https://web.archive.org/web/2020/https://arxiv.org/pdf/1"}],
        },
        {
            "record_id": "fatcat:made1",
            "title": "Made rivers",
            "abstract": "What rivers do.",
            "urls": ["https://web.archive.org/web/2020/https://arxiv.org/pdf/1"],
        },
    ),
    "core": (
        {
            "id": 77,
            "title": "Made rivers",
            "authors": [{"name": "Ionescu, Ana"}],
            "doi": "10.5555/core.1",
            "arxivId": "2401.00001",
            "oaiIds": ["oai:made.example:1"],
            "publishedDate": "2021-05-09T01:00:00",
            "yearPublished": 2021,
            "publisher": "'Made Press'",
            "journals": [{"title": None, "identifiers": ["issn:1234-5679"]}],
            "language": {"code": "en", "name": "English"},
            "downloadUrl": "https://core.ac.uk/download/77.pdf",
            "links": [{"type": "thumbnail", "url": "https://x/t.png"}],
            "dataProviders": [],
        },
        {
            "record_id": "core:77",
            "authors": [{"name": "Ionescu, Ana"}],
            "publisher": "Made Press",
            "issn": ["1234-5679"],
            "identifiers": [["core", "77"], ["arxiv", "2401.00001"], ["oai", "oai:made.example:1"]],
            "urls": ["https://core.ac.uk/download/77.pdf"],
            "language": "en",
        },
    ),
    "semantic scholar": (
        {
            "paperId": "a" * 40,
            "corpusId": 5,
            "externalIds": {"DOI": "10.5555/s2.1", "ArXiv": "2401.00001", "CorpusId": 5},
            "title": "Made rivers",
            "year": 2021,
            "publicationDate": None,
            "publicationTypes": ["JournalArticle"],
            "venue": "Made J.",
            "journal": {"name": "Made Journal", "pages": "\n   5-17  ", "volume": "4"},
            "authors": [{"authorId": "1", "name": "A. Ionescu"}],
            "openAccessPdf": {"url": "https://made.example/1.pdf"},
        },
        {
            "record_id": "semantic_scholar:5",
            "container": "Made Journal",
            "pages": "5-17",
            "year": "2021",
            "identifiers": [["s2", "5"], ["s2", "a" * 40], ["arxiv", "2401.00001"]],
            "urls": ["https://made.example/1.pdf"],
        },
    ),
    "unpaywall": (
        {
            "doi": "10.5555/UP.1",
            "doi_url": "https://doi.org/10.5555/up.1",
            "is_oa": True,
            "title": "Made rivers",
            "genre": "journal-article",
            "z_authors": [{"given": "Ana", "family": "Ionescu", "sequence": "first"},
                          {"raw_author_name": "J. Müller"}],
            "journal_name": "Made Journal",
            "journal_issns": "1234-5679,2434-561X",
            "oa_locations": [{"url": "https://a/1.pdf", "url_for_pdf": "https://a/1.pdf",
                              "url_for_landing_page": "https://a/1", "pmh_id": "oai:a:1"}],
            "updated": "2024-05-01",
        },
        {
            "record_id": "unpaywall:10.5555/up.1",
            "authors": [ANA, {"name": "J. Müller"}],
            "issn": ["1234-5679", "2434-561X"],
            "urls": ["https://a/1", "https://a/1.pdf"],
            "identifiers": [["oai", "oai:a:1"]],
        },
    ),
    "papers with code": (
        {
            "paper_url": "https://paperswithcode.com/paper/made-rivers",
            "arxiv_id": "2401.00001",
            "title": "Made rivers",
            "abstract": "What rivers do.",
            "short_abstract": None,
            "url_abs": "http://arxiv.org/abs/2401.00001v4",
            "url_pdf": "http://arxiv.org/pdf/2401.00001v4.pdf",
            "proceeding": "MADE 2018 12",
            "authors": ["Ana Ionescu"],
            "date": "2018-05-27",
        },
        {
            "record_id": "papers_with_code:made-rivers",
            "container": "MADE 2018 12",
            "identifiers": [["arxiv", "2401.00001"]],
            "abstract": "What rivers do.",
        },
    ),
    "europe pmc": (
        {
            "id": "99",
            "source": "MED",
            "pmid": "99",
            "pmcid": "PMC9",
            "title": "Made rivers.",
            "authorString": "Ionescu A, Müller J.",
            "journalTitle": "Made J",
            "journalIssn": "1234-5679; 2434-561x; ",
            "pubYear": "2021",
            "pageInfo": "5-17",
            "pubType": "review; journal article",
        },
        {
            "record_id": "europe_pmc:MED/99",
            "authors": [{"name": "Ionescu A"}, {"name": "Müller J"}],
            "issn": ["1234-5679", "2434-561x"],
            "type": "review",
            "identifiers": [["pmid", "99"], ["pmcid", "PMC9"]],
        },
    ),
    "doaj": (
        {
            "id": "d1",
            "bibjson": {
                "title": "Made rivers",
                "author": [{"name": "Ana Ionescu"}],
                "year": "2021",
                "month": "5",
                "journal": {"title": "Made Journal", "number": "2", "issns": ["1234-5679"]},
                "identifier": [{"type": "doi", "id": "10.5555/doaj.1"}],
                "start_page": "5",
                "end_page": "17",
            },
        },
        {"record_id": "doaj:d1", "date": "2021-05", "issue": "2", "pages": "5-17",
         "doi": "10.5555/doaj.1"},
    ),
    "zenodo": (
        {
            "id": 9,
            "doi": "10.5281/zenodo.9",
            "conceptdoi": "10.5281/zenodo.8",
            "metadata": {"title": "Made rivers", "creators": [{"name": "Ionescu, Ana"}],
                         "publication_date": "2021-05-01",
                         "resource_type": {"type": "publication", "subtype": "preprint"}},
        },
        {"record_id": "zenodo:9", "type": "preprint", "doi": "10.5281/zenodo.9",
         "relations": [{"kind": "IsVersionOf", "target": "doi:10.5281/zenodo.8"}]},
    ),
    "openaire": (
        {
            "id": "dedup::1",
            "mainTitle": "Made rivers",
            "authors": [{"fullName": "Ionescu, Ana", "name": "Ana", "surname": "Ionescu"}],
            "pids": [{"scheme": "doi", "value": "10.5555/oa.1"}, {"scheme": "pmid", "value": "99"}],
            "instances": [{"type": "Article", "urls": ["https://made.example/1"]}],
            "container": {"name": "Made Journal", "sp": "5", "ep": "17"},
        },
        {"record_id": "openaire:dedup::1", "doi": "10.5555/oa.1", "identifiers": [["pmid", "99"]],
         "pages": "5-17", "type": "Article", "authors": [{"name": "Ionescu, Ana", **ANA}]},
    ),
    "a hit of a search engine": (
        {"_index": "x", "_id": "made1", "_source": {"ident": "made1", "title": "Made rivers",
                                                  "release_type": "book"}},
        {"record_id": "fatcat:made1", "title": "Made rivers", "type": "book"},
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", OBJECTS)
def test_every_field_arrives_where_it_belongs(name: str) -> None:
    plain, expected = OBJECTS[name]

    (record,) = read(plain)

    found = record.to_dict()
    assert {field: found.get(field) for field in expected} == expected


def test_redirects_and_deletions_are_tombstones() -> None:
    redirect, deleted, withdrawn = read(
        [
            {"ident": "a", "state": "redirect", "redirect": "b", "release_type": None},
            {"ident": "c", "state": "deleted", "release_type": None},
            {"id": "10.5555/x", "attributes": {"doi": "10.5555/x", "state": "registered"}},
        ]
    )

    assert all(record.deleted for record in (redirect, deleted, withdrawn))
    assert [(r.kind, r.target) for r in redirect.relations] == [(MERGED_INTO, "fatcat:b")]


STRANGE: list[Any] = [None, True, 0, -1.5, "", "text", [], [None], ["a", 1], {}, {"a": {"b": []}}]


@pytest.mark.parametrize("name", OBJECTS)
def test_no_value_of_an_unexpected_type_stops_a_reader(name: str) -> None:
    """Null titles, strings where lists were, lists where objects were: at every place."""
    plain, _ = OBJECTS[name]
    for strange in STRANGE:
        for damaged in _damaged(plain, strange):
            for shape in SHAPES:
                if shape.recognise(damaged):
                    try:
                        record = shape.record(damaged)
                    except ValueError:
                        break
                    named = replace(record, record_id="made:1")
                    assert Record.from_json(named.to_json()) == named
                    break


def _damaged(plain: Any, strange: Any) -> list[Any]:
    """Copies of *plain*, each with one of its values replaced, at any depth."""
    found = []
    items = plain.items() if isinstance(plain, dict) else enumerate(plain)
    for name, value in list(items):
        copy = dict(plain) if isinstance(plain, dict) else list(plain)
        copy[name] = strange
        found.append(copy)
        if isinstance(value, dict | list):
            for inner in _damaged(value, strange):
                copy = dict(plain) if isinstance(plain, dict) else list(plain)
                copy[name] = inner
                found.append(copy)
    return found
