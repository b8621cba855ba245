"""The command `samework` for tests, run as people run it: in a process of its own."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

SAMEWORK = Path(sys.executable).with_name("samework")


def samework(
    *arguments: str | Path,
    cwd: Path | None = None,
    env: Mapping[str, str] | None = None,
    stdin: bytes = b"",
) -> subprocess.CompletedProcess[str]:
    """Run it to its end; stdout and stderr as text."""
    plain = {k: v for k, v in os.environ.items() if not k.startswith(("SAMEWORK_", "OPENSEARCH_"))}
    done = subprocess.run(
        [str(SAMEWORK), *map(str, arguments)],
        cwd=cwd,
        env={**plain, "COLUMNS": "80", **(env or {})},
        input=stdin,
        capture_output=True,
        timeout=100,
        check=False,
    )
    return subprocess.CompletedProcess(
        done.args, done.returncode, done.stdout.decode(), done.stderr.decode()
    )
