"""
Figures: what is kept of one evaluation, and the tables made of them.

    Evaluation  ->  Figures  ->  lines of Markdown

Knows nothing of how a run was made.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from statistics import median

from benchmarks.quality import seen
from detector.evaluation.calibration import Calibration
from detector.evaluation.evaluate import Evaluation, Review, Score, SourceRecall


@dataclass(frozen=True, slots=True)
class Cost:
    """What `samework dedupe` of the set took, its reports included."""

    wall: float
    cpu: float
    peak_mb: float


@dataclass(frozen=True, slots=True)
class Figures:
    """One row of a set: a set, a rule, a way of labelling."""

    name: str
    best: Score
    automatic: Score
    b_cubed: float | None = None
    candidates: Mapping[str, SourceRecall] | None = None
    calibration: Calibration | None = None
    review: Review | None = None


def figures_of(name: str, evaluation: Evaluation) -> list[Figures]:
    """The rows of one evaluation: the whole, and each way in which labels were made."""
    whole = Figures(
        name,
        evaluation.best,
        evaluation.automatic,
        evaluation.b_cubed_f1,
        evaluation.candidates,
        evaluation.calibration,
        evaluation.review,
    )
    parts = [
        Figures(f"{name}, only `{how}`", best, automatic)
        for how, (automatic, best) in evaluation.by_how.items()
        if how != "rule"
    ]
    return [whole, *parts]


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> list[str]:
    """Lines of a Markdown table."""
    lines = [f"| {' | '.join(head)} |", "|" + "---|" * len(head)]
    return lines + [f"| {' | '.join(row)} |" for row in rows]


def rates(score: Score) -> str:
    """Precision and recall."""
    return f"{score.precision:.4f} / {score.recall:.4f}"


SETS_HEAD = ("set", "seen", "F1 best, median", "range over seeds", "P / R", "automatic P / R",
             "false (Wilson)", "B-cubed", "candidate recall, a record", "ECE (95 %), of pairs",
             "to review: true of labelled", "wall s, CPU s, MB")  # fmt: skip


def sets_row(seeds: Sequence[Figures], cost: Cost | None) -> list[str]:
    """One row of the large table; the figures beside the median are of seed 0."""
    first, f1 = seeds[0], [row.best.f1 for row in seeds]
    best, automatic = first.best, first.automatic
    low, high = automatic.interval()
    every = first.candidates["all"] if first.candidates else None
    said, review = first.calibration, first.review
    return [
        first.name,
        seen.told(first.name),
        f"{median(f1):.4f}",
        f"{min(f1):.4f} to {max(f1):.4f}",
        rates(best),
        rates(automatic),
        f"{automatic.false} of {automatic.true + automatic.false:,} ({low:.4f} to {high:.4f})",
        "" if first.b_cubed is None else f"{first.b_cubed:.4f}",
        f"{every.recall:.4f}, {every.pairs_a_record:.2f}" if every else "",
        f"{said.error:.3f} ({said.low:.3f} to {said.high:.3f}), {said.pairs:,}" if said else "",
        f"{review.true} of {review.labelled}" if review else "",
        f"{cost.wall:.0f}, {cost.cpu:.0f}, {cost.peak_mb:.0f}" if cost else "",
    ]


def seeds_rows(by_set: Mapping[str, Sequence[Figures]]) -> list[list[str]]:
    """F1 of every fold and seed."""
    return [
        [name, *(f"{row.best.f1:.4f}" for row in seeds),
         ", ".join(str(row.automatic.false) for row in seeds)]
        for name, seeds in by_set.items()
    ]  # fmt: skip


def candidates_rows(by_set: Mapping[str, Sequence[Figures]]) -> list[list[str]]:
    """What each source of candidates brings to each set: recall lost without it, and its cost."""
    firsts = [seeds[0] for name, seeds in by_set.items() if seeds[0].candidates and "," not in name]
    names = sorted({source for row in firsts for source in row.candidates or {}} - {"all"})
    rows = []
    for row in firsts:
        by = row.candidates or {}
        every = by["all"]
        cells = [row.name, f"{every.recall:.4f}, {every.pairs_a_record:.2f}"]
        for source in names:
            got = by.get(source)
            cells.append(f"{got.marginal:.4f}, {got.alone_a_record:.2f}" if got else "")
        rows.append(cells)
    return [["set", "all: recall, pairs a record", *names], *rows]
