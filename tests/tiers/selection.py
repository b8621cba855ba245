"""
Marks tests by what they need, leaves out what a tier has no room for, and counts it.

    make quick   all that runs in this process alone: without a mark of ELSEWHERE, nor `soak`
    make test    all but `soak`
    make soak    `soak` only

A test is marked by the fixtures it takes and by what it calls, so no list is kept by hand;
`@pytest.mark.spawns` is written only where the program starts a process by itself.

A test that cannot run skips with its reason, and the run's summary counts the reasons.
With REQUIRE_REAL_PARTS=1 the skip of a test that needs one of REAL_PARTS is a failure. Only
the data of ../shared may always be missing.
"""

from __future__ import annotations

import multiprocessing
import os
import subprocess
from collections import Counter
from collections.abc import Callable, Generator, Iterator
from contextlib import nullcontext
from typing import Any, Final

import pytest

from indexer.running.workers import Workers
from tests.disks import small_disk
from tests.tiers.guard import held
from tests.tiers.reach import reached

# What the quick tier leaves out, by mark.
ELSEWHERE: Final = {
    "opensearch": "need an OpenSearch",
    "browser": "need a browser",
    "disk": "need a small disk",
    "spawns": "start processes",
}
REAL_PARTS: Final = ("opensearch", "browser", "disk")
STARTERS: Final[frozenset[object]] = frozenset(
    {
        *(subprocess.Popen, subprocess.run, subprocess.call, subprocess.check_call),
        *(subprocess.check_output, os.fork, os.system, os.posix_spawn, os.posix_spawnp),
        *(multiprocessing.get_context, multiprocessing.Process, multiprocessing.Pool, Workers),
    }
)
LEFT_OUT: Final = pytest.StashKey[dict[str, str]]()  # id of a test -> why it was not selected


def pytest_addoption(parser: pytest.Parser) -> None:
    """Take --quick."""
    parser.addoption("--quick", action="store_true", help="only tests that need this process alone")


def pytest_configure(config: pytest.Config) -> None:
    """Begin the account of what is left out."""
    config.stash[LEFT_OUT] = {}


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Mark every test by what it needs, and leave out what the quick tier has no room for."""
    for item in items:
        if "shared_data" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.shared_data)
        needs = reached(_functions_of(item))
        if needs & STARTERS:
            item.add_marker(pytest.mark.spawns)
        if small_disk.__wrapped__ in needs:  # type: ignore[attr-defined]
            item.add_marker(pytest.mark.disk)
    if config.getoption("--quick"):
        out = [item for item in items if any(map(item.get_closest_marker, ELSEWHERE))]
        config.hook.pytest_deselected(items=out)
        gone = set(out)
        items[:] = [item for item in items if item not in gone]


def _functions_of(item: pytest.Item) -> Iterator[Callable[..., Any]]:
    """Give a test's function, those of its fixtures, and those among its parameters."""
    if isinstance(item, pytest.Function):
        yield item.function
        for definitions in item._fixtureinfo.name2fixturedefs.values():  # pytest shows it nowhere
            yield definitions[-1].func
        parameters = item.callspec.params.values() if hasattr(item, "callspec") else ()
        yield from filter(callable, parameters)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item) -> Generator[None, object, object]:
    """Hold a test of the quick tier to it."""
    with held(item.nodeid) if item.config.getoption("--quick") else nullcontext():
        return (yield)


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
    required = os.environ.get("REQUIRE_REAL_PARTS") == "1"
    if real_part and required and not reason.startswith("../shared"):
        report.outcome = "failed"
        report.longrepr = f"REQUIRE_REAL_PARTS is set, but the test was left out: {reason}"
    return report


def pytest_deselected(items: list[pytest.Item]) -> None:
    """Remember the tests that a tier has no room for."""
    for item in items:
        quick = item.config.getoption("--quick")
        marks = [mark for mark in ELSEWHERE if quick and item.get_closest_marker(mark)]
        if item.get_closest_marker("soak"):
            item.config.stash[LEFT_OUT][item.nodeid] = "long (`make soak` runs them)"
        elif marks:
            why = f"{marks[0]}, they {ELSEWHERE[marks[0]]} (`make test` runs them)"
            item.config.stash[LEFT_OUT][item.nodeid] = why


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Tell the process that prints the summary, where others run the tests."""
    if (told := getattr(session.config, "workeroutput", None)) is not None:
        told["left out"] = session.config.stash[LEFT_OUT]


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: Any) -> None:
    """Hear it; every process has collected the same tests."""
    node.config.stash[LEFT_OUT].update(getattr(node, "workeroutput", {}).get("left out", {}))


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Count in one line the tests that were left out, by reason."""
    reasons = Counter(terminalreporter.config.stash[LEFT_OUT].values())
    for report in terminalreporter.stats.get("skipped", ()):
        if isinstance(report, pytest.TestReport | pytest.CollectReport):
            reasons[reason_of(report)] += 1
    if reasons:
        parts = (f"{reason}: {count}" for reason, count in reasons.most_common())
        terminalreporter.write_line(f"left out, {reasons.total()} in all: " + "; ".join(parts))


def reason_of(report: pytest.TestReport | pytest.CollectReport) -> str:
    """Give the reason of a skip as it was written."""
    said = report.longrepr[2] if isinstance(report.longrepr, tuple) else str(report.longrepr)
    return said.removeprefix("Skipped: ")
