"""The embedded engine: one SQLite file in a folder, no server, safe under kill -9."""

from indexer.index.embedded.backup import back_up
from indexer.index.embedded.engine import EmbeddedEngine
from indexer.index.embedded.repair import Repaired, repair

__all__ = ["EmbeddedEngine", "Repaired", "back_up", "repair"]
