"""
Places, years, containers and kinds of many pairs.

    Batch  ->  year, day, volume, issue, page, container, kind

What is plain is told by columns: the same text, two numbers, a range of pages. Swapped fields,
article numbers among pages and names made shorter are asked, each two values once.
"""

from __future__ import annotations

from itertools import chain
from typing import Final

import numpy as np

from detector.columns.batch import Batch, Codes, Mask, codes_of
from detector.comparisons import places as single
from detector.comparisons.base import Levels, codes
from detector.comparisons.containers import container_level
from detector.comparisons.dates import (
    APART_BY,
    COPY_FIRST,
    COPY_LATER,
    SAME_DAY,
    YEAR,
    compare_years,
    posted,
    telling_day,
)
from detector.comparisons.dates import NAMES as YEARS_APART
from detector.comparisons.dois import on_server
from detector.comparisons.kinds import kind_level
from indexer.fields.containers.places import Places

_Y: Final = codes(YEAR)
_V: Final = codes(single.VOLUME)
_I: Final = codes(single.ISSUE)
_P: Final = codes(single.PAGE)
_DIGITS: Final = 15  # that a float holds exactly


class PlaceColumns:
    """Years, volumes, issues and pages, a number a record; 0 where a record does not say."""

    def __init__(self, batch: Batch) -> None:
        places = [record.places for record in batch.records]
        rows = len(places)
        years = [record.years for record in batch.records]
        self.years = codes_of(years, ())
        self.year = np.array([said[0] if len(said) == 1 else 0 for said in years], np.int64)
        self.day = codes_of(map(telling_day, batch.records), None)
        volumes = [place.volume for place in places]
        articles = [place.article_number for place in places]
        starts = [(one.first_page or one.article_number).lstrip("0") for one in places]
        texts = codes_of(
            chain(
                volumes,
                (place.issue for place in places),
                (place.first_page for place in places),
                (place.other_first for place in places),
                (number.lstrip("0") for number in articles),
                starts,
            )
        )
        self.volume, self.issue, self.first, self.other_first, self.article, self.start = (
            texts[at * rows : (at + 1) * rows] for at in range(6)
        )
        self.numbered_article: Mask = np.array([bool(number) for number in articles], bool)
        self.start_long: Mask = np.array([len(start) > 1 for start in starts], bool)
        self.volume_begins = codes_of(volume.split(" ", 1)[0] for volume in volumes)
        self.volume_number = codes_of(volume.rstrip(single.LETTERS) for volume in volumes)
        named = {str(year) for said in set(years) for year in said}
        self.volume_is_year: Mask = np.array([volume in named for volume in volumes], bool)
        self.issue_of_words: Mask = np.array([" " in place.issue for place in places], bool)
        self.month: Mask = np.array(
            [bool(one.issue) and single.is_month(one) for one in places], bool
        )
        self.issue_is_page: Mask = np.array(
            [bool(one.issue) and single.is_page(one) for one in places], bool
        )
        self._read_pages(places)

    def _read_pages(self, places: list[Places]) -> None:
        rows = len(places)
        self.last = codes_of(place.last_page for place in places)
        self.numbered: Mask = np.array([place.first_page.isdigit() for place in places], bool)
        self.long: Mask = np.array([len(place.first_page) > 2 for place in places], bool)
        self.too_long: Mask = np.array([len(place.first_page) > _DIGITS for place in places], bool)
        plain = self.numbered & ~self.too_long
        self.first_number = np.zeros(rows)
        self.first_number[plain] = [int(places[row].first_page) for row in np.flatnonzero(plain)]


class Posted:
    """Which records are those of a copy in a repository, and which of a preprint by its DOI."""

    def __init__(self, batch: Batch) -> None:
        self.on_server: Mask = np.array([on_server(record) for record in batch.records], bool)
        self.posted: Mask = np.array([posted(record) for record in batch.records], bool)


def year_levels(batch: Batch) -> Levels:
    """Batch form of `compare_years`."""
    places = batch.of(PlaceColumns)
    ours, theirs = batch.sides(places.years)
    mine, yours = batch.sides(places.year)
    apart = np.abs(mine - yours)
    table = np.array([_Y[name] for name in YEARS_APART], np.int8)
    out: Levels = table[np.searchsorted(APART_BY, apart, side="left")]
    copies = batch.sides(batch.of(Posted).posted)
    later = np.where(copies[0], yours - mine, mine - yours)  # the article than the copy
    late = (later >= -COPY_LATER) & (later <= COPY_FIRST)
    out[(copies[0] != copies[1]) & late & (apart > 0)] = 0
    missing = (ours == 0) | (theirs == 0)
    batch.ask(compare_years, out, ~missing & ((mine == 0) | (yours == 0)))
    out[ours == theirs] = _Y["same"]
    out[missing] = 0
    return out


def day_levels(batch: Batch) -> Levels:
    """Batch form of `compare_days`."""
    ours, theirs = batch.sides(batch.of(PlaceColumns).day)
    out = batch.nothing()
    out[(ours == theirs) & (ours > 0)] = SAME_DAY
    return out


def volume_levels(batch: Batch) -> Levels:
    """Batch form of `compare_volumes`."""
    places = batch.of(PlaceColumns)
    ours, theirs = batch.sides(places.volume)
    issues = batch.sides(places.issue)
    out = np.full(len(batch), _V["differ"], np.int8)
    number = batch.sides(places.volume_number)
    begins = batch.sides(places.volume_begins)
    same = (number[0] == number[1]) & (number[0] > 0) | (begins[0] == begins[1])
    out[same] = _V["same"]
    swapped = (ours == issues[1]) & ((issues[0] == 0) | (issues[0] == theirs))
    swapped |= (theirs == issues[0]) & (issues[1] == 0)
    batch.ask(single.compare_volumes, out, batch.either(places.volume_is_year) & ~same)
    out[_two_numberings(batch) & (out == _V["differ"])] = 0
    out[swapped] = _V["swapped"]
    out[ours == theirs] = _V["same"]
    out[(ours == 0) | (theirs == 0)] = 0
    return out


def issue_levels(batch: Batch) -> Levels:
    """Batch form of `compare_issues`."""
    places = batch.of(PlaceColumns)
    ours, theirs = batch.sides(places.issue)
    missing = (ours == 0) | (theirs == 0)
    out = np.full(len(batch), _I["differ"], np.int8)
    month = batch.sides(places.month)
    out[batch.either(places.issue_is_page) | (month[0] != month[1])] = 0
    words = batch.either(places.issue_of_words) & ~missing & (ours != theirs)
    batch.ask(single.compare_issues, out, words)
    out[ours == theirs] = _I["same"]
    out[missing] = 0
    return out


def page_levels(batch: Batch) -> Levels:
    """Batch form of `compare_pages`."""
    places = batch.of(PlaceColumns)
    first, other = batch.sides(places.first), batch.sides(places.other_first)
    last, issues = batch.sides(places.last), batch.sides(places.issue)
    numbers = batch.sides(places.first_number)
    paged = (first[0] > 0) & (first[1] > 0)
    two_ranges = (last[0] > 0) & (last[1] > 0)
    near = np.abs(numbers[0] - numbers[1]) <= single.NEAR
    out = np.full(len(batch), _P["differ"], np.int8)
    out[near] = _P["near"]
    out[two_ranges & (last[0] == last[1])] = _P["last"]
    out[~paged] = np.where(
        batch.both(places.numbered_article)[~paged], np.int8(_P["differ"]), np.int8(0)
    )
    # another issue's pages, and ranges that differ at both ends, are no slip
    two_issues = (issues[0] > 0) & (issues[1] > 0) & (issues[0] != issues[1])
    asked = (out == _P["differ"]) & ~two_ranges & ~two_issues & batch.either(places.long)
    alike = (first[0] == first[1]) | (first[0] == other[1]) | (other[0] == first[1])
    alike |= (other[0] == other[1]) & (other[0] > 0)
    asked |= alike | ~batch.both(places.numbered) | batch.either(places.too_long)
    batch.ask(single.compare_pages, out, (paged & asked) | _one_number(batch))
    out[_two_numberings(batch) & np.isin(out, single.OTHER_PAGES)] = 0
    return out


def _two_numberings(batch: Batch) -> Mask:
    """Where one is a preprint by its DOI and the other none."""
    ours, theirs = batch.sides(batch.of(Posted).on_server)
    apart: Mask = ours != theirs
    return apart


def _one_number(batch: Batch) -> Mask:
    """Where both have one article number, which may stand among the pages or as the issue."""
    places = batch.of(PlaceColumns)
    article, start = batch.sides(places.article), batch.sides(places.start)
    first, issue = batch.sides(places.first), batch.sides(places.issue)
    has, long = batch.sides(places.numbered_article), batch.sides(places.start_long)
    page = batch.sides(places.issue_is_page)
    misplaced = np.zeros(len(batch), bool)
    for ours, theirs in ((0, 1), (1, 0)):
        misplaced |= has[ours] & long[ours] & (start[ours] == first[theirs])
        misplaced |= (start[ours] > 0) & page[theirs] & (start[ours] == issue[theirs])
    both = (article[0] > 0) & (article[1] > 0)
    one: Mask = np.where(both, article[0] == article[1], misplaced)
    return one


class ContainerCodes:
    """A number for all that is compared of a container."""

    def __init__(self, batch: Batch) -> None:
        held = [record.container for record in batch.records]
        self.held = held
        self.codes = codes_of(((one.key, one.kind, one.issns, one.text) for one in held), None)
        self.named: Mask = np.array([bool(one.words) for one in held], bool)
        self.issns: Mask = np.array([bool(one.issns) for one in held], bool)


def container_levels(batch: Batch) -> Levels:
    """Batch form of `compare_containers`."""
    containers = batch.of(ContainerCodes)
    out = batch.nothing()
    asked = batch.both(containers.named) | batch.both(containers.issns)
    batch.ask_once(container_level, containers.held, containers.codes, out, asked)
    return out


class KindCodes:
    """A number for each kind of work."""

    def __init__(self, batch: Batch) -> None:
        self.held = [record.kind for record in batch.records]
        self.codes: Codes = codes_of(self.held)


def kind_levels(batch: Batch) -> Levels:
    """Batch form of `compare_kinds`."""
    kinds = batch.of(KindCodes)
    out = batch.nothing()
    ours, theirs = batch.sides(kinds.codes)
    asked = (ours > 0) & (theirs > 0) & (ours != theirs)
    batch.ask_once(kind_level, kinds.held, kinds.codes, out, asked)
    return out
