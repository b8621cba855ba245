"""
What the browser tests share: a Chromium, pages of reports, the accessibility checker.

Chromium is the system's own, driven over a pipe with a profile of its own and without a
network. Where it, Playwright or npm is missing the tests are left out and say so.
"""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.hostile import hostile_records
from tests.one_shot import answer, write
from tests.seed import SEED

BROWSERS = ("chromium", "chromium-browser", "google-chrome")
FLAGS = [
    *("--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
]
HERE = Path(__file__).parent
Open = Callable[..., Any]  # a report's path and options of the context -> a page


@pytest.fixture(scope="session")
def chromium() -> str:
    """The browser's path."""
    found = next(filter(None, map(shutil.which, BROWSERS)), None)
    if found is None:
        pytest.skip("no Chromium is installed (Debian: apt-get install chromium)")
    return found


@pytest.fixture
def opened(chromium: str, tmp_path: Path) -> Iterator[Open]:
    """Open a report in a fresh profile; any error of its script fails the test."""
    playwright = pytest.importorskip("playwright.sync_api", reason="Playwright is not installed")
    faults: list[str] = []
    with playwright.sync_playwright() as driver:
        contexts: list[Any] = []

        def open_page(report: Path, **options: Any) -> Any:
            context = driver.chromium.launch_persistent_context(
                str(tmp_path / f"profile-{len(contexts)}"),
                executable_path=chromium,
                args=FLAGS,
                offline=True,
                **{"viewport": {"width": 1280, "height": 900}, **options},
            )
            contexts.append(context)
            page = context.new_page()
            page.on("pageerror", lambda error: faults.append(str(error)))
            page.on("dialog", lambda dialog: faults.append(f"dialog {dialog.message}"))
            page.on("request", lambda asked: _only_itself(asked.url, report, faults))
            page.goto(report.as_uri())
            page.wait_for_selector(".row")
            page.wait_for_selector("#case h3")
            return page

        yield open_page
        for context in contexts:
            context.close()
    assert faults == []


def _only_itself(url: str, report: Path, faults: list[str]) -> None:
    if url != report.as_uri() and not url.startswith("blob:"):
        faults.append(f"the page asked for {url}")


@pytest.fixture(scope="session")
def report(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The report of the seed and some made works."""
    from tests.made_records import made_collection

    folder = tmp_path_factory.mktemp("report")
    rows = []
    for one in made_collection(3, 60):
        plain = one.to_dict()
        plain["id"] = plain.pop("source_id")
        plain.pop("record_id")
        rows.append(plain)
    answer(folder, write(folder / "all.jsonl", [*SEED, *rows]))
    return folder / "report.html"


@pytest.fixture(scope="session")
def hostile_report(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The report of records that attack it."""
    folder = tmp_path_factory.mktemp("hostile")
    answer(folder, write(folder / "all.jsonl", hostile_records()))
    return folder / "report.html"


@pytest.fixture(scope="session")
def axe(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The accessibility checker's script, installed as the lock file says."""
    npm = shutil.which("npm")
    if npm is None:
        pytest.skip("npm is not installed: no accessibility checker")
    folder = tmp_path_factory.mktemp("axe")
    for name in ("package.json", "package-lock.json"):
        shutil.copy(HERE / name, folder / name)
    quiet = ["--ignore-scripts", "--no-audit", "--no-fund"]
    done = subprocess.run([npm, "ci", *quiet], cwd=folder, capture_output=True, check=False)
    if done.returncode:
        pytest.skip("npm could not install the accessibility checker")
    return (folder / "node_modules/axe-core/axe.min.js").read_text("utf-8")
