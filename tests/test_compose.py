"""
docker-compose.yml and Dockerfile, as far as a machine without a Docker engine can check them.

The compose file is read by `outline`, which knows the plain YAML it is written in
(maps, lists, `|` blocks) and nothing else; a Docker client with the compose plugin
checks the rest. The image is built and run by tests/test_image.py, one of the long tests.
"""

from __future__ import annotations

import re
import shutil
import subprocess
import tomllib
from collections.abc import Iterator
from fnmatch import fnmatch
from pathlib import Path

import pytest

from detector.runs.jobs import makers
from indexer.index.opensearch.location import Location
from indexer.scheduling.jobs import jobs_of
from samework.cli import COMMANDS
from tests.opensearch_node import distribution

ROOT = Path(__file__).resolve().parents[1]
COMPOSE = ROOT / "docker-compose.yml"
DOCKERFILE = ROOT / "Dockerfile"
PYPROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())


def outline(text: str) -> Iterator[tuple[str, str]]:
    """
    (path, value) of every line of a compose file that has a value: "services.x.image".

    An item of a list is under its list's path; of a block the lines are one value.
    """
    path: list[tuple[int, str]] = []
    block: tuple[str, int, list[str]] | None = None
    for line in text.splitlines():
        indent = len(line) - len(line.lstrip())
        if block and (indent > block[1] or not line.strip()):
            block[2].append(line)
            continue
        if block:
            yield block[0], "\n".join(one.strip() for one in block[2])
            block = None
        content = re.sub(r"(^|\s)#.*", "", line).strip()
        if not content:
            continue
        path = [(at, name) for at, name in path if at < indent]
        name, colon, value = content.partition(":")
        here = ".".join(part for _, part in path)
        if content.startswith("- ") or not colon:
            yield here, content.removeprefix("- ")
            continue
        path.append((indent, name))
        full = ".".join(part for _, part in path)
        if value.strip() == "|":
            block = (full, indent, [])
        elif value:
            yield full, value.strip().strip("\"'")
    if block:
        yield block[0], "\n".join(one.strip() for one in block[2])


@pytest.fixture
def compose() -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for path, value in outline(COMPOSE.read_text()):
        found.setdefault(path, []).append(value)
    return found


def instructions() -> list[list[str]]:
    """The words of each instruction of the Dockerfile."""
    text = re.sub(r"^#.*\n", "", DOCKERFILE.read_text(), flags=re.MULTILINE)
    return [line.split() for line in text.replace("\\\n", " ").splitlines() if line.strip()]


def test_compose_client_accepts_the_file() -> None:
    """What only Compose itself knows: its schema, its interpolation, what depends on what."""
    docker = shutil.which("docker")
    if not docker or subprocess.run([docker, "compose", "version"], capture_output=True).returncode:
        pytest.skip("no docker client with compose")
    command = [docker, "compose", "--profile", "dashboards", "-f", str(COMPOSE), "config", "-q"]

    checked = subprocess.run(command, capture_output=True, text=True)

    assert checked.returncode == 0, checked.stderr


def test_opensearch_is_the_version_that_the_tests_run_on(compose: dict[str, list[str]]) -> None:
    """Two versions would make the tests say nothing of what people start."""
    version = distribution.version()

    assert compose["services.opensearch.image"] == [f"opensearchproject/opensearch:{version}"]
    dashboards = compose["services.dashboards.image"]
    assert dashboards == [f"opensearchproject/opensearch-dashboards:{version}"]


def test_nothing_is_published_beyond_this_machine(compose: dict[str, list[str]]) -> None:
    """The security plugin is off: whoever reaches the port reads and deletes everything."""
    ports = [port for path, found in compose.items() if path.endswith(".ports") for port in found]

    assert len(ports) == 2
    assert all(port.startswith("127.0.0.1:") for port in ports)


def test_every_service_is_bounded_and_comes_back(compose: dict[str, list[str]]) -> None:
    """Memory without a limit takes the machine along; OpenSearch's heap is half of its own."""
    services = {path.split(".")[1] for path in compose if path.startswith("services.")}

    assert services == {"opensearch", "dashboards", "samework"}
    for service in services:
        assert compose[f"services.{service}.mem_limit"]
        assert compose[f"services.{service}.restart"] == ["unless-stopped"]
    assert compose["services.opensearch.environment.OPENSEARCH_JAVA_OPTS"] == ["-Xms1g -Xmx1g"]
    assert compose["services.opensearch.mem_limit"] == ["2g"]
    assert "_cluster/health" in compose["services.opensearch.healthcheck.test"][0]
    assert compose["services.dashboards.profiles"] == ["[dashboards]"]


def test_samework_reaches_the_index_it_is_told_of(compose: dict[str, list[str]]) -> None:
    """Plain http is for loopback: so the service lives in OpenSearch's network."""
    url = compose["services.samework.environment.OPENSEARCH_URL"][0]

    location = Location.parse(url, {})

    assert location.hosts == (("127.0.0.1", 9200),)
    assert compose["services.samework.network_mode"] == ["service:opensearch"]


def test_samework_starts_with_jobs_it_knows(compose: dict[str, list[str]]) -> None:
    """A service that ends with a usage error would be restarted for ever."""
    (settings,) = compose["configs.settings.content"]
    command = compose["services.samework.command"][0].strip("[]")

    jobs = jobs_of(tomllib.loads(settings)["schedule"], makers({}))

    assert [job.kind for job in jobs] == ["reindex", "settle"]
    assert command in COMMANDS
    file = compose["services.samework.environment.SAMEWORK_CONFIG"]
    assert compose["services.samework.configs.target"] == file


def test_everything_the_image_copies_is_there_and_sent() -> None:
    """A path that .dockerignore keeps back fails only where the image is built."""
    sent = [
        line[1:]
        for line in (ROOT / ".dockerignore").read_text().splitlines()
        if line.startswith("!")
    ]
    copied = [
        source
        for words in instructions()
        if words[0] == "COPY" and not words[1].startswith("--from")
        for source in words[1:-1]
    ]

    assert copied
    for source in copied:
        assert (ROOT / source).exists()
        assert any(fnmatch(source, pattern) for pattern in sent)
    assert sorted(sent) == sorted(copied)
    packages = PYPROJECT["tool"]["setuptools"]["packages"]["find"]["include"]
    assert {package.removesuffix(".*") for package in packages} <= set(copied)


def test_image_installs_from_the_lock_and_builds_without_fetching() -> None:
    """--no-build-isolation needs the build backend among the locked packages."""
    text = DOCKERFILE.read_text()
    locked = (ROOT / "requirements.lock").read_text()

    assert "--require-hashes -r requirements.lock" in text
    assert "--no-deps --no-build-isolation" in text
    for needed in PYPROJECT["build-system"]["requires"]:
        assert re.search(rf"^{re.split(r'[<>=]', needed)[0]}==", locked, re.MULTILINE)


@pytest.mark.parametrize("name", ["requirements.lock", "requirements-dev.lock"])
def test_locks_pin_versions_by_hash_and_name_no_host_and_no_path(name: str) -> None:
    """Whoever has a mirror, or another folder, installs from them as they are."""
    entries = re.split(r"\n(?=\S)", re.sub(r"^#.*\n", "", (ROOT / name).read_text(), flags=re.M))

    assert len(entries) > 40
    for entry in entries:
        assert re.match(r"[\w.-]+==\S+ (; .+ )?\\\n    --hash=sha256:", entry), entry
        assert "://" not in entry
        assert not re.search(r"(^|\s)(/|--(extra-)?index-url|--find-links)", entry), entry


def test_everything_locked_for_users_is_what_the_tests_run_with() -> None:
    users, tests = (
        set(re.findall(r"^\S+==\S+", (ROOT / name).read_text(), re.MULTILINE))
        for name in ("requirements.lock", "requirements-dev.lock")
    )

    assert users <= tests


def test_image_runs_our_command_as_nobody_in_particular() -> None:
    """Not root, by number, and the command is one that the distribution installs."""
    words = instructions()
    last = {word[0]: " ".join(word[1:]) for word in words}

    assert last["USER"].isdigit()
    assert int(last["USER"]) > 0
    assert last["ENTRYPOINT"] == '["samework"]'
    assert "samework" in PYPROJECT["project"]["scripts"]
    bases = {word[1] for word in words if word[0] == "FROM"}
    assert all(re.fullmatch(r"[a-z]+:\d[\w.-]+", base) for base in bases)
