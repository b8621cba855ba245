"""
The story of a work: what became of it since its first record came, in sentences.

    ID|RECORD  ->  the events of the work and of those it is made of  ->  Story, a line an event

A work that was merged into it tells its story up to that moment, under its own id; so does one
that it was split from. Why records came together is told as it was decided then; the reasons are
those of the pair as it stands now, where both records are still there. Does not: show the work
as it is (`shown_work.py` does).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from detector.decision.decided import DecisionColumns
from detector.decision.verdicts import SAME_WORK
from detector.detecting.pipeline import Detector
from detector.questions.event_words import DECIDED_NOW, cause_told, sentence
from detector.questions.explaining import explain_stored
from detector.questions.work_names import Meant, work_meant
from detector.store.events import SAID_KINDS
from detector.store.stories import events_about
from detector.store.ties import JUDGED, TiesInside
from indexer.ingesting.runs import parts, runs_named

EXPLAINED: Final = 100  # ties whose reasons are told: one takes some milliseconds
REASONS: Final = 2  # of each
Event = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class StoryLine:
    """One event as a sentence."""

    number: int
    at: str
    work_id: str  # the work that tells it: this one, or one that it is made of
    event: Event
    told: str
    cause: str  # what brought it about: a run, a judgement, other weights
    reasons: tuple[str, ...]  # of the strongest tie of what came

    def to_dict(self) -> dict[str, Any]:
        """The event as the log has it, with its sentence."""
        told = {"told": self.told, "why": self.cause, "reasons": list(self.reasons)}
        return {**self.event, **told, "story_of": self.work_id}


@dataclass(frozen=True, slots=True)
class Story:
    """What became of one work, the first event first; `str()` of it is for people."""

    meant: Meant
    work_id: str  # the living one, else that which ended
    lines: tuple[StoryLine, ...]

    def to_dicts(self) -> list[dict[str, Any]]:
        """A row an event."""
        return [line.to_dict() for line in self.lines]

    def __str__(self) -> str:
        return "\n".join(_told(self))


def story_of(detector: Detector, name: str) -> Story:
    """
    The story of the work of that id, or of that record; of an id that ended too.

    Raises:
        UnknownWork: no work has or had this id, or the record is in none yet.
        UnknownRecord: no record, or several, are called this.
    """
    meant = work_meant(detector, name)
    work_id = meant.work_id or meant.via[-1]
    of = _Events(detector, work_id)
    told_events = list(of.told())
    events = [event for _, event in told_events]
    runs, brought = runs_of(detector, events), brought_by(detector, events)
    reasons = _Reasons(detector)
    lines = []
    for teller, event in told_events:
        tied = reasons.tied(event)
        told = sentence(tied, of.elsewhere(event, teller))
        cause = cause_told(event, of.said_with(event), runs, brought)
        tie = strongest(tied)
        because = reasons.of(tie) if tie else ()
        at = event.get("at", "")
        lines.append(StoryLine(event["number"], at, teller, event, told, cause, because))
    return Story(meant, work_id, tuple(lines))


def runs_of(detector: Detector, events: Sequence[Event]) -> dict[str, str]:
    """The runs that events name, each with its command and who gave it."""
    named = {event.get("run", "") for event in events}
    named.update(*(event.get("cause", {}).get("arrival", ()) for event in events))
    accounts = runs_named(detector.engine, sorted(named - {""}))
    return {
        name: f"{name} ({account.command}{f', {account.by}' if account.by else ''})"
        for name, account in accounts.items()
    }


def brought_by(detector: Detector, events: Sequence[Event]) -> dict[str, frozenset[str]]:
    """
    Of events which several runs caused: the records that each of these runs brought.

    A step compares what several runs left waiting, and says all of them; what each brought
    stands in its notes. Where one run caused an event, nothing is asked.
    """
    several = [one for one in events if len(one.get("cause", {}).get("arrival", ())) > 1]
    came = {record for event in several for record in event.get("came", ())}
    named = {run for event in several for run in event["cause"]["arrival"]} if came else set()
    return {
        run: frozenset(
            record
            for part in parts(detector.engine, run)
            for record in (*part.get("new", ()), *part.get("before", ()))
            if record in came
        )
        for run in sorted(named)
    }


def strongest(event: Event) -> Sequence[Any]:
    """The tie that an event says brought its records, empty where it says none."""
    ties: Sequence[Sequence[Any]] = event.get("because", ())
    return max(ties, key=lambda tie: tie[3], default=())


class _Events:
    """The events of a work and of those that it is made of."""

    def __init__(self, detector: Detector, work_id: str) -> None:
        self._collection = detector.engine
        self._about: dict[str, list[dict[str, Any]]] = {}
        self._until: dict[str, float] = {}
        self._gather(work_id)
        read = {event["number"]: event for about in self._about.values() for event in about}
        self._of_turn: dict[int, list[Event]] = {}
        for event in read.values():
            self._of_turn.setdefault(event.get("turn", 0), []).append(event)

    def told(self) -> Iterator[tuple[str, Event]]:
        """Each event once with the work that tells it, in order."""
        tellers: dict[int, tuple[str, Event]] = {}
        for work_id, until in self._until.items():
            for event in self._about[work_id]:
                if event["number"] <= until and _tells(event, work_id):
                    tellers.setdefault(event["number"], (work_id, event))
        yield from (tellers[number] for number in sorted(tellers))

    def elsewhere(self, event: Event, teller: str) -> list[Event]:
        """Where records went that left with this event: the events that took them in."""
        went = set(event.get("went", ()))
        return [
            other
            for other in self._same_step(event)
            if teller in other.get("origin", ()) and went.intersection(other.get("came", ()))
        ]

    def said_with(self, event: Event) -> list[Event]:
        """What people said in the same step, before this event."""
        return [
            other
            for other in self._same_step(event)
            if other["event"] in SAID_KINDS and other["number"] < event["number"]
        ]

    def _same_step(self, event: Event) -> list[Event]:
        turn = event.get("turn", 0)  # 0: logged by a release that knew no turns
        return self._of_turn[turn] if turn else []

    def _gather(self, work_id: str) -> None:
        """Read the events of a work, and of those that its records came from before they came."""
        waiting: list[tuple[str, float]] = [(work_id, float("inf"))]
        while waiting:
            name, until = waiting.pop()
            if until <= self._until.get(name, -1):
                continue
            self._until[name] = until
            if name not in self._about:
                self._about[name] = events_about(self._collection, name)
            waiting += [
                (origin, event["number"])
                for event in self._about[name]
                if event.get("work_id") == name and event["number"] <= until
                for origin in event.get("origin", ())
            ]


def _tells(event: Event, work_id: str) -> bool:
    """Whether an event is one of this work's own, or something said of its records."""
    return event.get("work_id", "") in ("", work_id)


class _Reasons:
    """Why two records belong together, as far as they are still there."""

    def __init__(self, detector: Detector) -> None:
        self._detector = detector
        self._left = EXPLAINED

    def tied(self, event: Event) -> Event:
        """
        An event with the ties of what came; those of now where it says none.

        The first works of an index are logged without: nothing of millions is looked up for it.
        """
        came = event.get("came", ())
        if event.get("because") or not 1 < len(came) <= EXPLAINED:
            return event
        holdings, inside = self._detector.holdings, set(came)
        decided = [
            decision
            for pair, decision in holdings.decisions_about(came).items()
            if inside.issuperset(pair)
        ]
        ties = TiesInside(DecisionColumns.of(decided, sorted(inside)), holdings.judgements(came))
        return {**event, "because": ties(came, came), DECIDED_NOW: True}

    def of(self, tie: Sequence[Any]) -> tuple[str, ...]:
        """The strongest reasons of a tie; none where the pair says otherwise by now."""
        left, right = tie[0], tie[1]
        if tie[2].startswith(JUDGED) or not self._left:
            return ()
        if len(self._detector.fields.of((left, right))) < len({left, right}):
            return ()
        self._left -= 1
        pair = explain_stored(self._detector, left, right)
        return pair.reasons[:REASONS] if pair.verdict in SAME_WORK else ()


def _told(story: Story) -> Iterator[str]:
    if story.meant.via:
        yield f"asked for as {', then '.join(story.meant.via)}"
    yield f"the story of {story.work_id}"
    yield ""
    for line in story.lines:
        own = line.work_id == story.work_id
        teller = "" if own else f"    [{line.work_id}] "
        reasons = f" ({'; '.join(line.reasons)})" if line.reasons else ""
        cause = f" [{line.cause}]" if line.cause else ""
        when = line.at[:16].replace("T", " ")
        yield f"{line.number:>6}  {when}  {teller}{line.told}{reasons}{cause}"
