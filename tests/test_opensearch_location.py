"""Addresses of an OpenSearch and names in it, without a node."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path

import numpy as np
import pytest

from indexer.errors import SettingsError
from indexer.index.opensearch import client
from indexer.index.opensearch.bulk import BYTES, ITEMS, Write, _chunks
from indexer.index.opensearch.location import Location, fill_in
from indexer.index.opensearch.names import LONGEST_ID, document_id
from indexer.index.opensearch.spelling import SpelledKeys, spelled


@pytest.mark.parametrize(
    ("url", "hosts", "path", "prefix"),
    [
        ("http://127.0.0.1:9200", [("127.0.0.1", 9200)], "", "samework"),
        ("http://localhost/papers", [("localhost", 9200)], "", "papers"),
        ("http://[::1]:9201/papers", [("::1", 9201)], "", "papers"),
        ("https://search.example/api/", [("search.example", 9200)], "/api", "samework"),
        ("https://a:1,b:2,c/api/v1/papers", [("a", 1), ("b", 2), ("c", 9200)], "/api/v1", "papers"),
    ],
)
def test_last_part_of_the_path_names_the_indices(
    url: str, hosts: list[tuple[str, int]], path: str, prefix: str
) -> None:
    """One address says where the cluster is, behind which path, and which indices."""
    location = Location.parse(url, {})

    assert list(location.hosts) == hosts
    assert (location.path, location.prefix) == (path, prefix)


@pytest.mark.parametrize(
    ("url", "complaint"),
    [
        ("http://search.example:9200/papers", "in the open"),
        ("http://127.0.0.1,search.example/papers", "in the open"),
        ("ftp://127.0.0.1/papers", "no address"),
        ("https://search.example/papers?pretty", "no address"),
        ("https:///papers", "names no host"),
        ("https://search.example:port/papers", "no usable port"),
        ("https://search.example/Papers", "cannot begin an index name"),
        ("https://search.example/.hidden", "cannot begin an index name"),
        ("https://search.example/a*", "cannot begin an index name"),
    ],
)
def test_unusable_address_is_refused_with_what_was_expected(url: str, complaint: str) -> None:
    """Plain http to another machine is the dangerous one: it would carry the password."""
    with pytest.raises(SettingsError, match=complaint) as refusal:
        Location.parse(url, {})

    assert "expected" in str(refusal.value)


def test_password_is_never_shown() -> None:
    """An address goes into messages, logs and reports; the password in it must not."""
    location = Location.parse("https://reader:s%40crit@search.example/papers", {})

    assert (location.user, location.password) == ("reader", "s@crit")
    assert "s@crit" not in f"{location} {location!r}"
    assert str(location) == "https://search.example:9200/papers"
    with pytest.raises(SettingsError) as refusal:
        Location.parse("ftp://reader:secret@search.example/papers", {})
    assert "secret" not in str(refusal.value)


def test_environment_fills_in_what_must_not_stand_on_a_command_line(tmp_path: Path) -> None:
    """A password in an address is seen by every process of the machine."""
    authority = tmp_path / "ca.pem"
    authority.write_text("made")
    given = {
        "SAMEWORK_OPENSEARCH_USER": "writer",
        "SAMEWORK_OPENSEARCH_PASSWORD": "secret",
        "SAMEWORK_OPENSEARCH_CA": str(authority),
        "SAMEWORK_OPENSEARCH_SHARDS": "3",
    }

    location = Location.parse("https://search.example/papers", given)

    assert (location.user, location.password, location.shards) == ("writer", "secret", 3)
    assert location.authority == str(authority)


@pytest.mark.parametrize(
    ("name", "value"),
    [("SHARDS", "0"), ("SHARDS", "many"), ("CA", "/no/such/file"), ("KEY", __file__)],
)
def test_unusable_environment_is_refused_by_its_name(name: str, value: str) -> None:
    """The message names the variable that must change."""
    with pytest.raises(SettingsError, match=f"SAMEWORK_OPENSEARCH_{name}"):
        Location.parse("https://search.example/papers", {f"SAMEWORK_OPENSEARCH_{name}": value})


def test_settings_file_says_what_the_environment_does_not() -> None:
    """Flags stand over the environment, the environment over the file."""
    given = {"SAMEWORK_OPENSEARCH_USER": "writer"}

    fill_in({"user": "reader", "shards": 3}, given)

    location = Location.parse("https://search.example/papers", given)
    assert (location.user, location.shards) == ("writer", 3)
    with pytest.raises(SettingsError, match=r"\[opensearch\] pasword"):
        fill_in({"pasword": "typing error"}, given)


def test_signing_and_a_user_exclude_each_other() -> None:
    """Both would write the same header."""
    given = {"SAMEWORK_OPENSEARCH_REGION": "eu-west-1", "SAMEWORK_OPENSEARCH_USER": "writer"}

    with pytest.raises(SettingsError, match="not both"):
        Location.parse("https://search.example/papers", given)


def test_signed_requests_carry_a_signature_of_their_body(monkeypatch: pytest.MonkeyPatch) -> None:
    """A managed cluster refuses what is not signed with SigV4."""
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "made")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "made-up")
    location = Location.parse(
        "https://search.example/papers", {"SAMEWORK_OPENSEARCH_REGION": "eu-west-1"}
    )

    headers = client._signing(location)("POST", "https://search.example/_bulk", b"{}\n")

    assert "eu-west-1/es/aws4_request" in headers["Authorization"]
    assert "X-Amz-Content-SHA256" in headers


def test_long_ids_are_hashed_and_stay_distinct() -> None:
    """OpenSearch refuses an _id over 512 bytes; identifiers of OAI may have 4,000."""
    names = ["oai:made:" + "x" * 4_000 + end for end in ("a", "b")]
    accented = "é" * LONGEST_ID  # 1,024 bytes in 512 characters
    lookalike = document_id(names[0])

    made = [document_id(name) for name in (*names, accented, lookalike, "", "short")]

    assert len(set(made)) == len(made)
    assert all(0 < len(one.encode()) <= LONGEST_ID for one in made)
    assert made[-1] == "short"


def test_keys_are_spelled_alike_one_by_one_and_together() -> None:
    """What is stored in bulk is what a search for one key asks for."""
    values = np.array([0, 1, 63, 64, (7 << 60) | 5, (1 << 63) - 1], np.uint64)

    together = SpelledKeys(values).array(0, len(values))

    words = [spelled(int(value)) for value in values]
    assert together.decode() == "[" + ",".join(f'"{word}"' for word in words) + "]"
    assert len(set(words)) == len(words)
    assert SpelledKeys(values).array(2, 2) == b"[]"


@pytest.mark.parametrize(
    ("header", "least", "most"),
    [
        ("", 0, 0),
        ("2", 2, 2),
        ("1000000000", client.RETRY_AFTER_CAP, client.RETRY_AFTER_CAP),
        ("-5", 0, 0),
        ("soon", 0, 0),
    ],
)
def test_retry_after_is_followed_within_reason(header: str, least: float, most: float) -> None:
    """Not for ever, not into the past."""
    assert least <= client._retry_after({"Retry-After": header}) <= most


def test_retry_after_may_be_a_date() -> None:
    """Gateways give one, OpenSearch itself a number or nothing."""
    soon = format_datetime(datetime.now(UTC) + timedelta(seconds=30))
    past = format_datetime(datetime.now(UTC) - timedelta(days=1))

    assert 20 < client._retry_after({"Retry-After": soon}) < 31
    assert client._retry_after({"Retry-After": past}) == 0


def test_bulk_requests_are_cut_by_items_and_by_bytes() -> None:
    """A request of any size would meet the server's limit, and hold it all in memory."""
    small = [Write("i", str(n), b"{}") for n in range(2 * ITEMS + 1)]
    large = [Write("i", str(n), b"x" * (BYTES // 2)) for n in range(3)]

    assert [len(chunk) for chunk in _chunks(small)] == [ITEMS, ITEMS, 1]
    assert [len(chunk) for chunk in _chunks(large)] == [1, 1, 1]
