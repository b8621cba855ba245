"""
Audit files: what an audit found, for programs and as a sheet.

    Audit  ->  audit.jsonl, audit.csv, summary.json in a folder

A line of audit.jsonl is a finding; a row of audit.csv is a pair that a finding stands on, each
cell inert. A later audit into the same folder replaces these and nothing else.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final

import orjson

from detector.audit.auditing import Audit
from detector.audit.findings import AuditFinding
from detector.reports.exports.cells import csv_bytes
from detector.reports.folder.answer_folder import AnswerFolder
from detector.reports.folder.output_file import whole_file
from indexer.faults import naming

LINES: Final = "audit.jsonl"
SHEET: Final = "audit.csv"
SUMMARY: Final = "summary.json"
FILES: Final = (LINES, SHEET, SUMMARY)
HEAD: Final = (
    *("finding", "works", "probability", "verdict", "left", "left_work", "left_title"),
    *("right", "right_work", "right_title", "pair_probability", "why"),
)  # fmt: skip


def write_audit(audit: Audit, folder: AnswerFolder) -> None:
    """Put the files into a folder that was claimed for FILES."""
    new: Path = folder.new
    with naming(folder.out):
        with whole_file(new / LINES) as out:
            for finding in audit.findings:
                out.write(orjson.dumps(finding.to_dict(), option=orjson.OPT_APPEND_NEWLINE))
        with whole_file(new / SHEET) as out:
            out.writelines(csv_bytes([HEAD, *_rows(audit.findings)]))
        with whole_file(new / SUMMARY) as out:
            layout = orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE
            out.write(orjson.dumps(audit.summary(), option=layout))
        folder.swap()


def _rows(findings: Iterable[AuditFinding]) -> Iterator[list[object]]:
    for finding in findings:
        for pair in finding.pairs:
            sides = zip((pair.left, pair.right), pair.works, pair.titles, strict=True)
            yield [
                finding.error,
                "; ".join(finding.works),
                f"{finding.probability:.3f}",
                pair.verdict,
                *(cell for side in sides for cell in side),
                f"{pair.probability:.3f}",
                "; ".join(pair.reasons),
            ]
