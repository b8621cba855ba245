"""
Loopback: a real HTTP server on a free port of 127.0.0.1, answering from a function.

    Ask (path, parameters, headers)  ->  Reply  ->  bytes on a socket

What a server was asked is kept in `asked`, so that a test can say how often.
"""

from __future__ import annotations

import ssl
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qsl, urlsplit


@dataclass(frozen=True, slots=True)
class Ask:
    """One request as it came."""

    path: str
    params: Mapping[str, str]
    headers: Mapping[str, str]
    number: int  # 1-based count of requests to this server


@dataclass(frozen=True, slots=True)
class Reply:
    """What to answer; *raw* instead of everything else goes to the socket as it stands."""

    body: bytes = b""
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    raw: Callable[[BaseHTTPRequestHandler], None] | None = None


Answerer = Callable[[Ask], Reply]


@dataclass(slots=True)
class Server:
    """A running server."""

    url: str
    asked: list[Ask]

    @property
    def host(self) -> str:
        """ "127.0.0.1:port", as a feed's private_hosts names it."""
        return urlsplit(self.url).netloc


@contextmanager
def serving(answer: Answerer, tls: ssl.SSLContext | None = None) -> Iterator[Server]:
    """Run a server as long as the `with` statement lasts."""
    asked: list[Ask] = []
    lock = threading.Lock()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        timeout = 30
        wbufsize = -1  # head and body in one packet, or the client waits 40 ms for the second

        def do_GET(self) -> None:
            parts = urlsplit(self.path)
            with lock:
                params = dict(parse_qsl(parts.query, keep_blank_values=True))
                ask = Ask(parts.path, params, dict(self.headers.items()), len(asked) + 1)
                asked.append(ask)
            reply = answer(ask)
            if reply.raw is not None:
                self.close_connection = True
                reply.raw(self)
                return
            self.send_response(reply.status)
            for name, value in reply.headers.items():
                self.send_header(name, value)
            if not any(name.lower() == "content-length" for name in reply.headers):
                self.send_header("Content-Length", str(len(reply.body)))
            self.end_headers()
            self.wfile.write(reply.body)

        def log_message(self, format: str, *args: object) -> None:
            pass

    class Quiet(ThreadingHTTPServer):
        daemon_threads = True

        def handle_error(self, request: object, client_address: object) -> None:
            pass  # a client that hangs up is what several tests are about

    server = Quiet(("127.0.0.1", 0), Handler)
    if tls is not None:
        server.socket = tls.wrap_socket(server.socket, server_side=True)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        scheme = "https" if tls is not None else "http"
        yield Server(f"{scheme}://127.0.0.1:{server.server_port}", asked)
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
