"""
The candidates of a development set as levels and labels, made by the pipeline itself.

    records, truth  ->  pipeline, unchanged  ->  LabelledSet

Kept in a folder between runs, under a name that changes with the code and the data
which levels follow from.
"""

from __future__ import annotations

import tempfile
from functools import cache
from hashlib import blake2b
from pathlib import Path
from typing import Any, Final

import numpy as np

from benchmarks.quality.sets import DevelopmentSet, described, kept_run, labelled_of
from detector.fitting.fit import LabelledSet

CACHE: Final = Path(tempfile.gettempdir()) / "quality"
_ROOT: Final = Path(__file__).resolve().parents[2]
_CODE: Final = ("indexer/feeds", "indexer/fields", "indexer/keys", "detector/comparisons",
                "detector/columns")  # fmt: skip


def labelled(dataset: DevelopmentSet, folder: Path = CACHE) -> LabelledSet:
    """The labelled candidates of a set; made anew when code, records or labels changed."""
    kept = folder / f"{dataset.name}-{_state_of(dataset)}.npz"
    if not kept.exists():
        with tempfile.TemporaryDirectory() as place, kept_run(dataset, place) as run:
            labelled_set = labelled_of(dataset, run)
        store(kept, levels=labelled_set.levels, label=labelled_set.label)
    with np.load(kept) as arrays:
        return described(dataset, LabelledSet(dataset.name, arrays["levels"], arrays["label"]))


def store(path: Path, **arrays: Any) -> None:
    """Write levels and what goes with them, in one move: a reader never meets half a file."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile(dir=path.parent, suffix=".npz", delete=False) as part:
        np.savez_compressed(part, **arrays)
    Path(part.name).replace(path)


def _state_of(dataset: DevelopmentSet) -> str:
    digest = blake2b(code_state().encode(), digest_size=8)
    for path in (Path(dataset.records), dataset.truth):
        digest.update(path.read_bytes())
    return digest.hexdigest()


@cache
def code_state() -> str:
    """A name that changes with whatever levels follow from."""
    digest = blake2b(digest_size=8)
    for path in sorted(path for part in _CODE for path in (_ROOT / part).rglob("*.py")):
        digest.update(path.read_bytes())
    for name in ("candidates.py", "packed_sets.py"):
        digest.update((_ROOT / "detector" / name).read_bytes())
    return digest.hexdigest()
