"""
Answers: what an index says of records and questions, as tables.

    matches, counts  ->  Matches        answers, how the question was read  ->  Answers

Does not: ask (`index.py` does).
"""

from __future__ import annotations

from detector.questions.match_counts import MatchCounts
from detector.questions.matching import MATCH_COLUMNS, Match
from detector.questions.query import ANSWER_COLUMNS, Explained, QueryAnswer
from samework.tables import Table

__all__ = ["Answers", "Matches"]


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
