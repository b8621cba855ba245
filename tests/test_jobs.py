"""Settings of jobs that cannot be used are named before anything runs."""

from __future__ import annotations

import tomllib

import pytest

from detector.jobs import makers
from indexer.errors import SettingsError
from indexer.jobs import jobs_of


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "there are no jobs; put into samework.toml a table [[schedule.job]]"),
        ('[schedule]\nzones = "UTC"', "unknown setting 'zones'; did you mean 'zone'?"),
        ('[[schedule.job]]\nevery = "6h"', "run = None, expected what to run"),
        ('[[schedule.job]]\nrun = "sleep"', "run = 'sleep', expected one of harvest, reindex"),
        ('[[schedule.job]]\nrun = "harvest nowhere"', "feed 'nowhere' is not in the registry"),
        ('[[schedule.job]]\nrun = "harvest"', "expected one feed, one job a feed"),
        ('[[schedule.job]]\nrun = "settle now"', "has 'now', expected nothing behind it"),
        ('[[schedule.job]]\nrun = "reindex --fast"', "has '--fast', expected --if-needed"),
        ('[[schedule.job]]\nrun = "settle"\nname = "a b"', "name = 'a b', expected up to 100"),
        ('[[schedule.job]]\nrun = "settle"\nat = "2:30"', "at = '2:30', expected a time of day"),
        ('[[schedule.job]]\nrun = "settle"\natt = "02:30"', "'att'; did you mean 'at'?"),
        (2 * '[[schedule.job]]\nrun = "settle"\nat = "02:30"\n', "two [[schedule.job]] are called"),
        ('[schedule]\njob = "settle"', "job = 'settle', expected tables"),
        (
            '[[schedule.job]]\nrun = "settle"\nat = "02:30"\ngrace = "long"',
            "grace = 'long', expected a number and s, m, h, d or w",
        ),
    ],
)
def test_setting_that_cannot_be_used_is_named(text: str, message: str) -> None:
    """The value, what was expected, what to do; before anything runs."""
    with pytest.raises(SettingsError) as found:
        jobs_of(tomllib.loads(text).get("schedule", {}), makers({}))
    assert message in str(found.value)
