"""
The one polite client: every byte that comes over HTTP comes through here.

    URL and parameters  ->  wait our turn  ->  try, heed Retry-After, try again  ->  HttpAnswer

Says who we are, keeps each host's rate, follows redirects by hand and only to
where a feed may go, bounds body, unpacking and time, and keeps keys out of
every message. Rates, tries and allowed private hosts are settings, so a test on
loopback runs the same code at full speed. Does not parse bodies.
"""

from __future__ import annotations

import logging
import re
import ssl
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Final
from urllib.parse import quote, urlencode, urlsplit

import httpcore
import httpx
import tenacity

from indexer.errors import FeedError, FeedUnavailable
from indexer.feeds.transport.bodies import CutBody, read_body, save_body
from indexer.feeds.transport.network import (
    DEADLINE,
    ForbiddenAddress,
    GuardedBackend,
    Lookup,
    look_up,
)
from indexer.feeds.transport.pace import Hosts, retry_after
from indexer.feeds.transport.politeness import Key, Politeness

LOG: Final = logging.getLogger("samework.feeds")
REDIRECTS: Final = 5
RETRIED: Final = frozenset({408, 425, 429}) | frozenset(range(500, 600))
MOVED: Final = frozenset({301, 302, 303, 307, 308})
USERINFO: Final = re.compile(r"//[^/@\s]+@")
Params = Mapping[str, str] | Sequence[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class HttpAnswer:
    """One HTTP answer, its body unpacked."""

    status: int
    headers: httpx.Headers
    body: bytes
    url: str  # as asked, after redirects, keys removed


class BadStatus(FeedError):
    """The host refuses a request for good, e.g. 404 or 403; the same again would not help."""

    def __init__(self, message: str, status: int) -> None:
        super().__init__(message)
        self.status = status


class _Again(Exception):
    """A try failed in a way that another may mend; *wait* is what the host asked for."""

    def __init__(self, reason: str, wait: float | None = None) -> None:
        super().__init__(reason)
        self.wait = wait


class HttpClient:
    """Talks to the host of one feed, inside a `with` statement that closes its connections."""

    def __init__(
        self,
        politeness: Politeness,
        hosts: Hosts | None = None,
        keys: Mapping[str, Key] | None = None,
        lookup: Lookup = look_up,
    ) -> None:
        """*keys* are sent to the hosts that they are listed under, and to no others."""
        self.politeness = politeness
        self.hosts = hosts or Hosts()
        self._keys = dict(keys or {})
        backend = GuardedBackend(politeness.private_hosts, lookup)
        self._pool = httpcore.ConnectionPool(
            ssl_context=_ssl_context(politeness.ca_file), network_backend=backend, max_connections=4
        )

    def __enter__(self) -> HttpClient:
        return self

    def __exit__(self, *_: object) -> None:
        self._pool.close()

    def get(
        self,
        url: str,
        params: Params = (),
        *,
        headers: Mapping[str, str] | None = None,
        accept: frozenset[int] = frozenset(),
    ) -> HttpAnswer:
        """
        Fetch *url*, patiently.

        Args:
            accept: statuses of 400 and above whose answers the caller wants to read.

        Raises:
            FeedUnavailable: no usable answer in all tries, or the host asks for a long pause.
            BadStatus: the host refuses for good.
            FeedError: a redirect or an address that feeds may not follow, or a body over a limit.
        """
        return self._patiently(url + _query(url, params), headers or {}, accept)

    def download(self, url: str, target: Path) -> HttpAnswer:
        """
        Fetch a file of any size to *target*, which is there whole or not at all.

        A packed file stays packed. Raises as `get` does.
        """
        return self._patiently(url, {}, frozenset(), target)

    def _patiently(
        self,
        url: str,
        headers: Mapping[str, str],
        accept: frozenset[int],
        target: Path | None = None,
    ) -> HttpAnswer:
        polite = self.politeness
        host = urlsplit(url).netloc.rpartition("@")[2]
        retrying = tenacity.Retrying(
            sleep=self.hosts.sleep,
            stop=tenacity.stop_after_attempt(polite.attempts),
            wait=self._wait,
            retry=tenacity.retry_if_exception_type(_Again),
            before_sleep=lambda state: self._log_retry(url, state),
            reraise=True,
        )
        try:
            answer = retrying(self._follow, url, headers, accept, target)
        except _Again as error:
            self.hosts.failed(host, polite.failures, polite.pause)
            raise FeedUnavailable(
                self.redact(f"{url} gave no usable answer in {polite.attempts} tries: {error}")
            ) from None
        self.hosts.succeeded(host)
        return answer

    def _wait(self, state: tenacity.RetryCallState) -> float:
        error = state.outcome.exception() if state.outcome else None
        polite = self.politeness
        if isinstance(error, _Again) and error.wait is not None:
            # A little later than asked, so that many harvesters do not return in step.
            return error.wait + tenacity.wait_random(0, min(1.0, polite.first_wait))(state)
        backoff = tenacity.wait_random_exponential(polite.first_wait, polite.longest_wait)
        return backoff(state)

    def _log_retry(self, url: str, state: tenacity.RetryCallState) -> None:
        error = state.outcome.exception() if state.outcome else None
        wait = state.next_action.sleep if state.next_action else 0.0
        LOG.warning(
            "request failed url=%s try=%d wait=%.1fs reason=%s",
            self.redact(url), state.attempt_number, wait, self.redact(str(error)),
        )  # fmt: skip

    def _follow(
        self, url: str, headers: Mapping[str, str], accept: frozenset[int], target: Path | None
    ) -> HttpAnswer:
        seen = {url}
        while True:
            answer = self._exchange(url, headers, target)
            if answer.status not in MOVED or "location" not in answer.headers:
                return self._accepted(answer, accept)
            there = self._joined(url, answer.headers["location"])
            if there in seen or len(seen) > REDIRECTS:
                raise FeedError(self.redact(f"{url} redirects in a circle or too often"))
            if url.startswith("https:") and not there.startswith("https:"):
                raise FeedError(self.redact(f"{url} redirects to the insecure {there}"))
            seen.add(there)
            url = there

    def _joined(self, url: str, location: str) -> str:
        try:
            return str(httpx.URL(url).join(location))
        except httpx.InvalidURL as error:
            raise FeedError(self.redact(f"{url} redirects to no http address: {error}")) from None

    def _accepted(self, answer: HttpAnswer, accept: frozenset[int]) -> HttpAnswer:
        status = answer.status
        if status < 300 or status in accept:
            return answer
        excerpt = answer.body[:200].decode("utf-8", "replace").strip()
        said = self.redact(f"{answer.url} answered {status}: {excerpt!r}")
        if status not in RETRIED:
            raise BadStatus(said, status)
        wait = retry_after(answer.headers)
        if wait is not None and wait > self.politeness.longest_retry_after:
            raise FeedUnavailable(f"{said}; it asks to come back in {wait:.0f} s")
        raise _Again(said, wait)

    def _exchange(self, url: str, headers: Mapping[str, str], target: Path | None) -> HttpAnswer:
        parts = urlsplit(url)
        if parts.scheme not in {"http", "https"} or not parts.hostname:
            raise FeedError(self.redact(f"{url!r} is no http or https address"))
        host = parts.netloc.rpartition("@")[2]
        self.hosts.wait_turn(host, self.politeness.rate)
        asked, sent = self._with_key(parts.hostname, url)
        polite = self.politeness
        allowed = polite.download_deadline if target else polite.deadline
        over = DEADLINE.set(time.monotonic() + allowed)
        try:
            sent = {**self._greeting(), **sent, **headers}
            return self._read(httpx.Request("GET", asked, headers=sent), url, host, target)
        except (ForbiddenAddress, httpx.InvalidURL) as error:
            raise FeedError(self.redact(f"{url} is refused: {error}")) from None
        except (httpcore.NetworkError, httpcore.TimeoutException, httpcore.ProtocolError) as error:
            raise _Again(f"{type(error).__name__}: {error}") from None
        except (OSError, CutBody) as error:
            raise _Again(f"{type(error).__name__}: {error}") from None
        finally:
            DEADLINE.reset(over)

    def _read(self, request: httpx.Request, url: str, host: str, target: Path | None) -> HttpAnswer:
        polite = self.politeness
        times = {"connect": polite.connect_timeout, "read": polite.read_timeout}
        with self._pool.stream(
            "GET",
            httpcore.URL(
                scheme=request.url.raw_scheme,
                host=request.url.raw_host,
                port=request.url.port,
                target=request.url.raw_path,
            ),
            headers=request.headers.raw,
            extensions={"timeout": {**times, "write": polite.read_timeout, "pool": None}},
        ) as response:
            headers = httpx.Headers(response.headers)
            self.hosts.heed(host, headers)
            coding, chunks = headers.get("content-encoding", ""), response.iter_stream()
            if target is not None and response.status == 200:
                save_body(chunks, target, polite.largest_download)
                body = b""
            else:
                body = read_body(chunks, coding, polite.body)
        return HttpAnswer(response.status, headers, body, self.redact(url))

    def _with_key(self, hostname: str, url: str) -> tuple[str, dict[str, str]]:
        key = self._keys.get(hostname)
        if not key or not key.value:
            return url, {}
        if key.header:
            return url, {key.header: key.prefix + key.value}
        return url + _query(url, {key.param: key.value}), {}

    def _greeting(self) -> dict[str, str]:
        contact = f" (mailto:{self.politeness.contact})" if self.politeness.contact else ""
        agent = f"samework/{version('samework')}{contact}"
        return {"User-Agent": agent, "Accept-Encoding": "gzip", "Accept": "*/*"}

    def redact(self, text: str) -> str:
        """*text* with every key of this client, and any user:password@, taken out."""
        for key in self._keys.values():
            for shape in {key.value, quote(key.value, safe="")} - {""}:
                text = text.replace(shape, "***")
        return USERINFO.sub("//", text)


def _query(url: str, params: Params) -> str:
    """What to put behind *url*; urlencode escapes the + and | of resumption tokens."""
    encoded = urlencode(list(params.items()) if isinstance(params, Mapping) else list(params))
    if not encoded:
        return ""
    return ("&" if urlsplit(url).query else "?") + encoded


def _ssl_context(ca_file: str) -> ssl.SSLContext:
    if ca_file:
        return ssl.create_default_context(cafile=ca_file)
    return httpx.create_ssl_context()
