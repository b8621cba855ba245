"""
Runs: which command stored what, and what was there before, so that it can be undone.

    begin_run  ->  OpenRun: a note with each put, in the same step  ->  end
    runs, parts  ->  what each run brought, replaced, judged or took back

A run that is killed ends nowhere; the next one to begin closes it, and what it stored can be
undone like any other. A run that changed nothing leaves nothing. Does not: undo
(`taking_back.py` does).
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, suppress
from dataclasses import asdict, dataclass, field, replace
from datetime import UTC, datetime
from getpass import getuser
from typing import Any, Final, Self

import orjson

from indexer.errors import BackendBusy, BackendError, WriteConflict
from indexer.index.contract import Collection, Engine
from indexer.index.ordering import Form, form_of, outcome_of
from indexer.records import Record

RUN: Final = "run"
PART: Final = "run-part"
OPEN: Final = "run-open"  # names of the runs that are not ended: few, so that none else is read
LAST: Final = "run-last"  # the number given last
LEASE: Final = 60.0  # seconds until the run of a dead process on another machine counts as killed
# Of one part: see LISTED of `ingest.py`.
NOTED: Final = 250  # records
SEPARATOR: Final = "\x1f"
BY: Final = "SAMEWORK_BY"

RUNNING, DONE, BROKE_OFF, KILLED = "running", "done", "broke off", "killed"


@dataclass(frozen=True, slots=True)
class RunAccount:
    """One run as it is stored."""

    run: str  # "r000012"; they sort as they began
    command: str  # as a person would name it: "harvest arxiv"
    by: str
    began: str  # ISO 8601, UTC
    ended: str = ""
    state: str = RUNNING
    counts: Mapping[str, int] = field(default_factory=dict)  # of its parts: new, before, judged …
    undone_by: str = ""  # the run that took this one back; told by `runs`, not stored
    undoes: str = ""  # the run that this one takes back
    after: int = 0  # the number of the last event when it began

    def told(self) -> str:
        """Which run it is, for a person."""
        by = f" by {self.by}" if self.by else ""
        return f"{self.run} ({self.command}, {self.began}{by})"


def person() -> str:
    """Who gives commands here: SAMEWORK_BY, else the login name, "" where there is none."""
    if by := os.environ.get(BY, "").strip():
        return by
    try:
        return getuser()
    except (OSError, KeyError):  # a container's user without a name
        return ""


def begin_run(
    collection: Collection, command: str, by: str | None = None, undoes: str = ""
) -> OpenRun:
    """
    Begin a run under a number of its own; use it as a context manager, or `end` it.

    Args:
        collection: where it is noted.
        command: what stores, as a person would name it.
        by: who; None: `person()`.
        undoes: the run that this one takes back.
    """
    close_killed(collection)
    by = person() if by is None else by
    last_event = collection.append([])
    last = collection.read(LAST, [LAST])
    number = int(last[LAST].body) if last else 0
    while True:
        number += 1
        account = RunAccount(f"r{number:06d}", command, by, now(), undoes=undoes, after=last_event)
        try:
            collection.write(RUN, {account.run: _plain(account)}, {account.run: 0})
        except WriteConflict:  # another process took the number meanwhile
            continue
        collection.write(LAST, {LAST: b"%d" % number})
        return OpenRun(collection, account)


def go_on(collection: Collection, account: RunAccount) -> OpenRun:
    """Go on with a run that was killed, behind what it noted."""
    last = -1
    for name, _ in collection.documents(PART, f"{account.run}{SEPARATOR}"):
        run, _, number = name.partition(SEPARATOR)
        if run != account.run:
            break
        last = int(number)
    return OpenRun(collection, replace(account, ended="", state=RUNNING), last + 1)


class OpenRun:
    """A run that goes on; what it notes is durable with what it tells of."""

    def __init__(self, collection: Collection, account: RunAccount, part: int = 0) -> None:
        self.account = account
        self.counts = Counter(account.counts)
        self._collection = collection
        self._part = part
        self._held = ExitStack()
        self._held.enter_context(collection.lease(_lease(account.run), LEASE))
        collection.write(OPEN, {account.run: b""})

    @property
    def run(self) -> str:
        """Its name."""
        return self.account.run

    def note(self, change: Mapping[str, Any]) -> None:
        """Note one change, as `{"new": [ids]}`; within the step that makes it."""
        self._collection.write(PART, {_part(self.run, self._part): orjson.dumps(change)})
        self._part += 1
        self.counts.update(_sizes(change))

    def note_put(self, engine: Engine, records: Sequence[Record], forms: Sequence[Form]) -> None:
        """Note what a put of these records brings, and what of the stored ones it replaces."""
        stored = engine.stored(list(dict.fromkeys(record.record_id for record in records)))
        new: list[str] = []
        before: dict[str, orjson.Fragment] = {}
        seen: set[str] = set()
        for at, record in enumerate(records):
            record_id = record.record_id
            if record_id in seen:
                continue
            if record_id not in stored:
                new.append(record_id)
            else:
                version, json = stored[record_id]
                if not outcome_of(version, (forms[at] if forms else form_of(record))[0]).replaces:
                    continue
                before[record_id] = orjson.Fragment(json)
            seen.add(record_id)
        self.note_records(new, before)

    def note_records(self, new: Sequence[str], before: Mapping[str, Any]) -> None:
        """Note ids that nothing is stored under, and what is stored under others."""
        for at in range(0, len(new), NOTED):
            self.note({"new": list(new[at : at + NOTED])})
        rows = list(before.items())
        for at in range(0, len(rows), NOTED):
            self.note({"before": dict(rows[at : at + NOTED])})

    def end(self, state: str = DONE) -> RunAccount:
        """Close it; a run that noted nothing is forgotten."""
        counts = self.counts if state == DONE else _counts(self._collection, self.run)
        ended = replace(self.account, ended=now(), state=state, counts=dict(counts))
        with self._held:
            _close(self._collection, ended)
        self.account = ended
        return ended

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, *rest: object) -> None:
        if kind is None:
            self.end()
            return
        with suppress(BackendError):  # the error that ended the block is the one to tell
            self.end(BROKE_OFF)


def runs(collection: Collection) -> list[RunAccount]:
    """All runs, as they began, each with the run by which it is undone now."""
    accounts = [_account(document.body) for _, document in collection.documents(RUN)]
    undone: dict[str, str] = {}
    for account in reversed(accounts):  # an undo that is undone itself undoes nothing
        if account.undoes and account.state == DONE and account.run not in undone:
            undone[account.undoes] = account.run
    return [replace(one, undone_by=undone.get(one.run, "")) for one in accounts]


def runs_named(collection: Collection, names: Sequence[str]) -> dict[str, RunAccount]:
    """The runs of these names."""
    stored = collection.read(RUN, names)
    return {name: _account(document.body) for name, document in stored.items()}


def parts(collection: Collection, run: str, after: str = "") -> Iterator[dict[str, Any]]:
    """What a run noted, in order."""
    for name, document in collection.documents(PART, after or f"{run}{SEPARATOR}"):
        if not name.startswith(f"{run}{SEPARATOR}"):
            return
        yield orjson.loads(document.body)


def parts_behind(collection: Collection, run: str) -> Iterator[tuple[str, dict[str, Any]]]:
    """What all runs that began later noted, each with its run, in order."""
    for name, document in collection.documents(PART, f"{run}{SEPARATOR}~"):
        yield name.partition(SEPARATOR)[0], orjson.loads(document.body)


def now() -> str:
    """The time, to the second."""
    return datetime.now(UTC).isoformat(timespec="seconds")


def close_killed(collection: Collection) -> None:
    """Close the runs whose process is gone."""
    for run, _ in list(collection.documents(OPEN)):
        stored = collection.read(RUN, [run])
        with suppress(BackendBusy), collection.lease(_lease(run), 0.0):
            if stored:
                killed = replace(_account(stored[run].body), ended=now(), state=KILLED)
                _close(collection, replace(killed, counts=_counts(collection, run)))


def _close(collection: Collection, account: RunAccount) -> None:
    with collection.atomically():
        if account.counts or (account.undoes and account.state == DONE):
            collection.write(RUN, {account.run: _plain(account)})
        else:
            collection.remove(RUN, [account.run])
        collection.remove(OPEN, [account.run])


def _counts(collection: Collection, run: str) -> Counter[str]:
    """What the notes that are stored of a run come to."""
    counts: Counter[str] = Counter()
    for change in parts(collection, run):
        counts.update(_sizes(change))
    return counts


def _sizes(change: Mapping[str, Any]) -> dict[str, int]:
    return {name: len(v) if isinstance(v, list | dict) else 1 for name, v in change.items()}


def _lease(run: str) -> str:
    return f"run {run}"


def _part(run: str, number: int) -> str:
    return f"{run}{SEPARATOR}{number:06d}"


def _plain(account: RunAccount) -> bytes:
    return orjson.dumps({**asdict(account), "counts": dict(account.counts)})


def _account(stored: bytes) -> RunAccount:
    return RunAccount(**orjson.loads(stored))
