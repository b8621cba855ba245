"""
Runs of jobs, as the collection remembers them.

    job, planned time  ->  JobRun: when it began and ended, how, with which counts

One document a job and planned time, written only by whoever holds the job's lock (a lease);
so a time that was served once is never served again, whatever a clock says and
wherever a second schedule runs. Does not: take the lock (runner.py does).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field, replace
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any, Final

import orjson

from indexer.errors import WriteConflict
from indexer.index.contract import Collection

KIND: Final = "job-run"
MOST_STORED: Final = 100  # runs of a job
_BLANK: Final = '"\\ ='


class Ended(StrEnum):
    """How a run ended; `running` while it has not."""

    RUNNING = "running"
    DONE = "done"
    INCOMPLETE = "incomplete"  # a harvest that lacks records
    FAILED = "failed"
    STOPPED = "stopped"  # by a signal; it goes on at the next start
    DIED = "died"  # its process was killed
    SKIPPED = "skipped"  # somebody else had the lock, or what the job needs
    MISSED = "missed"  # no schedule ran at its time, nor within the grace period


# A planned time with such a run is not served again.
SERVED: Final = frozenset({Ended.DONE, Ended.INCOMPLETE, Ended.FAILED})


@dataclass(frozen=True, slots=True)
class JobOutcome:
    """What a job says of itself when it ends."""

    ended: Ended
    reason: str = ""
    counts: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class JobRun:
    """One run of one job; times are ISO 8601 in UTC."""

    job: str
    kind: str  # what it does: "harvest:arxiv"
    planned: str
    times: str = ""  # when it is to run, as configured; "" when a person asked for it
    ended: Ended = Ended.RUNNING
    began: str = ""
    finished: str = ""
    seconds: float = 0.0  # by a clock that nobody can set
    tries: int = 1
    by: str = ""  # machine and process
    reason: str = ""
    counts: Mapping[str, int] = field(default_factory=dict)

    @property
    def run_id(self) -> str:
        """Sorts by job, then by planned time."""
        return f"{self.job} {self.planned}"

    @property
    def line(self) -> str:
        """The run as a log line, by how it stands."""
        event = {Ended.RUNNING: "started", Ended.SKIPPED: "skipped", Ended.MISSED: "missed"}
        told: dict[str, object] = {"job": self.job}
        if self.finished:
            told |= {"status": self.ended, "seconds": f"{self.seconds:.1f}"} | dict(self.counts)
        told["planned"] = self.planned
        if self.tries > 1:
            told["tries"] = self.tries
        if self.reason:
            told["reason"] = self.reason
        pairs = " ".join(f"{name}={quoted(str(value))}" for name, value in told.items())
        return f"job {event.get(self.ended, 'finished')} {pairs}"

    @property
    def plain(self) -> dict[str, Any]:
        """The run as `--json` shows it."""
        return asdict(self)

    def to_json(self) -> bytes:
        """The run as stored."""
        return orjson.dumps(self.plain)

    @classmethod
    def from_json(cls, stored: bytes) -> JobRun:
        """The inverse of `to_json`."""
        plain = orjson.loads(stored)
        return cls(**{**plain, "ended": Ended(plain["ended"])})


def quoted(value: str) -> str:
    """A value of a log line, in quotes where it would not be one word."""
    if value and value.isprintable() and not any(c in _BLANK for c in value):
        return value
    return orjson.dumps(value).decode()


def moment(time: datetime) -> str:
    """A planned time as it stands in ids."""
    return time.astimezone(UTC).isoformat(
        timespec="milliseconds" if time.microsecond else "seconds"
    )


def read_run(collection: Collection, job: str, planned: str) -> JobRun | None:
    """The run of a planned time, as of the last write."""
    run_id = f"{job} {planned}"
    stored = collection.read(KIND, [run_id]).get(run_id)
    return JobRun.from_json(stored.body) if stored else None


def write_run(collection: Collection, run: JobRun, run_id: str = "") -> None:
    """Store a run under its own id, or under another."""
    collection.write(KIND, {run_id or run.run_id: run.to_json()})


def write_skipped(collection: Collection, run: JobRun) -> None:
    """Store that a run was skipped, beside the run that whoever has the lease may write."""
    write_run(collection, run, f"{run.run_id} {run.by}")


def write_missed(collection: Collection, run: JobRun) -> bool:
    """Store that a time was missed, unless there is a run of it; whether it was stored."""
    try:
        collection.write(KIND, {run.run_id: run.to_json()}, {run.run_id: 0})
    except WriteConflict:
        return False
    return True


def runs(collection: Collection, job: str) -> Iterator[JobRun]:
    """The runs of a job, by planned time."""
    for _, run in _stored(collection, job):
        yield run


def last_run(collection: Collection, job: str) -> JobRun | None:
    """The run of the latest planned time, skipped and missed ones too; None without any."""
    return max(runs(collection, job), key=lambda run: run.planned, default=None)


def bury(collection: Collection, job: str) -> None:
    """
    Mark as died what is noted as running, and forget the oldest runs.

    To be called with the job's lock held: then nobody else runs it.
    """
    stored = list(_stored(collection, job))
    for run_id, run in stored:
        if run.ended is Ended.RUNNING:
            write_run(collection, replace(run, ended=Ended.DIED), run_id)
    if len(stored) > MOST_STORED:
        collection.remove(KIND, [run_id for run_id, _ in stored[:-MOST_STORED]])


def _stored(collection: Collection, job: str) -> Iterator[tuple[str, JobRun]]:
    for run_id, document in collection.documents(KIND, f"{job} "):
        if not run_id.startswith(f"{job} "):
            return
        yield run_id, JobRun.from_json(document.body)
