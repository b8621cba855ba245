"""`samework harvest` as a person runs it: streams, exit statuses, signals."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from indexer.index.opening import open_engine
from tests.command import here
from tests.servers.loopback import Ask, Reply, Server, serving
from tests.servers.oai_provider import Provider, made_items

pytestmark = pytest.mark.timeout(600)


def configured(folder: Path, **servers: Server) -> Path:
    """A samework.toml with these repositories as feeds, at full speed."""
    lines = []
    for name, server in servers.items():
        lines += [
            f"[feeds.{name}]",
            'protocol = "oai_pmh"',
            f'endpoint = "{server.url}/oai"',
            f'private_hosts = ["{server.host}"]',
            "rate = 0",
            "attempts = 2",
            "first_wait = 0.01",
        ]
    (folder / "samework.toml").write_text("\n".join(lines) + "\n")
    return folder


def started(folder: Path, *arguments: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "samework.cli", "harvest", *arguments],
        cwd=folder, env={**os.environ, "PYTHONPATH": os.getcwd()}, text=True,
        stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    )  # fmt: skip


def run(folder: Path, *arguments: str) -> tuple[int, str, str]:
    done = here("harvest", *arguments, cwd=folder)
    return done.returncode, done.stdout, done.stderr


def stored(folder: Path) -> int:
    engine = open_engine(str(folder / ".samework"), create=False)
    try:
        return sum(1 for record in engine.scan() if not record.deleted)
    finally:
        engine.close()


def test_all_configured_feeds_are_read_and_told(tmp_path: Path) -> None:
    with serving(Provider(made_items(20))) as a, serving(Provider(made_items(30))) as b:
        configured(tmp_path, one=a, two=b)
        status, out, err = run(tmp_path, "--detect")
        again = run(tmp_path, "--json")

    assert status == 0, err
    assert "one: complete; fetched 20, new 16" in out
    assert "two: complete; fetched 30, new 24" in out
    accounts = [json.loads(line) for line in again[1].splitlines()]
    assert [(a["feed"], a["state"], a["new"]) for a in accounts] == [
        ("one", "complete", 0),
        ("two", "complete", 0),
    ]
    assert stored(tmp_path) == 40


def test_a_feed_that_falls_short_ends_with_status_3(tmp_path: Path) -> None:
    provider = Provider(made_items(20), page_size=5)
    provider.after = lambda ask, body: (
        Reply(b"", 500) if "|10|" in ask.params.get("resumptionToken", "") else None
    )
    with serving(provider) as server:
        status, out, _ = run(configured(tmp_path, one=server))

    assert status == 3
    assert "one: incomplete (10 missing)" in out


def test_records_that_could_not_be_used_end_with_status_3_and_where_to_see_them(
    tmp_path: Path,
) -> None:
    items = made_items(6)
    items[2] = replace(items[2], metadata="<odd>nothing that a record is made of</odd>")
    with serving(Provider(items)) as server:
        status, out, err = run(configured(tmp_path, one=server))

    assert status == 3
    assert "one: complete" in out
    assert "1 row could not be used" in err
    assert "samework dead-letters list --index .samework" in err


def test_sigterm_stores_the_page_in_hand_and_stops(tmp_path: Path) -> None:
    provider = Provider(made_items(400), page_size=4)

    def slowly(ask: Ask, body: bytes) -> Reply | None:
        time.sleep(0.1)
        return None

    provider.after = slowly
    with serving(provider) as server:
        configured(tmp_path, one=server)
        process = started(tmp_path)
        while len(server.asked) < 8 and process.poll() is None:
            time.sleep(0.05)
        process.send_signal(signal.SIGTERM)
        out, err = process.communicate(timeout=120)
        provider.after = lambda ask, body: None
        rest = run(tmp_path)

    assert process.returncode == 3, err
    assert "one: stopped" in out
    assert "stopping after the page in hand" in err
    assert rest[0] == 0
    assert stored(tmp_path) == 320


def test_watching_harvests_again_until_it_is_stopped(tmp_path: Path) -> None:
    with serving(Provider(made_items(10))) as server:
        process = started(configured(tmp_path, one=server), "--watch", "1s")
        deadline = time.monotonic() + 240
        identified = 0
        while identified < 3 and time.monotonic() < deadline:
            identified = sum(ask.params.get("verb") == "Identify" for ask in list(server.asked))
            time.sleep(0.1)
        process.send_signal(signal.SIGINT)
        out, _ = process.communicate(timeout=120)

    assert identified >= 3
    assert out.count("one: ") >= 2


def test_a_dry_run_counts_and_stores_nothing(tmp_path: Path) -> None:
    with serving(Provider(made_items(20))) as server:
        status, out, _ = run(configured(tmp_path, one=server), "--dry-run")

    assert status == 0
    assert "one: complete; fetched 20" in out
    assert stored(tmp_path) == 0


def test_counts_are_written_for_prometheus(tmp_path: Path) -> None:
    with serving(Provider(made_items(20))) as server:
        run(configured(tmp_path, one=server), "--metrics", "harvest.prom")

    text = (tmp_path / "harvest.prom").read_text()
    assert 'samework_harvest_rows{feed="one",outcome="fetched"} 20.0' in text
    assert 'samework_harvest_complete{feed="one"} 1.0' in text


def test_the_feeds_there_are_can_be_listed(tmp_path: Path) -> None:
    status, out, _ = run(tmp_path, "--list", "--json")

    names = {json.loads(line)["feed"] for line in out.splitlines()}
    assert status == 0
    assert {"arxiv", "openalex", "crossref", "datacite", "fatcat", "core", "dblp"} <= names
    assert {"pubmed", "unpaywall", "semantic_scholar", "papers_with_code"} <= names


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ((), "samework.toml has no [feeds]"),
        (("nowhere",), "is not in the registry"),
        (("arxiv", "--watch", "often"), "--watch"),
    ],
)
def test_what_cannot_be_harvested_is_said_in_one_line(
    arguments: tuple[Any, ...], said: str, tmp_path: Path
) -> None:
    status, out, err = run(tmp_path, *arguments)

    assert status == 1
    assert said in err
    assert out == ""
    assert "Traceback" not in err
