"""
The picture of a report that README.md opens with, taken from the made examples.

    examples/made.*  ->  samework dedupe  ->  report.html  ->  Chromium  ->  docs/report.png

The picture carries a digest of what it shows, so it is only taken anew when that has
changed, and a test can tell that it is out of date on a machine without a browser.
"""

from __future__ import annotations

import hashlib
import json
import re
import shutil
import sys
import tempfile
import zlib
from pathlib import Path
from typing import Final

import samework

ROOT: Final = Path(__file__).resolve().parents[1]
PICTURE: Final = ROOT / "docs" / "report.png"
# The records in the page: packed, and so not the same bytes on every machine.
DATA: Final = re.compile(r'<script type="application/[^>]*>.*?</script>', re.DOTALL)
BROWSERS: Final = ("chromium", "chromium-browser", "google-chrome")
FLAGS: Final = ("--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking")
WIDTH, HEIGHT = 1040, 768
CASE: Final = "Tide gauges without tides, Part 1"  # two forms of names, title and part number
IN_VIEW: Final = """() => {
    const list = document.querySelector("#list");
    const height = list.querySelector(".row").getBoundingClientRect().height;
    document.querySelector("#filters").scrollIntoView({behavior: "instant"});
    list.scrollTop = Math.ceil(list.scrollTop / height) * height;
}"""
KEY: Final = b"Shows"  # of the digest, in a tEXt chunk
HEADER: Final = 33  # bytes of a PNG before its second chunk


def main() -> None:
    """Take the picture if the report shows something else than it did."""
    with tempfile.TemporaryDirectory() as folder:
        answer = Path(folder)
        report(answer)
        digest = shown_by(answer)
        if PICTURE.exists() and digest == shown_in(PICTURE.read_bytes()):
            print("docs/report.png is as it should be")
            return
        PICTURE.write_bytes(signed(taken(answer / "report.html"), digest))
    print(f"docs/report.png written, {PICTURE.stat().st_size:,} bytes")


def report(folder: Path) -> None:
    """Write the answer for the made examples into this folder."""
    samework.dedupe(sorted((ROOT / "examples").glob("made.*")), out=folder).close()


def shown_by(answer: Path) -> str:
    """Return a digest of what the report of this answer shows, and of how it shows it."""
    digest = hashlib.sha256()
    for line in (answer / "pairs.jsonl").read_text("utf-8").splitlines():
        pair = json.loads(line)
        shown = [pair[name] for name in ("left", "right", "verdict", "kind", "reasons")]
        digest.update(json.dumps([*shown, f"{pair['probability']:.3f}"]).encode())
    page = (answer / "report.html").read_text("utf-8")
    digest.update(DATA.sub("", page).encode())
    return digest.hexdigest()


def taken(page: Path) -> bytes:
    """Return the picture of a report, its pictures folded away and one case chosen."""
    browser = next(filter(None, map(shutil.which, BROWSERS)), None)
    if browser is None:
        sys.exit("the report has changed, and no Chromium is there to take its picture")
    from playwright.sync_api import sync_playwright  # only where the picture is taken

    with sync_playwright() as driver:
        chromium = driver.chromium.launch(executable_path=browser, args=list(FLAGS))
        view = chromium.new_page(viewport={"width": WIDTH, "height": HEIGHT}, color_scheme="light")
        view.goto(page.as_uri())
        view.wait_for_selector("#case h3")
        view.click("details.pictures > summary")
        view.select_option("#sort", "unsure")
        view.click(f".row:has-text('{CASE}')")
        view.wait_for_selector(f"#case h3:has-text('{CASE}')")
        view.mouse.move(0, 0)
        view.evaluate(IN_VIEW)
        picture = view.screenshot()
        chromium.close()
    return picture


def signed(picture: bytes, digest: str) -> bytes:
    """Put a digest into a PNG, as text behind its header."""
    body = b"tEXt" + KEY + b"\0" + digest.encode()
    chunk = (len(body) - 4).to_bytes(4) + body + zlib.crc32(body).to_bytes(4)
    return picture[:HEADER] + chunk + picture[HEADER:]


def shown_in(picture: bytes) -> str:
    """Return the digest that a PNG carries, "" if none."""
    _, found, rest = picture.partition(b"tEXt" + KEY + b"\0")
    return rest[:64].decode("ascii", "replace") if found else ""


if __name__ == "__main__":
    main()
