"""
Fixtures that run a test over both engines, the real ones; a plugin of tests/conftest.py.

    place          a function from a name to where an index of that name is: what --index takes
    shared_place   the same for all tests of a module
    shared_prefix  (address, prefix) of indices in OpenSearch for all tests of a module
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.opensearch_node.fixtures import own_prefix

ENGINES = ["embedded", pytest.param("opensearch", marks=pytest.mark.opensearch)]
Place = Callable[[str], str]


@pytest.fixture(params=ENGINES)
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Place:
    """Where an index of a name is, on the engine under test."""
    if request.param == "embedded":
        return lambda name: str(tmp_path / name)
    url, prefix = (request.getfixturevalue(f"opensearch_{name}") for name in ("url", "prefix"))
    return lambda name: f"{url}/{prefix}{name}"


@pytest.fixture(scope="module", params=ENGINES)
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
