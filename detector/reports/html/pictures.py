"""
Pictures: the four charts of the report, as numbers laid out for SVG.

    Deduplication  ->  Chart: bars with labels, lines; the template draws them

Each chart carries its numbers as a table too, for those who cannot see it. Does not:
know colours; the style sheet does.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Final

import numpy as np

from detector.decision.decided import VERDICTS, found_names
from detector.decision.verdicts import Verdict
from detector.reports.outputs import source_of
from detector.runs.one_shot import Deduplication

WIDTH: Final = 460.0
ROW: Final = 22.0
LABEL: Final = 190.0  # room for the names of rows
VALUE: Final = 64.0  # room for numbers behind bars
LONGEST_NAME: Final = 30  # characters that fit into LABEL
MOST_ROWS: Final = 9
MOST_IN_TABLE: Final = 2_000
COLUMN_HEIGHT: Final = 150.0
BINS: Final = 20
SIZES: Final = ((1, 1), (2, 2), (3, 3), (4, 4), (5, 5), (6, 9), (10, 19), (20, 10**9))
_STACKED: Final = (Verdict.REVIEW, Verdict.RELATED, Verdict.VERSION, Verdict.DUPLICATE)


@dataclass(frozen=True, slots=True)
class ChartBar:
    """One rectangle."""

    x: float
    y: float
    width: float
    height: float
    style: str  # a class of the style sheet
    tooltip: str


@dataclass(frozen=True, slots=True)
class ChartLabel:
    """One text."""

    x: float
    y: float
    text: str
    anchor: str = "start"


@dataclass(frozen=True, slots=True)
class Chart:
    """One picture with its numbers."""

    name: str
    title: str
    caption: str
    height: float
    bars: Sequence[ChartBar] = ()
    labels: Sequence[ChartLabel] = ()
    lines: Sequence[tuple[float, str]] = ()  # upright ones: x and what is written on them
    header: Sequence[str] = ()
    table: Sequence[Sequence[object]] = ()
    legend: Sequence[tuple[str, str]] = field(default_factory=tuple)  # (class, name)


def charts(run: Deduplication) -> list[Chart]:
    """All four."""
    return [overlap(run), sizes(run), probabilities(run), finders(run)]


def overlap(run: Deduplication) -> Chart:
    """How many works each combination of sources holds."""
    works = run.detection.works.works
    combined = Counter[tuple[str, ...]](
        (source_of(works.ids[at]),) for at in works.alone().tolist()
    )
    combined.update(
        tuple(sorted({source_of(name) for name in work.records})) for work in works.several()
    )
    rows = sorted(combined.items(), key=lambda row: (-row[1], row[0]))
    shown = [(" + ".join(sources), count, len(sources) > 1) for sources, count in rows[:MOST_ROWS]]
    shared = sum(count for sources, count in rows if len(sources) > 1)
    caption = f"{shared:,} of {len(works):,} works are in more than one source."
    if len(rows) > MOST_ROWS:
        caption += f" The {MOST_ROWS} largest of {len(rows)} combinations."
    bars, labels = _rows(
        [(name, [(count, "both" if many else "one")]) for name, count, many in shown]
    )
    return Chart(
        "overlap", "Which sources have the same works", caption, _height(shown), bars, labels,
        header=("sources", "works"),
        table=[(" + ".join(names), count) for names, count in rows[:MOST_IN_TABLE]],
        legend=(("both", "in several sources"), ("one", "in one source only")),
    )  # fmt: skip


def sizes(run: Deduplication) -> Chart:
    """How many works have how many records."""
    counted = Counter(run.detection.works.works.sizes.tolist())
    columns = []
    for low, high in SIZES:
        count = sum(n for size, n in counted.items() if low <= size <= high)
        name = str(low) if low == high else f"{low}+" if high > 10**6 else f"{low}–{high}"
        columns.append((name, count))
    while len(columns) > 2 and not columns[-1][1]:
        columns.pop()
    scale = [math.log10(count + 1) for _, count in columns]
    bars, labels = _columns([name for name, _ in columns], [[(s, "both")] for s in scale])
    top = _tops([f"{count:,}" for _, count in columns], scale)
    return Chart(
        "sizes", "Works by number of records", "The height of bars is logarithmic.",
        COLUMN_HEIGHT + 44, bars, [*labels, *top],
        header=("records", "works"), table=columns,
    )  # fmt: skip


def probabilities(run: Deduplication) -> Chart:
    """How sure the decisions are, with the thresholds."""
    weights = run.detector.weights
    bins = [Counter[Verdict]() for _ in range(BINS)]
    decisions = run.detection.decisions
    places = np.minimum(BINS - 1, (decisions.probability * BINS).astype(np.int64))
    for place, code in zip(places.tolist(), decisions.verdict.tolist(), strict=True):
        bins[place][VERDICTS[code]] += 1
    edges = [f"{at / BINS:.2f}" for at in range(BINS)]
    stacks = [[(float(tally[verdict]), str(verdict)) for verdict in _STACKED] for tally in bins]
    names = [edge if at % 5 == 0 else "" for at, edge in enumerate(edges)]
    bars, labels = _columns(names, stacks)
    lines = [(value * WIDTH, f"{value:.2f}") for value in (weights.review_at, weights.merge_at)]
    return Chart(
        "probabilities", "How sure the decisions are",
        f"Pairs by probability of one work; those from {weights.merge_at:.2f} are joined if no "
        f"guard bars them, those under {weights.review_at:.2f} are apart; distinct ones not shown.",
        COLUMN_HEIGHT + 44, bars, labels, lines,
        header=("from", *map(str, _STACKED)),
        table=[(e, *(t[v] for v in _STACKED)) for e, t in zip(edges, bins, strict=True) if t],
        legend=tuple((str(verdict), str(verdict)) for verdict in _STACKED),
    )  # fmt: skip


def finders(run: Deduplication) -> Chart:
    """What each candidate source contributed."""
    every, alone = Counter[str](), Counter[str]()
    found_by = run.detection.decisions.found_by
    for bits, count in zip(*np.unique(found_by, return_counts=True), strict=True):
        names = found_names(int(bits))
        every.update(dict.fromkeys(names, int(count)))
        if len(names) == 1:
            alone[names[0]] += int(count)
    rows = sorted(every.items(), key=lambda row: (-row[1], row[0]))
    stacks = [(name, [(alone[name], "both"), (count - alone[name], "one")]) for name, count in rows]
    bars, labels = _rows(stacks)
    detection = run.detection
    return Chart(
        "finders", "What found the pairs",
        f"{detection.proposed:,} pairs were proposed, {detection.compared:,} compared, "
        f"{len(detection.decisions):,} listed.",
        _height(rows), bars, labels,
        header=("candidate source", "pairs", "found by nothing else"),
        table=[(name, count, alone[name]) for name, count in rows],
        legend=(("both", "found by it alone"), ("one", "by others too")),
    )  # fmt: skip


def _height(rows: Sequence[object]) -> float:
    return max(1, len(rows)) * ROW + 8


def _rows(
    rows: Iterable[tuple[str, Sequence[tuple[int, str]]]],
) -> tuple[list[ChartBar], list[ChartLabel]]:
    """Horizontal stacked bars, a row each, with their names before and their sums behind."""
    rows = list(rows)
    most = max((sum(n for n, _ in parts) for _, parts in rows), default=0) or 1
    room = WIDTH - LABEL - VALUE
    bars, labels = [], []
    for at, (name, parts) in enumerate(rows):
        y, x = at * ROW + 4, LABEL
        for count, style in parts:
            width = round(count / most * room, 1)
            if width:
                bars.append(ChartBar(x, y, width, ROW - 8, style, f"{name}: {count:,}"))
            x += width
        total = sum(n for n, _ in parts)
        short = name if len(name) <= LONGEST_NAME else f"{name[: LONGEST_NAME - 1]}…"
        labels.append(ChartLabel(LABEL - 8, y + 13, short, "end"))
        labels.append(ChartLabel(x + 6, y + 13, f"{total:,}"))
    return bars, labels


def _columns(
    names: Sequence[str], stacks: Sequence[Sequence[tuple[float, str]]]
) -> tuple[list[ChartBar], list[ChartLabel]]:
    """Upright stacked bars, with their names below."""
    most = max((sum(n for n, _ in parts) for parts in stacks), default=0.0) or 1.0
    step = WIDTH / max(1, len(names))
    bars, labels = [], []
    for at, (name, parts) in enumerate(zip(names, stacks, strict=True)):
        y = COLUMN_HEIGHT + 20
        for count, style in parts:
            height = round(count / most * COLUMN_HEIGHT, 1)
            if height:
                y -= height
                tooltip = f"{style}: {count:,.0f}" if style in set(map(str, Verdict)) else name
                bars.append(ChartBar(at * step + 2, y, step - 4, height, style, tooltip))
        if name:
            labels.append(ChartLabel(at * step + step / 2, COLUMN_HEIGHT + 38, name, "middle"))
    return bars, labels


def _tops(texts: Sequence[str], scale: Sequence[float]) -> list[ChartLabel]:
    most, step = max(scale, default=0) or 1, WIDTH / max(1, len(texts))
    return [
        ChartLabel(
            at * step + step / 2, COLUMN_HEIGHT + 14 - s / most * COLUMN_HEIGHT, text, "middle"
        )
        for at, (text, s) in enumerate(zip(texts, scale, strict=True))
    ]
