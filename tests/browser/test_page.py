"""The report as people use it: in a real browser, by mouse, keyboard and screen reader."""

from __future__ import annotations

import itertools
import time
from pathlib import Path
from typing import Any

import pytest

from detector.decision.decided import DecisionColumns
from detector.decision.verdicts import Decision, Verdict
from detector.reports.answer import write_answer
from detector.reports.parts.wanted import Wanted
from detector.runs.one_shot import Deduplication
from indexer.running.timings import Timings
from tests.browser.conftest import Open
from tests.one_shot import deduplicated, write
from tests.test_report_bound import many_works, written  # noqa: F401 (a fixture)

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]

SEED_TITLE = "Distilling the Knowledge of Romanian BERTs Using Multiple Teachers"
MANY = 320  # records; 51,040 pairs of them


def shown(page: Any) -> str:
    return str(page.inner_text("#shown"))


def rows(page: Any) -> list[str]:
    """The titles on screen, from the top."""
    return list(
        page.eval_on_selector_all(
            ".row",
            "rows => rows.sort((a, b) => a.offsetTop - b.offsetTop)"
            ".map(row => row.querySelector('.title').textContent)",
        )
    )


def search(page: Any, text: str) -> None:
    before = shown(page)
    page.fill("#search", text)
    page.wait_for_function(
        "before => document.querySelector('#shown').textContent !== before", arg=before
    )


def test_the_seed_case_stands_side_by_side_with_its_reasons(opened: Open, report: Path) -> None:
    """As the seed shows it: repaired names, differences marked, the harvested text behind."""
    page = opened(report)

    search(page, "romanian berts dascalu")

    case = page.inner_text("#case")
    assert page.inner_text("#case h3") == SEED_TITLE
    assert "duplicate" in case
    assert "arXiv id 2112.12650" in case
    assert page.locator("#case mark", has_text="ă").count() > 0
    page.locator("#case details.raw summary").first.click()
    assert "DascÄƒlu" in page.inner_text("#case")
    assert page.locator("#case .weights svg rect").count() > 3
    assert page.locator("#case .chip", has_text="identifier").count() == 1


def test_search_filters_and_sort_change_the_list(opened: Open, report: Path) -> None:
    page = opened(report)
    every = shown(page)

    page.select_option("#verdict", label="version")
    assert shown(page) != every
    assert page.locator(".row .badge:not(.version)").count() == 0
    page.select_option("#verdict", label="all")
    page.select_option("#source", label="openalex")
    assert shown(page).startswith("1 of")
    page.select_option("#source", label="all")
    page.select_option("#sort", label="surest first")
    numbers = page.eval_on_selector_all(
        ".row", "rows => rows.sort((a, b) => a.offsetTop - b.offsetTop)"
        ".map(row => parseFloat(row.querySelectorAll('.number')[0].textContent))"
    )  # fmt: skip
    assert numbers == sorted(numbers, reverse=True)
    search(page, "no such thing anywhere")
    assert "loosen the filters" in page.inner_text("#case")


def test_works_are_shown_with_their_versions(opened: Open, report: Path) -> None:
    page = opened(report)

    page.select_option("#view", "works")
    search(page, "romanian berts")

    case = page.inner_text("#case")
    assert "MERGED" in case.upper()
    assert "one version, 2 records" in case


def test_everything_is_reached_by_the_keyboard_alone(opened: Open, report: Path) -> None:
    """/ searches, Enter goes to the list, arrows move, Enter reads, Escape returns."""
    page = opened(report)

    page.keyboard.press("/")
    page.keyboard.type("e")
    page.wait_for_timeout(400)
    page.keyboard.press("Enter")
    first = page.inner_text("#case")
    page.keyboard.press("ArrowDown")
    page.wait_for_function(
        "before => document.querySelector('#case').innerText !== before", arg=first
    )
    assert page.get_attribute("#list", "aria-activedescendant") == "row-1"
    page.keyboard.press("End")
    page.wait_for_timeout(200)
    last = page.get_attribute("#list", "aria-activedescendant")
    assert page.get_attribute(f"#{last}", "aria-selected") == "true"
    page.keyboard.press("Enter")
    page.wait_for_function("() => document.activeElement.id === 'case'")
    page.keyboard.press("Escape")
    assert page.evaluate("document.activeElement.id") == "list"


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("view", ["pairs", "works"])
def test_the_accessibility_checker_finds_nothing_serious(
    opened: Open, report: Path, axe: str, scheme: str, view: str
) -> None:
    """Names, roles, contrast: what a machine can tell of them."""
    page = opened(report, color_scheme=scheme, bypass_csp=True)
    page.select_option("#view", view)
    page.wait_for_selector("#case h3")

    page.evaluate(axe)
    found = page.evaluate("axe.run()")

    serious = [
        f"{one['id']}: {one['nodes'][0]['target']} {one['nodes'][0]['failureSummary']}"
        for one in found["violations"]
        if one["impact"] in ("serious", "critical")
    ]
    assert serious == []


def test_hostile_records_stay_text(opened: Open, hostile_report: Path) -> None:
    """No script of a title runs, no link of a record is a script, no text turns around."""
    page = opened(hostile_report)

    page.click("#list")
    page.keyboard.press("Home")
    for _ in range(12):
        page.keyboard.press("ArrowDown")
        page.wait_for_timeout(80)
    page.select_option("#view", "works")
    page.wait_for_timeout(200)

    assert page.evaluate("window.hacked") is None
    hrefs = page.eval_on_selector_all("a", "links => links.map(link => link.protocol)")
    assert set(hrefs) <= {"http:", "https:", "file:"}
    assert page.locator("#case img, #case script, #case iframe, .row img").count() == 0
    text = page.evaluate("document.body.innerText")
    assert "\u202e" not in text
    assert "window.hacked" in text


def test_nothing_is_cut_off_in_a_narrow_window(opened: Open, report: Path) -> None:
    page = opened(report, viewport={"width": 390, "height": 800})

    assert page.evaluate("document.documentElement.scrollWidth") <= 390


def test_paper_gets_the_counts_the_list_and_the_case(opened: Open, report: Path) -> None:
    page = opened(report)

    page.emulate_media(media="print")
    page.evaluate("window.dispatchEvent(new Event('beforeprint'))")

    assert page.locator("#filters").is_hidden()
    assert page.locator("#printed p").count() > 5
    assert page.locator("#case h3").is_visible()


@pytest.fixture(scope="module")
def large(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A report of 51,040 pairs: every two of 320 made records."""
    folder = tmp_path_factory.mktemp("large")
    made = [
        {
            "id": str(n), "title": f"Study {n * 7919:x} of {n * 104729:x} rivers and their ice",
            "authors": ["Ingrid Moe", f"Jan {n:x}berg"], "year": str(1990 + n % 30),
            "abstract": f"Water {n} " * 120,
        }
        for n in range(MANY)
    ]  # fmt: skip
    with deduplicated(folder, [write(folder / "made.jsonl", made)]) as found:
        ids = sorted(found.record_ids)
        verdicts = itertools.cycle((Verdict.REVIEW, Verdict.DUPLICATE, Verdict.VERSION))
        levels = dict(next(found.decisions()).levels) if found.detection.decisions else {}
        decided = [
            Decision(
                left, right, next(verdicts), probability=(n * 7919 % 10_000) / 10_000,
                found_by=("lsh", "title"), levels=levels,
            )
            for n, (left, right) in enumerate(itertools.combinations(ids, 2))
        ]  # fmt: skip
        found.detection.decisions = DecisionColumns.of(decided, ids)
        write_answer(found, folder, Wanted(rows=False), Timings())
    return folder / "report.html"


def test_fifty_thousand_pairs_open_in_under_three_seconds(opened: Open, large: Path) -> None:
    """To the first view of list and case, the browser's own start left out."""
    page = opened(large)

    page.reload()
    began = time.monotonic()
    page.reload()
    page.wait_for_selector("#case h3")
    seconds = time.monotonic() - began

    assert "of 51,040 pairs" in shown(page)
    assert seconds < 3.0


def test_fifty_thousand_pairs_scroll_smoothly(opened: Open, large: Path) -> None:
    """Only the rows on screen exist, and drawing them anew takes less than a frame or two."""
    page = opened(large)

    slowest = page.evaluate(
        """async () => {
          const list = document.querySelector('#list');
          const times = [];
          for (let step = 0; step < 60; step += 1) {
            list.scrollTop = step * 40_000;
            const began = performance.now();
            draw();
            times.push(performance.now() - began);
            await new Promise(requestAnimationFrame);
          }
          return times.sort((a, b) => a - b)[54];
        }"""
    )

    assert page.locator(".row").count() < 60
    assert slowest < 34  # ms, of nine in ten; two frames


def test_searching_fifty_thousand_pairs_takes_less_than_a_second(opened: Open, large: Path) -> None:
    page = opened(large)
    page.fill("#search", "rivers")
    page.wait_for_timeout(500)

    spent = page.evaluate(
        "() => { document.querySelector('#search').value = 'ice 20'; const t = performance.now();"
        " refresh(); return performance.now() - t; }"
    )

    assert spent < 1_000


def test_a_report_that_leaves_pairs_out_says_so_and_opens_what_it_shows(
    opened: Open,
    many_works: Deduplication,  # noqa: F811 (the fixture above)
    tmp_path: Path,
) -> None:
    written(many_works, tmp_path / "report.html")

    page = opened(tmp_path / "report.html")

    assert "All pairs stand in pairs.jsonl" in page.inner_text(".cases .notice")
    assert "more in pairs.jsonl" in shown(page)
    assert page.locator("#case h3").is_visible()
    page.select_option("#view", label="works")
    page.wait_for_function("document.querySelector('#shown').textContent.includes('works')")
    page.wait_for_selector("#case .member")
    assert page.locator("#case .member").count() == 2
