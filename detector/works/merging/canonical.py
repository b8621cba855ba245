"""
Canonical: the merged record of a work, and where each of its fields came from.

    Work, records, their fields  ->  {title, authors, ..., origin, versions}

Every field comes whole from one record, the one where it is best (`field_quality.py`);
identifiers, URLs and the like are united, best record first. The keys are those of a
record in JSON, so that what is written can be read again. A new field is one row of
FIELDS or of UNITED (`united.py`).

`origin` names the record of each field; for a united field it is a list, a record for each
value. `chosen`, where there is one, says by whom a field was. `versions` has an entry for each
record, in the order of the work.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any, Final, NamedTuple

from detector.works.members import Member, members_of
from detector.works.merging import field_quality as quality
from detector.works.merging.choices_of_fields import NOTHING_CHOSEN, ChosenFields
from detector.works.merging.people import authors_of, editors_alone, editors_of
from detector.works.merging.placing import PLACES, Origin, add_place, place_of, placed_at
from detector.works.merging.united import (
    FROM_FIELDS,
    UNITED,
    Values,
    shown,
    with_escapes,
    without_escapes,
)
from detector.works.version_groups import NOTHING_STATED
from detector.works.works import Work
from indexer.feeds.reading.rows import MISSING
from indexer.fields import Fields
from indexer.fields.identifiers.identifiers import normalise
from indexer.fields.titles.titles import Title, titles_of
from indexer.records import Identifier, Learnt, Record, maker_of

United = dict[str, tuple[Any, str]]  # the same -> the value, the record that has it

_MEMBER: Final = maker_of(Member)
_SPELLING: Final = 0.5  # titles that share more of their words are one title


class MergedField(NamedTuple):
    """A field that comes from one record."""

    name: str
    said: Callable[[Member], Any]  # empty: this record does not say
    rank: Callable[[Member], quality.Rank]
    shown: Callable[[Member], Any] | None = None  # where what is said still wants repair


def canonical(
    work: Work,
    records: Mapping[str, Record],
    fields: Mapping[str, Fields],
    chosen: ChosenFields = NOTHING_CHOSEN,
) -> dict[str, Any]:
    """The merged record of a work; fields that no record has are left out."""
    if len(work.records) == 1 and not chosen:
        (name,) = work.records
        return alone(records[name], fields[name])
    return merged_of(work, members_of(work, records, fields), chosen)


def merged_of(
    work: Work, members: Sequence[Member], chosen: ChosenFields = NOTHING_CHOSEN
) -> dict[str, Any]:
    """The merged record of a work of these members, in their order, by what people chose."""
    merged: dict[str, Any] = {}
    origin: Origin = {}
    best: dict[str, Member] = {}
    for field in FIELDS:
        saying = quality.under_its_title(members) if field.name == "title" else members
        choice = _choice(field.name, members, chosen) if chosen else None
        if member := choice or _best(field, saying):
            best[field.name] = member
            merged[field.name] = (field.shown or field.said)(member)
            origin[field.name] = member.record_id
    if "authors" in best and (editors := editors_alone(members)):
        merged["authors"] = authors_of(best["authors"], editors)
    add_place(members, merged, origin)
    for name in (name for name in PLACES if name in chosen):
        if member := _choice(name, members, chosen):
            merged[name], origin[name] = placed_at(name, member), member.record_id
    titled = best["title"].fields.title if "title" in best else Title()
    united = {
        name: _united(values, members)
        for name, values in UNITED
        if name in FROM_FIELDS or any(getattr(member.record, name) for member in members)
    }
    united["alternate_titles"] = _other_titles(members, titled)
    united["identifiers"].pop(f"doi:{merged.get('doi')}", None)
    for name, values in united.items():
        if values:
            merged[name] = [value for value, _ in values.values()]
            origin[name] = [record_id for _, record_id in values.values()]
    merged["origin"] = origin
    if stands := {name: one for name, one in chosen.items() if origin.get(name) == one.record}:
        merged["chosen"] = {name: choice.to_dict() for name, choice in stands.items()}
    by_id = {member.record_id: member for member in members}
    versions = (by_id[record_id] for record_id in work.records)
    merged["versions"] = [_version(member.record, member.fields) for member in versions]
    return merged


def alone(record: Record, fields: Fields) -> dict[str, Any]:
    """
    A record by itself, in the keys of a merged one.

    What `merged_of` gives of one member, where nothing is ranked: 18 µs in place of 35.
    """
    member = _MEMBER(record, fields, NOTHING_STATED)
    merged: dict[str, Any] = {}
    for name, said, _, shown_as in FIELDS:
        if value := said(member):
            merged[name] = shown_as(member) if shown_as else value
    if record.editors and "authors" in merged and (editors := editors_alone((member,))):
        merged["authors"] = authors_of(member, editors)
    merged |= ((name, value) for name, value in place_of(member) if value)
    origin: Origin = dict.fromkeys(merged, record.record_id)
    for name, values in UNITED:
        if not (getattr(record, name) or name in fields.by_scheme or name == "identifiers"):
            continue
        united: dict[str, Any] = {}
        for key, value in values(member):
            united.setdefault(key, value)
        if name == "identifiers":
            united.pop(f"doi:{merged.get('doi')}", None)
        if united:
            merged[name] = list(united.values())
            origin[name] = [record.record_id] * len(united)
    chosen = fields.title if fields.title.text else Title()
    if fields.alternates and (others := _other_titles((member,), chosen)):
        merged["alternate_titles"] = [value for value, _ in others.values()]
        origin["alternate_titles"] = [record.record_id] * len(others)
    merged["origin"] = origin
    merged["versions"] = [_version(record, fields)]
    return merged


def renamed(origin: Mapping[str, str | Sequence[str]], names: Mapping[str, str]) -> Origin:
    """The origin with each record named as the input names it."""
    told = names.get
    return {
        field: told(source, source)
        if type(source) is str
        else [told(name, name) for name in source]
        for field, source in origin.items()
    }


def _choice(name: str, members: Sequence[Member], chosen: ChosenFields) -> Member | None:
    """The member whose value of a field a person chose; None where it says nothing there."""
    record = chosen[name].record if name in chosen else ""
    saying = (one for one in members if one.record_id == record and CHOOSABLE[name](one))
    return next(saying, None)


def _best(field: MergedField, members: Sequence[Member]) -> Member | None:
    """The member whose value of this field ranks highest, the first of equal ones."""
    saying = [member for member in members if field.said(member)]
    if len(saying) > 1:
        return max(saying, key=field.rank)
    return saying[0] if saying else None


def _united(values: Values, members: Sequence[Member]) -> United:
    """All values of a field, each once, with the best record that has it."""
    united: United = {}
    for member in members:
        for key, value in values(member):
            united.setdefault(key, (value, member.record_id))
    return united


def _other_titles(members: Sequence[Member], chosen: Title) -> United:
    """Other titles of the work, not other spellings: translated, original, of the preprint."""
    words = set(chosen.words)
    united: United = {}
    for member in members:
        for title in (member.fields.title, *member.fields.alternates):
            shared = len(words.intersection(title.words))
            spelling = shared > _SPELLING * len(words.union(title.words))
            if not (spelling or title.placeholder or title.compact == chosen.compact):
                united.setdefault(title.key, (title.text, member.record_id))
    return united


def _doi(member: Member) -> str:
    """The DOI that the record states as its own, before one that stands in a URL."""
    dois = [doi for doi in member.fields.identifiers if doi.scheme == "doi"]
    if len(dois) < 2:
        return dois[0].value if dois else ""
    stated = normalise("doi", member.record.doi)
    own = stated.value if stated else ""
    return min(dois, key=lambda doi: (doi.value != own, *_doi_rank(doi))).value


def _doi_rank(doi: Identifier) -> tuple[bool, bool, str]:
    return (doi.learnt is Learnt.MINED, bool(doi.version), doi.value)


def _year(member: Member) -> str:
    return str(member.fields.year or "")


def _container(member: Member) -> str:
    text = member.fields.container.text
    # A catalogue's full stop, but not that of "Hum. Brain Mapp."
    return text[:-1] if text.endswith(".") and text.count(".") == 1 else text


def _title(member: Member) -> str:
    title, given = member.fields.title.text, member.record.title
    if "\\_" not in given:
        return title
    return without_escapes(titles_of(with_escapes(given), ())[0].text)


def _repaired(name: str) -> Callable[[Member], str]:
    """A text of the record as it is shown."""
    return lambda member: shown(getattr(member.record, name))


def _abstract_said(member: Member) -> str:
    """The abstract; "" where it is a word such as "n/a"."""
    given = member.record.abstract
    return "" if given.strip() in MISSING else given


def _version(record: Record, fields: Fields) -> dict[str, Any]:
    dois = fields.by_scheme.get("doi", frozenset())
    date = fields.date
    return {
        "year": date.year if date else None,
        "source": record.source,
        "title": fields.title.text,
        "container": fields.container.text,
        "urls": list(record.urls),
        "doi": min(dois, default=""),
        "publication_date": str(date or ""),
    }


FIELDS: Final = (
    MergedField("title", lambda one: one.fields.title.text, quality.title_rank, _title),
    MergedField("authors", lambda one: one.fields.authors.names, quality.authors_rank, authors_of),
    MergedField("editors", editors_of, quality.editors_rank),
    MergedField(
        "date", lambda one: one.fields.date, quality.date_rank, lambda one: str(one.fields.date)
    ),
    MergedField("year", _year, quality.date_rank),
    MergedField(
        "container", lambda one: one.fields.container.text, quality.container_rank, _container
    ),
    MergedField(
        "publisher", lambda one: one.record.publisher, quality.version_rank, _repaired("publisher")
    ),
    MergedField("publisher_place", _repaired("publisher_place"), quality.version_rank),
    MergedField("abstract", _abstract_said, quality.abstract_rank, _repaired("abstract")),
    MergedField("type", lambda one: one.fields.kind or one.record.type, quality.type_rank),
    MergedField("language", lambda one: one.fields.language, quality.any_rank),
    MergedField("stage", lambda one: one.fields.stage, quality.version_rank),
    MergedField("doi", _doi, quality.version_rank),
)
# What each of the fields that come from one record is told from; a person may choose which.
CHOOSABLE: Final[Mapping[str, Callable[[Member], Any]]] = {
    **{field.name: field.said for field in FIELDS},
    **{name: partial(placed_at, name) for name in PLACES},
}
