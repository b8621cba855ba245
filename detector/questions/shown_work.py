"""
A shown work: all that is known of one work as it is now.

    ID|RECORD  ->  ShownWork: versions, the merged record with the source of each field, ...
    an id whose work is no more  ->  EndedWork: when it ended, what it held, where that is now

Does not: tell its story (`story.py` does), but for one line.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Final

from detector.detecting.pipeline import Detector
from detector.questions.event_words import judged, some
from detector.questions.work_names import Meant, work_meant
from detector.store.events import EventKind
from detector.store.stories import events_about
from detector.works.joining.tied import Conflict
from detector.works.judgements import Judgement, standing
from detector.works.merging.canonical import canonical
from detector.works.merging.choices_of_fields import standing_choices
from detector.works.works import Work
from indexer.fields import Fields

_MOST_AUTHORS: Final = 3
_LONGEST: Final = 100  # characters of a value that a line of the merged record shows
_APART: Final = frozenset({"origin", "versions", "chosen"})


@dataclass(frozen=True, slots=True)
class ShownWork:
    """One work from every side; `str()` of it is for people."""

    meant: Meant
    work: Work
    canonical: dict[str, Any]
    records: dict[str, str]  # each with what it says of itself, in one line
    judgements: tuple[Judgement, ...]  # about any of its records, in the order of their numbers
    conflicts: tuple[Conflict, ...]  # between its records and others judged not the same
    retired: tuple[str, ...]  # ids that lead here
    events: tuple[dict[str, Any], ...]  # its own, as the log has them

    def to_dict(self) -> dict[str, Any]:
        """The same as plain values."""
        return {
            "work_id": self.work.work_id,
            "asked": self.meant.asked,
            "via": list(self.meant.via),
            "records": list(self.work.records),
            "version_groups": [list(group) for group in self.work.version_groups],
            "canonical": self.canonical,
            "judgements": [said.to_dict() for said in self.judgements],
            "conflicts": [asdict(conflict) for conflict in self.conflicts],
            "retired": list(self.retired),
            "came_to_be": came_to_be(self.events),
        }

    def __str__(self) -> str:
        return "\n".join(_lines(self))


@dataclass(frozen=True, slots=True)
class EndedWork:
    """A work that is no more, and that no other took in."""

    meant: Meant
    homes: Mapping[str, str]  # of the records it held, those that are in a work again

    def to_dict(self) -> dict[str, Any]:
        """The same as plain values."""
        gone = self.meant.gone or {}
        told = {"work_id": "", "asked": self.meant.asked, "via": list(self.meant.via)}
        return {**told, "ended": gone, "homes": dict(self.homes)}

    def __str__(self) -> str:
        gone = self.meant.gone or {}
        held: Sequence[str] = gone.get("records", ())
        lines = [f"{' -> '.join(self.meant.via)}  ended {_day(gone.get('at', ''))}"]
        lines += [f"  it held {some(held)}, which left the collection"]
        lines += [f"  {name} is back, in {home}" for name, home in self.homes.items()]
        return "\n".join(lines)


def shown_work(detector: Detector, name: str) -> ShownWork | EndedWork:
    """
    The work of that id, or of that record.

    Raises:
        UnknownWork: no work has or had this id, or the record is in none yet.
        UnknownRecord: no record, or several, are called this.
    """
    meant = work_meant(detector, name)
    holdings = detector.holdings
    if not meant.work_id:
        held = (meant.gone or {}).get("records", ())
        return EndedWork(meant, holdings.work_ids_of(held))
    work = holdings.works([meant.work_id])[meant.work_id]
    records = detector.engine.get(work.records)
    fields = detector.fields.of(work.records)
    judgements = holdings.judgements(work.records)
    about = events_about(detector.engine, work.work_id)
    chosen = standing_choices(holdings.choices(work.records), work.records)
    return ShownWork(
        meant,
        work,
        canonical(work, records, fields, chosen),
        {name: cited(fields[name]) for name in work.records},
        tuple(judgements),
        tuple(_conflicts(detector, work, judgements)),
        tuple(_led_here(detector, work.work_id, about)),
        tuple(event for event in about if event.get("work_id") == work.work_id),
    )


def _conflicts(
    detector: Detector, work: Work, judgements: Sequence[Judgement]
) -> Iterator[Conflict]:
    """What would bridge a record of this work and one that was judged not the same."""
    inside = set(work.records)
    apart = [said.pair for said in standing(judgements).values() if said.not_same]
    for conflict in detector.holdings.conflicts({name for pair in apart for name in pair}):
        if conflict.left in inside or conflict.right in inside:
            yield conflict


def _led_here(
    detector: Detector, work_id: str, about: Sequence[Mapping[str, Any]]
) -> Iterator[str]:
    """The retired ids that lead to this work, over any number of steps."""
    seen = {work_id}
    waiting = list(about)
    while waiting:
        event = waiting.pop(0)
        old = event.get("work_id", "")
        if event["event"] != EventKind.REDIRECTED or old in seen:
            continue
        seen.add(old)
        if detector.holdings.living(old).work_id == work_id:
            yield old
            waiting += events_about(detector.engine, old)


def came_to_be(events: Sequence[Mapping[str, Any]]) -> str:
    """How a work came to be, of its own events, in one line."""
    if not events:
        return "it is older than the events that are logged"
    first = events[0]
    run = f" ({first['run']})" if first.get("run") else ""
    came = _counted(len(first.get("came", ())), "record")
    began = f"began {_day(first.get('at', ''))}{run} with {came}"
    joined = sum(len(one["came"]) for one in events if one["event"] == EventKind.JOINED)
    merged = sum(len(one["origin"]) for one in events if one["event"] == EventKind.MERGED)
    left = sum(len(one.get("went", ())) for one in events)
    since = (
        (joined, "record", "joined"),
        (merged, "work", "merged into it"),
        (left, "record", "left"),
    )
    told = [f"{_counted(count, what)} {became}" for count, what, became in since if count]
    return "; ".join((began, *told))


def cited(fields: Fields) -> str:
    """A record in one line: authors, year, title, container."""
    names = [name.text for name in fields.authors.names]
    byline = "; ".join(names[:_MOST_AUTHORS]) + ("; …" if len(names) > _MOST_AUTHORS else "")
    year = str(fields.year or "")
    said = (" ".join(part for part in (byline, year) if part), fields.title.text)
    return ". ".join(part for part in (*said, fields.container.text) if part) or "(says nothing)"


def _lines(shown: ShownWork) -> Iterator[str]:
    work = shown.work
    yield f"{work.work_id}  {shown.canonical.get('title', '(no title)')}"
    if shown.meant.via:
        yield f"  asked for as {', then '.join(shown.meant.via)}, which leads here"
    yield f"  {came_to_be(shown.events)}"
    if shown.retired:
        yield f"  old ids that lead here: {', '.join(shown.retired)}"
    yield ""
    for number, group in enumerate(work.version_groups, start=1):
        yield f"  version {number}" if len(work.version_groups) > 1 else "  records"
        yield from (f"    {name}  {shown.records[name]}" for name in group)
    yield ""
    yield "  merged record, and where each field is from"
    yield from (f"    {line}" for line in _fields_shown(shown.canonical))
    if shown.judgements:
        yield ""
        yield "  judged"
        for said in shown.judgements:
            yield f"    {said.number}  {_day(said.at)}  {judged(said.to_dict())}"
    if shown.conflicts:
        yield ""
        yield "  conflicts: judged not the same, and tied all the same; one of these is wrong"
        for conflict in shown.conflicts:
            path = " - ".join(conflict.path or (conflict.left, *conflict.bridge, conflict.right))
            yield f"    {path}: {conflict.reason}"


def _fields_shown(merged: Mapping[str, Any]) -> Iterator[str]:
    chosen = merged.get("chosen", {})
    for name in (key for key in merged if key not in _APART):
        source = merged["origin"].get(name, "")
        sources = [source] if isinstance(source, str) else list(dict.fromkeys(source))
        by = chosen[name]["by"] or "somebody" if name in chosen else ""
        source = ", ".join(sources) + (f", chosen by {by}" if by else "")
        yield f"{name:16} {_value_shown(merged[name])}  [{source}]"


def _value_shown(value: Any) -> str:
    values = value if isinstance(value, list) else [value]
    text = "; ".join(map(_one_value, values))
    return f"{text[:_LONGEST]}…" if len(text) > _LONGEST else text


def _one_value(value: Any) -> str:
    if isinstance(value, dict):
        return " ".join(str(part) for part in value.values())
    return ":".join(map(str, value)) if isinstance(value, list) else str(value)


def _counted(count: int, what: str) -> str:
    return f"{count:,} {what}{'' if count == 1 else 's'}"


def _day(at: str) -> str:
    return at[:10] or "at an unknown time"
