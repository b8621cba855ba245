"""The picture of the README can be taken of a report as it is."""

from __future__ import annotations

from pathlib import Path

import pytest

from docs.make_report_picture import report, shown_in, signed, taken

pytestmark = pytest.mark.browser


def test_the_picture_of_the_readme_can_be_taken(chromium: str, tmp_path: Path) -> None:
    pytest.importorskip("playwright.sync_api", reason="Playwright is not installed")
    report(tmp_path)

    picture = signed(taken(tmp_path / "report.html"), "0" * 64)

    assert picture.startswith(b"\x89PNG")
    assert shown_in(picture) == "0" * 64
    assert 50_000 < len(picture) < 250_000
