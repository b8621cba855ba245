"""
docs/performance.md and its pictures, made of what was measured.

    results.json, levers.json, results.json of ../questions, ../arriving and ../history,
    resemblance.json of ../records
        ->  the tables between its markers

`make docs` writes it, and a test compares. levers.json is filled by hand from measurements
that are not of a whole run: what a change made of one stage. Measures nothing.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any, Final

from benchmarks.arriving import results as arriving
from benchmarks.history.page import lines as year_lines
from benchmarks.node import results as nodes
from benchmarks.quality import page
from benchmarks.quality.figures import table
from benchmarks.questions import results as questions
from benchmarks.records.resemblance import STORED as RESEMBLANCE
from benchmarks.scale import drawing
from benchmarks.scale.peers import PEERS
from benchmarks.scale.results import OURS, Result, exponent, stored

PAGE: Final = page.DOCS / "performance.md"
LEVERS: Final = Path(__file__).with_name("levers.json")
LEVER_COLUMNS: Final = ("stage", "lever", "before", "after", "unit", "how")
COUNTS: Final = ("records", "over-full keys", "words of an abstract, median")


def page_text() -> str:
    """The page as it should be."""
    text = PAGE.read_text("utf-8")
    results = stored()
    for name, lines in sections(results).items():
        text = page.replaced(text, name, lines)
    return text


def sections(results: Sequence[Result]) -> Mapping[str, list[str]]:
    """The lines between the markers of each section."""
    ours = [result for result in results if result.tool == OURS and not result.stopped]
    return {
        "runs": runs(results),
        "growth": growth(ours),
        "stages": stages(ours[-1]) if ours else NOT_YET,
        "peers": peers(results),
        "levers": levers(),
        "limit": limit(ours),
        "questions": asked(),
        "node": filled_nodes(),
        "arriving": arrived(),
        "year": year_lines(),
        "resemblance": resemblance(),
        "machine": machines(results),
    }


NOT_YET: Final = ["Not measured yet."]


def asked() -> list[str]:
    """How long one waits for an answer, a row an index."""
    rows = [
        [
            f"{row.records:,}",
            row.index,
            f"{row.without_postings:,}",
            *map(_percentiles, (row.match_cpu, row.match_wall)),
            f"{row.query_cpu:.2f}",
            f"{row.query_wall:.2f}",
            f"{row.peak_mb:,.0f}",
            f"{row.version}, {row.questions} questions, load {row.load}",
        ]
        for row in questions.stored()
    ]
    head = ("records", "index", "without postings", "match, CPU ms p50 / p99", "wall ms p50 / p99",
            "query cold, CPU s", "wall s", "peak MB", "measured")  # fmt: skip
    return table(head, rows) if rows else NOT_YET


def filled_nodes() -> list[str]:
    """What records that arrive at a filled OpenSearch node take, a row a size."""
    rows = [
        [
            f"{row.records:,}",
            *map(_arriving, (row.ingest, row.whole, row.candidates, row.detect)),
            f"{row.candidates_a_record:.2f} at {row.recall:.4f}",
            *map(_percentiles, (row.match_cpu, row.match_wall)),
            f"{row.bytes_a_record:,.0f}",
            f"{row.version}, heap {row.heap}, load {row.load}",
        ]
        for row in nodes.stored()
    ]
    head = ("records", "ingest", "all compared", "candidates of 1,000", "ingest --detect of 1,000",
            "candidates a record, recall", "match, our CPU ms p50 / p99", "wall ms p50 / p99",
            "bytes a record", "measured")  # fmt: skip
    return table(head, rows) if rows else NOT_YET


def _percentiles(ms: tuple[float, float]) -> str:
    """The median and the 99th percentile."""
    return f"{ms[0]:,.1f} / {ms[1]:,.1f}"


def _arriving(spent: nodes.Spent) -> str:
    """Records a second, and the CPU of client and node."""
    return f"{spent.rate:,.0f}/s; {spent.cpu_ms:.2f} ms"


def arrived() -> list[str]:
    """What each tenth of a growing collection cost."""
    rows = [row for grown in arriving.stored() for row in grown.rows()]
    return table(arriving.HEAD, rows) if rows else NOT_YET


def runs(results: Sequence[Result]) -> list[str]:
    """Our own runs, those of earlier versions too."""
    head = ("run", "records", "wall s", "CPU s", "records a CPU second", "peak MB",
            "bytes of peak a record", "pairs proposed a record", "F1")  # fmt: skip
    return table(head, [_run(result) for result in results if result.tool.startswith(OURS)])


def _run(result: Result) -> list[str]:
    proposed = result.summary.get("candidates", {}).get("proposed", 0) / result.records
    return [
        f"{result.tool} {result.version}",
        f"{result.records:,}",
        *_cost(result),
        f"{result.peak_mb * 2**20 / result.records:,.0f}",
        f"{proposed:.2f}" if proposed else "",
        result.stopped or f"{result.f1 or 0:.4f}",
    ]


def _cost(result: Result) -> list[str]:
    rate = result.records / max(result.cpu, 0.01)
    return [_seconds(result.wall), _seconds(result.cpu), f"{rate:,.0f}", f"{result.peak_mb:,.0f}"]


def _seconds(figure: float) -> str:
    return f"{figure:,.0f}" if figure >= 10 else f"{figure:.1f}"


def growth(ours: Sequence[Result]) -> list[str]:
    """The exponents between one size and the next."""
    rows = []
    for less, more in pairwise(ours):
        figures = [f"{exponent(less, more, of):.2f}" for of in ("cpu", "wall", "peak_mb")]
        proposed = [r.summary.get("candidates", {}).get("proposed", 0) / r.records
                    for r in (less, more)]  # fmt: skip
        rows.append([f"{less.records:,} to {more.records:,}", *figures,
                     f"{proposed[0]:.2f} to {proposed[1]:.2f}"])  # fmt: skip
    head = ("records", "CPU grows by", "wall", "peak memory", "pairs proposed a record")
    return table(head, rows) if rows else NOT_YET


def stages(result: Result) -> list[str]:
    """The stages of the largest of our runs."""
    rows = [
        [
            stage["stage"],
            f"{stage['count']:,} {stage['counted']}",
            f"{stage['a_cpu_second']:,}",
            f"{stage['cpu'] / result.records * 1e6:.0f}",
            f"{stage['share']:.1%}",
            f"{stage['peak_grew_mb'] * 2**20 / result.records:,.0f}",
        ]
        for stage in result.stages
    ]
    head = ("stage", "of", "a CPU second", "µs a record", "share",
            "bytes a record by which the peak grew")  # fmt: skip
    return [f"{result.records:,} records:", "", *table(head, rows)]


def peers(results: Sequence[Result]) -> list[str]:
    """Every tool at every size, ours first."""
    order = {name: at for at, name in enumerate((OURS, *PEERS))}
    rows = sorted((r for r in results if r.tool in order), key=lambda r: (r.records, order[r.tool]))
    head = ("records", "tool", "set up by", "wall s", "CPU s", "records a CPU second", "peak MB",
            "F1", "precision / recall")  # fmt: skip
    return table(head, [_beside(result) for result in rows])


def _beside(result: Result) -> list[str]:
    advice = "defaults" if result.tool == OURS else PEERS[result.tool][2]
    rates = "" if result.f1 is None else f"{result.precision:.4f} / {result.recall:.4f}"
    f1 = result.stopped or f"{result.f1 or 0:.4f}"
    named = f"{result.tool} {result.version}".strip()
    return [f"{result.records:,}", named, advice, *_cost(result), f1, rates]


def levers() -> list[str]:
    """What each change made of its stage."""
    rows: list[dict[str, Any]] = json.loads(LEVERS.read_text("utf-8"))
    head = ("stage", "what was changed", "before", "after", "in", "how it was measured")
    return table(head, [[str(row[name]) for name in LEVER_COLUMNS] for row in rows])


def limit(ours: Sequence[Result]) -> list[str]:
    """Bytes of input and answer, of all reads and writes, and what the disk would take for them."""
    rows = []
    for result in ours:
        moved = result.read_mb + result.written_mb
        least = result.input_mb + result.left_mb
        figures = (result.input_mb, result.left_mb, result.read_mb, result.written_mb)
        seconds = (least / max(result.disk_mb_s, 1), moved / max(result.disk_mb_s, 1), result.wall)
        rows.append([f"{result.records:,}", *(f"{figure:,.0f}" for figure in figures),
                     *map(_seconds, seconds)])  # fmt: skip
    head = ("records", "input MB", "left on disk MB", "read MB", "written MB",
            "seconds for input and what is left", "seconds for all bytes", "wall s")  # fmt: skip
    return table(head, rows)


def resemblance() -> list[str]:
    """Real sets beside made records."""
    columns: dict[str, dict[str, float]] = json.loads(RESEMBLANCE.read_text("utf-8"))
    figures = next(iter(columns.values()))
    rows = [[name, *(_figure(name, column.get(name)) for column in columns.values())]
            for name in figures]  # fmt: skip
    return table(["", *columns], rows)


def _figure(name: str, value: float | None) -> str:
    if value is None:
        return ""
    return f"{value:,.0f}" if name in COUNTS else f"{value:.4f}" if value < 1 else f"{value:.2f}"


def machines(results: Sequence[Result]) -> list[str]:
    """On what, when and by which commands the rows were measured."""
    rows = [[f"{r.tool}, {r.records:,}", r.machine, r.date, f"{r.load}", f"`{r.command}`"]
            for r in results]  # fmt: skip
    return table(("run", "machine", "date", "load before", "command"), rows)


def pictures(results: Sequence[Result]) -> Mapping[str, str]:
    """The pictures of the page by their names in docs/."""
    done = [result for result in results if not result.stopped]
    ours = [result for result in done if result.tool == OURS]
    if not ours:
        return {}
    compared = max((r.records for r in results if r.tool in PEERS), default=ours[-1].records)
    return {
        "performance-stages.svg": drawing.stages(ours[-1]),
        "performance-growth.svg": drawing.growth(done),
        "performance-peers.svg": drawing.beside(
            [r for r in results if r.tool == OURS or r.tool in PEERS], compared
        ),
    }


def write() -> None:
    """Write the page and its pictures anew."""
    PAGE.write_text(page_text(), "utf-8")
    for name, picture in pictures(stored()).items():
        (page.DOCS / name).write_text(picture, "utf-8")


if __name__ == "__main__":
    write()
