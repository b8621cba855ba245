"""
A scripted night: five feeds of different kinds, two kills and a storm of faults, twice.

    python -m benchmarks.harvest.night --records 200000 [--detect] [--index URL] [--out FILE]

Every source is a server on loopback or a folder; the storm answers some requests with
503, cut bodies, web pages and hang-ups. The harvest is killed twice each night and
begun again by the same command. Prints the accounts of both nights, and fails if what
is stored is not what the sources hold, if the second night changed anything else, or if
the works are not those of one whole run over the records in the end (`account.py`).
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import random
import resource
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from benchmarks.harvest import world as made
from benchmarks.harvest.account import Account, State, as_in_one_run, checked, state_of
from benchmarks.harvest.world import World
from indexer.harvesting import checkpoints
from tests.servers import cursor_apis, faults
from tests.servers.loopback import Answerer, Ask, Reply, Server, serving
from tests.servers.oai_provider import Provider

STORM: Final = 0.04  # of requests that meet a fault
SEED: Final = 20240601


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


@dataclass(frozen=True, slots=True)
class Night:
    """How a night went."""

    seconds: float
    cpu: float  # seconds, of the harvesting processes
    runs: int
    killed: int
    said: str  # by the last run, on stderr


def night(folder: Path, index: str, detect: bool, kills: int, seed: int) -> Night:
    """Harvest until complete, killed *kills* times if it lasts."""
    choose = random.Random(seed)
    command = [sys.executable, "-m", "samework.cli", "harvest", "--index", index, "--json"]
    command += ["--detect"] if detect else []
    environment = {**os.environ, "PYTHONPATH": os.getcwd()}
    begun, runs, killed = time.monotonic(), 0, 0
    cpu = cpu_of_children()
    while True:
        runs += 1
        process = subprocess.Popen(
            command, cwd=folder, env=environment, text=True,
            stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        )  # fmt: skip
        try:
            out, said = process.communicate(timeout=choose.uniform(4, 12) if kills else None)
        except subprocess.TimeoutExpired:
            kills -= 1
            process.send_signal(signal.SIGKILL)
            process.communicate()
            killed += 1
            continue
        accounts = [json.loads(line) for line in out.splitlines()]
        if accounts and all(account["state"] == checkpoints.COMPLETE for account in accounts):
            spent = cpu_of_children() - cpu
            return Night(time.monotonic() - begun, spent, runs, killed, said)
        if runs > 12:
            raise SystemExit(f"the night does not end: {out}{said}")


def cpu_of_children() -> float:
    """Seconds of CPU of all processes that were waited for."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def comparing(said: str) -> list[str]:
    """What the last run said of comparing."""
    return [line for line in said.splitlines() if line.startswith("compared ")]


def main() -> None:
    """Run both nights and print what came of them."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--records", type=int, default=200_000)
    parser.add_argument("--detect", action="store_true")
    parser.add_argument("--index", default="")
    parser.add_argument("--out", default="")
    options = parser.parse_args()
    machine = f"{os.cpu_count()} CPUs, Python {platform.python_version()}"
    load = os.getloadavg()[0]
    said = [
        f"python -m benchmarks.harvest.night {' '.join(sys.argv[1:])}".rstrip(),
        f"{options.records:,} records, {machine}, load of other work {load:.1f}",
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
            before = State()
            for number in (1, 2):
                sources.set_night(world, number, folder / "snapshot")
                since = checkpoints.now()
                went = night(folder, index, options.detect, 2, SEED + number)
                account = Account.of(index, since)
                after = state_of(index)
                rate = account.total["fetched"] / went.seconds
                took = f"{went.seconds:.0f} s, {rate:,.0f} rows/s, {went.cpu:.0f} s of CPU"
                said += ["", f"night {number}: {took}, {went.runs} runs ({went.killed} killed)"]
                said += [*account.lines(), *comparing(went.said), *after.lines()]
                said += checked(world, number, account, before, after)
                before = after
            if options.detect:
                said += ["", *as_in_one_run(index, before)]
    text = "\n".join(said)
    print(text)
    if options.out:
        Path(options.out).write_text(text + "\n")
    if "WRONG" in text:
        raise SystemExit(1)


if __name__ == "__main__":
    main()
