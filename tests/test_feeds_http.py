"""The polite client against a host that misbehaves, each fault with its outcome."""

from __future__ import annotations

import gzip
import logging
import ssl
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest
import trustme

from indexer.errors import FeedError, FeedUnavailable, InputTooLarge
from indexer.feeds.bodies import BodyLimits
from indexer.feeds.http import BadStatus, Client
from indexer.feeds.network import is_public
from indexer.feeds.pace import Hosts, retry_after, stated_limits
from indexer.feeds.politeness import Key, Politeness
from tests.servers import faults
from tests.servers.faults import GOOD, head, wire
from tests.servers.loopback import Answerer, Ask, Reply, Server, serving

QUICK = Politeness(
    rate=0,
    attempts=3,
    first_wait=0.01,
    longest_wait=0.05,
    longest_retry_after=2.0,
    connect_timeout=20.0,
    read_timeout=20.0,
    deadline=60.0,
    body=BodyLimits(packed=200_000, unpacked=4_000_000, ratio=200),
)


@contextmanager
def asking(
    answer: Answerer, politeness: Politeness = QUICK, keys: Mapping[str, Key] | None = None
) -> Iterator[tuple[Client, Server]]:
    with serving(answer) as server:
        polite = replace(politeness, private_hosts=frozenset({server.host}))
        with Client(polite, Hosts(), keys) as client:
            yield client, server


MENDED = {
    "a cut body": faults.at_first(1, wire(head("Content-Length: 50"), b'{"made"')),
    "a cut chunk": faults.at_first(1, wire(head("Transfer-Encoding: chunked"), b"ff\r\n{")),
    "a hung-up connection": faults.at_first(2, wire()),
    "nonsense instead of HTTP": faults.at_first(1, wire(b"220 ftp ready\r\n\r\n")),
    "a storm of 503": faults.at_first(2, faults.status(503)),
    "503 that says when": faults.at_first(1, faults.status(503, {"Retry-After": "1"})),
    "429 with Retry-After 0": faults.at_first(1, faults.status(429, {"Retry-After": "0"})),
    "500 and 502": faults.at_first(2, faults.status(502)),
    "a cut gzip body": faults.at_first(
        1, Reply(gzip.compress(GOOD * 99)[:-12], 200, {"Content-Encoding": "gzip"})
    ),
}


@pytest.mark.parametrize("fault", MENDED)
def test_what_passes_is_waited_out(fault: str) -> None:
    with asking(MENDED[fault]) as (client, server):
        answer = client.get(server.url + "/x")

    assert answer.body == GOOD
    assert len(server.asked) > 1


def year_away() -> str:
    return format_datetime(datetime.now(UTC) + timedelta(days=365), usegmt=True)


ENDED: dict[str, tuple[Answerer, type[FeedError], str, int]] = {
    # what the host does, what comes of it, what is said, how often it is asked
    "503 for ever": (faults.always(faults.status(503)), FeedUnavailable, "in 3 tries", 3),
    "a body always cut": (
        faults.always(wire(head("Content-Length: 50"), b"{")), FeedUnavailable, "in 3 tries", 3,
    ),
    "come back in 31 years": (
        faults.always(faults.status(503, {"Retry-After": "1000000000"})),
        FeedUnavailable, "asks to come back", 1,
    ),
    "come back in a year, as a date": (
        faults.always(faults.status(429, {"Retry-After": year_away()})),
        FeedUnavailable, "asks to come back", 1,
    ),
    "404": (faults.always(faults.status(404)), BadStatus, "answered 404", 1),
    "403": (faults.always(faults.status(403)), BadStatus, "answered 403", 1),
    "a bomb": (faults.always(faults.bomb(3_900_000)), InputTooLarge, "unpacks to more", 1),
    "an endless body": (
        faults.always(wire(head("Content-Type: a/b"), *[b"x" * 50_000] * 9)),
        InputTooLarge, "longer than 200000", 1,
    ),
    "gzip inside gzip inside gzip inside gzip": (
        faults.always(Reply(gzip.compress(gzip.compress(gzip.compress(gzip.compress(GOOD)))))),
        InputTooLarge, "more than 3 times", 1,
    ),
    "a coding not asked for": (
        faults.always(Reply(b"x", 200, {"Content-Encoding": "br"})), FeedError, "only gzip", 1,
    ),
    "a redirect to itself": (faults.moved("/from"), FeedError, "circle", 1),
    "a redirect to a file": (faults.moved("file:///etc/passwd"), FeedError, "no http", 1),
    "a redirect to nothing": (faults.moved("https://"), FeedError, "no http", 1),
}  # fmt: skip


@pytest.mark.parametrize("fault", ENDED)
def test_what_does_not_pass_ends_politely(fault: str) -> None:
    answer, error, said, times = ENDED[fault]

    with asking(answer) as (client, server), pytest.raises(error, match=said):
        client.get(server.url + "/from")

    assert len(server.asked) == times


TAKEN = {
    "gzip announced": faults.packed(GOOD, Content_Encoding="gzip"),
    "gzip not announced": faults.packed(GOOD),
    "gzip announced but plain": Reply(GOOD, 200, {"Content-Encoding": "gzip"}),
    "gzip twice": Reply(gzip.compress(gzip.compress(GOOD)), 200, {"Content-Encoding": "gzip"}),
    "gzip of two members": Reply(gzip.compress(GOOD[:5]) + gzip.compress(GOOD[5:])),
    "gzip with garbage behind it": Reply(gzip.compress(GOOD) + b"\0garbage"),
    "more bytes than its length says": wire(head("Content-Length: 14"), GOOD + b"more"),
    "no length, closed at the end": wire(head("Content-Type: a/b"), GOOD),
}


@pytest.mark.parametrize("lie", TAKEN)
def test_lies_about_the_body_are_seen_through(lie: str) -> None:
    with asking(faults.always(TAKEN[lie])) as (client, server):
        assert client.get(server.url).body == GOOD


@pytest.mark.parametrize("reply", [faults.drip(30), faults.drip_head(30)])
def test_a_slow_loris_is_dropped_at_the_deadline(reply: Reply) -> None:
    """Each byte comes in time for the read time-out; the whole does not."""
    slow = replace(QUICK, attempts=1, deadline=0.6)
    begun = time.monotonic()

    with asking(faults.always(reply), slow) as (client, server), pytest.raises(FeedUnavailable):
        client.get(server.url)

    assert time.monotonic() - begun < 20


PRIVATE = [
    *("http://169.254.169.254/latest/", "http://127.0.0.1:1/", "http://[::1]/", "http://10.1.2.3/"),
    *("http://localhost/", "http://2130706433/", "http://0x7f000001/", "http://0177.0.0.1/"),
    *("http://127.1/", "http://[::ffff:127.0.0.1]/", "http://[64:ff9b::7f00:1]/", "http://0/"),
    *("http://[fe80::1]/", "http://[fd00::1]/", "http://192.168.0.1/", "http://100.64.0.1/"),
    *("http://[2002:7f00:1::]/", "http://224.0.0.1/"),
]


@pytest.mark.parametrize("target", PRIVATE)
def test_a_redirect_to_a_private_address_is_refused(target: str) -> None:
    """In whatever notation: an address is checked as looked up, and connected to as checked."""
    refused = pytest.raises(FeedError, match=r"not a public address|no http address")
    with asking(faults.moved(target)) as (client, server), refused:
        client.get(server.url + "/from")

    assert len(server.asked) == 1


def test_a_public_name_with_a_private_address_is_refused() -> None:
    """DNS may say anything; what it says is checked, once, and used as checked."""
    answers = iter([["127.0.0.1"]])

    refused = pytest.raises(FeedError, match="not a public address")
    with Client(QUICK, lookup=lambda host, port: next(answers)) as client, refused:
        client.get("http://repository.example/oai")


def test_the_address_that_was_checked_is_the_one_connected_to() -> None:
    """A second look-up with another answer (DNS rebinding) never happens."""
    looked_up: list[str] = []

    def lookup(host: str, port: int) -> list[str]:
        looked_up.append(host)
        return ["127.0.0.1"]

    with serving(faults.always(Reply(GOOD))) as server:
        port = server.host.partition(":")[2]
        polite = replace(QUICK, private_hosts=frozenset({f"made.example:{port}"}))
        with Client(polite, lookup=lookup) as client:
            assert client.get(f"http://made.example:{port}/").body == GOOD

    assert looked_up == ["made.example"]


def test_notations_of_addresses_are_seen_through() -> None:
    assert is_public("93.184.216.34")
    assert is_public("2606:2800:220:1::1")
    assert not is_public("::ffff:10.0.0.1")
    assert not is_public("fe80::1%eth0")


def test_a_certificate_of_unknown_origin_is_refused() -> None:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    trustme.CA().issue_cert("127.0.0.1").configure_cert(context)

    with serving(faults.always(Reply(GOOD)), context) as server:
        polite = replace(QUICK, private_hosts=frozenset({server.host}))
        with Client(polite) as client, pytest.raises(FeedUnavailable, match=r"(?i)certificate"):
            client.get(server.url)


def test_a_certificate_of_a_named_authority_is_accepted(tmp_path) -> None:
    authority = trustme.CA()
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("127.0.0.1").configure_cert(context)
    authority.cert_pem.write_to_path(tmp_path / "ca.pem")

    with serving(faults.always(Reply(GOOD)), context) as server:
        hosts = frozenset({server.host})
        polite = replace(QUICK, private_hosts=hosts, ca_file=str(tmp_path / "ca.pem"))
        with Client(polite) as client:
            assert client.get(server.url).body == GOOD


def test_a_secure_address_never_leads_to_an_insecure_one(tmp_path) -> None:
    authority = trustme.CA()
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("127.0.0.1").configure_cert(context)
    authority.cert_pem.write_to_path(tmp_path / "ca.pem")

    with serving(faults.moved("http://127.0.0.1:9/"), context) as server:
        hosts = frozenset({server.host})
        polite = replace(QUICK, private_hosts=hosts, ca_file=str(tmp_path / "ca.pem"))
        with Client(polite) as client, pytest.raises(FeedError, match="insecure"):
            client.get(server.url + "/from")


def test_a_redirect_within_the_allowed_hosts_is_followed() -> None:
    with asking(faults.moved("/elsewhere")) as (client, server):
        assert client.get(server.url + "/from").body == GOOD


@pytest.mark.parametrize("sent_as", ["header", "param"])
def test_a_key_goes_to_its_own_host_and_into_no_message(
    sent_as: str, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setenv("SAMEWORK_MADE_KEY", "s3cret/+")
    key = Key("SAMEWORK_MADE_KEY", header="x-api-key") if sent_as == "header" else None
    key = key or Key("SAMEWORK_MADE_KEY", param="api_key")
    caplog.set_level(logging.DEBUG)

    def tell(ask: Ask) -> Reply:
        return Reply(f"{ask.params} {ask.headers}".encode(), 503)

    failed = pytest.raises(FeedUnavailable)
    with asking(tell, keys={"127.0.0.1": key}) as (client, server), failed as error:
        client.get(server.url, {"q": "a b+c|d"})
    with asking(tell, keys={"elsewhere.example": key}) as (client, other), failed:
        client.get(other.url)

    assert "s3cret/+" in (*server.asked[0].params.values(), *server.asked[0].headers.values())
    assert "s3cret" not in str(other.asked)
    assert server.asked[0].params["q"] == "a b+c|d"
    assert "s3cret" not in str(error.value) + caplog.text


def test_every_request_says_who_we_are() -> None:
    polite = replace(QUICK, contact="made@example.org")

    with asking(faults.always(Reply(GOOD)), polite) as (client, server):
        client.get(server.url)

    agent = server.asked[0].headers["User-Agent"]
    assert agent.startswith("samework/")
    assert "mailto:made@example.org" in agent
    assert "Cookie" not in server.asked[0].headers


def test_the_rate_of_a_host_is_kept_by_all_who_ask_it() -> None:
    """Two feeds of one host share its rate: it counts requests, not feeds."""
    hosts = Hosts()
    with serving(faults.always(Reply(GOOD))) as server:
        polite = replace(QUICK, rate=20, private_hosts=frozenset({server.host}))
        begun = time.monotonic()
        with Client(polite, hosts) as one, Client(polite, hosts) as other:
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
        with Client(polite, hosts) as client, pytest.raises(FeedUnavailable, match="stopped"):
            client.get(server.url)


def test_a_download_appears_whole_or_not_at_all(tmp_path) -> None:
    """A file cut off on the way is fetched again; meanwhile nobody takes it for the file."""
    cut = wire(head("Content-Length: 50"), b"only a part")
    target = tmp_path / "dump.jsonl.gz"

    with asking(faults.always(cut)) as (client, server), pytest.raises(FeedUnavailable):
        client.download(server.url, target)
    assert not target.exists()
    with asking(faults.at_first(1, cut)) as (client, server):
        client.download(server.url, target)

    assert target.read_bytes() == GOOD


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
