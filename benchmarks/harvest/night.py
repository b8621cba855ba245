"""
A scripted night: five feeds of different kinds, two kills and a storm of faults, twice.

    python -m benchmarks.harvest.night --records 200000 [--detect] [--index URL] [--out FILE]

Every source is a server on loopback or a folder; the storm answers some requests with
503, cut bodies, web pages and hang-ups. The harvest is killed twice each night and
begun again by the same command. Prints the accounts of both nights, and fails if what
is stored is not what the sources hold, or if the second night changed anything else.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import random
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from benchmarks.harvest import world as made
from benchmarks.harvest.world import World
from detector.holdings import WORK
from indexer.backends.opening import open_engine
from indexer.harvesting import checkpoints
from tests.servers import cursor_apis, faults
from tests.servers.loopback import Answerer, Ask, Reply, Server, serving
from tests.servers.oai_provider import Provider

STORM: Final = 0.04  # of requests that meet a fault
SEED: Final = 20240601
COLUMNS: Final = ("fetched", "new", "updated", "unchanged", "older", "deleted", "rejected")


@dataclass
class Sources:
    """What the servers serve; changed between the nights."""

    provider: Provider
    answers: dict[str, Answerer] = field(default_factory=dict)
    files: dict[str, bytes] = field(default_factory=dict)
    stormy: bool = True

    def set_night(self, world: World, night: int, folder: Path) -> None:
        """Make the sources as they are on a night."""
        rows = {name: world.of(name, night) for name in made.SHARES}
        self.provider.items = made.library(rows["library"])
        self.answers["crossref"] = _dated(made.crossref(rows["crossref"]), cursor_apis.crossref)
        self.answers["datacite"] = _dated(made.datacite(rows["datacite"]), cursor_apis.datacite)
        self.files = made.pubmed(rows["pubmed"], self.files or None)
        made.snapshot(rows["openalex_snapshot"], folder)


def _dated(rows: list[dict[str, Any]], serve: Any) -> Answerer:
    """Serve all rows, or those changed since the date that a request names."""
    whole = serve(rows, 1000)
    late = serve([row for row in rows if made.SECOND_NIGHT[:10] in json.dumps(row)], 1000)

    def answer(ask: Ask) -> Reply:
        asked = ask.params.get("filter", "") + ask.params.get("query", "")
        served: Reply = (late if "from-index-date" in asked or "updated:" in asked else whole)(ask)
        return served

    return answer


def in_a_storm(answer: Answerer, sources: Sources, seed: int) -> Answerer:
    """Some requests meet a fault instead of the source."""
    choose = random.Random(seed)
    kinds = (
        Reply(b"busy", 503, {"Retry-After": "0"}),
        Reply(b"<html><body>Please log in</body></html>"),
        faults.wire(faults.head("Content-Length: 900"), b"half a"),
        faults.wire(),
    )

    def stormy(ask: Ask) -> Reply:
        if sources.stormy and choose.random() < STORM:
            return choose.choice(kinds)
        return answer(ask)

    return stormy


def file_server(sources: Sources) -> Answerer:
    """PubMed's directory of files and checksums."""

    def answer(ask: Ask) -> Reply:
        import hashlib

        name = ask.path.rpartition("/")[2]
        if name.endswith(".md5"):
            digest = hashlib.md5(sources.files[name[:-4]], usedforsecurity=False).hexdigest()
            return Reply(f"MD5({name[:-4]})= {digest}".encode())
        if name:
            return Reply(sources.files[name])
        return Reply("".join(f'<a href="{n}">{n}</a>' for n in sources.files).encode())

    return answer


@contextmanager
def running(sources: Sources) -> Iterator[dict[str, Server]]:
    """All servers."""
    answers: dict[str, Answerer] = {
        "library": sources.provider,
        "crossref": lambda ask: sources.answers["crossref"](ask),
        "datacite": lambda ask: sources.answers["datacite"](ask),
        "pubmed": file_server(sources),
    }
    with ExitStack() as stack:
        yield {
            name: stack.enter_context(serving(in_a_storm(answer, sources, SEED + number)))
            for number, (name, answer) in enumerate(answers.items())
        }


def settings_of(servers: Mapping[str, Server], folder: Path, spool: Path) -> str:
    """The samework.toml of the night."""
    lines = ["[feeds.openalex_snapshot]", f'endpoint = "{folder}"']
    for name, server in servers.items():
        path = {"library": "/oai", "pubmed": "/updatefiles/"}.get(name, "/works")
        lines += [
            f"[feeds.{name}]", f'endpoint = "{server.url}{path}"',
            f'private_hosts = ["{server.host}"]', "rate = 0", "first_wait = 0.05",
            "longest_wait = 0.5", "attempts = 8",
        ]  # fmt: skip
    lines += [f'spool = "{spool}"']  # of the last table, pubmed
    lines[lines.index("[feeds.library]") + 1 : 0] = []
    at = lines.index("[feeds.library]")
    lines.insert(at + 1, 'protocol = "oai_pmh"')
    return "\n".join(lines) + "\n"


def night(folder: Path, index: str, detect: bool, kills: int, seed: int) -> tuple[float, int, int]:
    """Harvest until complete, killed *kills* times if it lasts; (seconds, runs, kills)."""
    choose = random.Random(seed)
    command = [sys.executable, "-m", "detector.cli", "harvest", "--index", index, "--json"]
    command += ["--detect"] if detect else []
    environment = {**os.environ, "PYTHONPATH": os.getcwd()}
    begun, runs, killed = time.monotonic(), 0, 0
    while True:
        runs += 1
        process = subprocess.Popen(
            command, cwd=folder, env=environment, text=True,
            stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        if kills:
            kills -= 1
            try:
                process.wait(choose.uniform(4, 12))
            except subprocess.TimeoutExpired:
                process.send_signal(signal.SIGKILL)
                process.communicate()
                killed += 1
                continue
        out, _ = process.communicate()
        accounts = [json.loads(line) for line in out.splitlines()]
        if accounts and all(account["state"] == checkpoints.COMPLETE for account in accounts):
            return time.monotonic() - begun, runs, killed
        if runs > 12:
            raise SystemExit(f"the night does not end: {out}")


def report(index: str, since: str, logged: int) -> tuple[list[str], dict[str, int]]:
    """The accounts since a time, added up a feed, what became of the works, and the sums."""
    engine = open_engine(index, create=False)
    try:
        events = Counter[str]()
        for number, entry in engine.log(logged):
            logged = number
            events[json.loads(entry)["event"]] += 1
        works = engine.count(WORK)
        sums: dict[str, dict[str, int]] = {}
        for ledger in checkpoints.ledgers(engine):
            if ledger.started < since:
                continue
            row = sums.setdefault(ledger.feed, {"runs": 0, **dict.fromkeys(COLUMNS, 0)})
            row["runs"] += 1
            for column in COLUMNS:
                row[column] += getattr(ledger, column)
        alive = sum(1 for record in engine.scan() if not record.deleted)
    finally:
        engine.close()
    lines = [f"{'feed':<20}" + "".join(f"{name:>11}" for name in ("runs", *COLUMNS))]
    for feed, row in sums.items():
        lines.append(f"{feed:<20}" + "".join(f"{value:>11,}" for value in row.values()))
    total = {column: sum(row[column] for row in sums.values()) for column in COLUMNS}
    lines.append(f"{'all':<31}" + "".join(f"{value:>11,}" for value in total.values()))
    lines.append(f"records alive in the index: {alive:,}")
    if works:
        told = ", ".join(f"{kind} {count:,}" for kind, count in sorted(events.items()))
        lines.append(f"works: {works:,}; events: {told}")
    return lines, {**total, "alive": alive, "logged": logged}


def expected_alive(world: World, on: int) -> int:
    """How many records the sources hold on a night; Crossref keeps what is gone."""
    rows = ((name, row) for name in made.SHARES for row in world.of(name, on))
    return sum(1 for name, row in rows if not row[2] or name == "crossref")


def main() -> None:
    """Run both nights and print what came of them."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--records", type=int, default=200_000)
    parser.add_argument("--detect", action="store_true")
    parser.add_argument("--index", default="")
    parser.add_argument("--out", default="")
    options = parser.parse_args()
    machine = f"{os.cpu_count()} CPUs, Python {platform.python_version()}"
    said = [
        f"python -m benchmarks.harvest.night {' '.join(sys.argv[1:])}".rstrip(),
        f"{options.records:,} records, {machine}, other work on the machine",
    ]
    world = World(options.records, SEED)
    sources = Sources(Provider([], page_size=500))
    with tempfile.TemporaryDirectory(prefix="samework-night-") as place:
        folder = Path(place)
        index = options.index or str(folder / "index")
        with running(sources) as servers:
            (folder / "samework.toml").write_text(
                settings_of(servers, folder / "snapshot", folder / "spool")
            )
            logged = 0
            for number in (1, 2):
                sources.set_night(world, number, folder / "snapshot")
                since = checkpoints.now()
                seconds, runs, killed = night(folder, index, options.detect, 2, SEED + number)
                lines, total = report(index, since, logged)
                logged = total["logged"]
                rate = total["fetched"] / seconds
                took = f"{seconds:.0f} s, {rate:,.0f} rows/s, {runs} runs ({killed} killed)"
                said += ["", f"night {number}: {took}", *lines]
                wanted = expected_alive(world, number)
                if total["alive"] != wanted:
                    said.append(f"WRONG: the sources hold {wanted:,} records")
                if total["rejected"]:
                    said.append("WRONG: rows were rejected")
    text = "\n".join(said)
    print(text)
    if options.out:
        Path(options.out).write_text(text + "\n")
    if "WRONG" in text:
        raise SystemExit(1)


if __name__ == "__main__":
    main()
