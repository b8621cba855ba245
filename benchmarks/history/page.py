"""
The section of docs/performance.md on years of nights.

    results.json  ->  a row a quarter and one of the whole, for every year; what was proved

Measures nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from benchmarks.history.results import Cost, Lived, stored, together
from benchmarks.quality.figures import table

HEAD: Final = (
    *("nights", "records there", "brought", "judged", "taken back", "CPU s"),
    *("ms a record of the night's own", "settling, CPU s", "measured"),
)
NOT_YET: Final = ["Not measured yet."]


def lines(years: Sequence[Lived] | None = None) -> list[str]:
    """The section of these years, or of those kept."""
    years = stored() if years is None else years
    if not years:
        return NOT_YET
    rows = [row for year in years for row in _rows(year)]
    return [*table(HEAD, rows), "", *(_told(year) for year in years)]


def _rows(year: Lived) -> list[list[str]]:
    quarters = [
        [f"{first + 1} to {first + many}", *_figures(cost), ""]
        for first, many, cost in year.quarters()
    ]
    measured = f"{year.version}, {year.engine}, load {year.load}"
    return [*quarters, [f"all {year.nights}", *_figures(together(year.costs)), measured]]


def _figures(cost: Cost) -> list[str]:
    each = 1_000 * cost.own / max(cost.concerned, 1)
    return [
        *(f"{count:,}" for count in (cost.there, cost.changed, cost.judged, cost.undone)),
        *(f"{cost.own:,.1f}", f"{each:.2f}", f"{cost.settling:,.1f}"),
    ]


def _told(year: Lived) -> str:
    """What came of one year, as a point of a list."""
    growth = year.growth
    grows = (
        f"grows with the night's own records by {growth.by_night:.2f} and with the collection by "
        f"{growth.by_size:.2f} ({growth.nights} nights)"
        if growth
        else "is of too few nights to say how it grows"
    )
    proved = ", ".join(f"{what} ({over:,})" for what, over in year.proved.items())
    differs = "; ".join(year.wrong) or "nothing differs"
    return (
        f"- {year.records:,} records, {year.engine}: the CPU of a night {grows}. Compared in the "
        f"end: {proved}: {differs}. {year.machine}, {year.date}, `{year.command}`"
    )
