"""Where the client may be led, and where not: addresses, names and certificates."""

from __future__ import annotations

import ssl
from dataclasses import replace

import pytest
import trustme

from indexer.errors import FeedError, FeedUnavailable
from indexer.feeds.transport.http import HttpClient
from indexer.feeds.transport.network import is_public
from tests.servers import faults
from tests.servers.asking import QUICK, asking
from tests.servers.faults import GOOD
from tests.servers.loopback import Reply, serving

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
    with HttpClient(QUICK, lookup=lambda host, port: next(answers)) as client, refused:
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
        with HttpClient(polite, lookup=lookup) as client:
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
        with HttpClient(polite) as client, pytest.raises(FeedUnavailable, match=r"(?i)certificate"):
            client.get(server.url)


def test_a_certificate_of_a_named_authority_is_accepted(tmp_path) -> None:
    authority = trustme.CA()
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("127.0.0.1").configure_cert(context)
    authority.cert_pem.write_to_path(tmp_path / "ca.pem")

    with serving(faults.always(Reply(GOOD)), context) as server:
        hosts = frozenset({server.host})
        polite = replace(QUICK, private_hosts=hosts, ca_file=str(tmp_path / "ca.pem"))
        with HttpClient(polite) as client:
            assert client.get(server.url).body == GOOD


def test_a_secure_address_never_leads_to_an_insecure_one(tmp_path) -> None:
    authority = trustme.CA()
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("127.0.0.1").configure_cert(context)
    authority.cert_pem.write_to_path(tmp_path / "ca.pem")

    with serving(faults.moved("http://127.0.0.1:9/"), context) as server:
        hosts = frozenset({server.host})
        polite = replace(QUICK, private_hosts=hosts, ca_file=str(tmp_path / "ca.pem"))
        with HttpClient(polite) as client, pytest.raises(FeedError, match="insecure"):
            client.get(server.url + "/from")


def test_a_redirect_within_the_allowed_hosts_is_followed() -> None:
    with asking(faults.moved("/elsewhere")) as (client, server):
        assert client.get(server.url + "/from").body == GOOD
