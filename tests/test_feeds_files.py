"""Every recorded answer and export is read to records, or rejected with a reason."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest

from indexer.feeds.formats import read_files
from indexer.records import Occurrence, Record, Rejected

# Answers that hold an empty list: nothing to read and nothing to reject.
EMPTY = {"europepmc/search_no_results.json"}
TELLING = ("title", "authors", "date", "container", "pages", "abstract", "doi", "identifiers")
# How much of a source's records must carry a field: what a mapping loses shows here.
FILLED = [
    ("arxiv-atom/q_testing_s0_m100_cfe7536492ca.xml", 100, "title authors date abstract urls"),
    ("datacite/datacite_1k_records.jsonl.gz", 1000, "doi type"),
    ("dblp/florentin_dblp.xml", 85, "title authors date container volume pages"),
    ("endnote-xml/iebh_tafenoquine.xml", 80, "title date"),
    ("endnote-xml/asysd_mendeley_export.xml", 60, "title date container"),
    ("europepmc/search_cancer.json", 25, "title date container issn"),
    ("fatcat/elastic_release_search.json", 10, "title authors container doi stage"),
    ("fatcat/example_releases_pubmed19n0972.json", 10, "title authors container"),
    ("marc/BooksAll.2014.part01-0001.mrc", 100, "title date language"),
    ("oai-pmh/arxiv_ListRecords_arXivRaw.xml", 100, "title authors date abstract"),
    ("oai-pmh/sample_arxiv_response_listrecords_physics.xml", 150, "title authors date abstract"),
    ("oai-pmh/transmogrifier_datacite_records.xml", 38, "title authors date doi"),
    ("oai-pmh/transmogrifier_dspace_mets_records.xml", 12, "title authors date urls"),
    ("oai-pmh/vufindharvest_marc.xml", 100, "title date"),
    ("oai-pmh/zenodo2026_list_records__01.xml", 50, "title authors date doi publisher type"),
    ("pubmed/pubmed21n0001.xml.gz", 49, "title authors date container pages issn identifiers"),
    ("pubmed/restoration_pubmed.nbib", 104, "title authors date container doi issn"),
    ("semanticscholar/test_search_paper_bulk_retrieval__01.json", 1000, "title identifiers"),
    ("unpaywall/unpaywall_sample.json.gz", 1000, "doi type publisher updated"),
]


def files_of(folder: Path) -> list[Path]:
    names = {"README.md", "INDEX.tsv"}
    return sorted(p for p in folder.rglob("*") if p.is_file() and p.name not in names)


def test_every_file_is_read_or_rejected_with_a_reason(shared_data: Callable[[str], Path]) -> None:
    """The table is printed; `pytest -s` shows it."""
    folder = shared_data("feeds")
    silent = []
    for path in files_of(folder):
        name = path.relative_to(folder).as_posix()
        rows = list(read_files([path]))
        rejected = [row for row in rows if isinstance(row, Rejected)]
        records = [row.record for row in rows if isinstance(row, Occurrence)]
        print(_line(name, records, rejected))
        assert all(row.reason for row in rejected), name
        assert all(record.record_id and record.source for record in records), name
        if not rows and name not in EMPTY:
            silent.append(name)
    assert silent == []


def _line(name: str, records: list[Record], rejected: list[Rejected]) -> str:
    filled = {field: sum(1 for r in records if getattr(r, field)) for field in TELLING}
    held = " ".join(f"{field}={count}" for field, count in filled.items() if count)
    why = "; ".join(reason for reason, _ in Counter(r.reason for r in rejected).most_common(2))
    gone = sum(record.deleted for record in records)
    return f"{name}: {len(records)} records ({gone} deleted) {held} | {len(rejected)} {why}"


@pytest.mark.parametrize(("name", "count", "fields"), FILLED)
def test_no_field_is_lost_that_every_record_of_a_file_carries(
    name: str, count: int, fields: str, shared_data: Callable[[str], Path]
) -> None:
    rows = list(read_files([shared_data(f"feeds/{name}")]))
    records = [row.record for row in rows if isinstance(row, Occurrence)]

    assert len(records) == count
    for field in fields.split():
        empty = [record.record_id for record in records if not getattr(record, field)]
        assert len(empty) <= count // 50, (field, empty[:3])


def test_deletions_in_files_are_tombstones(shared_data: Callable[[str], Path]) -> None:
    rows = list(read_files([shared_data("feeds/pubmed/pubmedsample_2019.xml.gz")]))
    gone = [r.record.record_id for r in rows if isinstance(r, Occurrence) and r.record.deleted]

    assert len(gone) == 7
    assert "pubmed:23203860" in gone
