"""
Two drawings of docs/: reliability, and what the candidate sources bring.

    bins, rows  ->  SVG text, the same for the same numbers

Colours stand in the drawing itself and read on light and dark ground.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from html import escape
from typing import Final

from detector.evaluation.calibration import Calibration
from detector.evaluation.evaluate import SourceRecall

SIDE: Final = 300.0
PAD: Final = 46.0
COLOURS: Final = ("#1b6ca8", "#c2571a")
GREY: Final = "#808080"
ROW: Final = 16.0
NAME: Final = 170.0


def text(x: float, y: float, said: str, anchor: str = "start", fill: str = GREY) -> str:
    """A line of text at a place."""
    place = f'x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" fill="{fill}"'
    return f"<text {place}>{escape(said)}</text>"


def svg(width: float, height: float, title: str, parts: Sequence[str]) -> str:
    """A drawing of these parts, with a title for those who cannot see it."""
    head = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:.0f} {height:.0f}" '
        f'width="{width:.0f}" height="{height:.0f}" role="img" '
        'font-family="sans-serif" font-size="11">'
    )
    return "\n".join([head, f"<title>{escape(title)}</title>", *parts, "</svg>"]) + "\n"


def reliability(lines: Sequence[tuple[str, Calibration]]) -> str:
    """What is said against what is true, a dot a bin, its area by its pairs; one line a pool."""

    def at(said: float, true: float) -> tuple[float, float]:
        return PAD + said * SIDE, 10 + (1 - true) * SIDE

    (left, bottom), (right, top) = at(0, 0), at(1, 1)
    parts = [
        f'<rect x="{left}" y="{top}" width="{SIDE}" height="{SIDE}" fill="none" stroke="{GREY}"/>',
        f'<path d="M{left} {bottom}L{right} {top}" stroke="{GREY}" stroke-dasharray="4 4"/>',
    ]
    for tick in (0.0, 0.2, 0.4, 0.6, 0.8, 1.0):
        x, y = at(tick, tick)
        parts += [text(x, bottom + 16, f"{tick:.1f}", "middle"),
                  text(left - 6, y + 4, f"{tick:.1f}", "end")]  # fmt: skip
    parts.append(text(left + SIDE / 2, bottom + 34, "probability said", "middle"))
    parts.append(
        f'<text transform="translate(12 {top + SIDE / 2:.1f}) rotate(-90)" text-anchor="middle" '
        f'fill="{GREY}">share that is true</text>'
    )
    for number, (name, calibration) in enumerate(lines):
        colour = COLOURS[number % len(COLOURS)]
        dots = [at(bucket.said, bucket.true) for bucket in calibration.bins]
        joined = "L".join(f"{x:.1f} {y:.1f}" for x, y in dots)
        parts.append(f'<path d="M{joined}" fill="none" stroke="{colour}" stroke-width="1.5"/>')
        most = max((bucket.pairs for bucket in calibration.bins), default=1)
        for (x, y), bucket in zip(dots, calibration.bins, strict=True):
            size = 2 + 4 * math.sqrt(bucket.pairs / most)
            told = f"{bucket.pairs} pairs: {bucket.said:.3f} said, {bucket.true:.3f} true"
            parts.append(
                f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{size:.1f}" fill="{colour}">'
                f"<title>{told}</title></circle>"
            )
        legend = f"{name}: {calibration.pairs:,} pairs, error {calibration.error:.4f}"
        parts.append(text(left, bottom + 54 + number * ROW, legend, fill=colour))
    return svg(right + 14, bottom + 60 + len(lines) * ROW, "Reliability", parts)


def sources(rows: Mapping[str, Mapping[str, SourceRecall]]) -> str:
    """By set and source: recall lost without it (to the left) and pairs only it proposes."""
    names = sorted({source for by in rows.values() for source in by} - {"all"})
    half, middle = 150.0, NAME + 215.0
    most_lost = max((by[n].marginal for by in rows.values() for n in by if n != "all"), default=0)
    most_cost = max((by[n].alone_a_record for by in rows.values() for n in by), default=0)
    parts = [
        text(middle - 4, 12, "recall lost without it", "end"),
        text(middle + 4, 12, "pairs a record that only it proposes"),
    ]
    y = 26.0
    for name, by in rows.items():
        parts.append(text(4, y + 4, name))
        for source in names:
            got = by.get(source)
            if got is None or not (got.marginal or got.alone_a_record):
                continue
            lost = half * got.marginal / (most_lost or 1)
            cost = half * got.alone_a_record / (most_cost or 1)
            parts += [
                text(NAME + 6, y + 4, source, "end"),
                f'<rect x="{middle - 2 - lost:.1f}" y="{y - 5:.1f}" width="{lost:.1f}" '
                f'height="10" fill="{COLOURS[0]}"/>',
                f'<rect x="{middle + 2:.1f}" y="{y - 5:.1f}" width="{cost:.1f}" '
                f'height="10" fill="{COLOURS[1]}"/>',
                text(middle - 8 - lost, y + 4, f"{got.marginal:.4f}", "end"),
                text(middle + 8 + cost, y + 4, f"{got.alone_a_record:.2f}"),
            ]
            y += ROW
        y += 6
    return svg(middle + half + 60, y, "What each source of candidates brings and costs", parts)
