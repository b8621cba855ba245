"""Where an index is: a folder for the embedded engine, an address for OpenSearch."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from indexer.errors import BackendDamaged, BackendError
from indexer.index.contract import Engine
from indexer.index.embedded import EmbeddedEngine
from indexer.index.embedded.damage import damage_of
from indexer.index.embedded.database import FILE

_OPENED: Final[dict[str, None]] = {}  # folders, in the order of their first opening


def open_engine(location: str, *, create: bool = True) -> Engine:
    """
    The engine at a location as given with --index.

    Raises:
        BackendUnavailable: nothing is there and `create` is false, or it does not answer.
        BackendError: what is there is no index of ours.
    """
    if location.startswith(("http://", "https://")):
        # a client that a run over a folder never needs
        from indexer.index.opensearch import open_opensearch

        return open_opensearch(location, create=create)
    _OPENED[location] = None
    return EmbeddedEngine(location, create=create)


def damage_of_opened() -> str:
    """
    What is wrong with an embedded index that this process opened; "" where nothing is.

    For an error that nobody foresaw: values that were stored whole and come back otherwise
    break code anywhere, and that is no fault of the code.
    """
    for folder in _OPENED:
        path = Path(folder) / FILE
        try:
            damage = damage_of(path, contents=True) if path.exists() else []
        except BackendError as error:
            return str(error)
        if damage:
            return str(BackendDamaged(str(path), "; ".join(damage)))
    return ""
