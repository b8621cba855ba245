"""
Preview: a run as a few lines of HTML, for a notebook.

    Deduplication, summary  ->  counts and ten pairs, those to check first

Text of records is escaped and nothing is fetched. Does not: replace the report (`report_html.py`).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import numpy as np
from markupsafe import Markup

from detector.decision.verdicts import Decision
from detector.runs.one_shot import Deduplication

PAIRS: Final = 10
REASONS: Final = 3  # of each pair
_HEAD: Final = "<th>verdict</th><th>probability</th><th>records</th><th>why</th>"


def preview(run: Deduplication, summary: Mapping[str, Any]) -> str:
    """The counts of a run and ten of its pairs."""
    rows, pairs = summary["rows"], summary["pairs"]
    counts = Markup(
        "<p><b>{:,}</b> rows read, {:,} unusable &middot; <b>{:,}</b> records &middot; "
        "<b>{:,}</b> works &middot; {}</p>"
    ).format(
        rows["read"],
        rows["rejected"],
        summary["records"],
        summary["works"],
        ", ".join(f"{count:,} {verdict}" for verdict, count in pairs.items()) + " pairs",
    )
    shown = _first(run)
    body = Markup("").join(_row(pair, run) for pair in shown)
    table = Markup(f"<table><thead><tr>{_HEAD}</tr></thead><tbody>{{}}</tbody></table>").format(
        body
    )
    return str(counts + table if shown else counts)


def _first(run: Deduplication) -> list[Decision]:
    columns, checked = run.detection.decisions, run.to_check()[:PAIRS]
    likeliest = np.lexsort((columns.right, columns.left, -columns.probability))
    others = likeliest[~np.isin(likeliest, checked)]
    return list(run.decisions(np.concatenate((checked, others))[:PAIRS]))


def _row(pair: Decision, run: Deduplication) -> Markup:
    names = run.names()
    fields = run.detector.fields.of(pair.pair)
    records = Markup("<br>").join(
        Markup("<code>{}</code> {}").format(names[name], fields[name].title.text)
        for name in pair.pair
    )
    why = Markup("<br>").join(pair.reasons[:REASONS])
    return Markup("<tr><td>{}</td><td>{:.3f}</td><td>{}</td><td>{}</td></tr>").format(
        pair.saying, pair.probability, records, why
    )
