"""
Event words: an event of a work as a sentence.

    an event, the work that tells it, where its records went  ->  "made.bib:b came (r000002) ..."

Does not: read events (`story.py` does).
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Any, Final

from detector.decision.verdicts import Verdict
from detector.store.events import EventKind
from detector.store.ties import JUDGED

NAMED: Final = 4  # records or works that a sentence names
# What a judgement says of two records.
SAID: Final[Mapping[Verdict, str]] = {
    Verdict.DUPLICATE: "are one",
    Verdict.VERSION: "are two versions of one work",
    Verdict.RELATED: "are two works, though related",
    Verdict.DISTINCT: "are two works",
    Verdict.REVIEW: "may be one or two, they could not tell",
}
# In an event that says no ties: its ties are those of what is decided now.
DECIDED_NOW: Final = "decided_now"
Event = Mapping[str, Any]
NO_RUNS: Final[Mapping[str, str]] = {}
NOTHING_BROUGHT: Final[Mapping[str, Collection[str]]] = {}


def sentence(event: Event, elsewhere: Sequence[Event] = ()) -> str:
    """
    What happened, without what brought it about.

    Args:
        event: as the log has it.
        elsewhere: the events by which other works took in what left this one.
    """
    return _SENTENCES[EventKind(event["event"])](event, elsewhere)


def cause_told(
    event: Event,
    said: Sequence[Event],
    runs: Mapping[str, str] = NO_RUNS,
    brought: Mapping[str, Collection[str]] = NOTHING_BROUGHT,
) -> str:
    """
    What brought an event about, where its sentence does not say it; "" where nothing did.

    Args:
        event: as the log has it.
        said: the events of the same step that tell of a person.
        runs: what a person is told that runs are.
        brought: records that runs brought, where an event names several runs.
    """
    run, cause = event.get("run", ""), event.get("cause", {})
    follows = "judgement" in cause and not event.get("said")  # from an event that names the run
    told = [] if follows or not run or run in cause.get("arrival", ()) else [runs.get(run, run)]
    for kind, value in sorted(cause.items()):  # what arrived before how it was compared
        if kind == "arrival":
            told.append(_arrived(event, {one: runs.get(one, one) for one in value}, brought))
        elif kind == "judgement":
            told += [_judged_so(said)] if follows else []
        elif kind == "undo" and run:
            pass  # the run is that undo
        else:
            told.append(_CAUSES[kind](value) if kind in _CAUSES else f"{kind} {value}")
    return "; ".join(filter(None, told))


def _arrived(event: Event, runs: Mapping[str, str], brought: Mapping[str, Collection[str]]) -> str:
    """Which run brought what came; where several did and none brought it, what they all brought."""
    came = event.get("came", ())
    own = {run: [one for one in came if one in brought.get(run, ())] for run in runs}
    if any(own.values()):
        told = (f"{some(own[run])} brought by {runs[run]}" for run in runs if own[run])
        return "; ".join(told)
    return f"by what {some(list(runs.values()))} brought" if runs else ""


def _judged_so(said: Sequence[Event]) -> str:
    who = some(sorted({one["said"].get("by") or "somebody" for one in said})) or "somebody"
    numbers = some([str(one["number"]) for one in said])
    return f"since {who} judged so{f', {numbers}' if numbers else ''}"


def judged(said: Mapping[str, Any]) -> str:
    """Who said what of which two records, why, and what the program had said."""
    by, why = said.get("by") or "somebody", said.get("why", "")
    words = SAID[Verdict(said["judgement"])]
    program = said.get("said", "")
    return (
        f"{by} judged that {said['left']} and {said['right']} {words}"
        f"{f' (“{why}”)' if why else ''}"
        f"{f'; the program had said {program}' if program else ''}"
    )


def chosen(said: Mapping[str, Any]) -> str:
    """Who chose which record for a field, and why."""
    by, why = said.get("by") or "somebody", said.get("why", "")
    return f"{by} chose its {said['field']} from {said['record']}{f' (“{why}”)' if why else ''}"


def some(names: Sequence[str]) -> str:
    """Names in a sentence, the first few of many."""
    shown = list(names[:NAMED])
    if more := len(names) - len(shown):
        return f"{', '.join(shown)} and {more} more"
    return " and ".join((", ".join(shown[:-1]), shown[-1])) if shown[1:] else "".join(shown)


def _created(event: Event, _: Sequence[Event]) -> str:
    return f"the work began with {some(event['came'])}{_tie(event)}"


def _returned(event: Event, _: Sequence[Event]) -> str:
    return f"{some(event['came'])} came back, and the work lives again under its id{_tie(event)}"


def _joined(event: Event, _: Sequence[Event]) -> str:
    moved = f" from {some(event['origin'])}" if event.get("origin") else ""
    return f"{some(event['came'])} joined{moved}{_tie(event)}"


def _merged(event: Event, _: Sequence[Event]) -> str:
    return f"{some(event['origin'])} was merged into it, with {some(event['came'])}{_tie(event)}"


def _left(event: Event, elsewhere: Sequence[Event]) -> str:
    went = set(event["went"])
    told = []
    for other in elsewhere:
        taken = [record for record in other["came"] if record in went]
        went.difference_update(taken)
        new = "became a work of its own" if len(taken) == 1 else "became a work of their own"
        split = other["event"] == EventKind.SPLIT
        told.append(f"{some(taken)} {new if split else 'moved'}, {other['work_id']}")
    if went:
        told.append(f"{some(sorted(went))} left the collection")
    return "; ".join(told)


def _split(event: Event, _: Sequence[Event]) -> str:
    came = some(event["came"])
    return f"the work began with {came}, split from {some(event['origin'])}{_tie(event)}"


def _regrouped(event: Event, _: Sequence[Event]) -> str:
    groups = event.get("groups", ())
    if len(groups) < 2:
        return "all its records are one version now"
    return f"its versions are now {' | '.join(some(group) for group in groups)}"


def _redirected(event: Event, _: Sequence[Event]) -> str:
    return f"it was merged into {event['to']}, which its id leads to"


def _deleted(event: Event, _: Sequence[Event]) -> str:
    return f"its last records left the collection ({some(event['went'])}), and the work ended"


def _judged(event: Event, _: Sequence[Event]) -> str:
    return judged(event["said"])


def _chosen(event: Event, _: Sequence[Event]) -> str:
    return chosen(event["said"])


def _undone(event: Event, _: Sequence[Event]) -> str:
    said = event["said"]
    return f"taken back: {judged(said) if 'judgement' in said else chosen(said)}"


def _tie(event: Event) -> str:
    """The strongest tie of what came."""
    ties = event.get("because", ())
    if not ties:
        return ""
    left, right, verdict, probability = max(ties, key=lambda tie: tie[3])
    came = set(event["came"])
    if left in came and right not in came:
        left, right = right, left
    told = f"{left} and {right}, " if {left, right} < came else ""
    other = "" if {left, right} <= came else f" of {left}"
    now = " as is decided now" if event.get(DECIDED_NOW) else ""
    if verdict.startswith(JUDGED):
        return f": {told}{verdict}{other}"
    return f": {told}{verdict}{other}, {probability:.2f}{now}"


_CAUSES: Final[Mapping[str, Callable[[Any], str]]] = {
    "choice": lambda _: "",
    "weights": lambda digest: f"decided by other weights, {digest}",
    "epoch": lambda number: f"when the collection was compared as a whole, epoch {number}",
    "undo": lambda run: f"since {run} was undone",
    "repair": lambda _: "when the index was repaired",
}
_SENTENCES: Final[Mapping[EventKind, Callable[[Event, Sequence[Event]], str]]] = {
    EventKind.CREATED: _created,
    EventKind.RETURNED: _returned,
    EventKind.JOINED: _joined,
    EventKind.MERGED: _merged,
    EventKind.LEFT: _left,
    EventKind.SPLIT: _split,
    EventKind.REGROUPED: _regrouped,
    EventKind.REDIRECTED: _redirected,
    EventKind.DELETED: _deleted,
    EventKind.JUDGED: _judged,
    EventKind.CHOSEN: _chosen,
    EventKind.UNDONE: _undone,
}
