"""
What every test shares: the labelled data, and how hypothesis looks for examples.

Which tests run, and the account of those that do not: tests/tiers/.
"""

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import settings

pytest_plugins = [
    "tests.opensearch_node.fixtures",
    "tests.engines",
    "tests.works_compared",
    "tests.tiers.selection",
]

SHARED = Path(__file__).resolve().parents[2] / "shared" / "data"
SHARED_IS_MISSING = "../shared is not there"

# A loaded machine is no fault of the code; in CI one commit gives one result.
settings.register_profile("steady", deadline=None, derandomize=bool(os.environ.get("CI")))
settings.load_profile("steady")


@pytest.fixture(scope="session")
def shared_data() -> Callable[[str], Path]:
    """Give the path of one set or file of the labelled data, or skip and say so."""

    def path_of(name: str) -> Path:
        if not SHARED.is_dir():
            pytest.skip(SHARED_IS_MISSING)
        path = SHARED / name
        if not path.exists():
            pytest.skip(f"../shared/data has no {name}")
        return path

    return path_of
