"""Round trips: what a record says is read again from each format that it is exported in."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from detector.reports.exports.bylines import person_of
from detector.reports.exports.citation_keys import CitationKeys
from detector.reports.exports.exports import EXPORTS, Around, ExportEntry
from detector.reports.screening import Screening
from detector.runs.row_places import RowPlaces
from detector.works.merging.canonical import canonical
from detector.works.works import Work
from indexer.feeds.formats import read_bytes
from indexer.fields import fields_of
from indexer.records import Author, Occurrence, Record

AROUND = Around(CitationKeys(RowPlaces(), {}), Screening(RowPlaces(), {}))
RICH = Record(
    "made:1",
    title="Sediment memory of braided rivers: 50 % of a_b & {more}",
    alternate_titles=("Das Gedächtnis verflochtener Flüsse",),
    authors=(Author("Okonjo, Amara"), Author("Stone, Li"), Author("{Made Rivers Consortium}")),
    editors=(Author("Reaper, Ed"), Author("Sower, Ada")),
    date="2018-04-02",
    year="2018",
    container="Journal of Made Hydrology",
    publisher="Made Press",
    publisher_place="Lund",
    volume="12",
    issue="3",
    pages="139-154",
    abstract="Rivers remember. " * 9,
    keywords=("rivers", "sediment, fine", "Größe"),
    notes=("Checked by A.",),
    groups=("fields", "north"),
    type="article",
    language="en",
    doi="10.5555/jmh.2018.139",
    identifiers=(("pmid", "31234567"), ("pmcid", "PMC7654321"), ("s2", "247447320")),
    issn=("2049-3630",),
    isbn=("9780306406157",),
    urls=("https://made.example/a_b?c=1&d=2", "https://made.example/other#x"),
    database="Embase",
    accession_number="L2000123",
    extra=(("ris:AD", "Made University"), ("bibtex:owner", "ada"), ("csv:Shelf", "3")),
)
# What a format has no place for; `extra` of others is tested in test_exports.py.
NO_PLACE = {
    "ris": {"groups", "extra"},
    "bibtex": {"extra"},
    "csv": set[str](),
    "jsonl": set[str](),
    "csl": set[str](),
}
NAMES = {"ris": "x.ris", "bibtex": "x.bib", "csv": "x.csv", "jsonl": "x.jsonl", "csl": "x.json"}


def merged(record: Record) -> dict[str, Any]:
    one = "made:1"
    fields = {one: fields_of(replace(record, record_id=one))}
    found = canonical(Work(one, (one,), ((one,),)), {one: record}, fields)
    return {name: value for name, value in found.items() if name not in ("origin", "versions")}


def inverted(people: list[Any]) -> list[str]:
    return [person_of(one).inverted for one in people]


def again(form: str, record: dict[str, Any]) -> dict[str, Any]:
    encoder = EXPORTS[form].begin(AROUND)
    data = encoder.head + encoder.encode(ExportEntry("w1", ("a",), record)) + encoder.tail()
    (row,) = read_bytes(data, NAMES[form])
    assert isinstance(row, Occurrence), row
    return merged(row.record)


@pytest.mark.parametrize("form", NAMES)
def test_a_record_says_the_same_behind_an_export(form: str) -> None:
    """A library that is merged and imported loses nothing that its format can hold."""
    before = merged(RICH)

    after = again(form, before)

    for name in before.keys() - NO_PLACE[form]:
        said = before[name]
        if name in ("urls", "identifiers"):  # one tells the other; none is lost
            assert all(value in after[name] for value in said), name
        elif name in ("authors", "editors"):
            assert inverted(after[name]) == inverted(said)
        else:
            assert after[name] == said, name


@pytest.mark.parametrize("form", NAMES)
@pytest.mark.parametrize("field", ["keywords", "notes", "groups", "database", "accession_number"])
def test_values_of_a_field_stay_apart_or_stand_in_one(form: str, field: str) -> None:
    """One keyword with a comma is one; what cannot be told apart is at least there."""
    many = merged(replace(RICH, keywords=("Welfare, Provision of",), notes=("one", "two")))
    many |= {"database": ["Embase", "Medline"], "accession_number": ["L1", "M2"]}

    found = again(form, many)

    if field not in NO_PLACE[form]:
        text = str(found[field]) + str(found.get("extra"))
        assert all(value in text for value in many[field])
    assert found["keywords"] == ["Welfare, Provision of"]


@pytest.mark.parametrize("form", NAMES)
def test_a_second_trip_changes_nothing(form: str) -> None:
    """Marks, keys and labels do not heap up either."""
    once = again(form, merged(RICH))

    assert again(form, once) == once


def test_of_two_dois_the_record_s_own_stays_its_own() -> None:
    """The smaller number is nobody's."""
    record = replace(RICH, identifiers=(("doi", "10.5555/aaa.1"),))

    for form in NAMES:
        assert again(form, merged(record))["doi"] == RICH.doi, form
