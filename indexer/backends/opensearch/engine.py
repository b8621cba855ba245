"""The OpenSearch engine: an `Index` and a `Collection` over the indices of one prefix."""

from __future__ import annotations

from indexer.backends.opensearch.client import Client
from indexer.backends.opensearch.collection import OpenSearchCollection
from indexer.backends.opensearch.index import OpenSearchIndex
from indexer.backends.opensearch.indices import Indices
from indexer.backends.opensearch.location import Location


class OpenSearchEngine(OpenSearchIndex, OpenSearchCollection):
    """A cluster: many writers and readers at once, on many machines."""

    def __init__(self, location: str | Location, *, create: bool = True) -> None:
        where = Location.parse(location) if isinstance(location, str) else location
        self.location = str(where)
        client = Client(where)
        indices = Indices(client)
        OpenSearchIndex.__init__(self, client, indices)
        OpenSearchCollection.__init__(self, client, indices)
        try:
            indices.open(create=create)
        except BaseException:
            client.close()
            raise

    def close(self) -> None:
        """Close the connections; a second call does nothing."""
        self._client.close()
