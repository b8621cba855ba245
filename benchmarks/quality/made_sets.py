"""
What weights are fitted to: the labelled sets, and those that are made of their records.

    training(folder)  ->  a LabelledSet each of SETS, of those rewritten and of the kinds

Each kind of benchmarks.quality.kinds is a set. A made pair says whose records it is made
of, so that it is left out with these sets; a rewritten set has an origin and is left out
with it, as its origin is when it is tested.
"""

from __future__ import annotations

import csv
import tempfile
from dataclasses import replace
from hashlib import blake2b
from pathlib import Path

import numpy as np

from benchmarks.quality import as_references
from benchmarks.quality.kinds import base
from benchmarks.quality.kinds.making import KINDS, made
from benchmarks.quality.levels import CACHE, code_state, labelled, store
from benchmarks.quality.sets import SETS, DevelopmentSet, kept_run
from detector.evaluation.truth import Pair, pair_of, read_truth
from detector.fitting.fit import LabelledSet


def training(folder: Path = CACHE) -> list[LabelledSet]:
    """Every set that weights are fitted to; levels are kept in the folder between runs."""
    return [*(labelled(dataset, folder) for dataset in SETS), *made_sets(folder)]


def made_sets(folder: Path = CACHE) -> list[LabelledSet]:
    """The rewritten sets and the kinds."""
    rewritten = []
    for origin in as_references.ORIGINS:
        with tempfile.TemporaryDirectory() as place:
            rewritten.append(labelled(as_references.written(origin, Path(place)), folder))
    return [*rewritten, *kinds(folder)]


def kinds(folder: Path = CACHE) -> list[LabelledSet]:
    """The made kinds, a set each."""
    kept = folder / f"kinds-{_state()}.npz"
    if not kept.exists():
        _make(kept)
    with np.load(kept) as arrays:
        every = LabelledSet("", arrays["levels"], arrays["label"], made_of=arrays["made_of"])
        kind = arrays["kind"]
    return [replace(every.rows(kind == name), name=name) for name in KINDS]


def _make(path: Path) -> None:
    """Run over the kinds as one collection, and keep the levels of the labelled candidates."""
    with tempfile.TemporaryDirectory() as place:
        _, labels = made(Path(place))
        dataset = DevelopmentSet(Path(place).name, place=Path(place).parent)
        truth, sources = read_truth(labels), _made_of(labels)
        with kept_run(dataset, str(Path(place) / "index")) as run:
            pairs, labelled_set = run.labelled_pairs(truth), run.labelled(truth, "kinds")
    store(
        path,
        levels=labelled_set.levels,
        label=labelled_set.label,
        kind=np.array([truth.pairs[pair].how for pair in pairs]),
        made_of=np.array([sources[pair] for pair in pairs]),
    )


def _made_of(labels: Path) -> dict[Pair, str]:
    with labels.open(encoding="utf-8", newline="") as lines:
        rows = csv.DictReader(lines, dialect="excel-tab", quoting=csv.QUOTE_NONE)
        return {pair_of(row["left"], row["right"]): row["made_of"] for row in rows}


def _state() -> str:
    """A name that changes with the kinds, the records they are made of and the code of levels."""
    digest = blake2b(code_state().encode(), digest_size=8)
    for path in sorted(Path(base.__file__).parent.glob("*.py")):
        digest.update(path.read_bytes())
    for dataset in SETS:
        if dataset.name in base.FROM:
            digest.update(Path(dataset.records).read_bytes() + dataset.truth.read_bytes())
    return digest.hexdigest()
