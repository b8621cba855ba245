"""
Faults: what hosts do to harvesters, as answers of a loopback server.

    a fault's name  ->  an Answerer; the tables in test_feeds_http.py say what must come of it
"""

from __future__ import annotations

import gzip
import time
from collections.abc import Callable, Mapping
from http.server import BaseHTTPRequestHandler

from tests.servers.loopback import Answerer, Ask, Reply

GOOD = b'{"made": true}'


def wire(*pieces: bytes, pause: float = 0.0) -> Reply:
    """Exactly these bytes on the socket, then the end of the connection."""

    def send(handler: BaseHTTPRequestHandler) -> None:
        for piece in pieces:
            handler.wfile.write(piece)
            handler.wfile.flush()
            if pause:
                time.sleep(pause)

    return Reply(raw=send)


def head(*lines: str, status: str = "200 OK") -> bytes:
    """The first lines of an HTTP answer."""
    return "\r\n".join((f"HTTP/1.1 {status}", *lines, "", "")).encode()


def always(reply: Reply) -> Answerer:
    """The same answer to everything."""
    return lambda ask: reply


def at_first(count: int, reply: Reply) -> Answerer:
    """*count* times *reply*, a good answer afterwards."""
    return lambda ask: reply if ask.number <= count else Reply(GOOD)


def status(code: int, headers: Mapping[str, str] | None = None) -> Reply:
    """An answer of this status."""
    return Reply(b"made refusal", code, headers or {})


def drip(seconds: float) -> Reply:
    """A body of one byte at a time, each before any read time-out."""
    return wire(head("Content-Length: 1000"), *([b"x"] * max(1, int(seconds / 0.05))), pause=0.05)


def drip_head(seconds: float) -> Reply:
    """A header of one byte at a time."""
    return wire(*([b"H"] * max(1, int(seconds / 0.05))), pause=0.05)


def packed(body: bytes, **headers: str) -> Reply:
    """*body* as gzip, announced only if the headers say so."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return Reply(gzip.compress(body), 200, named)


def bomb(size: int) -> Reply:
    """A gzip body a thousand times smaller than what it unpacks to."""
    return packed(b"\0" * size, Content_Encoding="gzip")


def moved(target: Callable[[Ask], str] | str, code: int = 302) -> Answerer:
    """A redirect from /from to *target*; everything else is answered well."""

    def answer(ask: Ask) -> Reply:
        if ask.path != "/from":
            return Reply(GOOD)
        location = target if isinstance(target, str) else target(ask)
        return Reply(b"", code, {"Location": location})

    return answer
