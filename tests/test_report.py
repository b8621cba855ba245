"""The report without a browser: one whole file, nothing fetched, nothing of a record as markup."""

from __future__ import annotations

import base64
import gzip
import hashlib
import json
import re
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest

from tests.hostile import HOSTILE, hostile_records
from tests.one_shot import answer, write
from tests.seed import SEED


class Page(HTMLParser):
    """The elements of a page with their attributes, and the text of its scripts."""

    def __init__(self, text: str) -> None:
        super().__init__(convert_charrefs=True)
        self.elements: list[tuple[str, dict[str, str]]] = []
        self.scripts: dict[str, str] = {}
        self._open = ""
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        named = {name: value or "" for name, value in attrs}
        self.elements.append((tag, named))
        self._open = named.get("id", "code") if tag == "script" else ""

    def handle_data(self, data: str) -> None:
        if self._open:
            self.scripts[self._open] = self.scripts.get(self._open, "") + data

    def handle_endtag(self, tag: str) -> None:
        self._open = ""

    def details(self, kind: str) -> list[dict[str, Any]]:
        """All unpacked details of a kind."""
        names = [name for name in self.scripts if name.startswith(f"{kind}-")]
        return [
            one
            for name in names
            for one in json.loads(gzip.decompress(base64.b64decode(self.scripts[name])))
        ]


@pytest.fixture(scope="module")
def text(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The report of the seed and of a set of hostile records."""
    folder = tmp_path_factory.mktemp("report")
    answer(folder / "out", write(folder / "all.jsonl", [*SEED, *hostile_records()]))
    return (folder / "out/report.html").read_text("utf-8")


@pytest.fixture(scope="module")
def page(text: str) -> Page:
    return Page(text)


def test_the_page_fetches_nothing(text: str, page: Page) -> None:
    """It is opened years later, on a machine without a network."""
    loading = {"link", "img", "iframe", "object", "embed", "base", "video", "audio"}

    assert not [tag for tag, _ in page.elements if tag in loading]
    assert not [attrs for tag, attrs in page.elements if tag == "script" and "src" in attrs]
    assert "url(" not in text.partition("<main>")[0]


def test_only_the_one_script_may_run(text: str, page: Page) -> None:
    """The policy names our script by its hash: an inserted one would not run."""
    (policy,) = (
        attrs["content"]
        for _, attrs in page.elements
        if attrs.get("http-equiv") == "Content-Security-Policy"
    )
    code = re.findall(r"<script>(.*?)</script>", text, re.DOTALL)

    assert len(code) == 1
    digest = base64.b64encode(hashlib.sha256(code[0].encode()).digest()).decode()
    assert f"script-src 'sha256-{digest}'" in policy
    assert policy.startswith("default-src 'none'")


def test_no_text_of_a_record_becomes_an_element(text: str, page: Page) -> None:
    """Titles end script elements, open event handlers, and say javascript: if we let them."""
    handlers = {name for _, attrs in page.elements for name in attrs if name.startswith("on")}
    links = {attrs["href"] for tag, attrs in page.elements if tag == "a"}

    assert handlers == set()
    assert links == {"#list"}
    assert sum(tag == "script" for tag, _ in page.elements) == 1 + len(page.scripts) - 1
    for one in HOSTILE:
        if "<" in one:
            assert one not in text


def test_the_counts_are_those_of_the_summary(tmp_path: Path) -> None:
    summary = answer(tmp_path, write(tmp_path / "seed.jsonl", SEED))

    text = (tmp_path / "report.html").read_text("utf-8")

    found = dict(re.findall(r"<dt>([^<]*)</dt><dd>([\d,]*)</dd>", text))
    assert found["records"] == str(summary["records"]) == "2"
    assert found["duplicate pairs"] == str(summary["pairs"]["duplicate"]) == "1"
    assert text.count("<figure") == 4


def test_a_case_holds_what_the_seed_shows(page: Page) -> None:
    """Repaired text with the harvested one behind it, identifiers, reasons, levels, found_by."""
    title = "Distilling the Knowledge of Romanian BERTs Using Multiple Teachers"
    (archive,) = (
        one
        for one in page.details("records")
        if one.get("title") == title and "Mihai DascÄƒlu" in one["raw"].get("authors", ())
    )
    pairs = page.details("pairs")

    assert "Mihai Dascălu" in archive["authors"]
    assert archive["identifiers"] == ["arxiv:2112.12650 (mined)"]
    assert any("arXiv" in reason for pair in pairs for reason in pair["reasons"])
    assert all(pair["found_by"] and pair["levels"] for pair in pairs)


def test_the_weights_of_the_page_add_up_to_its_probabilities(page: Page) -> None:
    """The waterfall is drawn from the table of weights; it must end where the verdict stands."""
    listing = json.loads(page.scripts["listing"])
    table = listing["weights"]

    for number, pair in enumerate(page.details("pairs")):
        bits = sum(table["levels"][name][level] for name, level in pair["levels"].items())
        odds = 2 ** (table["prior"] + bits)
        assert odds / (1 + odds) == pytest.approx(listing["pairs"]["probability"][number], abs=1e-4)
