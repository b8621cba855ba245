"""How often a host is asked, and when it is left alone."""

from __future__ import annotations

import time
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from indexer.errors import FeedUnavailable
from indexer.feeds.transport.http import HttpClient
from indexer.feeds.transport.pace import Hosts, retry_after, stated_limits
from tests.servers import faults
from tests.servers.asking import QUICK, asking
from tests.servers.faults import GOOD
from tests.servers.loopback import Reply, serving


def test_the_rate_of_a_host_is_kept_by_all_who_ask_it() -> None:
    """Two feeds of one host share its rate: it counts requests, not feeds."""
    hosts = Hosts()
    with serving(faults.always(Reply(GOOD))) as server:
        polite = replace(QUICK, rate=20, private_hosts=frozenset({server.host}))
        begun = time.monotonic()
        with HttpClient(polite, hosts) as one, HttpClient(polite, hosts) as other:
            for client in (one, other) * 4:
                client.get(server.url)

    assert time.monotonic() - begun >= 7 / 20


def test_limits_stated_in_headers_slow_us_down() -> None:
    stated = {"X-Rate-Limit-Limit": "10", "X-Rate-Limit-Interval": "1s"}
    with asking(faults.always(Reply(GOOD, 200, stated))) as (client, server):
        begun = time.monotonic()
        for _ in range(4):
            client.get(server.url)

    assert time.monotonic() - begun >= 2 / 10


def test_a_sick_host_is_left_alone() -> None:
    """Three failures in a row, and no more requests until it had time to recover."""
    polite = replace(QUICK, attempts=2, failures=3, pause=60)
    with asking(faults.always(faults.status(500)), polite) as (client, server):
        for _ in range(5):
            with pytest.raises(FeedUnavailable) as error:
                client.get(server.url)

    assert len(server.asked) == 3 * 2
    assert "left alone" in str(error.value)


def test_a_host_recovers_after_its_pause() -> None:
    polite = replace(QUICK, attempts=1, failures=1, pause=0.05)
    with asking(faults.at_first(1, faults.status(500)), polite) as (client, server):
        with pytest.raises(FeedUnavailable):
            client.get(server.url)
        time.sleep(0.1)
        assert client.get(server.url).body == GOOD


def test_a_stop_ends_every_wait_at_once() -> None:
    hosts = Hosts()
    hosts.stop.set()
    slow = replace(QUICK, rate=0.001)
    with serving(faults.always(Reply(GOOD))) as server:
        polite = replace(slow, private_hosts=frozenset({server.host}))
        with HttpClient(polite, hosts) as client, pytest.raises(FeedUnavailable, match="stopped"):
            client.get(server.url)


NOW = datetime(2024, 6, 1, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        ("120", 120.0),
        ("0", 0.0),
        ("-5", 0.0),
        ("1000000000", 1e9),
        ("Sat, 01 Jun 2024 12:00:30 GMT", 30.0),
        ("Sat, 01 Jun 2024 11:00:00 GMT", 0.0),
        ("2024-06-01T12:00:10Z", 10.0),
        ("soon", None),
        ("", None),
        ("nan", None),
    ],
)
def test_retry_after_is_read_in_every_form(value: str, seconds: float | None) -> None:
    assert retry_after({"Retry-After": value}, NOW) == seconds


def test_accounts_that_run_empty_pause_until_their_reset() -> None:
    assert stated_limits({"X-RateLimit-Remaining": "0", "X-RateLimit-Reset": "12"})[1] == 12
    assert stated_limits({"RateLimit-Remaining": "7", "RateLimit-Reset": "12"})[1] is None
    assert stated_limits({}) == (None, None)
