"""
The development sets: where they are, and how far their labels follow our policy.

A set with share 0 is never trained on and serves as a stress test (cora says now "same",
now "different" of a conference paper and its journal version). A natural set labels every
candidate, so calibration may use it; a harvested one has the shape that merging is
hardest on. `collapse` is the policy that fits its labels where they are not ours.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from benchmarks.quality.kept import KeptRun
from detector.evaluation.truth import read_truth
from detector.fitting.fit import LabelledSet
from indexer.feeds.formats import read_files
from indexer.index.opening import open_engine

SHARED: Final = Path(__file__).resolve().parents[3] / "shared" / "data"


@dataclass(frozen=True, slots=True)
class DevelopmentSet:
    """One labelled collection."""

    name: str
    share: float = 1.0
    natural: bool = False
    harvested: bool = False
    cross_source: bool = False
    unique_sources: frozenset[str] = frozenset()
    collapse: frozenset[str] = frozenset()
    origin: str = ""  # the set whose pairs it has, written anew
    place: Path = SHARED  # the folder that holds a folder of its name

    @property
    def records(self) -> str:
        """The file of records."""
        return str(self.place / self.name / "records.jsonl.gz")

    @property
    def truth(self) -> Path:
        """The file of labels."""
        labels = self.place / self.name / "labels.tsv"
        return labels if labels.exists() else self.place / self.name / "truth.tsv"


SETS: Final = (
    DevelopmentSet("cases", harvested=True),
    DevelopmentSet("harvest", harvested=True),
    DevelopmentSet("sr_stroke", natural=True),
    DevelopmentSet("sr_cytology_screening", natural=True),
    DevelopmentSet("sr_diabetes", natural=True),
    DevelopmentSet("sr_neuroimaging", natural=True),
    DevelopmentSet("sr_srsr", natural=True),
    DevelopmentSet("glutton_refs", natural=True),
    DevelopmentSet("dblp_acm", share=0.5, cross_source=True,
                   unique_sources=frozenset({"dblp", "acm"})),
    DevelopmentSet("fuzzycat_verify", share=0.5,
                   collapse=frozenset({"component", "conference", "publication"})),
    DevelopmentSet("bibdedupe_cases"),
    DevelopmentSet("cora", share=0.0, collapse=frozenset({"conference", "publication"})),
)  # fmt: skip


@contextmanager
def kept_run(dataset: DevelopmentSet, folder: str) -> Iterator[KeptRun]:
    """The set's candidates, compared, over an engine in this folder."""
    engine = open_engine(folder)
    try:
        yield KeptRun.of(read_files([dataset.records]), engine)
    finally:
        engine.close()


def labelled_of(dataset: DevelopmentSet, run: KeptRun) -> LabelledSet:
    """The labelled candidates of a set's run."""
    labelled_set = run.labelled(read_truth(dataset.truth), dataset.name, dataset.cross_source)
    return described(dataset, labelled_set)


def described(dataset: DevelopmentSet, labelled_set: LabelledSet) -> LabelledSet:
    """The labelled pairs with what is known of their set."""
    return replace(
        labelled_set,
        share=dataset.share,
        natural=dataset.natural,
        harvested=dataset.harvested,
        origin=dataset.origin,
    )
