"""
The command `samework` for tests, in a process of its own or in this one.

    here        in this process, a second of CPU cheaper: for claims about what is answered
    samework    in a process of its own, as people run it: for claims about a process
"""

from __future__ import annotations

import gc
import io
import os
import signal
import subprocess
import sys
import traceback
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from pathlib import Path

import pytest

from indexer.index import opening
from samework import cli
from samework.commands import stopping, terminal

SAMEWORK = Path(sys.executable).with_name("samework")
STATE = ((cli, "_running"), (terminal, "_quiet"), (terminal, "_after_stop"),
         (stopping, "_asked"), (opening, "_OPENED"))  # fmt: skip


def here(
    *arguments: str | Path,
    cwd: Path | None = None,
    env: Mapping[str, str] | None = None,
    stdin: bytes = b"",
) -> subprocess.CompletedProcess[str]:
    """Run it to its end within this process; stdout and stderr as text."""
    out, err = io.TextIOWrapper(io.BytesIO(), "utf-8"), io.StringIO()
    code = 0
    with _as_in_its_own_process(), pytest.MonkeyPatch.context() as patch:
        for name in _meant_for_samework():
            patch.delenv(name)
        for name, value in {"COLUMNS": "80", **(env or {})}.items():
            patch.setenv(name, value)
        patch.chdir(cwd or Path.cwd())
        patch.setattr(sys, "argv", ["samework", *map(str, arguments)])
        patch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(stdin), "utf-8"))
        with redirect_stdout(out), redirect_stderr(err):
            try:
                cli.main()
            except SystemExit as leaving:
                said = leaving.code
                code = said if isinstance(said, int) else int(said is not None)
            except Exception:  # as Python ends a process
                traceback.print_exc(file=err)
                code = 1
    out.seek(0)
    return subprocess.CompletedProcess(arguments, code, out.read(), err.getvalue())


@contextmanager
def _as_in_its_own_process() -> Iterator[None]:
    """Put back, after the block, all that a run leaves behind for the end of its process."""
    thresholds, on_interrupt = gc.get_threshold(), signal.getsignal(signal.SIGINT)
    with pytest.MonkeyPatch.context() as patch:
        for module, name in STATE:
            patch.setattr(module, name, dict(getattr(module, name)))
        patch.setattr(sys.modules["__main__"], "__package__", None)  # usage lines: not pytest's
        try:
            yield
        finally:
            gc.set_threshold(*thresholds)
            signal.signal(signal.SIGINT, on_interrupt)


def samework(
    *arguments: str | Path,
    cwd: Path | None = None,
    env: Mapping[str, str] | None = None,
    stdin: bytes = b"",
) -> subprocess.CompletedProcess[str]:
    """Run it to its end in a process of its own; stdout and stderr as text."""
    unwanted = _meant_for_samework()
    plain = {name: value for name, value in os.environ.items() if name not in unwanted}
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


def _meant_for_samework() -> list[str]:
    """Name the variables of the environment that would change what it does."""
    return [name for name in os.environ if name.startswith(("SAMEWORK_", "OPENSEARCH_"))]
