"""
The image, made and run where no Docker is: buildah carries the Dockerfile's steps out.

In place of the base image, which only a registry of images has, stands a Debian that debootstrap
installs, of the release and the Python that the base image's name says. Needs root and both tools.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.command import samework

ROOT = Path(__file__).resolve().parents[1]
AUTHORITIES = Path("etc/ssl/certs/ca-certificates.crt")  # this machine's may know one more
LARGEST_IMAGE = 300  # MB in /opt/samework; 271 with CPython 3.11, of which SciPy 111 and NumPy 56

pytestmark = [pytest.mark.soak, pytest.mark.timeout(1500)]

Buildah = Callable[..., str]


@pytest.fixture(scope="module")
def buildah() -> Iterator[Buildah]:
    """What runs buildah over a storage of its own, which is gone afterwards."""
    missing = [tool for tool in ("buildah", "debootstrap") if not shutil.which(tool)]
    if missing or os.geteuid() != 0:
        pytest.skip(f"needs {' and '.join(missing) or 'root'} to build the image")
    with tempfile.TemporaryDirectory(prefix="samework-image-") as folder:
        storage = ["--root", f"{folder}/images", "--runroot", f"{folder}/run"]

        def call(*arguments: str | Path) -> str:
            done = subprocess.run(
                ["buildah", "--storage-driver", "vfs", *storage, *map(str, arguments)],
                cwd=ROOT,
                env={**os.environ, "BUILDAH_ISOLATION": "chroot"},
                capture_output=True,
                text=True,
                timeout=1200,
            )
            assert done.returncode == 0, done.stderr[-3000:]
            return done.stdout.strip()

        yield call


@pytest.fixture(scope="module")
def container(buildah: Buildah) -> str:
    """A container of the image that the Dockerfile makes."""
    bases = re.findall(r"^FROM (\S+)", (ROOT / "Dockerfile").read_text(), re.MULTILINE)
    (base,) = set(bases)
    python, debian = re.fullmatch(r"python:(3\.\d+)-slim-(\w+)", base).groups()  # type: ignore[union-attr]
    with tempfile.TemporaryDirectory(prefix="samework-debian-") as folder:
        packages = f"python{python},python3-venv,python-is-python3,ca-certificates"
        made = subprocess.run(
            ["debootstrap", "--variant=minbase", f"--include={packages}", debian, folder],
            capture_output=True,
            text=True,
            timeout=1200,
        )
        assert made.returncode == 0, made.stdout[-3000:]
        if (Path("/") / AUTHORITIES).exists():
            shutil.copy(Path("/") / AUTHORITIES, Path(folder) / AUTHORITIES)
        empty = buildah("from", "scratch")
        buildah("add", "-q", empty, folder, "/")
        buildah("commit", "-q", "--rm", empty, f"docker.io/library/{base}")
    buildah("build", "--pull-never", "--tag", "samework", ".")
    return buildah("from", "--pull-never", "localhost/samework")


def test_image_finds_the_works_that_the_checkout_finds(buildah, container, tmp_path):
    data = tmp_path / "data"
    shutil.copytree(ROOT / "examples", data / "examples")
    os.chown(data, 10001, 10001)

    buildah("run", "-v", f"{data}:/data", container, "--", "samework", "dedupe", "examples",
            "--out", "answer")  # fmt: skip
    samework("dedupe", "examples", "--out", "checkout", cwd=data)

    for name in ("works.jsonl", "pairs.jsonl", "report.html"):
        assert (data / "answer" / name).read_bytes() == (data / "checkout" / name).read_bytes()


def test_image_runs_as_a_user_who_cannot_change_the_program(buildah, container):
    assert buildah("run", container, "--", "id", "-u") == "10001"
    unwritable = "test ! -w /opt/samework/bin/samework && test -w /data && echo so"
    assert buildah("run", container, "--", "sh", "-c", unwritable) == "so"


def test_image_is_small_and_holds_nothing_to_build_with(buildah, container):
    used = buildah("run", container, "--", "du", "-sm", "/opt/samework")
    tools = buildah("run", container, "--", "sh", "-c", "ls /opt/samework/bin")

    assert int(used.split()[0]) < LARGEST_IMAGE
    assert "pip" not in tools
