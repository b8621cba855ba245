"""
Report: report.html, one file that needs no network.

    Deduplication, summary  ->  templates/report.html.jinja with its style and script  ->  file

Data goes in as JSON that cannot end its element and is shown as text only; the content
policy lets nothing run but the one script here, told by its hash, and nothing be
fetched. Does not: choose what is shown (`report_data.py`, `pictures.py`).
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final

import orjson
from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from detector.reports.folder.output_file import whole_file
from detector.reports.html.pictures import WIDTH, charts
from detector.reports.html.report_data import ReportData, ShownDetails

MOST_BYTES: Final = 10_000_000  # of a report, whatever the size of the collection
AGAIN: Final = 0.97  # of the room that a report was too large for, where it is made again
TEMPLATES: Final = "reports/html/templates"
TEMPLATE: Final = "report.html.jinja"
_ESCAPES: Final = ((b"<", b"\\u003c"), (b">", b"\\u003e"), (b"&", b"\\u0026"))


def write_report(
    shown: ShownDetails, names: Mapping[str, str], summary: Mapping[str, Any], target: Path
) -> None:
    """
    Write the report of a run, in place only when it is whole.

    What does not fit into MOST_BYTES is left out, which the report says.
    """
    environment = Environment(
        loader=PackageLoader("detector", TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    choice = shown.choice
    while True:
        pieces = list(_pieces(environment, ReportData.of(shown, choice, names), summary))
        size = sum(map(len, pieces))
        if size <= MOST_BYTES or not choice.least:
            break
        choice = choice.within(choice.least * AGAIN * MOST_BYTES / size)
    with whole_file(target) as out:
        out.writelines(pieces)


def _pieces(
    environment: Environment, data: ReportData, summary: Mapping[str, Any]
) -> Iterator[bytes]:
    run = data.shown.choice.run
    style, script = (_asset(environment, name) for name in ("report.css", "report.js"))
    for piece in environment.get_template(TEMPLATE).generate(
        summary=summary,
        charts=charts(run),
        chart_width=WIDTH,
        left_out=data.left_out(),
        listing=json_text(data.listing()),
        chunks=data.chunks(),
        style=style,
        script=script,
        policy=_policy(style, script),
    ):
        yield piece.encode("utf-8", "replace")


def json_text(value: Any) -> Markup:
    """JSON that stands in a script element: no sign of it can begin or end one."""
    text = orjson.dumps(value)
    for sign, escape in _ESCAPES:
        text = text.replace(sign, escape)
    return Markup(text.decode())


def _asset(environment: Environment, name: str) -> Markup:
    """A style sheet or script of ours, as it stands."""
    source, _, _ = environment.loader.get_source(environment, name)  # type: ignore[union-attr]
    return Markup(source)


def _policy(style: str, script: str) -> str:
    hashes = (
        base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
        for text in (style, script)
    )
    style_hash, script_hash = hashes
    return (
        f"default-src 'none'; style-src 'sha256-{style_hash}'; script-src 'sha256-{script_hash}'; "
        "base-uri 'none'; form-action 'none'"
    )
