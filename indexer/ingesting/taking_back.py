"""
Taking back: what a run stored undone, record by record.

    run  ->  what it brought, what it replaced  ->  removed, put back; queued to be compared

It is a run itself and notes what it finds, so it can be taken back in the same way. Does
not: form works again (`detector.runs.undoing` does), or ask a source again: a feed goes on
from where it was left.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

import orjson

from indexer.errors import CannotUndo, NoSuchRun
from indexer.fields import fields_of_batch
from indexer.index.contract import Collection, Engine
from indexer.index.ordering import form_of
from indexer.ingesting.ingest import PENDING, queue_entries
from indexer.ingesting.runs import (
    KILLED,
    RUNNING,
    OpenRun,
    RunAccount,
    begin_run,
    close_killed,
    go_on,
    parts,
    parts_behind,
    runs,
)
from indexer.keys import keys_of
from indexer.records import Record
from indexer.running.crash_points import reached

SHOWN: Final = 3  # of records that stand in the way


@dataclass(frozen=True, slots=True)
class RecordChanges:
    """What a run did to records; of one that it changed twice, the first counts."""

    brought: tuple[str, ...]  # ids under which nothing was stored before
    replaced: tuple[str, ...]  # ids of records that were changed or deleted


def changes_of(collection: Collection, run: str) -> RecordChanges:
    """What a run did to records."""
    brought: list[str] = []
    replaced: list[str] = []
    for new, before in _each_once(collection, run):
        brought += new
        replaced += before
    return RecordChanges(tuple(brought), tuple(replaced))


def begin_undo(collection: Collection, run: str, by: str | None = None) -> OpenRun:
    """Begin to undo a run, or go on where an undo of it was killed."""
    close_killed(collection)
    for past in runs(collection):
        if past.undoes == run and past.state == KILLED and not past.undone_by:
            return go_on(collection, past)
    return begin_run(collection, f"undo {run}", by, undoes=run)


def undoable(collection: Collection, run: str) -> RunAccount:
    """
    A run that has ended and stands.

    Raises:
        NoSuchRun: there is none of this name.
        CannotUndo: the run goes on, or is undone.
    """
    past = {account.run: account for account in runs(collection)}
    account = past.get(run)
    if account is None:
        last = list(past)[-SHOWN:]
        known = f"the last are {', '.join(last)}" if last else "nothing was stored by any"
        raise NoSuchRun(f"there is no run {run!r}; {known}; `samework undo --list` shows them")
    if account.state == RUNNING:
        raise CannotUndo(f"{account.told()} has not ended; wait for it, then undo it")
    if account.undone_by:
        raise CannotUndo(
            f"{account.told()} is undone already, by {account.undone_by}; "
            f"`samework undo {account.undone_by}` brings it back"
        )
    return account


def refuse_where_changed_since(
    collection: Collection, account: RunAccount, changes: RecordChanges
) -> None:
    """
    Raise CannotUndo where a later run that stands changed one of its records again.

    A run that was undone later changed nothing in the end, nor did its undo.
    """
    asked = {*changes.brought, *changes.replaced}
    known = {past.run: past for past in runs(collection)}
    for run, change in parts_behind(collection, account.run):
        later = known.get(run)
        if later is None or later.undone_by or later.undoes >= account.run:
            continue
        again = sorted(asked.intersection([*change.get("new", ()), *change.get("before", ())]))
        if again:
            more = f" and {len(again) - SHOWN:,} more" if len(again) > SHOWN else ""
            raise CannotUndo(
                f"{account.told()} cannot be undone: {later.told()} changed records of it again: "
                f"{', '.join(again[:SHOWN])}{more}; `samework undo {run}` first"
            )


def take_back(engine: Engine, run: str, undo: OpenRun) -> None:
    """Remove what a run brought, put back what it replaced; noted and queued, step by step."""
    for brought, replaced in _each_once(engine, run):
        wanted: dict[str, bytes | None] = {**dict.fromkeys(brought), **replaced}
        with engine.atomically():
            engine.write(PENDING, queue_entries(list(wanted), undo.run, run))
            stored = engine.stored(list(wanted))
            there = {name: json for name, (_, json) in stored.items()}
            differ = [name for name, json in wanted.items() if there.get(name) != json]
            undo.note_records(
                [name for name in differ if name not in there],
                {name: orjson.Fragment(there[name]) for name in differ if name in there},
            )
            # taken out first: an older version would not replace a newer one
            engine.delete(differ)
            reached("within-undo")
            _put(engine, [json for name in differ if (json := wanted[name]) is not None])


def _each_once(collection: Collection, run: str) -> Iterator[tuple[list[str], dict[str, bytes]]]:
    """What each part says that a run brought and replaced, each record where it is named first."""
    named: set[str] = set()
    for change in parts(collection, run):
        brought = [record_id for record_id in change.get("new", ()) if record_id not in named]
        before = change.get("before", {}).items()
        replaced = {name: orjson.dumps(plain) for name, plain in before if name not in named}
        named.update(brought, replaced)
        if brought or replaced:
            yield brought, replaced


def _put(engine: Engine, jsons: Sequence[bytes]) -> None:
    records = [Record.from_json(json) for json in jsons]
    if records:
        forms = [form_of(record) for record in records]
        engine.put(records, keys_of(fields_of_batch(records)), forms)
