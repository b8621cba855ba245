"""`samework audit`: somebody's works held against ours."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Annotated

import typer

from detector.audit.audit_files import FILES
from detector.audit.audit_run import AuditAsked, audit_into, audit_over
from detector.audit.auditing import Audit
from detector.audit.findings import AuditedPair, AuditFinding, Error
from detector.works.work_rules import rules_named
from samework.commands.choices import levels, usage
from samework.commands.options import (
    CollapseOption,
    FilesArgument,
    JsonOption,
    WeightsOption,
    WorkersOption,
)
from samework.commands.terminal import Stages, Status, emit, emit_json, resume_by, say

UNITS = {"reading": "records", "comparing": "pairs"}
_SHOWN = 5  # records of a group, works of a finding
_LISTED = {
    Error.SPLIT: "several works of theirs are one",
    Error.MERGED: "one work of theirs is several",
    Error.REVIEW: "one work of theirs may be several: we cannot tell",
    Error.NO_EVIDENCE: "nothing speaks for or against what ties these records",
}


def audit(
    files: FilesArgument,
    work_field: Annotated[
        str, typer.Option(metavar="FIELD", help="The column or field of work ids; id: the row's.")
    ] = "",
    against: Annotated[
        str,
        typer.Option(
            metavar="FILE|SCHEME",
            help="A file of records and their works, or a scheme of identifiers: openalex, doi, …",
        ),
    ] = "",
    out: Annotated[
        Path | None, typer.Option("--out", "-o", help="Also write audit.jsonl and audit.csv here.")
    ] = None,
    limit: Annotated[int, typer.Option(min=0, help="How many findings of a kind to show.")] = 10,
    level: Annotated[
        str, typer.Option(autocompletion=levels, help="What is one: work or version.")
    ] = "work",
    collapse: CollapseOption = None,
    weights: WeightsOption = "",
    workers: WorkersOption = "auto",
    json: JsonOption = False,
) -> None:
    """
    Hold somebody's works against ours: which are wrongly split, which wrongly merged, and why.

    The records carry work ids of OpenAlex, of a catalogue, of another tool: in a field
    (--work-field), in a file beside them (--against clusters.csv) or as an identifier
    (--against openalex). That id is never evidence. Every pair inside one of their works is
    compared. Prints counts and the first findings; all of them with --out or --json.
    Exit status: 0 done, 1 error, 3 when no rows were read or rows could not be used.

    Example: samework audit dump.jsonl --work-field id --out audit
    """
    resume_by("nothing was stored; run the same command again")
    if bool(work_field) == bool(against):
        raise typer.BadParameter(
            "say where the work ids stand: either --work-field FIELD or --against FILE|SCHEME"
        )
    with usage():
        rules = rules_named(level, (), collapse or ())
    asked = AuditAsked(tuple(files), work_field, against, rules, weights, workers)
    with Stages(UNITS).shown() as stages:
        found = audit_into(out, asked, stages) if out else audit_over(asked, stages)
    for line in (*found.run.unusable.told(), *found.notes):
        say(line)
    if not found.records:
        say(f"{', '.join(files)}: no record to audit; nothing was written")
        raise typer.Exit(Status.INCOMPLETE)
    _tell(found, limit, out, as_json=json)
    if found.unmet:
        some = ", ".join(found.unmet[:3])
        say(f"{len(found.unmet)} records of --against are in none of these files: {some}")
    if found.run.counts.rejected:
        raise typer.Exit(Status.INCOMPLETE)


def _tell(found: Audit, limit: int, out: Path | None, *, as_json: bool) -> None:
    if as_json:
        for finding in found.findings:
            emit_json(finding.to_dict())
        emit_json(found.summary())
        return
    for line in _counts(found):
        emit(line)
    for error, what in _LISTED.items():
        findings = found.of(error)
        if findings[:limit]:
            emit("")
            emit(f"{error}: {what}")
        for finding in findings[:limit]:
            for line in _lines(finding):
                emit(line)
        if len(findings) > limit > 0:
            emit(f"  … {len(findings) - limit} more")
    if out:
        emit("")
        emit(f"written to {out}/: {' '.join(FILES)}")


def _counts(found: Audit) -> Iterator[str]:
    said = found.agreement
    yield f"{found.records:>9} records, {found.without_work} of them without a work id"
    works = f"{said.works_theirs:>9} works of theirs, {said.works_ours} of ours"
    yield f"{works}, {said.works_equal} equal"
    pairs = f"{said.pairs_theirs:>9} pairs in works of theirs, {said.pairs_ours} in ours"
    yield f"{pairs}, {said.pairs_both} in both"
    cubed = f"precision {said.b_cubed_precision:.4f}, recall {said.b_cubed_recall:.4f}"
    yield f"          B-cubed of theirs, were ours true: {cubed}"
    for error, what in ((Error.SPLIT, "wrongly split"), (Error.MERGED, "wrongly merged")):
        told = found.expected[error]
        line = f"{told.listed:>9} {what}"
        if told.listed:
            low, high = told.low * told.listed, told.high * told.listed
            line += f"; right by our probabilities {told.right:.1f} (95 %: {low:.1f} to {high:.1f})"
        yield line
    review, none = len(found.of(Error.REVIEW)), len(found.of(Error.NO_EVIDENCE))
    yield f"{review:>9} that may be merged wrongly, {none} without evidence for or against"
    if found.not_compared:
        yield f"{found.not_compared:>9} pairs of large works not compared; their first records are"


def _lines(finding: AuditFinding) -> Iterator[str]:
    sure = f"  {finding.probability:.3f}" if finding.probability else ""
    verdict = f"  {finding.verdict}" if finding.verdict else ""
    yield f"  {_some(finding.works)}{sure}{verdict}"
    if finding.error is Error.MERGED:
        parts = " | ".join(_some(group) for group in finding.groups[:_SHOWN])
        more = len(finding.groups) - _SHOWN
        yield f"    as we see it: {parts}{f' | {more} more' if more > 0 else ''}"
    for pair in finding.pairs[: min(finding.pairs_needed, _SHOWN)]:
        yield from _sides(pair)


def _sides(pair: AuditedPair) -> Iterator[str]:
    for name, work, title in zip((pair.left, pair.right), pair.works, pair.titles, strict=True):
        yield f"    {name}{f' ({work})' if work and work != name else ''}: {title or '(no title)'}"
    for reason in pair.reasons[:3]:
        yield f"      - {reason}"


def _some(names: Sequence[str]) -> str:
    more = len(names) - _SHOWN
    return " ".join(names[:_SHOWN]) + (f" … {more} more" if more > 0 else "")
