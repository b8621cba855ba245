"""
Comparisons outside an index: two records alone, and somebody's works held against ours.

    two dicts  ->  compare()  ->  Explanation
    records, where their works stand  ->  audit()  ->  AuditFindings

Does not: anything by itself; what rare words are, only a collection tells.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from detector.audit.audit_run import AuditAsked, audit_into, audit_over
from detector.decision.weights import Weights
from detector.questions.explaining import Explanation, explain_alone
from detector.runs.one_shot import Progress
from detector.works.work_rules import rules_named
from indexer.errors import NothingRead
from indexer.feeds.formats.in_memory import PathLike, Records, files_of, record_of
from samework.answers import AuditFindings

__all__ = ["audit", "compare"]


def compare(a: Mapping[str, Any], b: Mapping[str, Any], *, weights: PathLike = "") -> Explanation:
    """
    Say whether two records describe one work, and why; `str()` of it is for people.

    Args:
        a: a record as a dict, in the keys that docs/feeds.md lists or as an API gives it.
        b: another.
        weights: a file of match weights; "": those shipped.

    Raises:
        UnusableRow: no record can be made of one of them.

    Example:
        >>> import samework as sw
        >>> rivers = {"title": "Sediment memory of braided rivers", "year": 2018}
        >>> sw.compare(rivers, {**rivers, "year": 2019}).reasons[1]
        'the titles are the same'
    """
    return explain_alone(record_of(a), record_of(b), Weights.load(os.fspath(weights)))


def audit(
    records: Records,
    *,
    work_field: str = "",
    against: PathLike | Mapping[str, str] = "",
    out: PathLike | None = None,
    level: str = "work",
    collapse: Sequence[str] = (),
    weights: PathLike = "",
    workers: int | str = "auto",
    progress: Progress | None = None,
) -> AuditFindings:
    """
    Say which works of somebody else are wrongly split and which wrongly merged, and why.

    Args:
        records: paths, dicts or a table, as docs/python.md says.
        work_field: the column or field that holds the work of each record; "id": the row's own.
        against: in place of it a file of records and works, a scheme of identifiers
            ("openalex"), or a dict from each record to its work.
        out: leave audit.jsonl, audit.csv and summary.json in this folder, as the command does.
        level: "work" or "version": what is one.
        collapse: policies, as of `dedupe`.
        weights: a file of match weights; "": those shipped.
        workers: processes that share the work; "auto": all cores.
        progress: is called with a stage, how many more are done, the share done or 0.0.

    Raises:
        ClaimsError: where the works stand is not said, or is of no record.
        NothingRead: there is no record.

    Example:
        >>> found = sw.audit("dump.jsonl", work_field="id")
        >>> found.summary["split"], found.to_dicts()[0]["works"]
    """
    rules = rules_named(level, (), collapse)
    said = against if isinstance(against, Mapping) else os.fspath(against)
    with tempfile.TemporaryDirectory(prefix="samework-") as folder:
        own = Path(folder)
        asked = AuditAsked(tuple(files_of(records, own)), work_field, said, rules,
                           os.fspath(weights), workers, own)  # fmt: skip
        if out is None:
            found = audit_over(asked, progress)
        else:
            found = audit_into(Path(out), asked, progress)
    if not found.records:
        raise NothingRead("there is no record to audit; expected records that carry work ids")
    return AuditFindings(found)
