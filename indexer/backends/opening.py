"""Where an index is: a folder for the embedded engine, an address for OpenSearch."""

from __future__ import annotations

from indexer.backends.base import Engine


def open_engine(location: str, *, create: bool = True) -> Engine:
    """
    The engine at a location as given with --index.

    Raises:
        BackendUnavailable: nothing is there and `create` is false, or it does not answer.
        BackendError: what is there is no index of ours.
    """
    if location.startswith(("http://", "https://")):
        from indexer.backends.opensearch import open_opensearch

        return open_opensearch(location, create=create)
    from indexer.backends.embedded import EmbeddedEngine

    return EmbeddedEngine(location, create=create)
