"""
Fixtures that run a test over both engines, the real ones; a plugin of tests/conftest.py.

    place   a function from a name to where an index of that name is: what --index takes
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

ENGINES = ["embedded", pytest.param("opensearch", marks=pytest.mark.opensearch)]
Place = Callable[[str], str]


@pytest.fixture(params=ENGINES)
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Place:
    """Where an index of a name is, on the engine under test."""
    if request.param == "embedded":
        return lambda name: str(tmp_path / name)
    url, prefix = (request.getfixturevalue(f"opensearch_{name}") for name in ("url", "prefix"))
    return lambda name: f"{url}/{prefix}{name}"
