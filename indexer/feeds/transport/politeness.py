"""
Politeness: how a feed treats its host, and the keys it may show.

    settings of a feed  ->  Politeness, Key  ->  http.HttpClient

Values only. A test on loopback is the same client with other figures.
"""

from __future__ import annotations

import os
from dataclasses import dataclass, field

from indexer.feeds.transport.bodies import BodyLimits


@dataclass(frozen=True, slots=True)
class Politeness:
    """How a feed treats its host; every figure is a setting of the feed."""

    rate: float = 1.0  # requests a second; 0 is without a limit
    attempts: int = 5  # tries of one request
    first_wait: float = 1.0  # seconds before the second try; doubles, with jitter
    longest_wait: float = 60.0
    longest_retry_after: float = 300.0  # asked to wait longer, we stop and come back another time
    connect_timeout: float = 15.0
    read_timeout: float = 90.0  # between two bytes
    deadline: float = 600.0  # for one whole answer
    download_deadline: float = 12 * 3600.0  # for one whole file
    largest_download: int = 64 << 30  # bytes of one file as it is sent
    failures: int = 3  # failed requests in a row that close the host, for
    pause: float = 300.0  # seconds
    # Pages in a row without a row that the list had not brought before: then it is left.
    # RecordManager asks a hundred times too; repositories that filter late send some empty ones.
    idle_pages: int = 100
    body: BodyLimits = field(default_factory=BodyLimits)
    private_hosts: frozenset[str] = frozenset()  # "host" or "host:port" allowed though not public
    contact: str = ""  # a mail address, told to every host
    ca_file: str = ""  # certificates to trust instead of the public ones


@dataclass(frozen=True, slots=True)
class Key:
    """
    A key to a source: where it is found and how it is sent.

    It is read from the environment at each use and from nowhere else.
    """

    variable: str  # of the environment, e.g. SAMEWORK_CORE_KEY
    header: str = ""  # sent as this header, with *prefix* before it
    prefix: str = ""
    param: str = ""  # or as this parameter of the URL

    @property
    def value(self) -> str:
        """The key itself; "" where there is none. Never log it."""
        return os.environ.get(self.variable, "").strip()
