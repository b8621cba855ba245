"""
The sets that were found: where each is, its licence, how it was labelled, and who may read it.

A set is kept aside or free to be read by a rule that was fixed before any was measured: the
hash of its family's name (`kept_aside`). Nobody looks at records or errors of one kept
aside; whoever reads another marks it first (benchmarks/quality/seen.json).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from hashlib import blake2b
from typing import Final

from benchmarks.quality.found import taking
from benchmarks.quality.found.taking import Take


@dataclass(frozen=True, slots=True)
class FoundSet:
    """A labelled set of another project."""

    name: str
    repository: str  # owner/name of GitHub
    licence: str
    labels: str  # who or what made them
    take: Take
    family: str = ""  # sets of the same records are read or kept aside together

    @property
    def kept_aside(self) -> bool:
        """Whether nobody here may read it."""
        return kept_aside(self.family or self.name)


# Kept aside at first and read since, after its figures were taken twice: 44 false merges of 607
# told of a fault that others would have met, editorials of journals that page each issue from 1.
OPENED: Final = frozenset({"digital_work"})


def kept_aside(family: str) -> bool:
    """Half of the names, by their hash, but those that were opened."""
    return family not in OPENED and blake2b(family.encode(), digest_size=1).digest()[0] % 2 == 1


_REVIEWS: Final = ("CoLRev-Environment/bib-dedupe", "MIT",
                   "groups that reviewers made by hand")  # fmt: skip
_PAIRS: Final = ("megagonlabs/ditto", "Apache-2.0", "pairs of DeepMatcher's benchmark")
_COPIES: Final = ("lamps-lab/docconflation", "none stated", "groups; how made is not said")
FOUND: Final = (
    *(FoundSet(name, *_REVIEWS, taking.bib_dedupe)
      for name in ("haematology", "respiratory", "digital_work", "cardiac", "depression")),
    FoundSet("dblp_scholar", *_PAIRS,
             partial(taking.columns, folder="Structured/DBLP-GoogleScholar",
                     sources=("dblp", "scholar"))),
    FoundSet("dblp_scholar_dirty", *_PAIRS,
             partial(taking.columns, folder="Dirty/DBLP-GoogleScholar",
                     sources=("dblp", "scholar")), "dblp_scholar"),
    FoundSet("venice_references", "ScholarIndex/GT-reference-clustering", "MIT",
             "pairs that one person compared", taking.venice),
    FoundSet("crossref_references", "CrossRef/reference-matching-evaluation", "MIT",
             "works printed in two styles by a program", taking.printed),
    FoundSet("citeseerx_copies", *_COPIES,
             partial(taking.copies, key="id", paths=("citeseerx/testFiles/TrialAbstract.csv",
                                                     "citeseerx/GT.csv")), "docconflation"),
    FoundSet("s2orc_copies", *_COPIES,
             partial(taking.copies, key="corpus_id", paths=("s2orc/testFiles/NEWyearTrial.csv",
                                                            "s2orc/groundTruth.csv")),
             "docconflation"),
    FoundSet("medrxiv_versions", "gcabanac/preprint-publication-linker", "GPL-3.0",
             "articles that medRxiv says its preprints became", taking.versions),
    FoundSet("colandr_pairs", "datakind/permanent-colandr-back", "none stated",
             "pairs labelled to train a tool", taking.training_pairs),
)  # fmt: skip
