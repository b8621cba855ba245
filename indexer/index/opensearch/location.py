"""
Where an OpenSearch is, and how to be let in.

    "https://host:9200/prefix", environment  ->  Location

    https://HOST[:PORT][,HOST[:PORT]...]/[PATH/]PREFIX

The last part of the path names the indices (`samework` when the address ends in
a slash or has no path); what stands before it is the path of the API, for a
cluster behind a gateway. Plain http is for this machine alone: a password and
every record would travel in the open. Does not: connect (client.py does).

The environment, for what must not stand on a command line (or `[opensearch]` of
samework.toml, in lower case and without the prefix, where the environment is silent):

    SAMEWORK_OPENSEARCH_USER, _PASSWORD   basic authentication
    SAMEWORK_OPENSEARCH_CA                a file of the authorities to trust, not the system's
    SAMEWORK_OPENSEARCH_CERT, _KEY        files of a client certificate and its key
    SAMEWORK_OPENSEARCH_REGION, _SERVICE  sign requests with AWS SigV4 (needs the extra `aws`)
    SAMEWORK_OPENSEARCH_SHARDS            shards of an index made from now on
"""

from __future__ import annotations

import os
import re
from collections.abc import Mapping, MutableMapping
from dataclasses import dataclass, field
from ipaddress import ip_address
from pathlib import Path
from typing import Final
from urllib.parse import SplitResult, unquote, urlsplit

from indexer.errors import SettingsError

DEFAULT_PORT: Final = 9200
DEFAULT_PREFIX: Final = "samework"
ENVIRONMENT: Final = "SAMEWORK_OPENSEARCH_"
SETTINGS: Final = ("user", "password", "ca", "cert", "key", "region", "service", "shards")
MOST_SHARDS: Final = 1024  # OpenSearch's own limit for one index

_PREFIX: Final = re.compile(r"[a-z0-9][a-z0-9_-]{0,99}")


@dataclass(frozen=True, slots=True)
class Location:
    """A cluster, a set of indices in it and the means to be let in."""

    secure: bool
    hosts: tuple[tuple[str, int], ...]
    path: str  # of the API, "" or "/gateway"
    prefix: str  # of all index names
    user: str = ""
    password: str = field(default="", repr=False)
    authority: str = ""  # file of trusted certificates, "" for the system's
    certificate: str = ""
    key: str = ""
    region: str = ""  # of SigV4, "" for unsigned requests
    service: str = "es"
    shards: int = 0  # of an index made from now on; 0: as the old one, or one

    def __str__(self) -> str:
        """The address as it may be shown: without user or password."""
        hosts = ",".join(f"{_bracketed(host)}:{port}" for host, port in self.hosts)
        scheme = "https" if self.secure else "http"
        return f"{scheme}://{hosts}{self.path}/{self.prefix}"

    @classmethod
    def parse(cls, url: str, environment: Mapping[str, str] | None = None) -> Location:
        """
        Read an address and the environment beside it.

        Raises:
            SettingsError: a part of either cannot be used.
        """
        given = os.environ if environment is None else environment
        try:
            parts = urlsplit(url)
        except ValueError as error:
            raise SettingsError(f"the address cannot be read: {error}") from error
        if parts.scheme not in ("http", "https") or parts.query or parts.fragment:
            raise SettingsError(
                f"{_shown(parts)!r} is no address of an OpenSearch; "
                "expected https://HOST:9200/PREFIX without query or fragment"
            )
        path, _, prefix = parts.path.rpartition("/")
        user, password = _login(parts, given)
        location = cls(
            secure=parts.scheme == "https",
            hosts=_hosts(parts),
            path=path.rstrip("/"),
            prefix=prefix or DEFAULT_PREFIX,
            user=user,
            password=password,
            authority=_file(given, "CA"),
            certificate=_file(given, "CERT"),
            key=_file(given, "KEY"),
            region=given.get(f"{ENVIRONMENT}REGION", ""),
            service=given.get(f"{ENVIRONMENT}SERVICE") or "es",
            shards=_shards(given),
        )
        location.check()
        return location

    def check(self) -> None:
        """Raise SettingsError when the parts do not fit together."""
        if not _PREFIX.fullmatch(self.prefix):
            raise SettingsError(
                f"{self.prefix!r} cannot begin an index name; expected up to 100 lower-case "
                "letters, digits, '-' and '_', beginning with a letter or digit"
            )
        if not self.secure and not all(_is_loopback(host) for host, _ in self.hosts):
            raise SettingsError(
                f"{str(self)!r} would send records in the open; "
                "expected https://, or http:// to this machine (127.0.0.1, [::1], localhost)"
            )
        if self.key and not self.certificate:
            raise SettingsError(
                f"{ENVIRONMENT}KEY is set without {ENVIRONMENT}CERT; expected both, or a "
                "certificate file that holds its key too"
            )
        if self.region and self.user:
            raise SettingsError(
                f"both a user ({self.user!r}) and {ENVIRONMENT}REGION are set; "
                "expected basic authentication or signed requests, not both"
            )


def fill_in(table: Mapping[str, object], environment: MutableMapping[str, str]) -> None:
    """
    Let `[opensearch]` of samework.toml say what the environment does not.

    Raises:
        SettingsError: the table has a name that nobody reads.
    """
    for name, value in table.items():
        if name not in SETTINGS or not isinstance(value, str | int):
            known = ", ".join(SETTINGS)
            raise SettingsError(
                f"[opensearch] {name} = {value!r} cannot be used; expected one of {known}"
            )
        environment.setdefault(f"{ENVIRONMENT}{name.upper()}", str(value))


def _login(parts: SplitResult, given: Mapping[str, str]) -> tuple[str, str]:
    userinfo, at, _ = parts.netloc.rpartition("@")
    if at:
        user, _, password = userinfo.partition(":")
        return unquote(user), unquote(password)
    return given.get(f"{ENVIRONMENT}USER", ""), given.get(f"{ENVIRONMENT}PASSWORD", "")


def _hosts(parts: SplitResult) -> tuple[tuple[str, int], ...]:
    hosts = []
    for host in parts.netloc.rpartition("@")[2].split(","):
        try:
            address = urlsplit(f"//{host}")
            port = address.port or DEFAULT_PORT
        except ValueError as error:
            raise SettingsError(
                f"{host!r} has no usable port ({error}); expected HOST:PORT, an IPv6 address in []"
            ) from error
        if not address.hostname:
            raise SettingsError(f"{_shown(parts)!r} names no host; expected https://HOST:9200")
        hosts.append((address.hostname, port))
    return tuple(hosts)


def _file(given: Mapping[str, str], name: str) -> str:
    path = given.get(f"{ENVIRONMENT}{name}", "")
    if path and not Path(path).is_file():
        raise SettingsError(f"{ENVIRONMENT}{name} is {path!r}; expected a file in PEM format")
    return path


def _shards(given: Mapping[str, str]) -> int:
    text = given.get(f"{ENVIRONMENT}SHARDS", "")
    if not text:
        return 0
    if not text.isascii() or not text.isdigit() or not 1 <= int(text) <= MOST_SHARDS:
        raise SettingsError(f"{ENVIRONMENT}SHARDS is {text!r}; expected 1 to {MOST_SHARDS}")
    return int(text)


def _is_loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _bracketed(host: str) -> str:
    return f"[{host}]" if ":" in host else host


def _shown(parts: SplitResult) -> str:
    """An address as given, its user and password left out."""
    return parts._replace(netloc=parts.netloc.rpartition("@")[2]).geturl()
