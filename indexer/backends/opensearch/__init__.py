"""The OpenSearch engine: one collection in the indices of a cluster."""

from indexer.backends.opensearch.engine import OpenSearchEngine

__all__ = ["OpenSearchEngine"]
