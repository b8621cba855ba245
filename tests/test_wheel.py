"""
What `make wheel` has made: the archives of dist/, and the environment the wheel was installed into.

dist/ holds a source archive and a wheel; build/clean has the locked versions and that wheel, no
pip and nothing of this checkout.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import tarfile
import zipfile
from importlib.metadata import distributions
from pathlib import Path

import pytest

from tests.command import SAMEWORK

ROOT = Path(__file__).resolve().parents[1]
CLEAN = ROOT / "build/clean"
LARGEST_INSTALL = 360  # MB; 319 with CPython 3.11 on Linux, of which SciPy 142 and NumPy 72
PACKAGES = ("samework", "detector", "indexer")

pytestmark = pytest.mark.soak


@pytest.fixture(scope="module")
def wheel() -> zipfile.ZipFile:
    archives = list((ROOT / "dist").glob("samework-*.whl"))
    if len(archives) != 1 or not CLEAN.is_dir():
        pytest.skip("no dist/ and build/clean (`make wheel` makes them)")
    return zipfile.ZipFile(archives[0])


@pytest.fixture(scope="module")
def installed(wheel: zipfile.ZipFile) -> dict[str, str]:
    """Name and version of what the clean environment holds beside samework."""
    (site,) = CLEAN.glob("lib/python3*/site-packages")
    found = {normal(dist.name): dist.version for dist in distributions(path=[str(site)])}
    assert found.pop("samework")
    return found


def normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def run(*command: str | Path, cwd: Path) -> str:
    """Run it away from the checkout, so that only what is installed can be imported."""
    plain = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    done = subprocess.run(
        [*map(str, command)], cwd=cwd, env=plain, capture_output=True, text=True, timeout=100
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_wheel_holds_every_module_and_data_file_of_the_packages_and_no_more(wheel):
    """A type marker, a template or a table of weights that is left out fails only elsewhere."""
    tree = {
        path.relative_to(ROOT).as_posix()
        for package in PACKAGES
        for path in (ROOT / package).rglob("*")
        if path.is_file() and path.suffix != ".pyc"
    }

    held = {name for name in wheel.namelist() if ".dist-info/" not in name}

    assert held == tree
    assert {f"{package}/py.typed" for package in PACKAGES} <= held


def test_source_archive_holds_every_file_that_is_tracked(wheel):
    listed = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True)
    if listed.returncode:
        pytest.skip("not a git checkout")
    (archive,) = (ROOT / "dist").glob("samework-*.tar.gz")

    with tarfile.open(archive) as source:
        held = {name.partition("/")[2] for name in source.getnames()}

    assert set(listed.stdout.splitlines()) - held == set()


def test_sbom_in_the_wheel_names_what_is_installed_with_it(wheel, installed):
    """PEP 770: CycloneDX, of the locked versions, with their licences and no path of ours."""
    (name,) = [name for name in wheel.namelist() if ".dist-info/sboms/" in name]
    text = wheel.read(name).decode()
    sbom = json.loads(text)

    assert sbom["bomFormat"] == "CycloneDX"
    assert sbom["metadata"]["component"]["name"] == "samework"
    assert {normal(part["name"]): part["version"] for part in sbom["components"]} == installed
    unsaid = {part["name"] for part in sbom["components"] if not part.get("licenses")}
    assert unsaid <= {"pymarc"}  # BSD by its README; its metadata says nothing
    assert str(ROOT) not in text


def test_clean_environment_has_the_locked_versions_and_no_more(installed):
    lock = (ROOT / "requirements.lock").read_text()
    locked = dict(re.findall(r"^([\w.-]+)==([^ ]+)", lock, re.MULTILINE))
    del locked["setuptools"]  # builds, and is gone afterwards

    assert installed == locked


def test_installed_command_finds_the_works_that_the_checkout_finds(wheel, tmp_path):
    examples = ROOT / "examples"

    run(CLEAN / "bin/samework", "dedupe", examples, "--out", "installed", cwd=tmp_path)
    run(SAMEWORK, "dedupe", examples, "--out", "checkout", cwd=tmp_path)

    for name in ("works.jsonl", "pairs.jsonl", "report.html"):
        assert (tmp_path / "installed" / name).read_bytes() == (
            tmp_path / "checkout" / name
        ).read_bytes()


def test_module_and_command_say_the_version_of_the_wheel(wheel, tmp_path):
    version = Path(str(wheel.filename)).name.split("-")[1]

    for command in ([CLEAN / "bin/samework"], [CLEAN / "bin/python", "-m", "samework"]):
        assert run(*command, "--version", cwd=tmp_path) == f"samework {version}\n"


def test_install_stays_as_small_as_the_readme_says(wheel):
    """Disk blocks, as `du` counts them, compiled modules included."""
    files = (path.lstat() for path in CLEAN.rglob("*"))
    size = sum(file.st_blocks * 512 for file in files) / 2**20
    (said,) = re.findall(r"some (\d+) MB", (ROOT / "README.md").read_text())

    assert size < LARGEST_INSTALL
    assert size == pytest.approx(int(said), rel=0.1)
