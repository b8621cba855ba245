"""The OpenSearch engine: everything that `contract.Engine` promises, over indices of one prefix."""

from __future__ import annotations

from collections.abc import Iterator

from indexer.index.contract import Check
from indexer.index.opensearch.checks import checks
from indexer.index.opensearch.client import ClusterClient
from indexer.index.opensearch.collection import OpenSearchCollection
from indexer.index.opensearch.index import OpenSearchIndex
from indexer.index.opensearch.indices import Indices
from indexer.index.opensearch.location import Location


class OpenSearchEngine(OpenSearchIndex, OpenSearchCollection):
    """A cluster: many writers and readers at once, on many machines."""

    whole_from = 0.2  # 0.65 ms of CPU a record as a whole, 3.3 where it is asked for

    def __init__(self, location: Location, *, create: bool = True) -> None:
        self.location = str(location)
        self._client = ClusterClient(location)
        self._indices = Indices(self._client)
        try:
            self._indices.open(create=create)
        except BaseException:
            self._client.close()
            raise

    def checks(self) -> Iterator[Check]:
        """What `samework doctor` asks of a cluster."""
        return checks(self._client, self._indices)

    def close(self) -> None:
        """Close the connections; a second call does nothing."""
        self._client.close()


def open_opensearch(location: str, *, create: bool = True) -> OpenSearchEngine:
    """
    The engine at an address, the environment filling in what the address leaves out.

    Raises:
        SettingsError: a part of either cannot be used.
        BackendError: see `Indices.open`.
    """
    return OpenSearchEngine(Location.parse(location), create=create)
