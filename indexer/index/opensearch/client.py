"""
Requests to an OpenSearch: sent, repeated while that may help, and explained when not.

    Location  ->  ClusterClient.ask(method, path, body)  ->  Reply

A request that was refused for load (429, 503) or whose answer was lost is sent
again, to another node where there are several, until PATIENCE is over. So every
caller sends what may be carried out twice, and looks at `Reply.repeated` where it
makes a difference. Does not: know what is in an index.
"""

from __future__ import annotations

import logging
import ssl
from base64 import b64encode
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import quote

import orjson
from opensearchpy import exceptions
from opensearchpy.connection import Urllib3HttpConnection
from opensearchpy.connection_pool import ConnectionPool, DummyConnectionPool
from urllib3.exceptions import InvalidHeader
from urllib3.util import Retry

from indexer.errors import BackendError, BackendFull, BackendUnavailable, SettingsError
from indexer.index.opensearch.location import Location
from indexer.index.opensearch.retries import TryAgain, retrying

PATIENCE: Final = 60.0  # seconds a request is repeated for
ANSWER_SECONDS: Final = 30.0  # a node that is silent so long is taken for dead
RETRY_AFTER_CAP: Final = 60.0  # whatever a server asks for
DEAD_SECONDS: Final = 5.0  # a failed node is left alone so long
CONNECTIONS: Final = 8  # kept open to each node
LOADED: Final = frozenset({429, 502, 503, 504})
DISK_FULL: Final = "read-only-allow-delete"  # the block that a node sets at its flood stage
FULL: Final = (
    "{where} takes no writes ({reason}); expected free disk space: what was stored before is safe, "
    "make room on the disks of its nodes, and the block lifts itself"
)
LOST: Final = frozenset({500, 502, 504})  # of an answer that never came from where it was sought
# What the node that was asked says of another that held a shard and has just died. It comes as
# status 500 ("Partial shards failure; Node not connected"); another copy answers soon.
DEPARTED: Final = frozenset({
    "node_not_connected_exception", "node_disconnected_exception", "node_closed_exception",
    "connect_transport_exception", "send_request_transport_exception",
    "no_shard_available_action_exception",
})  # fmt: skip

# Every repetition is ours to report, and it is no failure until we give up.
logging.getLogger("opensearch").setLevel(logging.ERROR)


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer; `repeated` when an earlier try may have been carried out too."""

    status: int
    body: Any
    repeated: bool = False


class ClusterClient:
    """Connections to the nodes of one cluster; threads may share it."""

    def __init__(self, location: Location, patience: float = PATIENCE) -> None:
        self.location = location
        self.patience = patience
        shared: dict[str, Any] = {
            "url_prefix": location.path,
            "pool_maxsize": CONNECTIONS,
            "timeout": ANSWER_SECONDS,
            "headers": {"user-agent": "samework", **_password(location)},
            "http_auth": _signing(location),
        }
        if location.secure:
            shared |= {"use_ssl": True, "ssl_context": _trust(location)}
        nodes = [
            (Urllib3HttpConnection(host=host, port=port, **shared), {"host": host, "port": port})
            for host, port in location.hosts
        ]
        pool = DummyConnectionPool if len(nodes) == 1 else ConnectionPool
        self._pool = pool(nodes, dead_timeout=DEAD_SECONDS)

    def ask(
        self,
        method: str,
        path: str,
        body: Any = None,
        *,
        accept: frozenset[int] = frozenset(),
        patience: float | None = None,
    ) -> Reply:
        """
        Send a request until it is answered.

        Args:
            method: of HTTP.
            path: beginning with "/", its parts quoted (`quoted`).
            body: bytes as they are (lines of a bulk or msearch), anything else as JSON.
            accept: statuses beyond 2xx that are an answer, not an error.
            patience: seconds to repeat it for, instead of the client's own.

        Raises:
            BackendUnavailable: nobody answered within the patience.
            BackendFull: a disk of the cluster is full.
            BackendError: the answer is a refusal that no repetition changes.
        """
        repeated = False
        for attempt in retrying(seconds=self.patience if patience is None else patience):
            with attempt:
                status, headers, answer, failure = self._try(method, path, body)
                if status and (200 <= status < 300 or status in accept):
                    return Reply(status, answer, repeated)
                if status and DISK_FULL in reason_of(answer):  # as 429 too, and no waiting helps
                    raise BackendFull(FULL.format(where=self.location, reason=reason_of(answer)))
                if status and status not in LOADED and not departed(answer):
                    raise BackendError(self._refusal(method, path, status, answer))
                repeated = repeated or not status or status in LOST
                silence = BackendUnavailable(self._silence(method, path, failure or f"{status}"))
                raise TryAgain(silence, _retry_after(headers))
        raise AssertionError  # the last try has returned or raised

    def close(self) -> None:
        """Close all connections."""
        self._pool.close()

    def _try(
        self, method: str, path: str, body: Any
    ) -> tuple[int, Mapping[str, str], Any, str | None]:
        """One request: status (0 when there was no answer), headers, body, what failed."""
        raw = body if body is None or isinstance(body, bytes) else orjson.dumps(body)
        kind = "application/x-ndjson" if isinstance(body, bytes) else "application/json"
        node = self._pool.get_connection()
        try:
            status, headers, text = node.perform_request(
                method, path, body=raw, headers={"content-type": kind}, ignore=range(300, 600)
            )
        except exceptions.SSLError as error:
            raise BackendUnavailable(
                f"{self.location} did not prove who it is ({error.info}); expected a certificate "
                "of a trusted authority: set SAMEWORK_OPENSEARCH_CA to its file"
            ) from error
        except exceptions.ConnectionError as error:
            self._pool.mark_dead(node)
            return 0, {}, None, str(error.error)
        self._pool.mark_live(node)
        return status, headers, _parsed(text), None

    def _refusal(self, method: str, path: str, status: int, answer: Any) -> str:
        if status in (401, 403) and "cluster_block" not in reason_of(answer):
            user = self.location.user or "a caller without a name"
            return (
                f"{self.location} refused {user!r} ({status}: {reason_of(answer)}); expected "
                "SAMEWORK_OPENSEARCH_USER and SAMEWORK_OPENSEARCH_PASSWORD of a user who may "
                f"read and write {self.location.prefix}-*"
            )
        return f"{self.location} refused {method} {path} ({status}: {reason_of(answer)})"

    def _silence(self, method: str, path: str, failure: str) -> str:
        return (
            f"{self.location} gave no answer to {method} {path} (last: {failure}); expected a "
            "running OpenSearch: `samework doctor` says what is reachable"
        )


def quoted(part: str) -> str:
    """One part of a path, its special characters escaped."""
    return quote(part, safe="")


def reason_of(answer: Any) -> str:
    """What an error answer says, in one line; item errors of a bulk have the same shape."""
    error = answer.get("error", answer) if isinstance(answer, dict) else answer
    if isinstance(error, dict):
        causes = error.get("root_cause") or [error]
        cause = error.get("caused_by") or causes[0]
        said = dict.fromkeys(part.get("reason") for part in (error, cause))
        error = f"{error.get('type', '?')}: {'; '.join(str(reason) for reason in said if reason)}"
    return " ".join(str(error).split())[:500]


def departed(answer: Any) -> bool:
    """Whether an error says that a node left the cluster while it was asked."""
    error = answer.get("error") if isinstance(answer, dict) else None
    if not isinstance(error, dict):
        return False
    causes = [error, error.get("caused_by") or {}, *(error.get("root_cause") or ())]
    return any(cause.get("type") in DEPARTED for cause in causes)


def _retry_after(headers: Mapping[str, str]) -> float:
    """The seconds a server asks us to wait, given as a number or a date; 0 when it asks none."""
    try:
        return min(Retry().parse_retry_after(headers.get("Retry-After", "0")), RETRY_AFTER_CAP)
    except InvalidHeader:
        return 0.0


def _parsed(text: str) -> Any:
    try:
        return orjson.loads(text) if text else None
    except orjson.JSONDecodeError:
        return text[:500]  # a gateway's page


def _trust(location: Location) -> ssl.SSLContext:
    try:
        context = ssl.create_default_context(cafile=location.authority or None)
        if location.certificate:
            context.load_cert_chain(location.certificate, location.key or None)
    except (ssl.SSLError, OSError) as error:
        files = [f for f in (location.authority, location.certificate, location.key) if f]
        raise SettingsError(f"{files} cannot be used ({error}); expected PEM files") from error
    return context


def _password(location: Location) -> dict[str, str]:
    if not location.user:
        return {}
    # by hand: the client library knows Latin-1 passwords only
    login = b64encode(f"{location.user}:{location.password}".encode()).decode()
    return {"authorization": f"Basic {login}"}


def _signing(location: Location) -> Any:
    """What signs each request for AWS, None where nothing is to be signed."""
    if not location.region:
        return None
    try:  # of an extra
        from botocore.session import Session
    except ImportError as error:
        raise SettingsError(
            "SAMEWORK_OPENSEARCH_REGION asks for signed requests, and botocore is not "
            "installed; install the extra: pip install 'samework[aws]'"
        ) from error
    from opensearchpy.helpers.signer import Urllib3AWSV4SignerAuth  # needs botocore

    credentials = Session().get_credentials()
    if credentials is None:
        raise SettingsError(
            "SAMEWORK_OPENSEARCH_REGION asks for signed requests, and no AWS credentials were "
            "found; expected AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, a profile or a role"
        )
    return Urllib3AWSV4SignerAuth(credentials, location.region, location.service)
