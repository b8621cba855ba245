"""Names that a reference has before its title."""

from __future__ import annotations

import pytest

from indexer.fields import fields_of, fields_of_batch
from indexer.records import Author, Record

OWN = [
    ("Lam KY. Monitoring terns by radio", "Lam, Kam Yiu"),
    ("Lam K. Y. Monitoring terns by radio", "ky lam"),
    ("Lam, K.Y.: Monitoring terns by radio", "Lam"),
]
KEPT = [
    ("Vitamin D. A review of terns", "Lam, Kam Yiu"),
    ("Lam KY. A reply", "Lam, Kam Yiu"),
    ("Lam K monitoring terns by radio", "Lam, Kam Yiu"),
    ("Terns KY. Monitoring them by radio", "Lam, Kam Yiu"),
]


def _record(title: str, author: str) -> Record:
    return Record("made:1", title=title, authors=(Author(name=author),))


@pytest.mark.parametrize(("title", "author"), OWN)
def test_a_record_s_own_author_before_its_title_is_none_of_it(title: str, author: str) -> None:
    record = _record(title, author)
    assert fields_of(record).title.key == "monitoring terns by radio"
    assert fields_of_batch([record]) == [fields_of(record)]


def test_several_own_authors_before_a_title_are_none_of_it() -> None:
    byline = (Author(name="Lam, K. Y."), Author(name="Kwan, Alan"))
    record = Record("made:1", title="Lam KY, Kwan A. Monitoring terns by radio", authors=byline)
    assert fields_of(record).title.key == "monitoring terns by radio"


@pytest.mark.parametrize(("title", "author"), KEPT)
def test_other_words_before_a_title_stay(title: str, author: str) -> None:
    assert fields_of(_record(title, author)).title.key.split()[0] == title.split()[0].lower()
