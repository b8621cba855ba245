"""
Three drawings of docs/performance.md: stages, growth, and samework beside its peers.

    results  ->  SVG text, the same for the same numbers

Both axes of growth are logarithms: a straight line is a power, and one in proportion to the
records has the slope of the dashed line. Colours read on light and dark ground.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from typing import Final

from benchmarks.quality.drawing import COLOURS, GREY, text
from benchmarks.quality.drawing import svg as drawn
from benchmarks.scale.results import OURS, Result

PALETTE: Final = (*COLOURS, "#2d8a55", "#8b5fbf", "#b8860b", "#708090")
WIDE, HIGH, LEFT, TOP = 420.0, 260.0, 60.0, 16.0
ROW: Final = 18.0
BAR: Final = 300.0
NAMES: Final = 120.0
Place = Callable[[float, float], tuple[float, float]]  # records, CPU seconds -> x, y


def stages(result: Result) -> str:
    """What share of the CPU seconds of a run each stage took."""
    rows = [stage for stage in result.stages if stage["share"] >= 0.005]
    most = max((stage["share"] for stage in rows), default=1.0)
    parts = []
    for at, stage in enumerate(rows):
        y = TOP + at * ROW
        width = BAR * stage["share"] / most
        each = f"{stage['cpu'] / result.records * 1e6:.0f} µs a record, {stage['share']:.0%}"
        parts += [
            text(NAMES - 6, y + 11, stage["stage"], "end"),
            f'<rect x="{NAMES}" y="{y + 2:.1f}" width="{width:.1f}" height="12" '
            f'fill="{COLOURS[0]}"/>',
            text(NAMES + width + 6, y + 11, each),
        ]
    title = f"Stages of {result.records:,} records"
    return drawn(NAMES + BAR + 170, TOP + len(rows) * ROW + 10, title, parts)


def growth(results: Sequence[Result]) -> str:
    """CPU seconds against records, a line a tool."""
    by = tools(results)
    sizes = [result.records for result in results]
    seconds = [result.cpu for result in results]
    if not sizes:
        return drawn(WIDE, ROW, "Growth", [])
    low_x, high_x = (math.log10(size) for size in (min(sizes) / 1.5, max(sizes) * 1.5))
    low_y, high_y = (math.log10(cpu) for cpu in (max(min(seconds), 0.1) / 2, max(seconds) * 2))

    def at(records: float, cpu: float) -> tuple[float, float]:
        across = (math.log10(records) - low_x) / (high_x - low_x)
        up = (math.log10(max(cpu, 0.1)) - low_y) / (high_y - low_y)
        return LEFT + across * WIDE, TOP + (1 - up) * HIGH

    parts = [f'<rect x="{LEFT}" y="{TOP}" width="{WIDE}" height="{HIGH}" fill="none" '
             f'stroke="{GREY}"/>']  # fmt: skip
    for size in sorted(set(sizes)):
        x, _ = at(size, 1)
        parts.append(text(x, TOP + HIGH + 16, f"{size:,}", "middle"))
    for power in range(math.ceil(low_y), math.floor(high_y) + 1):
        _, y = at(min(sizes), 10.0**power)
        parts.append(text(LEFT - 6, y + 4, f"{10.0**power:,g} s", "end"))
    parts.append(_proportion(by, at, max(sizes)))
    for number, (tool, rows) in enumerate(by.items()):
        parts += _line(number, tool, [at(row.records, row.cpu) for row in rows], rows)
    height = TOP + HIGH + 34 + len(by) * ROW
    return drawn(LEFT + WIDE + 20, height, "CPU seconds against records", parts)


def beside(results: Sequence[Result], records: int) -> str:
    """CPU seconds and F1 of each tool at one size, the bars in logarithms."""
    rows = sorted((r for r in results if r.records == records), key=lambda r: r.cpu)
    most = max((math.log10(max(row.cpu, 1)) for row in rows), default=1.0) or 1.0
    parts = []
    for at, row in enumerate(rows):
        y = TOP + at * ROW
        width = BAR * math.log10(max(row.cpu, 1)) / most
        said = row.stopped or f"{row.cpu:,.0f} s, {row.peak_mb:,.0f} MB, F1 {row.f1:.4f}"
        colour = COLOURS[1 if row.tool.startswith(OURS) else 0]
        parts += [
            text(NAMES - 6, y + 11, row.tool, "end"),
            f'<rect x="{NAMES}" y="{y + 2:.1f}" width="{width:.1f}" height="12" fill="{colour}"/>',
            text(NAMES + width + 6, y + 11, said),
        ]
    title = f"CPU seconds at {records:,} records, in logarithms"
    return drawn(NAMES + BAR + 210, TOP + len(rows) * ROW + 10, title, parts)


def tools(results: Sequence[Result]) -> Mapping[str, list[Result]]:
    """The runs that were done, by tool and in order of size."""
    by: dict[str, list[Result]] = {}
    for result in sorted(results, key=lambda r: (r.tool != OURS, r.tool, r.records)):
        if not result.stopped:
            by.setdefault(result.tool, []).append(result)
    return by


def _proportion(by: Mapping[str, Sequence[Result]], at: Place, largest: int) -> str:
    """A dashed line in proportion to the records, from our own smallest run."""
    first = next(iter(by.values()))[0]
    x, y = at(first.records, first.cpu)
    to_x, to_y = at(largest, first.cpu * largest / first.records)
    path = f"M{x:.1f} {y:.1f}L{to_x:.1f} {to_y:.1f}"
    return f'<path d="{path}" stroke="{GREY}" stroke-dasharray="4 4"/>'


def _line(
    number: int, tool: str, places: Sequence[tuple[float, float]], rows: Sequence[Result]
) -> list[str]:
    colour = PALETTE[number % len(PALETTE)]
    joined = "L".join(f"{x:.1f} {y:.1f}" for x, y in places)
    parts = [f'<path d="M{joined}" fill="none" stroke="{colour}" stroke-width="1.5"/>']
    for (x, y), row in zip(places, rows, strict=True):
        said = f"{row.records:,} records: {row.cpu:,.1f} s"
        parts.append(f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3" fill="{colour}">'
                     f"<title>{said}</title></circle>")  # fmt: skip
    parts.append(text(LEFT, TOP + HIGH + 34 + number * ROW, tool, fill=colour))
    return parts
