"""When jobs run: across clock changes, in a stated zone, and as cron and systemd say it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.errors import SettingsError
from indexer.scheduling.cron import Cron
from indexer.scheduling.equivalents import calendar, crontab, systemd
from indexer.scheduling.job_runs import Ended, JobOutcome
from indexer.scheduling.jobs import Job
from indexer.scheduling.times import Times, times_of

ZONE = "Europe/Bucharest"  # clocks go from 3 to 4 in March, from 4 to 3 in October


def times(zone: str = ZONE, **plain: str) -> Times:
    return times_of(plain, zone, "job 'made'")


def coming(times: Times, start: datetime, count: int) -> list[str]:
    found = []
    for _ in range(count):
        start = times.next(start)
        found.append(start.isoformat(timespec="minutes"))
    return found


def job(name: str, times: Times) -> Job:
    grace = timedelta(hours=1)
    return Job(name, "settle", "settle", times, grace, lambda *_: JobOutcome(Ended.DONE))


def test_time_that_clocks_leave_out_comes_an_hour_later() -> None:
    """03:30 does not exist on the last Sunday of March; the night's job must still run."""
    assert coming(times(at="03:30"), datetime(2025, 3, 28, 22, tzinfo=UTC), 3) == [
        "2025-03-29T03:30+02:00",
        "2025-03-30T04:30+03:00",
        "2025-03-31T03:30+03:00",
    ]


def test_time_that_clocks_show_twice_comes_once() -> None:
    """03:30 comes twice on the last Sunday of October."""
    assert coming(times(at="03:30"), datetime(2025, 10, 24, 22, tzinfo=UTC), 3) == [
        "2025-10-25T03:30+03:00",
        "2025-10-26T03:30+03:00",
        "2025-10-27T03:30+02:00",
    ]


def test_every_hour_stays_every_hour_when_clocks_go_back() -> None:
    """An hourly job has nothing to do with the time of day: no hour is left out."""
    assert coming(times(cron="0 * * * *"), datetime(2025, 10, 25, 23, 30, tzinfo=UTC), 3) == [
        "2025-10-26T03:00+03:00",
        "2025-10-26T03:00+02:00",
        "2025-10-26T04:00+02:00",
    ]


def test_interval_is_real_time_and_the_same_on_all_machines() -> None:
    """Two schedules that start at different moments must plan the same times."""
    six = times(every="6h")

    assert coming(six, datetime(2025, 10, 25, 19, 3, tzinfo=UTC), 3) == [
        "2025-10-26T00:00+00:00",
        "2025-10-26T06:00+00:00",
        "2025-10-26T12:00+00:00",
    ]


@given(
    moment=st.datetimes(datetime(2020, 1, 1), datetime(2035, 1, 1)),
    plain=st.sampled_from(
        [
            {"at": "03:30"},
            {"at": "01:30"},
            {"every": "7m"},
            {"every": "1w"},
            {"cron": "*/20 * * * *"},
            {"cron": "15 1-3 * * fri-sun"},
            {"cron": "0 0 31 * *"},
            {"cron": "30 2 29 feb *"},
        ]
    ),
    zone=st.sampled_from(["UTC", ZONE, "Australia/Lord_Howe", "America/Sao_Paulo"]),
)
def test_latest_and_next_are_neighbours(moment: datetime, plain: Any, zone: str) -> None:
    """What is due and what comes next enclose any moment, with nothing in between."""
    moment = moment.replace(tzinfo=UTC)
    planned = times_of(plain, zone, "job 'made'")

    latest, following = planned.latest(moment), planned.next(moment)

    assert latest is not None
    assert latest.astimezone(UTC) <= moment < following.astimezone(UTC)
    assert planned.next(latest).astimezone(UTC) == following.astimezone(UTC)


def test_weekdays_count_as_cron_counts_them() -> None:
    """0 and 7 are Sunday; APScheduler's own numbers begin with Monday."""
    start = datetime(2025, 6, 2, tzinfo=UTC)  # a Monday
    for sunday in ("0", "7", "sun"):
        assert coming(times("UTC", cron=f"0 9 * * {sunday}"), start, 1) == [
            "2025-06-08T09:00+00:00"
        ]
    assert Cron.parse("0 9 * * 1-5", "").values[-1] == (1, 2, 3, 4, 5)
    assert Cron.parse("0 9 * * fri-sun", "").values[-1] == (0, 5, 6)
    assert Cron.parse("*/1 0-23 1-31 jan-dec 0-6", "").values == ((), (), (), (), ())


@pytest.mark.parametrize(
    ("plain", "message"),
    [
        ({}, "job 'made' has no time; give one of at = \"02:30\""),
        ({"at": "02:30", "every": "6h"}, "has at and every; give one"),
        ({"at": "25:00"}, "at = '25:00', expected a time of day"),
        ({"at": 230}, "at = 230, expected a time of day"),
        ({"every": "soon"}, "every = 'soon', expected a number and s, m, h, d or w"),
        ({"every": "0h"}, "every = '0h', expected a number"),
        ({"cron": "30 2 * *"}, "expected five fields"),
        ({"cron": "61 2 * * *"}, "minute '61' is not between 0 and 59"),
        ({"cron": "0 2 * * funday"}, "weekday 'funday' is not between"),
        ({"cron": "0 5-2 * * *"}, "'5-2' runs backwards"),
        ({"cron": "1/5 * * * *"}, r"step without a range; write \*/5"),
        ({"cron": "0 0 31 2 *"}, "never comes"),
        ({"cron": "0 0 1 * mon"}, "cron and systemd read differently; make two jobs"),
    ],
)
def test_time_that_cannot_be_used_is_named(plain: dict[str, Any], message: str) -> None:
    """The value, what was expected, what to do."""
    with pytest.raises(SettingsError, match=message):
        times_of(plain, "UTC", "job 'made'")


@pytest.mark.parametrize("zone", ["Mars/Olympus", "../etc/passwd", "", 3])
def test_unknown_zone_is_named(zone: Any) -> None:
    """Times in a zone that nobody knows would be taken for another's."""
    with pytest.raises(SettingsError, match=r"zone = .*expected a time zone"):
        times_of({"at": "02:30"}, zone, "job 'made'")


def test_crontab_says_the_same_times() -> None:
    """Also of intervals, where a crontab can; where not, it says so."""
    jobs = [
        job("night", times(at="02:30")),
        job("six", times(every="6h")),
        job("seven", times(every="7h")),
        job("week", times(cron="0 4 * * sun")),
    ]

    lines = crontab(jobs, ["/opt/samework", "schedule", "--once"], "/srv/50% of it").splitlines()

    run = r"cd '/srv/50\% of it' && /opt/samework schedule --once"
    assert lines[2:] == [
        f"CRON_TZ={ZONE}",
        f"30 2 * * * {run} night",
        "CRON_TZ=UTC",
        f"0 */6 * * * {run} six",
        "# seven: 'every 7h' is no time that cron can say",
        f"CRON_TZ={ZONE}",
        f"0 4 * * sun {run} week",
    ]


def test_systemd_units_say_the_same_times() -> None:
    """A timer a job, made up for after a time off, as the schedule itself does."""
    text = systemd([job("night", times(at="02:30"))], ["/opt/same work", "--once"], "/srv/index")

    assert "# /etc/systemd/system/samework-night.timer" in text
    assert f"OnCalendar=*-*-* 2:30:00 {ZONE}\nPersistent=true\n" in text
    assert 'ExecStart="/opt/same work" --once night' in text
    assert calendar(Cron.parse("*/30 9-11 * feb mon-fri", ""), "UTC") == (
        "Mon,Tue,Wed,Thu,Fri *-2-* 9,10,11:0,30:00 UTC"
    )
    assert "OnUnitActiveSec=25200s" in systemd([job("seven", times(every="7h"))], [], "/")


def test_crontab_of_an_interval_plans_the_moments_of_the_interval() -> None:
    """Whoever moves from one to the other must not see jobs move."""
    start = datetime(2025, 6, 4, 7, 11, tzinfo=ZoneInfo("UTC"))
    for every in ("5m", "2h", "1d", "1w"):
        interval = times(every=every)
        line = crontab([job("made", interval)], [], "/").splitlines()[-1]
        cron = times("UTC", cron=" ".join(line.split()[:5]))
        assert coming(cron, start, 5) == coming(interval, start, 5)
