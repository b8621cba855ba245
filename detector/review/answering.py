"""
Answering: what a person says of pairs of the queue acts at once, and can be taken back.

    doubts, verdict  ->  judgements of one run  ->  what became of works  ->  taken back, or not

Every answer is a run of its own, so that `samework undo` takes back the same that the queue does.
Does not: ask (the command does), or choose what is asked (`queue.py`).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Final

from detector.decision.verdicts import Verdict
from detector.detecting.judging import Acted, preview
from detector.detecting.pipeline import Detector
from detector.review.queue import Doubt, ReviewQueue
from detector.runs.judging_run import judged_in_run
from detector.runs.undoing import undo
from detector.store.holdings import Pair
from detector.works.judgements import Judgement

COMMAND: Final = "review next"  # what runs of the queue are called
AT_ONCE: Final = 50  # pairs taken from the queue together


@dataclass(frozen=True, slots=True)
class Answer:
    """What was said of some pairs, and what became of it."""

    doubts: tuple[Doubt, ...]
    verdict: Verdict
    run: str
    acted: Acted


@dataclass(slots=True)
class Answering:
    """One person at the queue of one index."""

    detector: Detector
    by: str
    answers: list[Answer] = field(default_factory=list)  # that stand, the last one last
    passed: set[Pair] = field(default_factory=set)  # skipped or answered
    _ahead: list[Doubt] = field(default_factory=list)

    def next(self) -> Doubt | None:
        """
        The pair that comes next, as it stands now; None when no other waits.

        So many are taken from the queue together; what an answer settled on the way is left out,
        and conflicts that an answer made come first.
        """
        self.detector.notice_others()  # a person thinks for minutes, and feeds go on arriving
        queue = ReviewQueue(self.detector.holdings)
        doubt = self._waiting(queue)
        if doubt is None:
            self._ahead = queue.best(AT_ONCE, self.passed)[::-1]
            doubt = self._waiting(queue)
        return doubt

    def _waiting(self, queue: ReviewQueue) -> Doubt | None:
        """The next of those taken from the queue that still waits, as it stands now."""
        while self._ahead:
            doubt = self._ahead.pop()
            if doubt.pair not in self.passed and (now := queue.still(doubt)) is not None:
                return now
        return None

    def skip(self, doubt: Doubt) -> None:
        """Ask this one no more as long as this person goes on."""
        self.passed.add(doubt.pair)

    def preview(self, doubts: Iterable[Doubt], verdict: Verdict) -> Acted:
        """What such an answer would change; nothing is stored."""
        return preview(self.detector, self._said(doubts, verdict))

    def answer(self, doubts: Sequence[Doubt], verdict: Verdict) -> Answer:
        """
        Say the same of all of these; the works concerned are formed again.

        Raises:
            BackendBusy: another process changes works; nothing was stored.
        """
        said = self._said(doubts, verdict)
        judged = judged_in_run(self.detector, said, COMMAND, self.by)
        answer = Answer(tuple(doubts), verdict, judged.run, judged.acted)
        self.answers.append(answer)
        self.passed.update(doubt.pair for doubt in doubts)
        records = [conflict.left for conflict in answer.acted.conflicts]
        made = ReviewQueue(self.detector.holdings).conflicts(records) if records else []
        self._ahead += sorted(made, key=lambda doubt: doubt.rank, reverse=True)
        return answer

    def take_back(self) -> Answer | None:
        """
        Undo the last answer that stands, so that its pairs come next; None where none does.

        Raises:
            BackendBusy: another process changes works; the answer stands.
            CannotUndo: somebody judged these pairs since; the answer stands.
        """
        if not self.answers:
            return None
        answer = self.answers[-1]
        undo(self.detector, answer.run, by=self.by)
        self.answers.pop()
        self.passed.difference_update(doubt.pair for doubt in answer.doubts)
        self._ahead += answer.doubts[::-1]
        return answer

    def _said(self, doubts: Iterable[Doubt], verdict: Verdict) -> list[Judgement]:
        return [Judgement(*doubt.pair, verdict, by=self.by) for doubt in doubts]
