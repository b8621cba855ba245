"""
The growth of candidates as docs/evaluation-appendix.md shows it: a table and a curve.

    results.json, a row a size  ->  the section "growth of candidates", candidates-growth.svg

`make docs` writes it, and a test compares. Measures nothing.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from benchmarks.kept_rows import keep_rows, rows_in
from benchmarks.quality import page
from benchmarks.quality.drawing import COLOURS, GREY, svg, text
from benchmarks.quality.figures import table

STORED: Final = Path(__file__).with_name("results.json")
SECTION: Final = "growth of candidates"
PICTURE: Final = page.DOCS / "candidates-growth.svg"
HEAD: Final = (
    *("records", "pairs a record", "exponent of pairs", "recall", "µs to learn and join"),
    *("pairs a record by one source alone", "measured"),
)
WIDE, HIGH, LEFT, TOP = 420.0, 150.0, 60.0, 16.0


@dataclass(frozen=True, slots=True)
class Size:
    """What was measured at one size."""

    records: int
    pairs: int
    recall: float  # of the pairs of one work, those of twins by the one that stands for them
    micro: float  # CPU of gathering, learning and joining, a record
    alone: dict[str, int]
    version: str

    @property
    def each(self) -> float:
        """Pairs a record."""
        return self.pairs / self.records


def stored(path: Path = STORED) -> list[Size]:
    """The kept sizes, ascending."""
    return [Size(**row) for row in rows_in(path)]


def store(sizes: Sequence[Size], path: Path = STORED) -> None:
    """Keep these sizes in the place of earlier ones as large."""
    keep_rows(path, {size.records: size for size in (*stored(path), *sizes)})


def lines(sizes: Sequence[Size]) -> list[str]:
    """The table, a row a size."""
    before = (None, *sizes[:-1])
    return table(HEAD, [_row(size, less) for size, less in zip(sizes, before, strict=True)])


def _row(size: Size, before: Size | None) -> list[str]:
    exponent = ""
    if before is not None:
        exponent = f"{math.log(size.pairs / before.pairs, size.records / before.records):.2f}"
    alone = ", ".join(f"{name} {pairs / size.records:.2f}" for name, pairs in size.alone.items())
    figures = (f"{size.each:.2f}", exponent, f"{size.recall:.4f}", f"{size.micro:.0f}")
    return [f"{size.records:,}", *figures, alone, size.version]


def curve(sizes: Sequence[Size]) -> str:
    """Pairs a record against records, which stand in logarithms; flat is in proportion."""
    low, high = (math.log10(of(s.records for s in sizes)) for of in (min, max))
    most = max(2.0, *(size.each for size in sizes)) * 1.1

    def at(size: Size) -> tuple[float, float]:
        across = (math.log10(size.records) - low) / ((high - low) or 1)
        return LEFT + 20 + across * (WIDE - 40), TOP + (1 - size.each / most) * HIGH

    parts = [f'<rect x="{LEFT}" y="{TOP}" width="{WIDE}" height="{HIGH}" fill="none" '
             f'stroke="{GREY}"/>']  # fmt: skip
    for tick in range(int(most) + 1):
        parts.append(text(LEFT - 6, TOP + (1 - tick / most) * HIGH + 4, str(tick), "end"))
    places = [at(size) for size in sizes]
    joined = "L".join(f"{x:.1f} {y:.1f}" for x, y in places)
    parts.append(f'<path d="M{joined}" fill="none" stroke="{COLOURS[0]}" stroke-width="1.5"/>')
    for (x, y), size in zip(places, sizes, strict=True):
        parts += [
            f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3" fill="{COLOURS[0]}"/>',
            text(x, y - 8, f"{size.each:.2f}", "middle"),
            text(x, TOP + HIGH + 16, f"{size.records:,}", "middle"),
        ]
    title = "Pairs proposed a record against records"
    return svg(LEFT + WIDE + 20, TOP + HIGH + 30, title, parts)


def page_text() -> str:
    """docs/evaluation-appendix.md as it should be."""
    return page.replaced(page.PAGE.read_text("utf-8"), SECTION, lines(stored()))


def write() -> None:
    """Write the section and its curve anew."""
    page.PAGE.write_text(page_text(), "utf-8")
    PICTURE.write_text(curve(stored()), "utf-8")
