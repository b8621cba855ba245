"""
Equivalents: a schedule as crontab lines or systemd timers, for those who prefer them.

    jobs, the command that runs one of them  ->  text of a crontab, of unit files

Each line runs one job once; the index's locks hold two of a kind apart there too.
What the others cannot say is told in a comment. Does not: install anything.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import timedelta
from shlex import join
from typing import Final

from indexer.scheduling.cron import WEEKDAYS, Cron
from indexer.scheduling.jobs import Job

DAY: Final = timedelta(days=1)
HOUR: Final = timedelta(hours=1)
MINUTE: Final = timedelta(minutes=1)
WEEK: Final = timedelta(weeks=1)
_PLAIN: Final = re.compile(r"[A-Za-z0-9_./:=@,+-]+")


def crontab(jobs: Sequence[Job], command: Sequence[str], folder: str) -> str:
    """The jobs as lines of a crontab that run `command NAME` in a folder."""
    lines = [
        "# A cron that knows no CRON_TZ (Debian's) takes the times as those of the machine.",
        "# A time that passes while the machine is off is not made up for.",
    ]
    zone = ""
    for job in jobs:
        cron, wanted = crontab_time(job), str(job.times.zone)
        if cron is None:
            lines.append(f"# {job.name}: {job.times.said!r} is no time that cron can say")
            continue
        if wanted != zone:
            zone = wanted
            lines.append(f"CRON_TZ={zone}")
        # An unescaped % ends the command.
        run = f"cd {join([folder])} && {join([*command, job.name])}".replace("%", r"\%")
        lines.append(f"{cron.text} {run}")
    return "\n".join(lines)


def crontab_time(job: Job) -> Cron | None:
    """A job's times in a crontab; None for intervals that a crontab cannot say."""
    every = job.times.every
    if every is None:
        return job.times.cron
    text = ""
    if every == WEEK:
        text = "0 0 * * thu"  # the weekday of 1970-01-01
    elif every == DAY:
        text = "0 0 * * *"
    elif every < DAY and not DAY % every and not every % HOUR:
        text = f"0 */{every // HOUR} * * *"
    elif every < HOUR and not HOUR % every and not every % MINUTE:
        text = f"*/{every // MINUTE} * * * *"
    return Cron.parse(text, job.name) if text else None


def systemd(jobs: Sequence[Job], command: Sequence[str], folder: str) -> str:
    """A service and a timer a job, each behind the path of its file."""
    return "\n".join(line for job in jobs for line in _units(job, command, folder))


def _units(job: Job, command: Sequence[str], folder: str) -> Iterator[str]:
    unit = f"/etc/systemd/system/samework-{job.name}"
    yield from (
        f"# {unit}.service",
        "[Unit]",
        f"Description=samework: {job.run}",
        "Wants=network-online.target",
        "After=network-online.target",
        "",
        "[Service]",
        "Type=oneshot",
        f"WorkingDirectory={folder.replace('%', '%%')}",
        f"ExecStart={' '.join(systemd_word(word) for word in (*command, job.name))}",
        "# 3 says that records are missing or another schedule is at it; both come right.",
        "SuccessExitStatus=3",
        "TimeoutStopSec=10min",
        "",
        f"# {unit}.timer",
        "[Unit]",
        f"Description=samework: {job.run}, {job.times.said}",
        "",
        "[Timer]",
        *_timer(job),
        "",
        "[Install]",
        "WantedBy=timers.target",
        "",
    )


def _timer(job: Job) -> Iterator[str]:
    cron, every = crontab_time(job), job.times.every
    if cron is not None:
        yield f"OnCalendar={calendar(cron, str(job.times.zone))}"
        yield "Persistent=true"
    elif every is not None:
        yield "OnBootSec=5min"
        yield f"OnUnitActiveSec={every.total_seconds():.0f}s"
    yield "AccuracySec=1s"


def calendar(cron: Cron, zone: str) -> str:
    """A crontab time as a systemd calendar event."""
    minutes, hours, days, months, _ = cron.lists()
    names = ",".join(WEEKDAYS[day].capitalize() for day in cron.values[-1])
    return f"{names} *-{months}-{days} {hours}:{minutes}:00 {zone}".strip()


def systemd_word(word: str) -> str:
    """A word of ExecStart, quoted where systemd would read something into it."""
    if _PLAIN.fullmatch(word):
        return word
    inside = word.replace("\\", "\\\\").replace('"', '\\"')
    return '"' + inside.replace("%", "%%").replace("$", "$$") + '"'
