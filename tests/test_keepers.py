"""Keeper rules: which record of a work stays; all records are made."""

import pytest

from detector.works.merging.keepers import KEEPERS, kept_record
from detector.works.works import Work
from indexer.fields import fields_of
from indexer.records import Author, Record

PREPRINT = Record("a", source="arxiv", type="preprint", title="One matter", date="2019-03-05")
ARTICLE = Record(
    "b", source="crossref", type="article", title="One matter", date="2020", volume="3", pages="1-9"
)
FULL = Record(
    "c",
    source="core",
    title="One matter",
    authors=(Author("Ana Pop"),),
    abstract="x",
    language="en",
    urls=("https://example.org/a",),
    publisher="Made Press",
)
RECORDS = {one.record_id: one for one in (PREPRINT, ARTICLE, FULL)}
FIELDS = {name: fields_of(one) for name, one in RECORDS.items()}
WORK = Work("w1", ("a", "b", "c"), (("a", "b", "c"),))


@pytest.mark.parametrize(
    ("rule", "kept"),
    [("most-complete", "c"), ("published", "b"), ("newest", "b"), ("oldest", "a")],
)
def test_each_rule_keeps_the_record_it_names(rule: str, kept: str) -> None:
    """A record without a date is neither the newest nor the oldest."""
    assert kept_record(WORK, RECORDS, FIELDS, rule) == kept


def test_the_order_of_sources_is_the_users() -> None:
    """A source that is not named comes after those that are."""
    assert kept_record(WORK, RECORDS, FIELDS, "source-order", ["arxiv", "core"]) == "a"
    assert kept_record(WORK, RECORDS, FIELDS, "source-order", ["core"]) == "c"


def test_a_rule_that_does_not_exist_is_an_error_that_names_those_that_do() -> None:
    """A typing error must not silently keep by another rule."""
    with pytest.raises(ValueError, match=r"no rule 'best' .* most-complete, published"):
        kept_record(WORK, RECORDS, FIELDS, "best")


def test_equal_records_leave_the_smallest_id() -> None:
    """Every rule ends in an order, so the answer never depends on that of the input."""
    twins = {one: Record(one, title="One matter") for one in "ab"}
    work = Work("w1", ("a", "b"), (("a", "b"),))
    fields = {name: fields_of(one) for name, one in twins.items()}

    assert {kept_record(work, twins, fields, rule) for rule in KEEPERS} == {"a"}
