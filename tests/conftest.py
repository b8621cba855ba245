"""
What every test shares: the labelled data, and the account of what was left out.

A test that cannot run skips with its reason, and the run's summary counts the reasons.
With REQUIRE_REAL_PARTS=1 a test marked `opensearch`, `browser` or `disk` must not skip: its skip
becomes a failure. Only the data of ../shared may always be missing.
"""

import os
import signal
from collections import Counter
from collections.abc import Callable, Generator, Iterator
from pathlib import Path

import pytest
from hypothesis import settings

pytest_plugins = ["tests.opensearch_node.fixtures", "tests.engines"]

SHARED = Path(__file__).resolve().parents[2] / "shared" / "data"
SHARED_IS_MISSING = "../shared is not there"
REAL_PARTS = ("opensearch", "browser", "disk")
LONG: set[str] = set()  # collected, and run by `make soak` only

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


def pytest_configure() -> None:
    """Heed Ctrl-C: a shell lets what it starts in the background ignore it, and so do children."""
    signal.signal(signal.SIGINT, signal.default_int_handler)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark the tests that use the labelled data."""
    for item in items:
        if "shared_data" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.shared_data)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item,
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Turn the skip of a test into a failure where the real parts are required."""
    report = yield
    if not report.skipped or hasattr(report, "wasxfail"):
        return report
    reason = reason_of(report)
    real_part = any(item.get_closest_marker(mark) for mark in REAL_PARTS)
    if real_part and required() and not reason.startswith("../shared"):
        report.outcome = "failed"
        report.longrepr = f"REQUIRE_REAL_PARTS is set, but the test was left out: {reason}"
    return report


def pytest_deselected(items: list[pytest.Item]) -> None:
    """Remember the long tests that were not asked for."""
    LONG.update(item.nodeid for item in items if item.get_closest_marker("soak"))


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Tell the process that prints the summary, where others run the tests."""
    if (told := getattr(session.config, "workeroutput", None)) is not None:
        told["long"] = sorted(LONG)


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: object) -> None:
    """Hear it; every process has collected the same tests."""
    LONG.update(getattr(node, "workeroutput", {}).get("long", ()))


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Count in one line the tests that were left out, by reason."""
    reasons = Counter(left_out(terminalreporter.stats))
    if reasons:
        parts = (f"{reason}: {count}" for reason, count in reasons.most_common())
        terminalreporter.write_line(f"left out, {reasons.total()} in all: " + "; ".join(parts))


def left_out(stats: dict[str, list[object]]) -> Iterator[str]:
    """Give the reason of every test that was collected and not run."""
    for report in stats.get("skipped", ()):
        if isinstance(report, pytest.TestReport | pytest.CollectReport):
            yield reason_of(report)
    for _ in LONG:
        yield "long (`make soak` runs them)"


def reason_of(report: pytest.TestReport | pytest.CollectReport) -> str:
    """Give the reason of a skip as it was written."""
    said = report.longrepr[2] if isinstance(report.longrepr, tuple) else str(report.longrepr)
    return said.removeprefix("Skipped: ")


def required() -> bool:
    """Say whether a missing node or browser is a failure."""
    return os.environ.get("REQUIRE_REAL_PARTS") == "1"
