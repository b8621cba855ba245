"""
Words of undoing: judgements, choices and what becomes of works, a line each.

Does not: say what will change (`undo_plan.py` does).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from detector.store.events import EventKind
from detector.works.judgements import Judgement
from detector.works.merging.choices_of_fields import FieldChoice

SHOWN: Final = 3  # of many


def told_some(values: Sequence[str]) -> str:
    """The first of some, and how many more there are."""
    more = f" and {len(values) - SHOWN:,} more" if len(values) > SHOWN else ""
    return ", ".join(values[:SHOWN]) + more


def told_judgement(said: Judgement) -> str:
    """Who said what of which two, when."""
    who = said.by or "somebody"
    return f"{who} judged {said.left} and {said.right} {said.verdict} at {said.at or 'no time'}"


def told_choice(choice: FieldChoice) -> str:
    """Who chose what from which record, when."""
    who = choice.by or "somebody"
    return f"{who} chose the {choice.field} of {choice.record} at {choice.at or 'no time'}"


def told_event(event: Mapping[str, Any]) -> str:
    """What will become of a work."""
    work, came, went = event["work_id"], event.get("came", ()), event.get("went", ())
    match event["event"]:
        case EventKind.LEFT:
            return f"{work} loses {told_some(went)}"
        case EventKind.DELETED:
            return f"{work} ends"
        case EventKind.REDIRECTED:
            return f"{work} ends and leads to {event['to']}"
        case EventKind.REGROUPED:
            return f"{work} is parted into versions otherwise"
        case EventKind.JOINED | EventKind.MERGED:
            return f"{work} gets {told_some(came)}"
    return f"{work} is formed of {told_some(came)}"
