"""One test over both engines, the real ones: the embedded one, and OpenSearch with three shards."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest

from indexer.index.contract import Engine
from indexer.index.embedded import EmbeddedEngine
from indexer.index.opensearch import OpenSearchEngine
from indexer.index.opensearch.location import Location

BOTH_ENGINES: Final = ["embedded", pytest.param("opensearch", marks=pytest.mark.opensearch)]


def one_of_both(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Engine]:
    """The empty engine that a fixture of BOTH_ENGINES asks for, closed afterwards."""
    made: Engine
    if request.param == "opensearch":
        url, prefix = (request.getfixturevalue(f"opensearch_{name}") for name in ("url", "prefix"))
        made = OpenSearchEngine(dataclasses.replace(Location.parse(f"{url}/{prefix}"), shards=3))
    else:
        made = EmbeddedEngine(str(tmp_path / "index"))
    yield made
    made.close()
