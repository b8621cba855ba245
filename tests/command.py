"""The command `samework` for tests, run as people run it: in a process of its own."""

from __future__ import annotations

import io
import os
import subprocess
import sys
from collections.abc import Mapping
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path

from samework.cli import main

SAMEWORK = Path(sys.executable).with_name("samework")


def here(*arguments: str | Path, cwd: Path) -> subprocess.CompletedProcess[str]:
    """The same within this process, for the many runs that need no process of their own."""
    out, err = io.TextIOWrapper(io.BytesIO(), "utf-8"), io.StringIO()
    before, given, code = Path.cwd(), sys.argv, 0
    os.chdir(cwd)
    sys.argv = ["samework", *map(str, arguments)]
    try:
        with redirect_stdout(out), redirect_stderr(err):
            main()
    except SystemExit as leaving:
        code = leaving.code if isinstance(leaving.code, int) else int(leaving.code is not None)
    finally:
        os.chdir(before)
        sys.argv = given
    out.seek(0)
    return subprocess.CompletedProcess(arguments, code, out.read(), err.getvalue())


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
