"""`samework explain`: why two records are one work, or why not."""

from __future__ import annotations

from typing import Annotated

import typer

from detector.questions.explaining import Explanation, explain_stored, resolve
from indexer.fields import Fields
from samework.commands.options import (
    DEFAULT_INDEX,
    IndexOption,
    JsonOption,
    WeightsOption,
    detector_of_files,
    stored_detector,
)
from samework.commands.terminal import emit, emit_json, resume_by


def explain(
    left: Annotated[str, typer.Argument(metavar="A", help="A record id.")],
    right: Annotated[str, typer.Argument(metavar="B", help="Another.")],
    index: IndexOption = DEFAULT_INDEX,
    records: Annotated[
        list[str] | None,
        typer.Option(help="Compare in a collection of these files alone; may be repeated."),
    ] = None,
    weights: WeightsOption = "",
    json: JsonOption = False,
) -> None:
    """
    Say why two records describe one work, or why not: keys, weights, guards, verdict.

    Reads and never writes the index. A pair that no key found is compared all the same.

    Example: samework explain ia:9609 openalex:W4226067207 --records examples/seed.jsonl
    """
    resume_by("nothing was stored; run the same command again")
    asked = detector_of_files(records, weights) if records else stored_detector(index, weights)
    with asked as detector:
        if records:
            detector.whole()
        found = explain_stored(detector, resolve(detector, left), resolve(detector, right))
    if json:
        emit_json(_plain(found))
    else:
        _print(found)


def _plain(found: Explanation) -> dict[str, object]:
    return {
        **found.decision.to_dict(),
        "keys_shared": {source: list(texts) for source, texts in found.shared.items()},
        "keys_missed": list(found.missed),
        "keys_overfull": list(found.overfull),
        "compared": found.compared,
        "works": list(found.works),
        "stored_verdict": str(found.stored.verdict) if found.stored else None,
    }


def _print(found: Explanation) -> None:
    decision = found.decision
    emit(f"{decision.saying}  probability {decision.probability:.4f}")
    emit("")
    for name, ours, theirs in _beside(found.left, found.right):
        emit(f"  {name:11} {ours}")
        if theirs != ours:
            emit(f"  {'':11} {theirs}")
    emit("")
    for reason in decision.reasons:
        emit(f"  - {reason}")
    emit("")
    emit("  weight in bits (they add up to the log2 odds of the probability)")
    for name, bits in sorted(decision.weights.items(), key=lambda row: -abs(row[1])):
        if name == "prior" or bits:
            level = decision.levels.get(name, "")
            emit(f"  {bits:+7.2f}  {name:16} {level}")
    if decision.guards:
        emit(f"  guards: {', '.join(decision.guards)}")
    _print_keys(found)


def _print_keys(found: Explanation) -> None:
    emit("")
    if found.decision.found_by:
        emit(f"  found by {', '.join(found.decision.found_by)}")
        for source, texts in found.shared.items():
            emit(f"    {source:13} {'; '.join(texts)}")
    else:
        emit("  no key finds this pair: an index would not propose it")
    if found.missed:
        emit(f"  not by {', '.join(found.missed)}")
    for text in found.overfull:
        emit(f"  too many records carry the key {text}: it proposes nothing")
    if found.decision.found_by and not found.compared:
        emit("  titles share too few letters for a pair that only LSH proposes: not compared")
    if any(found.works):
        one = found.works[0] == found.works[1]
        emit(f"  {'one work' if one else 'two works'}: {', '.join(dict.fromkeys(found.works))}")


def _beside(left: Fields, right: Fields) -> list[tuple[str, str, str]]:
    """The rows of the two records as people read them."""
    rows = [
        ("record", left.record_id, right.record_id),
        ("title", left.title.text, right.title.text),
        ("authors", _authors(left), _authors(right)),
        ("date", str(left.date or ""), str(right.date or "")),
        ("container", left.container.text, right.container.text),
        ("identifiers", _identifiers(left), _identifiers(right)),
    ]
    return [(name, ours or "-", theirs or "-") for name, ours, theirs in rows if ours or theirs]


def _authors(fields: Fields) -> str:
    return "; ".join(name.text for name in fields.authors.names)


def _identifiers(fields: Fields) -> str:
    return ", ".join(f"{one} ({one.learnt})" for one in fields.identifiers)
