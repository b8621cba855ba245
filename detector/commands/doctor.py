"""`samework doctor`: is all well, and where does each setting come from?"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from detector.commands.options import DEFAULT_INDEX, IndexOption, JsonOption, stored_detector
from detector.commands.terminal import Status, emit, emit_json, resume_by

if TYPE_CHECKING:
    from collections.abc import Iterator

    from detector.health import Finding

_MARKS = {"well": "ok   ", "note": "note ", "fault": "FAULT"}


def doctor(
    context: typer.Context,
    index: IndexOption = DEFAULT_INDEX,
    origins: Annotated[
        bool, typer.Option("--origins", help="Say where each setting came from.")
    ] = False,
    everything: Annotated[
        bool, typer.Option("--everything", help="Check all works of a large index too.")
    ] = False,
    json: JsonOption = False,
) -> None:
    """
    Look an index over: engine, keys, locks, disk, what waits, whether works are whole.

    Reads only. Each finding that is not well says what to do. Exit status: 0 all is
    well or only something waits, 1 a fault was found or there is no index.

    Example: samework doctor --index catalogue
    """
    from detector.health import Grade

    resume_by("nothing was changed; run it again")
    if origins:
        _print_origins(context, index, json)
        return
    faults = 0
    for finding in _findings(index, everything):
        faults += finding.grade is Grade.FAULT
        _print(finding, json)
    if faults:
        raise typer.Exit(Status.ERROR)


def _findings(index: str, everything: bool) -> Iterator[Finding]:
    from detector.health import examine, ill
    from indexer.errors import BackendDamaged, BackendFull, BackendReadOnly

    try:
        with stored_detector(index) as detector:
            yield from examine(detector.engine, everything)
    except (BackendDamaged, BackendFull, BackendReadOnly) as fault:  # it cannot even be opened
        yield ill(fault)


def _print(finding: Finding, json: bool) -> None:
    if json:
        plain = {"grade": str(finding.grade), "subject": finding.subject}
        emit_json(plain | {"text": finding.text, "advice": finding.advice})
        return
    emit(f"{_MARKS[finding.grade]}  {finding.subject:12}  {finding.text}")
    if finding.advice:
        emit(f"{'':5}  {'':12}  -> {finding.advice}")


def _print_origins(context: typer.Context, index: str, json: bool) -> None:
    """Every setting, its value, and flag, environment, file or default."""
    from indexer.settings import SETTINGS

    for setting in SETTINGS:
        value, origin = context.obj.origin(setting)
        if setting.name == "index" and value != index:
            value, origin = index, "flag --index"
        if json:
            emit_json({"setting": setting.name, "value": value, "from": origin})
        else:
            emit(f"{setting.name:14} {_shown(value):24} {origin:28} {setting.means}")
    if not json:
        emit(f"settings file: {context.obj.path or 'none; samework.toml would be read from here'}")


def _shown(value: Any) -> str:
    if isinstance(value, list | tuple):
        return ", ".join(value) or "-"
    return str(value) if value != "" else "-"
