"""What a user of a reference manager would miss stays with the record, whoever wrote it."""

from __future__ import annotations

from typing import Any

import orjson
import pytest

from detector.decision.decision import Decider
from detector.decision.weights import Weights
from indexer.fields import fields_of
from indexer.keys import keys_of
from indexer.keys.gathered import GatheredKeys
from indexer.keys.learning import learn
from indexer.records import Author, Record, Relation
from tests.reading import records_of

EDITOR = Author(family="Sample", given="Bo")


def one_of(plain: Any) -> Record:
    (record,) = records_of(orjson.dumps(plain), "made.json")
    return record


def test_csl_items_keep_editors_keywords_notes_and_what_no_field_holds() -> None:
    record = one_of(
        {
            "id": "example2019",
            "type": "chapter",
            "title": "Made deltas",
            "author": [{"family": "Example", "given": "Ada"}],
            "editor": [{"family": "Sample", "given": "Bo"}],
            "collection-editor": [{"family": "Series", "given": "Cy"}],
            "collection-title": "Made Studies",
            "accessed": {"date-parts": [[2020, 1, 2]]},
            "container-title": "Made waters",
            "journalAbbreviation": "Made W.",
            "publisher-place": "Cluj",
            "keyword": "rivers; deltas, inland",
            "note": "PMID: 31234567\narXiv: 1903.00001 [physics]\nread twice",
            "source": "Made Database",
            "custom": {"label": "included"},
            "page": "5-17",
        }
    )
    assert record.editors == (EDITOR,)
    assert record.keywords == ("rivers", "deltas, inland")
    assert record.notes == ("PMID: 31234567\narXiv: 1903.00001 [physics]\nread twice",)
    assert record.identifiers == (("pmid", "31234567"), ("arxiv", "1903.00001"))
    assert (record.publisher_place, record.database) == ("Cluj", "Made Database")
    assert record.extra == (
        ("csl:collection-editor", "Series, Cy"),
        ("csl:collection-title", "Made Studies"),
        ("csl:accessed", "2020-01-02"),
        ("csl:journalAbbreviation", "Made W."),
        ("csl:custom.label", "included"),
    )


@pytest.mark.parametrize(
    ("note", "expected"),
    [
        ("DOI: 10.5555/Made.9", ("doi", "10.5555/Made.9")),
        ("{:PMCID: PMC7654321}", ("pmcid", "PMC7654321")),
        ("tex.pmid: 31234567", ("pmid", "31234567")),
        ("a comment on PMID: 31234567", None),
        ("PMID: 31234567 and what it says", None),
    ],
)
def test_a_line_of_a_note_that_names_an_identifier_is_the_records_own(
    note: str, expected: tuple[str, str] | None
) -> None:
    record = one_of({"type": "book", "title": "Made", "note": note, "ISBN": "9780306406157"})
    found = [*record.identifiers, *([("doi", record.doi)] if record.doi else [])]
    assert found == ([expected] if expected else [])


@pytest.mark.parametrize(
    ("containers", "book"),
    [
        (["Lecture Notes in Made Science", "Made Waters 2020"], "Made Waters 2020"),
        (["Made Waters", "Clujer Schriften zur Hydrologie"], "Made Waters"),
        (["Made Series", "Made Studies in Waters"], "Made Studies in Waters"),
        (["Made Waters"], "Made Waters"),
    ],
)
def test_books_and_series_of_chapters_come_in_either_order(
    containers: list[str], book: str
) -> None:
    plain = {"DOI": "10.5555/made.1", "member": "1", "type": "book-chapter", "title": ["Deltas"]}
    assert one_of({**plain, "container-title": containers}).container == book
    journal = one_of({**plain, "type": "journal-article", "container-title": containers})
    assert journal.container == containers[0]


def test_of_a_crossref_chapter_the_book_is_the_container_and_the_series_is_kept() -> None:
    record = one_of(
        {
            "DOI": "10.5555/made.ch",
            "member": "1",
            "type": "book-chapter",
            "title": ["Deltas"],
            "container-title": ["Made Series in Hydrology", "Made Waters 2020"],
            "editor": [{"family": "Sample", "given": "Bo"}],
            "publisher-location": "Cluj",
            "subject": ["Hydrology"],
            "clinical-trial-number": [{"clinical-trial-number": "NCT01234567"}],
        }
    )
    assert record.container == "Made Waters 2020"
    assert record.extra == (("crossref:container-title", "Made Series in Hydrology"),)
    assert (record.editors, record.publisher_place) == ((EDITOR,), "Cluj")
    assert record.keywords == ("Hydrology",)
    assert ("", "NCT01234567") in record.identifiers


@pytest.mark.parametrize(
    ("name", "kind", "expected"),
    [
        ("update-to", "retraction", "is-retraction-of"),
        ("update-to", "withdrawal", "is-retraction-of"),
        ("update-to", "expression_of_concern", "is-concern-of"),
        ("update-to", "new_version", "is-new-version-of"),
        ("updated-by", "retraction", "has-retraction"),
        ("updated-by", "corrigendum", "has-correction"),
        ("updated-by", "new_edition", "is-previous-version-of"),
        ("updated-by", "corrigenda-of-a-kind", "has-corrigenda-of-a-kind"),
    ],
)
def test_what_crossref_says_of_updates_is_a_relation_on_either_side(
    name: str, kind: str, expected: str
) -> None:
    plain = {"DOI": "10.5555/made.1", "member": "1", "title": ["Made"]}
    record = one_of({**plain, name: [{"DOI": "10.5555/made.2", "type": kind}]})
    assert record.relations == (Relation(expected, "doi:10.5555/made.2"),)


EPMC = {"id": "PPR1", "source": "PPR", "title": "Sediment memory", "pubYear": "2020"}


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ({"id": "31234567", "source": "MED", "type": "Preprint of"}, "is-preprint-of"),
        ({"id": "31234567", "source": "MED", "type": "Preprint in"}, "has-preprint"),
        ({"id": "31234567", "source": "MED", "type": "Erratum for"}, "erratum-for"),
        ({"id": "31234567", "source": "MED", "type": "Retraction in"}, "retraction-in"),
    ],
)
def test_what_europe_pmc_says_of_other_records_is_a_relation(
    said: dict[str, str], expected: str
) -> None:
    record = one_of({**EPMC, "commentCorrectionList": {"commentCorrection": [said]}})
    assert record.relations == (Relation(expected, "pmid:31234567"),)


@pytest.mark.parametrize(
    ("plain", "target", "expected"),
    [
        (
            {**EPMC, "commentCorrectionList": {"commentCorrection": [
                {"id": "31234567", "source": "MED", "type": "Preprint of"}]}},
            {"id": "31234567", "source": "MED", "title": "Sediment memory", "pubYear": "2021"},
            ("version", "preprint"),
        ),
        (
            {"id": "31234567", "source": "MED", "title": "Sediment memory", "pubYear": "2021",
             "commentCorrectionList": {"commentCorrection": [
                 {"id": "PPR1", "source": "PPR", "type": "Preprint in"}]}},
            EPMC,
            ("version", "preprint"),
        ),
        (
            {"DOI": "10.5555/made.1", "member": "1", "title": ["Sediment memory of rivers"],
             "updated-by": [{"DOI": "10.5555/made.2", "type": "retraction"}]},
            {"DOI": "10.5555/made.2", "member": "1", "title": ["Sediment memory of rivers"]},
            ("related", "retraction"),
        ),
    ],
)  # fmt: skip
def test_the_verdict_follows_what_a_source_says(
    plain: Any, target: Any, expected: tuple[str, str]
) -> None:
    fields = fields_of(one_of(plain)), fields_of(one_of(target))
    epoch = learn(GatheredKeys.of(lambda: iter([keys_of(list(fields))])), 1)
    decider = Decider(epoch, Weights.load())
    decided = decider.decision(decider.decide([fields]), 0)
    assert (decided.verdict, decided.kind) == expected


FIELDS: dict[str, tuple[dict[str, Any], dict[str, Any]]] = {
    "datacite, flat": (
        {
            "id": "https://doi.org/10.5555/dc.1",
            "doi": "10.5555/DC.1",
            "titles": [{"title": "Made rivers"}],
            "creators": [{"name": "Example, Ada", "familyName": "Example", "givenName": "Ada"}],
            "contributors": [{"name": "Sample, Bo", "contributorType": "Editor"},
                             {"name": "Host", "contributorType": "HostingInstitution"}],
            "subjects": [{"subject": "rivers"}, {"subject": "beds"}],
            "descriptions": [{"description": "Two files.", "descriptionType": "Other"}],
            "publicationYear": 2021,
        },
        {"record_id": "datacite:10.5555/dc.1", "doi": "10.5555/DC.1", "year": "2021",
         "editors": [{"name": "Sample, Bo"}], "keywords": ["rivers", "beds"],
         "notes": ["Two files."]},
    ),
    "europe pmc": (
        {**EPMC, "source": "MED", "id": "31234567",
         "keywordList": {"keyword": ["rivers"]},
         "meshHeadingList": {"meshHeading": [
             {"descriptorName": "Geology", "meshQualifierList":
              {"meshQualifier": [{"qualifierName": "methods"}]}}]},
         "bookOrReportDetails": {"publisher": "Made Press", "isbn13": "9780306406157"}},
        {"keywords": ["rivers", "Geology/methods"], "publisher": "Made Press",
         "isbn": ["9780306406157"], "identifiers": [["pmid", "31234567"]]},
    ),
    "openalex": (
        {"id": "https://openalex.org/W1", "title": "Made rivers",
         "keywords": [{"display_name": "rivers"}],
         "mesh": [{"descriptor_name": "Geology", "qualifier_name": ""}]},
        {"keywords": ["rivers", "Geology"]},
    ),
    "core": (
        {"id": 7, "title": "Made rivers", "authors": ["Example, Ada"], "subjects": ["rivers"],
         "oai": "oai:made.example:1", "repositories": [{"name": "Made Repository"}],
         "repositoryDocument": {"pdfStatus": 1},
         "fulltextIdentifier": "https://made.example/1.pdf"},
        {"record_id": "core:7", "keywords": ["rivers"], "database": "Made Repository",
         "urls": ["https://made.example/1.pdf"],
         "identifiers": [["core", "7"], ["oai", "oai:made.example:1"]]},
    ),
    "doaj": (
        {"id": "d1", "bibjson": {"title": "Made rivers", "keywords": ["rivers"],
                                 "subject": [{"term": "Geology"}]}},
        {"keywords": ["rivers", "Geology"]},
    ),
    "fatcat": (
        {"ident": "made1", "title": "Made rivers", "release_type": "chapter",
         "contribs": [{"raw_name": "Ada Example", "role": "author"},
                      {"raw_name": "Bo Sample", "role": "editor"}]},
        {"authors": [{"name": "Ada Example"}], "editors": [{"name": "Bo Sample"}]},
    ),
    "openaire": (
        {"id": "dedup::1", "mainTitle": "Made rivers",
         "subjects": [{"subject": {"scheme": "FOS", "value": "geology"}}]},
        {"keywords": ["geology"]},
    ),
    "zenodo": (
        {"id": 9, "conceptdoi": "10.5281/zenodo.8", "metadata": {
            "title": "Made rivers", "creators": [{"name": "Example, Ada"}],
            "contributors": [{"name": "Sample, Bo", "type": "Editor"}],
            "keywords": ["rivers"], "notes": "Two files."}},
        {"editors": [{"name": "Sample, Bo"}], "keywords": ["rivers"], "notes": ["Two files."]},
    ),
    "invenio": (
        {"id": "ab1", "pids": {"doi": {"identifier": "10.5555/inv.1"}},
         "links": {"self_html": "https://made.example/records/ab1"},
         "metadata": {"title": "Made rivers", "publication_date": "2021",
                      "creators": [{"person_or_org": {
                          "family_name": "Example", "given_name": "Ada", "name": "Example, Ada",
                          "identifiers": [{"scheme": "orcid", "identifier": "0000-1"}]}}],
                      "resource_type": {"id": "publication-preprint"},
                      "subjects": [{"subject": "rivers"}]}},
        {"record_id": "made.example:ab1", "doi": "10.5555/inv.1", "keywords": ["rivers"],
         "authors": [{"name": "Example, Ada", "family": "Example", "given": "Ada",
                      "orcid": "0000-1"}]},
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", FIELDS)
def test_keywords_editors_and_notes_arrive(name: str) -> None:
    plain, expected = FIELDS[name]
    found = one_of(plain).to_dict()
    assert {field: found.get(field) for field in expected} == expected


@pytest.mark.parametrize(
    ("given", "identifiers"),
    [
        (1.5, []),
        (7, []),
        ("oai:made.example:1", [["oai", "oai:made.example:1"]]),
        ({"type": "ARXIV_ID", "identifier": "2112.12650"}, [["arxiv", "2112.12650"]]),
    ],
)
def test_identifiers_of_core_that_are_no_list_cost_no_row(
    given: object, identifiers: list[list[str]]
) -> None:
    """One value stands for a list of one; a number among them is none."""
    record = one_of({"coreId": "7", "title": "Made rivers", "identifiers": given})

    assert record.to_dict()["identifiers"] == [["core", "7"], *identifiers]
