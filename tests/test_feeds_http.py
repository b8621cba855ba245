"""The polite client against a host that misbehaves, each fault with its outcome."""

from __future__ import annotations

import gzip
import logging
import time
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest

from indexer.errors import FeedError, FeedUnavailable, InputTooLarge
from indexer.feeds.transport.http import BadStatus
from indexer.feeds.transport.politeness import Key
from tests.servers import faults
from tests.servers.asking import QUICK, asking
from tests.servers.faults import GOOD, head, wire
from tests.servers.loopback import Answerer, Ask, Reply

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
