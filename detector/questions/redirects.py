"""
Redirects: where the ids lead that no work has any more.

    stored redirects and ended works  ->  a row an id  ->  our form, that of OpenAlex

OpenAlex publishes merged ids as `data/merged_ids/works/DATE.csv.gz`: the columns `merge_date`
(YYYY-MM-DD), `id` and `merge_into_id`, the ids without an address, a row an id that was merged
away (docs.openalex.org, Snapshot data format, "Merged Entities"). In that form a row of ours
leads to a living work at once, so that nobody need follow a chain. Ids whose work was deleted
lead nowhere and are told apart. Does not: follow one id (`Holdings.living` does).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final

from detector.store.holdings import Holdings

REDIRECT_COLUMNS: Final = ("id", "work_id", "to", "at")
ENDED_COLUMNS: Final = ("id", "ended", "at", "records")
OPENALEX_COLUMNS: Final = ("merge_date", "id", "merge_into_id")
Row = dict[str, Any]


def redirect_rows(holdings: Holdings) -> Iterator[Row]:
    """
    A row an id that a merge retired and that leads to a living work, the earliest first.

    `work_id` is that living work, `to` the one that took it in at the time (`at`).
    """
    led = {old: (to, at) for old, to, at in holdings.redirects()}
    ended = {name for name, _ in holdings.ended()}
    for old, (to, at) in sorted(led.items(), key=lambda one: (one[1][1], one[0])):
        work_id = _end_of(to, led)
        if work_id not in ended:
            yield dict(zip(REDIRECT_COLUMNS, (old, work_id, to, at), strict=True))


def ended_rows(holdings: Holdings) -> Iterator[Row]:
    """
    A row an id that leads to no living work, the earliest first.

    `ended` is the work that ended, `at` when, and `records` what it held: the id itself, or
    where a merge before had led it.
    """
    led = {old: (to, at) for old, to, at in holdings.redirects()}
    gone = dict(holdings.ended())
    names = {**{name: name for name in gone}, **{old: _end_of(old, led) for old in led}}
    rows = [(gone[end]["at"], name, end) for name, end in names.items() if end in gone]
    for at, name, end in sorted(rows):
        yield dict(zip(ENDED_COLUMNS, (name, end, at, gone[end]["records"]), strict=True))


def openalex_row(row: Mapping[str, Any]) -> Row:
    """A redirect as OpenAlex publishes it."""
    values = (row["at"][:10], row["id"], row["work_id"])
    return dict(zip(OPENALEX_COLUMNS, values, strict=True))


def _end_of(work_id: str, led: Mapping[str, tuple[str, str]]) -> str:
    """Where a chain of redirects ends."""
    seen = set()
    while work_id in led and work_id not in seen:
        seen.add(work_id)
        work_id = led[work_id][0]
    return work_id


FORMATS: Final[Mapping[str, tuple[tuple[str, ...], Callable[[Row], Row]]]] = {
    "csv": (REDIRECT_COLUMNS, dict),
    "openalex": (OPENALEX_COLUMNS, openalex_row),
}
