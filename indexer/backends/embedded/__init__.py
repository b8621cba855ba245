"""The embedded engine: one SQLite file in a folder, no server, safe under kill -9."""

from indexer.backends.embedded.backup import back_up
from indexer.backends.embedded.engine import EmbeddedEngine
from indexer.backends.embedded.repair import Repaired, repair

__all__ = ["EmbeddedEngine", "Repaired", "back_up", "repair"]
