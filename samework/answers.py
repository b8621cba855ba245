"""
Answers: what is said of records, questions and somebody's works, as tables.

    matches, counts  ->  Matches        answers, how the question was read  ->  Answers
    an audit  ->  AuditFindings

Does not: ask (`index.py`, `comparison.py` do).
"""

from __future__ import annotations

from typing import Any

from detector.audit.auditing import Audit
from detector.audit.findings import FINDING_COLUMNS
from detector.questions.match_counts import MatchCounts
from detector.questions.matching import MATCH_COLUMNS, Match
from detector.questions.query import ANSWER_COLUMNS, Explained, QueryAnswer
from samework.tables import Table

__all__ = ["Answers", "AuditFindings", "Matches"]


class Matches(Table):
    """
    One row a record that was asked about: what the index has of it, and why.

    `counts` are the numbers of an updated search; `matches` are the rows as values.
    """

    def __init__(self, matches: list[Match], counts: MatchCounts) -> None:
        super().__init__(
            MATCH_COLUMNS, lambda: (one.to_dict() for one in matches), lambda: len(matches)
        )
        self.matches = matches
        self.counts = counts


class Answers(Table):
    """
    One row a work that a question may mean, best first.

    `asked` says how the question was read; `answers` are the rows as values.
    """

    def __init__(self, answers: list[QueryAnswer], asked: Explained) -> None:
        super().__init__(
            ANSWER_COLUMNS, lambda: (one.to_dict() for one in answers), lambda: len(answers)
        )
        self.answers = answers
        self.asked = asked


class AuditFindings(Table):
    """
    One row a finding on somebody's works, as in audit.jsonl: by error, the likeliest first.

    `summary` are the counts of summary.json, `findings` the rows as values; `unmet` names the
    records of `against` that none of the rows is, `notes` are for people.
    """

    def __init__(self, audit: Audit) -> None:
        findings = audit.findings
        super().__init__(
            FINDING_COLUMNS, lambda: (one.to_dict() for one in findings), lambda: len(findings)
        )
        self.findings = findings
        self.summary: dict[str, Any] = audit.summary()
        self.rejected = audit.run.unusable
        self.unmet = audit.unmet
        self.notes = audit.notes
