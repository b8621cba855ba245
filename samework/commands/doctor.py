"""`samework doctor`: is all well, and where does each setting come from?"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Annotated, Any

import typer

from detector.checking.findings import Finding, Grade
from detector.runs.health import examine, ill
from detector.runs.repairing import repaired
from indexer.errors import BackendDamaged, BackendFull, BackendReadOnly
from indexer.settings import SETTINGS
from samework.commands.detectors import stored_detector
from samework.commands.options import DEFAULT_INDEX, IndexOption, JsonOption, WeightsOption
from samework.commands.terminal import Stages, Status, emit, emit_json, resume_by, say

_SHOWN = 5  # ids of lost records
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
    repair: Annotated[
        bool, typer.Option("--repair", help="Save what can be read of a damaged index.")
    ] = False,
    weights: WeightsOption = "",
    json: JsonOption = False,
) -> None:
    """
    Look an index over: engine, keys, locks, disk, what waits, whether works are whole.

    Reads only. Each finding that is not well says what to do. With --repair a damaged
    file is made anew of the records that are whole, keys and works from these, and the
    damaged one is kept beside; works that are not whole are formed anew. Exit status:
    0 all is well or only something waits, 1 a fault was found or there is no index,
    3 records were lost in a repair.

    Example: samework doctor --index catalogue
    """
    resume_by("nothing was changed; run it again")
    if origins:
        _print_origins(context, index, json)
        return
    if repair:
        _repair(index, weights, json)
        return
    faults = 0
    for finding in _findings(index, everything):
        faults += finding.grade is Grade.FAULT
        _print(finding, json)
    if faults:
        raise typer.Exit(Status.ERROR)


def _repair(index: str, weights: str, json: bool) -> None:
    resume_by("the damaged file is as it was; the same command begins anew")
    with Stages({"saving": "records", "comparing": "pairs"}).shown() as stages:
        saved, formed = repaired(index, weights, lambda stage, more: stages(stage, more))
    if json:
        plain: dict[str, object] = {"repaired": saved is not None, "works_formed_anew": formed}
        if saved:
            plain |= {"records": saved.records, "documents": saved.documents}
            plain |= {"events": saved.events, "lost": saved.lost, "kept": str(saved.kept)}
        emit_json(plain)
    elif saved:
        emit(f"saved {saved.records:,} records, {saved.documents:,} documents of what was")
        emit(f"compared and noted, {saved.events:,} events")
        emit(f"the damaged file is {saved.kept}")
    if formed and not json:
        emit("works were formed anew from the records; judgements of people were obeyed")
    if saved is None and not formed and not json:
        emit("nothing to repair: the file and its works are whole")
    if saved and saved.lost:
        _tell_lost(saved.lost, json)


def _tell_lost(lost: Sequence[str], json: bool) -> None:
    some = ", ".join(lost[:_SHOWN]) + (", …" if len(lost) > _SHOWN else "")
    count = f"{len(lost):,} record{'s' * (len(lost) != 1)}"
    text = f"{count} cannot be read whole: {some}"
    if not json:
        emit(text)
    say("ingest the files again that they came from; what is there already stays as it is")
    raise typer.Exit(Status.INCOMPLETE)


def _findings(index: str, everything: bool) -> Iterator[Finding]:
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
