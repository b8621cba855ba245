"""Duplicate or version, and what ties two works; all records are made."""

import pytest

from detector.decision.forms import ARTICLE, PREPRINT, form_of
from indexer.fields import fields_of
from indexer.records import Record
from tests.pair_tables import cases_of
from tests.test_cases import decide


@pytest.mark.parametrize("table", ["versions"])
def test_versions_are_told_from_duplicates(table: str) -> None:
    """A version is stated on both sides and differs; anything else describes one version twice."""
    cases = cases_of(table)

    wrong = [
        f"{case.name} ({case.why}): {one.verdict} {one.kind}, p = {one.probability:.3f}"
        for case, one in zip(cases, decide(cases), strict=True)
        if case.joined and one.verdict != case.verdict
    ]

    assert wrong == []


def test_the_parts_of_one_work_are_tied_in_whatever_volume_they_stand() -> None:
    """Part II is often printed a volume later: unlikely to be part I, and related to it."""
    cases = [case for case in cases_of("parts") if "two parts of one work" in case.why]

    found = decide(cases)

    assert len(cases) > 5
    assert {one.verdict for one in found} == {"related"}
    assert {one.kind for one in found} <= {"part", "publication"}  # a "second report" is no part


def test_a_stated_arxiv_version_is_a_preprint_wherever_it_went_later() -> None:
    """arXiv's own record carries the journal reference and DOI of the article."""
    record = Record("arxiv:1", doi="10.5555/m1", urls=("https://arxiv.org/abs/1705.01234v2",))

    assert form_of(fields_of(record)) == PREPRINT


def test_a_publishers_doi_states_the_article() -> None:
    """Half the harvested articles carry a DOI and neither volume nor page."""
    assert form_of(fields_of(Record("crossref:1", doi="10.5555/m1"))) == ARTICLE


def test_an_arxiv_venue_beside_a_publishers_doi_states_nothing() -> None:
    """Feeds that merge preprint and article keep the venue of one and the DOI of the other."""
    record = Record("s2:1", doi="10.5555/m1", container="arXiv: Probability")

    assert form_of(fields_of(record)) == ""


def test_an_institutions_repository_states_nothing() -> None:
    """It keeps published articles as well as what came before them."""
    assert form_of(fields_of(Record("core:1", container="Made University Repository"))) == ""


def test_what_ties_two_works_is_told_by_the_records() -> None:
    """A chapter's DOI, a quoted title and a book's author before its title are evidence."""
    cases = cases_of("tied")

    wrong = [
        f"{case.name} ({case.why}): {one.verdict} {one.kind}, p = {one.probability:.3f}"
        for case, one in zip(cases, decide(cases), strict=True)
        if (one.verdict == "related") != (case.verdict == "related")
        or (case.verdict == "related" and one.kind != case.why.partition(":")[0])
    ]

    assert wrong == []
