"""
Network: connections that cannot be led astray and cannot last for ever.

    host name  ->  addresses, looked up once  ->  public ones only  ->  a socket with a deadline

Every connection of `http.HttpClient` is opened here, so a redirect or a DNS answer
that points at a private, loopback or link-local address ends here too, in
whatever notation the address was written. Knows nothing of HTTP.
"""

from __future__ import annotations

import ipaddress
import socket
import ssl
import time
from collections.abc import Callable, Iterable
from contextvars import ContextVar
from typing import Any, Final

import httpcore

# When the exchange under way must be over, by time.monotonic().
DEADLINE: Final[ContextVar[float | None]] = ContextVar("deadline", default=None)

NAT64: Final = ipaddress.ip_network("64:ff9b::/96")  # RFC 6052: an IPv4 address in disguise

Lookup = Callable[[str, int], Iterable[str]]


class ForbiddenAddress(Exception):
    """A name or URL leads to an address that feeds may not reach."""


def look_up(host: str, port: int) -> list[str]:
    """The addresses of *host*, IPv4 first, in the order of the system's resolver."""
    entries = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    addresses = [str(entry[4][0]) for entry in entries]
    return sorted(dict.fromkeys(addresses), key=lambda address: ":" in address)


def is_public(address: str) -> bool:
    """Whether *address* belongs to the open internet, looking through IPv4-in-IPv6 notations."""
    ip = ipaddress.ip_address(address.partition("%")[0])
    if isinstance(ip, ipaddress.IPv6Address):
        inner = ip.ipv4_mapped or ip.sixtofour or (ip.teredo and ip.teredo[1])
        if ip in NAT64:
            inner = ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF)
        if inner:
            return is_public(str(inner))
    return ip.is_global and not ip.is_multicast


class GuardedBackend(httpcore.NetworkBackend):
    """
    Opens TCP connections to public addresses, and to the private ones it was told of.

    The name is looked up once and the connection goes to the very address that
    was checked: a second DNS answer has no say.
    """

    def __init__(self, private_hosts: frozenset[str] = frozenset(), lookup: Lookup = look_up):
        self._private_hosts = private_hosts  # "host" or "host:port", as written in the URL
        self._lookup = lookup
        self._plain = httpcore.SyncBackend()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.NetworkStream:
        """Connect to the first address of *host* that answers, all of them being allowed."""
        failure: Exception = httpcore.ConnectError(f"no address for {host}")
        for address in self._addresses(host, port):
            try:
                stream = self._plain.connect_tcp(
                    address, port, _within_deadline(timeout), local_address, socket_options
                )
                return _TimedStream(stream)
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                failure = error
        raise failure

    def _addresses(self, host: str, port: int) -> list[str]:
        try:
            addresses = list(self._lookup(host, port))
        except (OSError, UnicodeError) as error:
            raise httpcore.ConnectError(f"{host} has no address: {error}") from error
        if not {host, f"{host}:{port}"} & self._private_hosts:
            for address in addresses:
                if not is_public(address):
                    raise ForbiddenAddress(
                        f"{host}:{port} leads to {address}, which is not a public address; "
                        f"allow it in the feed's private_hosts if it is meant"
                    )
        return addresses


class _TimedStream(httpcore.NetworkStream):
    """A socket whose every wait also ends at DEADLINE, so that drips do not add up."""

    def __init__(self, stream: httpcore.NetworkStream) -> None:
        self._stream = stream

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._stream.read(max_bytes, _within_deadline(timeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._stream.write(buffer, _within_deadline(timeout))

    def close(self) -> None:
        self._stream.close()

    def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,
    ) -> httpcore.NetworkStream:
        stream = self._stream.start_tls(ssl_context, server_hostname, _within_deadline(timeout))
        return _TimedStream(stream)

    def get_extra_info(self, info: str) -> Any:
        return self._stream.get_extra_info(info)


def _within_deadline(timeout: float | None) -> float | None:
    deadline = DEADLINE.get()
    if deadline is None:
        return timeout
    left = deadline - time.monotonic()
    if left <= 0:
        raise httpcore.ReadTimeout("the exchange took longer than its deadline")
    return left if timeout is None else min(timeout, left)
