"""The embedded engine: one SQLite file in a folder, no server, safe under kill -9."""

from indexer.backends.embedded.engine import EmbeddedEngine

__all__ = ["EmbeddedEngine"]
