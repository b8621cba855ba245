"""The OpenSearch engine: one collection in the indices of a cluster."""

from indexer.index.opensearch.engine import OpenSearchEngine, open_opensearch

__all__ = ["OpenSearchEngine", "open_opensearch"]
