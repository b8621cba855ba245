"""
Fixtures that run a test over both engines, the real ones; a plugin of tests/conftest.py.

    engine         an empty index, open
    place          a function from a name to where an index of that name is: what --index takes
    shared_place   the same for all tests of a module
    shared_prefix  (address, prefix) of indices in OpenSearch for all tests of a module
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from indexer.index.contract import Engine
from tests.both_engines import BOTH_ENGINES, one_of_both
from tests.opensearch_node.fixtures import own_prefix

Place = Callable[[str], str]


@pytest.fixture(params=BOTH_ENGINES)
def engine(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Engine]:
    """An empty index, open, on the engine under test."""
    yield from one_of_both(request, tmp_path)


@pytest.fixture(params=BOTH_ENGINES)
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Place:
    """Where an index of a name is, on the engine under test."""
    if request.param == "embedded":
        return lambda name: str(tmp_path / name)
    url, prefix = (request.getfixturevalue(f"opensearch_{name}") for name in ("url", "prefix"))
    return lambda name: f"{url}/{prefix}{name}"


@pytest.fixture(scope="module", params=BOTH_ENGINES)
def shared_place(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Place]:
    """Where an index of a name is that all tests of a module read."""
    if request.param == "embedded":
        folder = tmp_path_factory.mktemp("shared")
        yield lambda name: str(folder / name)
        return
    url, prefix = request.getfixturevalue("shared_prefix")
    yield lambda name: f"{url}/{prefix}{name}"


@pytest.fixture(scope="module")
def shared_prefix(opensearch_url: str) -> Iterator[tuple[str, str]]:
    """An address and a prefix for indices that are deleted after the module."""
    with own_prefix(opensearch_url) as prefix:
        yield opensearch_url, prefix
