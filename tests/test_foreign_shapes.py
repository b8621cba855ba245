"""JSON of services that people save to files: every field arrives, whatever wraps it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import orjson
import pytest

from indexer.feeds.formats.shapes import SHAPES, shape_of
from indexer.records import Record
from tests.reading import occurrences, records_of, rejected, rows_of
from tests.test_feeds_shapes import STRANGE, _damaged

ADA = {"family": "Example", "given": "Ada"}
WHOLE = {"title": "Made rivers", "volume": "12", "doi": "10.5555/made.1"}
SOLR = {"response": {"numFound": 1, "start": 0, "docs": "ROWS"}, "facets": {"docs": []}}

# By source: how its answer wraps rows, a row, and what must be in the record.
SOURCES: dict[str, tuple[Any, dict[str, Any], dict[str, Any]]] = {
    "zotero api": (
        "ROWS",
        {"key": "ABCD2345", "version": 3, "library": {"type": "user"}, "data": {
            "key": "ABCD2345", "itemType": "journalArticle", "title": "Made rivers",
            "creators": [{"creatorType": "author", "firstName": "Ada", "lastName": "Example"},
                         {"creatorType": "editor", "firstName": "Bo", "lastName": "Sample"},
                         {"creatorType": "translator", "name": "Cy Word"}],
            "publicationTitle": "Made Journal", "volume": "12", "issue": "3", "pages": "5-17",
            "date": "2018-04-02", "DOI": "10.5555/made.1", "ISSN": "2049-3630", "place": "Cluj",
            "abstractNote": "What rivers do.", "tags": [{"tag": "rivers"}, {"tag": "beds"}],
            "extra": "PMID: 31234567\nread twice", "libraryCatalog": "Made Catalogue",
            "series": "Made Series", "accessDate": ""}},
        {**WHOLE, "authors": [ADA], "editors": [{"family": "Sample", "given": "Bo"}],
         "container": "Made Journal", "issue": "3", "pages": "5-17", "date": "2018-04-02",
         "abstract": "What rivers do.", "keywords": ["rivers", "beds"],
         "notes": ["PMID: 31234567\nread twice"], "identifiers": [["pmid", "31234567"]],
         "publisher_place": "Cluj", "database": "Made Catalogue", "issn": ["2049-3630"],
         "extra": [["zotero:translator", "Cy Word"], ["zotero:series", "Made Series"]]},
    ),
    "better bibtex": (
        {"config": {"id": "x"}, "version": {"zotero": "7"}, "items": "ROWS",
         "collections": {"C1": {"name": "Review", "items": [1]}}},
        {"itemType": "thesis", "itemID": 1, "citationKey": "example2018", "title": "Made rivers",
         "creators": [{"creatorType": "author", "firstName": "Ada", "lastName": "Example"}],
         "university": "Made University", "thesisType": "PhD", "date": "2018"},
        {"source_id": "example2018", "authors": [ADA], "publisher": "Made University",
         "type": "PhD", "extra": [["zotero:citationKey", "example2018"]]},
    ),
    "lens": (
        {"total": 1, "data": "ROWS"},
        {"lens_id": "000-111-222-333-444", "title": "Made rivers", "volume": "12",
         "publication_type": "journal article", "year_published": 2018,
         "date_published": "2018-04-02", "start_page": "5", "end_page": "17",
         "authors": [{"first_name": "Ada", "last_name": "Example",
                      "ids": [{"type": "orcid", "value": "0000-1"}]}],
         "source": {"title": "Made Journal", "publisher": "Made Press",
                    "issn": [{"type": "print", "value": "20493630"}]},
         "external_ids": [{"type": "doi", "value": "10.5555/made.1"},
                          {"type": "pmid", "value": "31234567"}]},
        {**WHOLE, "record_id": "lens:000-111-222-333-444", "container": "Made Journal",
         "authors": [{**ADA, "orcid": "0000-1"}], "pages": "5-17", "publisher": "Made Press",
         "identifiers": [["pmid", "31234567"]], "issn": ["20493630"], "year": "2018"},
    ),
    "aps": (
        {"data": "ROWS", "meta": {}},
        {"id": "10.1103/Made.1.2", "identifiers": {"doi": "10.1103/Made.1.2"},
         "title": {"value": "Made rivers", "format": "html+mathml"},
         "abstract": {"value": "What rivers do.", "format": "html"},
         "authors": [{"type": "Person", "name": "Ada Example", "firstname": "Ada",
                      "surname": "Example"},
                     {"type": "Collaboration", "name": "Made Group"}],
         "journal": {"id": "MADE", "name": "Made Review"}, "volume": {"number": "1"},
         "issue": {"number": "2"}, "pageStart": "021001", "date": "2018-04-02",
         "articleType": "article"},
        {"record_id": "aps:10.1103/Made.1.2", "title": "Made rivers", "container": "Made Review",
         "authors": [{"name": "Ada Example", **ADA}, {"name": "Made Group"}], "volume": "1",
         "issue": "2", "pages": "021001", "abstract": "What rivers do.", "doi": "10.1103/Made.1.2"},
    ),
    "hal": (
        SOLR,
        {"docid": 1, "halId_s": "hal-01234567", "title_s": ["Made rivers", "Rivières faites"],
         "subTitle_s": ["a study"], "authFullName_s": ["Ada Example"], "volume_s": "12",
         "producedDate_s": "2018-04-02", "journalTitle_s": "Made Journal", "docType_s": "ART",
         "doiId_s": "10.5555/made.1", "pubmedId_s": "31234567", "keyword_s": ["rivers"],
         "journalIssn_s": "2049-3630", "uri_s": "https://hal.science/hal-01234567"},
        {**WHOLE, "record_id": "hal:hal-01234567", "title": "Made rivers: a study",
         "alternate_titles": ["Rivières faites"], "authors": [{"name": "Ada Example"}],
         "container": "Made Journal", "date": "2018-04-02", "keywords": ["rivers"],
         "identifiers": [["hal", "hal-01234567"], ["pmid", "31234567"]], "issn": ["2049-3630"]},
    ),
    "plos": (
        SOLR,
        {"id": "10.1371/journal.made.1", "journal": "PLOS ONE", "eissn": "1932-6203",
         "publication_date": "2018-04-02T00:00:00Z", "article_type": "Research Article",
         "author_display": ["Ada Example"], "abstract": ["What rivers do."],
         "title_display": "Made rivers", "score": 1.5},
        {"record_id": "plos:10.1371/journal.made.1", "title": "Made rivers",
         "doi": "10.1371/journal.made.1", "authors": [{"name": "Ada Example"}],
         "container": "PLOS ONE", "abstract": "What rivers do.", "issn": ["1932-6203"]},
    ),
    "ads": (
        SOLR,
        {"bibcode": "2018MadeJ..12..139E", "title": ["Made rivers"], "author": ["Example, Ada"],
         "pub": "Made Journal", "year": "2018", "volume": "12", "page": ["139"],
         "doi": ["10.5555/made.1"], "identifier": ["arXiv:1903.00001"], "keyword": ["rivers"]},
        {**WHOLE, "record_id": "ads:2018MadeJ..12..139E", "container": "Made Journal",
         "pages": "139", "identifiers": [["arxiv", "arXiv:1903.00001"]]},
    ),
    "base": (
        SOLR,
        {"dcdocid": "b1", "dctitle": "Made rivers", "dccreator": ["Example, Ada"],
         "dcyear": "2018", "dcdoi": ["10.5555/made.1"], "dcsubject": ["rivers"],
         "dclink": "https://made.example/1", "dccollection": "Made Repository"},
        {"record_id": "base:b1", "title": "Made rivers", "doi": "10.5555/made.1",
         "authors": [{"name": "Example, Ada"}], "keywords": ["rivers"], "year": "2018",
         "database": "Made Repository"},
    ),
    "scopus": (
        {"search-results": {"opensearch:totalResults": "1", "link": [{"@href": "x"}],
                            "entry": "ROWS"}},
        {"@_fa": "true", "dc:identifier": "SCOPUS_ID:85012345678", "eid": "2-s2.0-85012345678",
         "dc:title": "Made rivers", "dc:creator": "Example A.", "pubmed-id": "31234567",
         "prism:publicationName": "Made Journal", "prism:issn": "20493630", "prism:volume": "12",
         "prism:pageRange": "5-17", "prism:coverDate": "2018-04-02",
         "prism:doi": "10.5555/made.1", "subtypeDescription": "Article",
         "authkeywords": "rivers | beds"},
        {**WHOLE, "record_id": "scopus:2-s2.0-85012345678", "authors": [{"name": "Example A."}],
         "container": "Made Journal", "pages": "5-17", "keywords": ["rivers", "beds"],
         "identifiers": [["scopus", "2-s2.0-85012345678"], ["pmid", "31234567"]],
         "type": "Article", "database": "Scopus", "accession_number": "2-s2.0-85012345678"},
    ),
    "dblp": (
        {"result": {"query": "x", "status": {"@code": "200"}, "completions": {"c": []},
                    "hits": {"@total": "1", "hit": "ROWS"}}},
        {"@id": "1", "info": {"authors": {"author": [{"@pid": "1/2", "text": "Ada Example"}]},
                              "title": "Made rivers.", "venue": "Made J.", "volume": "12",
                              "pages": "5-17", "year": "2018", "type": "Journal Articles",
                              "key": "journals/made/Example18", "doi": "10.5555/made.1"}},
        {**WHOLE, "title": "Made rivers.", "record_id": "dblp:journals/made/Example18",
         "authors": [{"name": "Ada Example"}], "container": "Made J."},
    ),
    "esummary": (
        {"header": {"type": "esummary"}, "result": {"uids": ["31234567"], "31234567": "ROW"}},
        {"uid": "31234567", "pubdate": "2018 Apr 2", "source": "Made J", "title": "Made rivers.",
         "authors": [{"name": "Example A", "authtype": "Author"}], "volume": "12",
         "pages": "5-17", "fulljournalname": "Made Journal",
         "pubtype": ["Journal Article", "Review"],
         "articleids": [{"idtype": "pubmed", "value": "31234567"},
                        {"idtype": "doi", "value": "10.5555/made.1"},
                        {"idtype": "pmc", "value": "PMC7654321"}]},
        {**WHOLE, "title": "Made rivers.", "record_id": "pubmed:31234567", "type": "Review",
         "container": "Made Journal", "authors": [{"name": "Example A"}],
         "identifiers": [["pmid", "31234567"], ["pmcid", "PMC7654321"]]},
    ),
    "scielo": (
        "ROWS",
        {"code": "S0000-1", "collection": "scl", "doi": "10.5555/made.1",
         "article": {"v12": [{"l": "pt", "_": "Rios feitos"}, {"l": "en", "_": "Made rivers"}],
                     "v40": [{"_": "en"}], "v10": [{"s": "Example", "n": "Ada"}],
                     "v65": [{"_": "20180400"}], "v31": [{"_": "12"}],
                     "v14": [{"f": "5", "l": "17"}], "v85": [{"k": "rivers"}]},
         "title": {"v100": [{"_": "Made Journal"}]}},
        {**WHOLE, "record_id": "scielo:S0000-1", "alternate_titles": ["Rios feitos"],
         "authors": [ADA], "date": "2018-04", "pages": "5-17", "container": "Made Journal",
         "keywords": ["rivers"]},
    ),
    "schema.org": (
        {"@context": "https://schema.org", "@graph": "ROWS"},
        {"@type": "ScholarlyArticle", "@id": "https://doi.org/10.5555/made.1",
         "name": "Made rivers", "author": [{"@type": "Person", "givenName": "Ada",
                                            "familyName": "Example",
                                            "@id": "https://orcid.org/0000-1"}],
         "datePublished": "2018-04-02", "keywords": "rivers, beds", "pageStart": "5",
         "pageEnd": "17", "isPartOf": {"@type": "PublicationIssue", "issueNumber": "3",
                                       "isPartOf": {"@type": ["PublicationVolume", "Periodical"],
                                                    "name": "Made Journal", "volumeNumber": "12",
                                                    "issn": "2049-3630"}},
         "identifier": {"@type": "PropertyValue", "propertyID": "doi", "value": "10.5555/made.1"}},
        {**WHOLE, "authors": [{**ADA, "orcid": "https://orcid.org/0000-1"}], "issue": "3",
         "container": "Made Journal", "pages": "5-17", "keywords": ["rivers", "beds"],
         "issn": ["2049-3630"], "type": "ScholarlyArticle"},
    ),
    "osf": (
        {"data": "ROWS", "links": {"next": None}},
        {"id": "ab1cd", "type": "preprints", "attributes": {
            "title": "Made rivers", "description": "What rivers do.", "doi": "10.5555/made.1",
            "date_published": "2018-04-02T00:00:00", "tags": ["rivers"]},
         "links": {"preprint_doi": "https://doi.org/10.31219/osf.io/ab1cd"},
         "relationships": {"provider": {"data": {"id": "madarxiv"}}},
         "embeds": {"contributors": {"data": [{"embeds": {"users": {"data": {"attributes": {
             "full_name": "Ada Example", "given_name": "Ada", "family_name": "Example"}}}}}]}}},
        {"record_id": "osf:ab1cd", "title": "Made rivers", "type": "preprint",
         "doi": "https://doi.org/10.31219/osf.io/ab1cd", "container": "madarxiv",
         "authors": [{"name": "Ada Example", **ADA}], "keywords": ["rivers"],
         "relations": [{"kind": "is-preprint-of", "target": "doi:10.5555/made.1"}]},
    ),
    "figshare": (
        "ROWS",
        {"id": 7, "title": "Made rivers", "doi": "10.5555/made.1", "defined_type": 3,
         "defined_type_name": "dataset", "url_public_html": "https://made.example/7",
         "published_date": "2018-04-02T00:00:00Z", "tags": ["rivers"],
         "authors": [{"id": 1, "full_name": "Ada Example", "orcid_id": "0000-1"}],
         "resource_doi": "10.5555/made.2"},
        {"record_id": "figshare:7", "title": "Made rivers", "doi": "10.5555/made.1",
         "type": "dataset", "authors": [{"name": "Ada Example", "orcid": "0000-1"}],
         "relations": [{"kind": "IsSupplementTo", "target": "doi:10.5555/made.2"}]},
    ),
    "dimensions": (
        {"_stats": {"total_count": 1}, "publications": "ROWS"},
        {"id": "pub.1000000001", **WHOLE, "pmid": "31234567", "year": 2018, "pages": "5-17",
         "journal": {"id": "jour.1", "title": "Made Journal"},
         "authors": [{"first_name": "Ada", "last_name": "Example", "orcid": "['0000-1']"}]},
        {**WHOLE, "record_id": "dimensions:pub.1000000001", "container": "Made Journal",
         "identifiers": [["pmid", "31234567"]], "year": "2018"},
    ),
    "springer": (
        {"apiMessage": "x", "result": [{"total": "1"}], "records": "ROWS", "facets": []},
        {"contentType": "Article", "identifier": "doi:10.5555/made.1", "title": "Made rivers",
         "creators": [{"creator": "Example, Ada"}], "publicationName": "Made Journal",
         "doi": "10.5555/made.1", "publicationDate": "2018-04-02", "volume": "12", "number": "3",
         "startingPage": "5", "endingPage": "17", "issn": "2049-3630", "abstract": "Abs",
         "keyword": ["rivers"], "url": [{"format": "", "value": "https://made.example/1"}]},
        {**WHOLE, "record_id": "springer:10.5555/made.1", "authors": [{"name": "Example, Ada"}],
         "container": "Made Journal", "issue": "3", "pages": "5-17", "keywords": ["rivers"]},
    ),
    "ieee": (
        {"total_records": 1, "articles": "ROWS"},
        {"doi": "10.5555/made.1", "title": "Made rivers", "article_number": "1234567",
         "volume": "12", "publication_title": "Made Transactions", "publication_number": 9,
         "publication_year": "2018", "content_type": "Journals", "start_page": "5",
         "end_page": "17", "authors": {"authors": [{"full_name": "Ada Example"}]},
         "index_terms": {"author_terms": {"terms": ["rivers"]}, "ieee_terms": {"terms": ["bed"]}}},
        {**WHOLE, "record_id": "ieee:1234567", "authors": [{"name": "Ada Example"}],
         "container": "Made Transactions", "keywords": ["rivers", "bed"], "pages": "5-17"},
    ),
    "inspire": (
        {"hits": {"total": 1, "hits": "ROWS"}, "links": {}},
        {"id": "7", "metadata": {
            "control_number": 7, "titles": [{"title": "Made rivers"}],
            "authors": [{"full_name": "Example, Ada", "ids": [{"schema": "ORCID",
                                                               "value": "0000-1"}]}],
            "collaborations": [{"value": "Made Group"}], "document_type": ["article"],
            "dois": [{"value": "10.5555/made.1"}], "arxiv_eprints": [{"value": "1903.00001"}],
            "publication_info": [{"journal_title": "Made J.", "journal_volume": "12",
                                  "year": 2018, "artid": "021001"}],
            "abstracts": [{"value": "What rivers do."}], "keywords": [{"value": "rivers"}]}},
        {**WHOLE, "record_id": "inspire:7", "container": "Made J.", "year": "2018",
         "authors": [{"name": "Example, Ada", "orcid": "0000-1"}, {"name": "Made Group"}],
         "article_number": "021001", "identifiers": [["arxiv", "1903.00001"]],
         "keywords": ["rivers"]},
    ),
    "arxiv listing": (
        "ROWS",
        {"id": "1903.00001", "submitter": "Ada", "authors": "Ada Example and Bo van Sample",
         "title": "Made rivers", "comments": "5 pages", "journal-ref": "Made J. 12 (2018)",
         "doi": "10.5555/made.1", "categories": "physics.geo-ph cs.MA", "abstract": "Abs",
         "versions": [{"version": "v1", "created": "Mon, 2 Apr 2018"}],
         "authors_parsed": [["Example", "Ada", ""], ["van Sample", "Bo", "Jr"]]},
        {"record_id": "arxiv:1903.00001", "title": "Made rivers", "date": "Mon, 2 Apr 2018",
         "authors": [ADA, {"family": "van Sample Jr", "given": "Bo"}], "notes": ["5 pages"],
         "keywords": ["physics.geo-ph", "cs.MA"], "type": "preprint"},
    ),
}  # fmt: skip


def wrapped(outside: Any, row: Any) -> Any:
    """An answer with the row where its rows stand, one by itself or in a list."""
    if outside in ("ROWS", "ROW"):
        return [row] if outside == "ROWS" else row
    if isinstance(outside, dict):
        return {name: wrapped(value, row) for name, value in outside.items()}
    return outside


@pytest.mark.parametrize("name", SOURCES)
def test_a_saved_answer_gives_whole_records(name: str) -> None:
    outside, plain, expected = SOURCES[name]
    for option in (None, orjson.OPT_INDENT_2):
        (record,) = records_of(orjson.dumps(wrapped(outside, plain), option=option), "made.json")
        found = record.to_dict()
        assert {field: found.get(field) for field in expected} == expected


@pytest.mark.parametrize("name", SOURCES)
def test_rows_of_an_answer_may_stand_by_themselves(name: str) -> None:
    _, plain, expected = SOURCES[name]
    (record, again) = records_of(orjson.dumps(plain) + b"\n" + orjson.dumps(plain) + b"\n")
    assert record == again
    assert record.title == expected.get("title", "Made rivers")


@pytest.mark.parametrize("name", SOURCES)
def test_no_value_of_an_unexpected_type_stops_a_shape(name: str) -> None:
    _, plain, _ = SOURCES[name]
    for strange in STRANGE:
        for damaged in _damaged(plain, strange):
            shape = next((shape for shape in SHAPES if shape.recognise(damaged)), None)
            try:
                record = shape.record(damaged) if shape else None
            except ValueError:
                continue
            if record is not None:
                named = replace(record, record_id="made:1")
                assert Record.from_json(named.to_json()) == named


HALVES: list[dict[str, Any]] = [
    {"title": "Made rivers", "creators": [{"first": "Ada"}], "publicationName2": "x"},
    {"title": "Made rivers", "authFullName": ["Ada Example"], "year": 2018},
    {"title_display": "Made rivers", "journal": "Made Journal", "year": 2018},
    {"title": {"main": "Made rivers"}, "year": 2018, "authors": ["Ada Example"]},
    {"title": "Made rivers", "authors": [{"person": {"label": "Ada"}}]},
    {"title": "Made rivers", "authors": ["A"], "journal": {"title": "J"}, "year": 2018},
    {"title": {"0": "Made rivers", "1": "Made beds"}, "year": {"0": 2018, "1": 2019}},
    {"@type": "MadeThing", "title": "Made rivers"},
    {"title": "Made rivers", "publication_info": {"summary": "A Example - 2018"}, "position": 1},
]


@pytest.mark.parametrize("plain", HALVES, ids=lambda plain: next(iter(plain)))
def test_what_is_half_anothers_is_refused_by_its_keys(plain: dict[str, Any]) -> None:
    (row,) = rejected(rows_of(orjson.dumps([plain]), "made.json"))
    assert "half of it is of no known shape, by its keys" in row.reason
    unknown = [name for name in plain if name not in ("title", "year", "authors", "journal")]
    assert all(name in row.reason for name in unknown)


def test_a_plain_export_with_columns_of_its_own_is_read_and_keeps_them() -> None:
    (record,) = records_of(
        orjson.dumps(
            {
                "id": "7",
                "title": "Made rivers",
                "authors": ["Ada Example"],
                "year": 2018,
                "publication_year": 2019,
                "doi": "10.5555/made.1",
                "keywords": "rivers; beds",
                "included": True,
                "reviewer": "Bo",
                "scores": [1, 2.5],
                "citations": [{"doi": "10.5555/made.2"}],
                "empty": None,
                "_repaired": {"title": "x"},
            }
        )
    )
    assert record.keywords == ("rivers", "beds")
    assert record.extra == (
        ("json:publication_year", "2019"),
        ("json:included", "true"),
        ("json:reviewer", "Bo"),
        ("json:scores", "1"),
        ("json:scores", "2.5"),
        ("json:citations", '[{"doi":"10.5555/made.2"}]'),
    )
    (again,) = records_of(record.to_json())
    assert again == record


def test_what_an_answer_says_in_place_of_records_is_told() -> None:
    rows = rows_of(
        b'{"search-results": {"entry": [{"@_fa": "true", "error": "Result set was empty"}]}}'
    )
    assert "Result set was empty" in rejected(rows)[0].reason
    person = rows_of(
        b'{"@context": "https://schema.org", "@graph": [{"@type": "Person", "name": "Ada"},'
        b' {"@type": "Book", "name": "Made rivers"}]}'
    )
    assert "a Person is no work" in rejected(person)[0].reason
    assert [row.record.title for row in occurrences(person)] == ["Made rivers"]


def test_notes_and_attachments_of_zotero_are_no_works() -> None:
    (row,) = rows_of(b'[{"itemType": "note", "note": "<p>x</p>", "key": "A"}]')
    assert "'note' is no work" in rejected([row])[0].reason


@pytest.mark.parametrize(
    "plain",
    [
        {"Title": "Made rivers", "Author full names": "Example, Ada; Sample, Bo", "Year": 2018,
         "Source title": "Made Journal", "DOI": "10.5555/made.1", "Screened": True},
        {"title": "Made rivers", "Authors": "Example, Ada; Sample, Bo", "Publication Year": "2018",
         "Journal": "Made Journal", "doi": "10.5555/made.1", "Screened": "TRUE"},
    ],
)  # fmt: skip
def test_a_table_saved_as_json_is_read_by_its_columns(plain: dict[str, Any]) -> None:
    for data in (orjson.dumps([plain]), orjson.dumps(plain) + b"\n" + orjson.dumps(plain)):
        record = records_of(data, "made.json")[0]
        assert (record.title, record.doi, record.year) == ("Made rivers", "10.5555/made.1", "2018")
        assert [author.display for author in record.authors] == ["Example, Ada", "Sample, Bo"]
        assert record.container == "Made Journal"
        assert record.extra == (("json:Screened", "TRUE"),)


def test_repositories_export_datacite_with_the_doi_among_identifiers() -> None:
    (record,) = records_of(
        b'{"titles": [{"title": "Made rivers"}], "creators": [{"name": "Example, Ada"}], '
        b'"identifiers": [{"identifier": "10.5281/zenodo.9", "identifierType": "DOI"}], '
        b'"publicationYear": "2018", "schemaVersion": "http://datacite.org/schema/kernel-4"}'
    )
    assert (record.record_id, record.doi) == ("datacite:10.5281/zenodo.9", "10.5281/zenodo.9")


def test_a_patent_of_lens_is_refused_as_one() -> None:
    (row,) = rejected(rows_of(b'[{"lens_id": "1-2", "doc_number": "7", "biblio": {}}]'))
    assert "a patent" in row.reason


@pytest.mark.parametrize("name", SOURCES)
def test_a_shape_is_found_by_the_keys_it_is_filed_under(name: str) -> None:
    """An object without any key of a shape is not even shown to it."""
    _, plain, _ = SOURCES[name]
    for strange in STRANGE[:4]:
        for damaged in [plain, *_damaged(plain, strange)]:
            asked = next((shape for shape in SHAPES if shape.recognise(damaged)), None)
            assert shape_of(damaged) is asked
