"""
The development sets: where they are, and how far their labels follow our policy.

A set with share 0 is never trained on and serves as a stress test (cora says now "same",
now "different" of a conference paper and its journal version). A natural set labels every
candidate, so calibration may use it; a harvested one has the shape that merging is
hardest on. `collapse` is the policy that fits its labels where they are not ours.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Final

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

    @property
    def records(self) -> str:
        """The file of records."""
        return str(SHARED / self.name / "records.jsonl.gz")

    @property
    def truth(self) -> Path:
        """The file of labels."""
        labels = SHARED / self.name / "labels.tsv"
        return labels if labels.exists() else SHARED / self.name / "truth.tsv"


_TIED: Final = frozenset({"related"})
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
    DevelopmentSet("fuzzycat_verify", share=0.5, collapse=_TIED),
    DevelopmentSet("bibdedupe_cases"),
    DevelopmentSet("cora", share=0.0, collapse=frozenset({"conference", "publication"})),
)  # fmt: skip
