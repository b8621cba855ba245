"""
Loopback proxies that put trouble between a client and a node.

    client  ->  TlsProxy: certificates, a password, a path   ->  node
    client  ->  FaultProxy: 429s, 503s, delays, cuts         ->  node

Both forward whole requests and answers, one thread a connection. Faults are
drawn from a seeded generator, so a run can be repeated.

Does not: stream, or speak anything but HTTP/1.1 with a Content-Length.
"""

from __future__ import annotations

import base64
import gzip
import http.client
import json
import random
import socket
import ssl
import sys
import threading
import time
from collections import Counter
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Final, Self
from urllib.parse import urlsplit

HOP_BY_HOP: Final = {"connection", "keep-alive", "transfer-encoding", "content-length", "date"}
FORWARD_SECONDS: Final = 120


@dataclass(frozen=True, slots=True)
class Request:
    """One request as it came, its body whole."""

    method: str
    path: str
    headers: dict[str, str]  # names as in "Content-Type", however they were sent
    body: bytes


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer as it goes out."""

    status: int
    body: bytes = b""
    headers: tuple[tuple[str, str], ...] = ()


class Cut(Exception):
    """The connection is to be closed without an answer."""


class Proxy:
    """Forwards everything to *target*; subclasses put their trouble into `answer`."""

    def __init__(self, target: str, tls: ssl.SSLContext | None = None) -> None:
        self.target = urlsplit(target)
        self.counts: Counter[str] = Counter()  # what was done to how many requests
        self._server = _Server(self, tls)
        self._thread = threading.Thread(target=self._server.serve_forever, daemon=True)

    @property
    def port(self) -> int:
        """The loopback port it listens on."""
        return int(self._server.server_address[1])

    @property
    def url(self) -> str:
        """Where clients are to go."""
        return f"http://127.0.0.1:{self.port}"

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()

    def answer(self, request: Request) -> Answer:
        """What the client gets for this request."""
        return self.forward(request)

    def forward(self, request: Request) -> Answer:
        """Ask the node itself."""
        self.counts["forwarded"] += 1
        connection = http.client.HTTPConnection(
            self.target.hostname or "", self.target.port, timeout=FORWARD_SECONDS
        )
        headers = {k: v for k, v in request.headers.items() if k.lower() not in HOP_BY_HOP}
        try:
            connection.request(request.method, request.path, request.body, headers)
            got = connection.getresponse()
            kept = tuple((k, v) for k, v in got.getheaders() if k.lower() not in HOP_BY_HOP)
            return Answer(got.status, got.read(), kept)
        except OSError:
            return Answer(502, b'{"error": "the node did not answer"}')
        finally:
            connection.close()


class TlsProxy(Proxy):
    """TLS with one accepted user and password, the API below *path*."""

    def __init__(
        self, target: str, tls: ssl.SSLContext, user: str, password: str, path: str = ""
    ) -> None:
        super().__init__(target, tls)
        self.path = path
        self._wanted = "Basic " + base64.b64encode(f"{user}:{password}".encode()).decode()

    @property
    def url(self) -> str:
        """Where clients are to go, without the password."""
        return f"https://localhost:{self.port}{self.path}"

    def answer(self, request: Request) -> Answer:
        """401 without the password, 404 outside the path, else the node's answer."""
        if request.headers.get("Authorization") != self._wanted:
            self.counts["refused"] += 1
            return Answer(401, b"Unauthorized", (("WWW-Authenticate", "Basic"),))
        if not request.path.startswith(self.path):
            self.counts["elsewhere"] += 1
            return Answer(404, b"no such path")
        path = request.path.removeprefix(self.path) or "/"
        headers = {k: v for k, v in request.headers.items() if k != "Authorization"}
        return self.forward(Request(request.method, path, headers, request.body))


@dataclass(frozen=True, slots=True)
class Faults:
    """Shares of requests that go wrong, and how; 0 is never, 1 is always."""

    refused: float = 0.0  # answered with one of `statuses`, the node never asked
    statuses: tuple[int, ...] = (429, 503)
    retry_after: str = ""  # sent with a refusal, in seconds or as a date
    lost: float = 0.0  # done by the node, the connection cut before its answer
    departed: float = 0.0  # of searches and reads: answered as when a shard's node has just died
    items: float = 0.0  # of the items of a bulk: answered 429 each, the rest forwarded
    delay: float = 0.0  # seconds before each request goes on
    only: str = ""  # a part of the paths that this is for, "" for all
    seed: int = field(default=1)


class FaultProxy(Proxy):
    """Treats requests as *faults* says, which a test may exchange at any time."""

    def __init__(self, target: str, faults: Faults) -> None:
        super().__init__(target)
        self.faults = faults
        self._random = random.Random(faults.seed)
        self._lock = threading.Lock()

    def answer(self, request: Request) -> Answer:
        """One of the faults, or the node's own answer."""
        faults = self.faults
        if faults.only not in request.path:
            return self.forward(request)
        time.sleep(faults.delay)
        if self._drawn(faults.refused):
            return self._refusal(faults)
        if self._drawn(faults.lost):
            self.forward(request)
            self.counts["lost"] += 1
            raise Cut
        if self._drawn(faults.departed) and (answer := _departed(request)):
            self.counts["departed"] += 1
            return answer
        if faults.items and urlsplit(request.path).path.endswith("_bulk"):
            return self._bulk(request, faults)
        return self.forward(request)

    def _drawn(self, share: float) -> bool:
        with self._lock:
            return self._random.random() < share

    def _refusal(self, faults: Faults) -> Answer:
        self.counts["refused"] += 1
        with self._lock:
            status = self._random.choice(faults.statuses)
        after = (("Retry-After", faults.retry_after),) if faults.retry_after else ()
        return Answer(status, b'{"error": "refused by the fault proxy"}', after)

    def _bulk(self, request: Request, faults: Faults) -> Answer:
        """Refuse some items of a bulk as a node with a full queue does; forward the others."""
        headers = {k: v for k, v in request.headers.items() if not k.lower().endswith("-encoding")}
        packed = request.headers.get("Content-Encoding") == "gzip"
        actions = _bulk_actions(gzip.decompress(request.body) if packed else request.body)
        refused = [self._drawn(faults.items) for _ in actions]
        kept = b"".join(text for (_, text), no in zip(actions, refused, strict=True) if not no)
        items: list[Any] = []
        if kept:
            answer = self.forward(Request(request.method, request.path, headers, kept))
            if answer.status != 200:
                return answer
            items = json.loads(answer.body)["items"]
        forwarded = iter(items)
        merged = [
            _refused_item(action) if no else next(forwarded)
            for (action, _), no in zip(actions, refused, strict=True)
        ]
        self.counts["items refused"] += sum(refused)
        failed = any("error" in next(iter(item.values())) for item in merged)
        body = json.dumps({"took": 1, "errors": failed, "items": merged}).encode()
        return Answer(200, body, (("Content-Type", "application/json"),))


def _departed(request: Request) -> Answer | None:
    """What a node answered when the one it passed a search on to had been killed."""
    reason = "[node-3][127.0.0.1:30068] Node not connected"
    cause = {"type": "node_not_connected_exception", "reason": reason}
    whole = {"type": "search_phase_execution_exception", "reason": "Partial shards failure"}
    failed = {"error": {**whole, "root_cause": [cause]}, "status": 500}
    call = urlsplit(request.path).path.rpartition("/")[2]
    if call == "_search":
        return Answer(500, json.dumps(failed).encode())
    if call == "_msearch":
        searches = len(request.body.splitlines()) // 2
        return Answer(200, json.dumps({"responses": [failed] * searches}).encode())
    if call == "_mget":
        names = json.loads(request.body)["ids"]
        documents = [{"_id": name, "error": {**cause, "root_cause": [cause]}} for name in names]
        return Answer(200, json.dumps({"docs": documents}).encode())
    return None


def _bulk_actions(body: bytes) -> list[tuple[dict[str, Any], bytes]]:
    """Each action of a bulk body with its own bytes, source line and all."""
    lines = iter(body.splitlines(keepends=True))
    actions = []
    for line in lines:
        action = json.loads(line)
        actions.append((action, line if "delete" in action else line + next(lines)))
    return actions


def _refused_item(action: dict[str, Any]) -> dict[str, Any]:
    kind, meta = next(iter(action.items()))
    error = {"type": "rejected_execution_exception", "reason": "refused by the fault proxy"}
    return {
        kind: {"_index": meta.get("_index"), "_id": meta.get("_id"), "status": 429}
        | {"error": error}
    }


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, proxy: Proxy, tls: ssl.SSLContext | None) -> None:
        self.proxy = proxy
        self.tls = tls
        super().__init__(("127.0.0.1", 0), _Handler)

    def get_request(self) -> tuple[socket.socket, Any]:
        connection, address = super().get_request()
        if self.tls is not None:
            # the handshake waits for the handler's thread: a client that
            # refuses our certificate must not hold up the others
            connection = self.tls.wrap_socket(
                connection, server_side=True, do_handshake_on_connect=False
            )
        return connection, address

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Count a connection that broke, a failed handshake too; print only our own faults."""
        if isinstance(sys.exception(), OSError):
            self.proxy.counts["broken"] += 1
        else:
            super().handle_error(request, client_address)


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: _Server

    def _answer(self) -> None:
        length = int(self.headers.get("Content-Length") or 0)
        headers = {name.title(): value for name, value in self.headers.items()}
        request = Request(self.command, self.path, headers, self.rfile.read(length))
        try:
            answer = self.server.proxy.answer(request)
        except Cut:
            self.close_connection = True
            return
        self.send_response(answer.status)
        for name, value in answer.headers:
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(answer.body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(answer.body)

    do_GET = do_HEAD = do_POST = do_PUT = do_DELETE = _answer

    def log_message(self, format: str, *args: Any) -> None:
        """Say nothing on stderr."""
