"""
A shown work: all that is known of one work as it is now.

    Meant  ->  ShownWork: versions, the merged record with the source of each field, judgements, ...

Does not: tell how it came to be.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from detector.decision.verdicts import Verdict
from detector.detecting.pipeline import Detector
from detector.questions.work_names import Meant, work_meant
from detector.works.judgements import Judgement
from detector.works.merging.canonical import canonical
from detector.works.works import Work
from indexer.fields import Fields

SAID: Final[Mapping[Verdict, str]] = {
    Verdict.DUPLICATE: "are one",
    Verdict.VERSION: "are two versions of one work",
    Verdict.RELATED: "are two works, though related",
    Verdict.DISTINCT: "are two works",
    Verdict.REVIEW: "may be one or two: could not tell",
}
_MOST_AUTHORS: Final = 3
_LONGEST: Final = 100  # characters of a value that a line of the merged record shows
_NO_FIELDS: Final = frozenset({"origin", "versions"})


@dataclass(frozen=True, slots=True)
class ShownWork:
    """One work from every side; `str()` of it is for people."""

    meant: Meant
    work: Work
    canonical: dict[str, Any]
    records: dict[str, str]  # each with what it says of itself, in one line
    judgements: tuple[Judgement, ...]  # about any of its records, oldest first

    def to_dict(self) -> dict[str, Any]:
        """The same as plain values."""
        return {
            "work_id": self.work.work_id,
            "asked": self.meant.asked,
            "via": list(self.meant.via),
            "records": list(self.work.records),
            "version_groups": [list(group) for group in self.work.version_groups],
            "canonical": self.canonical,
            "judgements": [plain_judgement(one) for one in self.judgements],
        }

    def __str__(self) -> str:
        return "\n".join(_lines(self))


def shown_work(detector: Detector, name: str) -> ShownWork:
    """
    The work of that id, or of that record.

    Raises:
        UnknownWork: no work has or had this id, or the record is in none yet.
        UnknownRecord: no record, or several, are called this.
    """
    meant = work_meant(detector, name)
    work = detector.holdings.works([meant.work_id])[meant.work_id]
    records = detector.engine.get(work.records)
    fields = detector.fields.of(work.records)
    judgements = detector.holdings.judgements(work.records)
    return ShownWork(
        meant,
        work,
        canonical(work, records, fields),
        {name: cited(fields[name]) for name in work.records},
        tuple(sorted(judgements, key=lambda one: one.at)),
    )


def cited(fields: Fields) -> str:
    """A record in one line: authors, year, title, container."""
    names = [name.text for name in fields.authors.names]
    byline = "; ".join(names[:_MOST_AUTHORS]) + ("; …" if len(names) > _MOST_AUTHORS else "")
    year = str(fields.year or "")
    said = (" ".join(part for part in (byline, year) if part), fields.title.text)
    return ". ".join(part for part in (*said, fields.container.text) if part) or "(says nothing)"


def plain_judgement(said: Judgement) -> dict[str, Any]:
    """A judgement as plain values."""
    named = ("left", "right", "at", "by", "why")
    return {"verdict": str(said.verdict), **{name: getattr(said, name) for name in named}}


def judged_line(said: Judgement) -> str:
    """Who said what of which two records, when and why."""
    when = f"{said.at[:10]} " if said.at else ""
    why = f" ({said.why})" if said.why else ""
    return f"{when}{said.by or 'somebody'}: {said.left} and {said.right} {SAID[said.verdict]}{why}"


def _lines(shown: ShownWork) -> Iterator[str]:
    work = shown.work
    yield f"{work.work_id}  {shown.canonical.get('title', '(no title)')}"
    if shown.meant.via:
        yield f"  asked for as {', then '.join(shown.meant.via)}, which leads here"
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
        yield from (f"    {judged_line(one)}" for one in shown.judgements)


def _fields_shown(merged: Mapping[str, Any]) -> Iterator[str]:
    for name in (key for key in merged if key not in _NO_FIELDS):
        source = merged["origin"].get(name, "")
        sources = [source] if isinstance(source, str) else list(dict.fromkeys(source))
        yield f"{name:16} {_value_shown(merged[name])}  [{', '.join(sources)}]"


def _value_shown(value: Any) -> str:
    values = value if isinstance(value, list) else [value]
    text = "; ".join(map(_one_value, values))
    return f"{text[:_LONGEST]}…" if len(text) > _LONGEST else text


def _one_value(value: Any) -> str:
    if isinstance(value, dict):
        return " ".join(str(part) for part in value.values())
    return ":".join(map(str, value)) if isinstance(value, list) else str(value)
